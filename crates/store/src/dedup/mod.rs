//! Whether an event is a row already: exact by uuid, over all of a project's history, at every moment.

pub(crate) mod sidecar;

use crate::text_table::FastHash;
use sidecar::Sidecar;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// All uuids of one project: those of the buffer in memory, those of files behind bloom filters.
#[derive(Default)]
pub(crate) struct Dedup {
    /// By fill of the buffer.
    recent: BTreeMap<u64, HashSet<u128, FastHash>>,
    current: u64,
    /// Newest first: what comes twice mostly comes twice soon.
    files: Vec<Arc<Sidecar>>,
}

impl Dedup {
    /// Enters a uuid; `false` if it was there.
    pub fn insert(&mut self, uuid: [u8; 16]) -> Result<bool, crate::StoreError> {
        let number = u128::from_be_bytes(uuid);
        if self.recent.values().any(|known| known.contains(&number)) {
            return Ok(false);
        }
        let hash = sidecar::hash(&uuid);
        for file in &self.files {
            if file.contains(&uuid, hash)? {
                return Ok(false);
            }
        }
        self.recent.entry(self.current).or_default().insert(number);
        Ok(true)
    }

    /// Takes back what a refused group entered.
    pub fn remove(&mut self, uuid: [u8; 16]) {
        if let Some(known) = self.recent.get_mut(&self.current) {
            known.remove(&u128::from_be_bytes(uuid));
        }
    }

    /// As the buffer's seal.
    pub fn seal(&mut self) {
        self.current += 1;
    }

    /// Files came and went; fills that are in them now are let go.
    pub fn replace(&mut self, added: Vec<Arc<Sidecar>>, removed: &[u64], fills: &[u64]) {
        self.files.retain(|file| !removed.contains(&file.number));
        self.files.extend(added);
        self.files.sort_by_key(|file| std::cmp::Reverse(file.number));
        for fill in fills {
            self.recent.remove(fill);
        }
    }
}
