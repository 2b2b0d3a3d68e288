//! The folder of kept columns: which there are, how large, and which go when they are too many.
//!
//! Nothing here is ever missed: whoever asks for a column that is not there makes it from the segment file. So no error is
//! passed on, nothing is synced, and a disk without much room is left alone.

use super::cache::{Column, ColumnName};
use super::column_file::{self, Key};
use crate::disk::Disk;
use crate::manifest::SegmentEntry;
use model::ProjectId;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The folder below the data directory.
pub(crate) const FOLDER: &str = "columns";
const ENDING: &str = ".col";
/// Nothing is kept where less than this would be left free for events.
const FREE_BYTES_MIN: u64 = 1 << 30;

/// A segment file: project and number.
type Owner = (u32, u64);

/// The kept columns of one store.
pub(crate) struct ColumnFiles {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    bytes_max: u64,
    next_temporary: AtomicU64,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    segments: HashMap<Owner, Files>,
    bytes: u64,
    uses: u64,
}

#[derive(Default)]
struct Files {
    /// By the hash in their name: bytes.
    files: HashMap<u64, u64>,
    used: u64,
}

impl ColumnFiles {
    /// `bytes_max` of 0 keeps nothing. Looks at what is there, and removes what `is_live` does not know.
    pub fn open(disk: Arc<dyn Disk>, dir: &Path, bytes_max: u64, is_live: impl Fn(u64) -> bool) -> ColumnFiles {
        let folder = dir.join(FOLDER);
        let mut held = Held::default();
        for entry in disk.list(&folder).unwrap_or_default() {
            let path = folder.join(&entry.name);
            let known = parse(&entry.name).filter(|((_, number), _)| is_live(*number));
            let bytes = known.and_then(|_| disk.open(&path).and_then(|file| file.len()).ok());
            match known.zip(bytes).filter(|_| bytes_max > 0) {
                Some(((owner, hash), bytes)) => held.add(owner, hash, bytes),
                None => drop(disk.remove(&path)),
            }
        }
        let usable = cfg!(target_endian = "little") && (bytes_max == 0 || disk.create_dir_all(&folder).is_ok());
        let bytes_max = if usable { bytes_max } else { 0 };
        let files = ColumnFiles { disk, folder, bytes_max, next_temporary: AtomicU64::new(0), held: Mutex::new(held) };
        files.make_room((0, 0), 0);
        files
    }

    /// Bytes of all kept columns.
    pub fn bytes(&self) -> u64 {
        self.held.lock().bytes
    }

    /// A kept column; one that is damaged is removed.
    pub fn get(&self, project: ProjectId, entry: &SegmentEntry, name: &ColumnName) -> Option<Column> {
        let (owner, hash) = self.place(project, entry, name)?;
        {
            let mut held = self.held.lock();
            let now = held.next_use();
            let files = held.segments.get_mut(&owner)?;
            files.files.get(&hash)?;
            files.used = now;
        }
        let path = self.path(owner, hash);
        let key = Key { xxh3: entry.xxh3, rows: entry.rows as usize, name };
        let column = match self.disk.map(&path) {
            // Another thread has just made room.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            mapped => {
                let column = mapped.ok().and_then(|file| column_file::decode(&key, &Arc::new(file)));
                if column.is_none() {
                    tracing::warn!(path = %path.display(), "a kept column is damaged and made again");
                    let _ = self.disk.remove(&path);
                }
                column
            }
        };
        if column.is_none() {
            self.held.lock().remove(owner, hash);
        }
        column
    }

    /// Keeps a column and gives it back as it lies in its file; `None`: it was not kept.
    pub fn put(&self, project: ProjectId, entry: &SegmentEntry, name: &ColumnName, column: &Column) -> Option<Column> {
        let (owner, hash) = self.place(project, entry, name)?;
        let key = Key { xxh3: entry.xxh3, rows: entry.rows as usize, name };
        let bytes = column_file::encode(&key, column)?;
        let size = bytes.len() as u64;
        let free = self.disk.free_bytes(&self.folder).ok()?;
        if free < FREE_BYTES_MIN.saturating_add(size) || !self.make_room(owner, size) {
            return None;
        }
        let temporary = self.folder.join(format!("{}.tmp", self.next_temporary.fetch_add(1, Ordering::Relaxed)));
        let path = self.path(owner, hash);
        let written = self
            .disk
            .create(&temporary)
            .and_then(|file| file.append(&bytes))
            .and_then(|()| self.disk.rename(&temporary, &path));
        if written.is_err() {
            let _ = self.disk.remove(&temporary);
            return None;
        }
        drop(bytes);
        self.held.lock().add(owner, hash, size);
        self.get(project, entry, name)
    }

    /// Removes all columns of a segment file that is no more.
    pub fn forget(&self, project: ProjectId, number: u64) {
        let owner = (project.0, number);
        let files = self.held.lock().take(owner);
        self.remove(owner, files);
    }

    fn place(&self, project: ProjectId, entry: &SegmentEntry, name: &ColumnName) -> Option<(Owner, u64)> {
        let name = name.kept_as().filter(|_| self.bytes_max > 0)?;
        Some(((project.0, entry.number), xxhash_rust::xxh3::xxh3_64(name.as_bytes())))
    }

    fn path(&self, (project, number): Owner, hash: u64) -> PathBuf {
        self.folder.join(format!("{project}-{number}-{hash:016x}{ENDING}"))
    }

    /// Removes what was used longest ago until `more` bytes fit, but nothing of `but`; whether they fit now.
    fn make_room(&self, but: Owner, more: u64) -> bool {
        loop {
            let (owner, files) = {
                let mut held = self.held.lock();
                if held.bytes + more <= self.bytes_max {
                    return true;
                }
                let others = held.segments.iter().filter(|(owner, _)| **owner != but);
                let Some(oldest) = others.min_by_key(|(_, files)| files.used).map(|(owner, _)| *owner) else {
                    return false;
                };
                (oldest, held.take(oldest))
            };
            self.remove(owner, files);
        }
    }

    fn remove(&self, owner: Owner, files: Vec<u64>) {
        for hash in files {
            // What is left is removed at the next open.
            let _ = self.disk.remove(&self.path(owner, hash));
        }
    }
}

impl Held {
    fn next_use(&mut self) -> u64 {
        self.uses += 1;
        self.uses
    }

    fn add(&mut self, owner: Owner, hash: u64, bytes: u64) {
        let now = self.next_use();
        let files = self.segments.entry(owner).or_default();
        files.used = now;
        let before = files.files.insert(hash, bytes).unwrap_or(0);
        self.bytes = self.bytes + bytes - before;
    }

    fn remove(&mut self, owner: Owner, hash: u64) {
        let bytes = self.segments.get_mut(&owner).and_then(|files| files.files.remove(&hash)).unwrap_or(0);
        self.bytes -= bytes;
    }

    /// Forgets the files of a segment and says which they were.
    fn take(&mut self, owner: Owner) -> Vec<u64> {
        let files = self.segments.remove(&owner).unwrap_or_default().files;
        self.bytes -= files.values().sum::<u64>();
        files.into_keys().collect()
    }
}

fn parse(name: &str) -> Option<(Owner, u64)> {
    let mut parts = name.strip_suffix(ENDING)?.split('-');
    let owner = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let hash = u64::from_str_radix(parts.next()?, 16).ok()?;
    parts.next().is_none().then_some((owner, hash))
}
