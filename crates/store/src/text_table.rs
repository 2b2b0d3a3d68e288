//! Texts numbered densely from 0 in the order in which they first came; append-only, shared between threads.

use hashbrown::HashTable;
use parking_lot::{RwLock, RwLockWriteGuard};
use std::hash::BuildHasher;
use std::sync::Arc;

/// Fast on short texts, and seeded anew for each process, so that clients cannot aim at collisions.
pub(crate) type FastHash = foldhash::fast::RandomState;

/// The table.
#[derive(Default)]
pub(crate) struct TextTable {
    inner: RwLock<Inner>,
}

#[derive(Default)]
pub(crate) struct Inner {
    hasher: FastHash,
    /// Hash and number of each text: growing reads no text again, some of which are long.
    codes: HashTable<(u64, u32)>,
    texts: Vec<Arc<str>>,
}

impl TextTable {
    /// For many additions under one lock.
    pub fn writer(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write()
    }

    /// How many texts.
    pub fn len(&self) -> usize {
        self.inner.read().texts.len()
    }

    /// The number of a text.
    pub fn find(&self, text: &str) -> Option<u32> {
        let inner = self.inner.read();
        inner.find(text, inner.hasher.hash_one(text))
    }

    /// The text of a number.
    pub fn get(&self, code: u32) -> Option<Arc<str>> {
        self.inner.read().texts.get(code as usize).cloned()
    }

    /// The texts of many numbers, which must be known. The lock is let go now and then for the writer.
    pub fn texts(&self, codes: &[u32]) -> Vec<Arc<str>> {
        let mut texts = Vec::with_capacity(codes.len());
        for some in codes.chunks(4096) {
            let inner = self.inner.read();
            texts.extend(some.iter().map(|code| Arc::clone(&inner.texts[*code as usize])));
        }
        texts
    }

    /// All texts in order of their numbers.
    pub fn all(&self) -> Vec<Arc<str>> {
        self.inner.read().texts.clone()
    }
}

impl Inner {
    fn find(&self, text: &str, hash: u64) -> Option<u32> {
        let is_it = |known: &(u64, u32)| known.0 == hash && &*self.texts[known.1 as usize] == text;
        self.codes.find(hash, is_it).map(|(_, code)| *code)
    }

    /// The number of a text, given now if it is new; and whether it was.
    pub fn intern(&mut self, text: &str) -> (u32, bool) {
        let hash = self.hasher.hash_one(text);
        if let Some(code) = self.find(text, hash) {
            return (code, false);
        }
        let code = self.texts.len() as u32;
        self.texts.push(text.into());
        self.codes.insert_unique(hash, (hash, code), |known| known.0);
        (code, true)
    }
}
