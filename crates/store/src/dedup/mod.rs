//! Whether an event is a row already: exact by uuid, over all of a project's history, at every moment.

mod bloom;
pub(crate) mod sidecar;

use crate::StoreError;
use crate::project::Project;
use crate::text_table::FastHash;
use bloom::{GrowingBloom, hash};
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
    /// Over the uuids of all files, so that a new event need not ask each of them.
    filed: GrowingBloom,
    /// Whether `filed` lacks uuids of files; until it does not, each file is asked.
    is_unfiled: bool,
}

impl Dedup {
    /// The files that an open has found; [`file_all`] is to follow.
    pub fn open(&mut self, files: Vec<Arc<Sidecar>>) {
        self.is_unfiled = !files.is_empty();
        self.replace(files, &[], &[]);
    }

    /// Enters a uuid; `false` if it was there.
    pub fn insert(&mut self, uuid: [u8; 16]) -> Result<bool, StoreError> {
        let number = u128::from_be_bytes(uuid);
        if self.recent.values().any(|known| known.contains(&number)) {
            return Ok(false);
        }
        let hash = hash(&uuid);
        if self.is_unfiled || self.filed.may_contain(hash) {
            for file in &self.files {
                if file.contains(&uuid, hash)? {
                    return Ok(false);
                }
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

    /// Files came and went; fills that are in them now are let go. A merge brings no uuid that was not filed before.
    pub fn replace(&mut self, added: Vec<Arc<Sidecar>>, removed: &[u64], fills: &[u64]) {
        self.files.retain(|file| !removed.contains(&file.number));
        self.files.extend(added);
        self.files.sort_by_key(|file| std::cmp::Reverse(file.number));
        for number in fills.iter().filter_map(|fill| self.recent.remove(fill)).flatten() {
            self.filed.insert(hash(&number.to_be_bytes()));
        }
    }

    /// Bytes of the filter over all files.
    pub fn filter_bytes(&self) -> usize {
        self.filed.bytes()
    }
}

/// Files the uuids of the files that were there when the project was opened. A file that cannot be read leaves the
/// filter unused; each file is asked then.
pub(crate) fn file_all(project: &Project) -> Result<(), StoreError> {
    let files = {
        let mut dedup = project.dedup.lock();
        if !dedup.is_unfiled {
            return Ok(());
        }
        // Those that come from now on are filed as they come.
        dedup.filed = GrowingBloom::default();
        dedup.files.clone()
    };
    for file in &files {
        file.read_all(|uuids| {
            let mut dedup = project.dedup.lock();
            uuids.iter().for_each(|uuid| dedup.filed.insert(hash(uuid)));
        })?;
    }
    project.dedup.lock().is_unfiled = false;
    Ok(())
}
