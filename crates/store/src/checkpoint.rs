//! A frozen copy of a data directory beside the live one: second names for the same files, and a manifest.
//!
//! Live files never change below the length that the manifest tells, so a second name is as good as a copy. Order:
//! flush → under the catalogue's lock, so that no merge commits meanwhile: links, manifest → folders.

use crate::manifest::{self, Manifest};
use crate::segment::format;
use crate::shared::Shared;
use crate::{StoreError, failed, outcomes, persons};
use model::ProjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a checkpoint holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Checkpoint {
    /// Number of the manifest.
    pub generation: u64,
    /// By project: exactly the events of batches whose [`crate::Receipt::snapshot`] is at most this are in it.
    pub snapshots: BTreeMap<ProjectId, u64>,
    /// Rows in its segment files.
    pub rows: u64,
    /// Its files, by path.
    pub files: Vec<CheckpointFile>,
}

/// One file of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CheckpointFile {
    /// Relative to the checkpoint's folder.
    pub path: PathBuf,
    /// So many bytes of it count; what the store appends later lies behind them.
    pub bytes: u64,
    /// xxh3 (64 bits, seed 0) of those bytes, where the manifest tells it.
    pub xxh3: Option<u64>,
}

impl Shared {
    pub fn checkpoint(&self, to: &Path) -> Result<Checkpoint, StoreError> {
        // Whoever merges now does it by itself.
        if let Some(_merging) = self.compacting.try_lock() {
            self.set_damaged_aside()?;
        }
        // Held to the end: no flush truncates a log, no expiry removes one.
        let _one = self.flushing.lock();
        let snapshots = self.flush_now()?;
        let catalog = self.catalog.lock();
        let manifest = &catalog.manifest;
        let mut links = Links { shared: self, to, files: Vec::new(), folders: BTreeSet::from([to.to_owned()]) };
        links.all(manifest)?;
        let bytes = manifest::write_new(&*self.disk, to, manifest)?;
        links.files.push(CheckpointFile { path: manifest::NAME.into(), bytes, xxh3: None });
        for folder in &links.folders {
            self.disk.sync_dir(folder).map_err(|error| StoreError::io(folder, error))?;
        }
        let rows = manifest.projects.values().flat_map(|files| &files.segments).map(|entry| entry.rows).sum();
        links.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Checkpoint { generation: manifest.generation, snapshots, rows, files: links.files })
    }
}

struct Links<'a> {
    shared: &'a Shared,
    to: &'a Path,
    files: Vec<CheckpointFile>,
    folders: BTreeSet<PathBuf>,
}

impl Links<'_> {
    fn all(&mut self, manifest: &Manifest) -> Result<(), StoreError> {
        let dir = &self.shared.dir;
        for (id, files) in &manifest.projects {
            let project = ProjectId(*id);
            for entry in &files.segments {
                let path = format::path_of(dir, project, entry.day, entry.number);
                self.link(&path, Some(entry.bytes), Some(entry.xxh3))?;
                // Made again at the next open, when it was found damaged and removed.
                self.link_if_there(&path.with_extension("ids"))?;
            }
            if files.identity_bytes > 0 {
                self.link(&persons::log::path_of(dir, project), Some(files.identity_bytes), None)?;
            }
            for file in &files.failed {
                self.link(&failed::path_of(dir, project, file.day), Some(file.bytes), None)?;
            }
        }
        if manifest.outcomes > 0 {
            self.link(&outcomes::path_of(dir, manifest.outcomes), None, None)?;
        }
        for file in &manifest.quarantined {
            self.link_if_there(&dir.join("quarantine").join(&file.name))?;
        }
        Ok(())
    }

    fn link_if_there(&mut self, from: &Path) -> Result<(), StoreError> {
        match self.shared.disk.open(from) {
            Ok(_) => self.link(from, None, None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(StoreError::io(from, error)),
        }
    }

    fn link(&mut self, from: &Path, bytes: Option<u64>, xxh3: Option<u64>) -> Result<(), StoreError> {
        let disk = &self.shared.disk;
        let wrap = |error| StoreError::io(from, error);
        // The paths were made of `dir` just now.
        let path = from.strip_prefix(&self.shared.dir).unwrap_or(from).to_owned();
        let to = self.to.join(&path);
        for folder in to.ancestors().skip(1).take_while(|folder| folder.starts_with(self.to)) {
            if !self.folders.insert(folder.to_owned()) {
                break;
            }
            disk.create_dir_all(folder).map_err(wrap)?;
        }
        disk.link(from, &to).map_err(|error| match error.kind() {
            std::io::ErrorKind::Unsupported | std::io::ErrorKind::PermissionDenied => StoreError::Refused {
                reason: format!(
                    "this file system gives no second name to {}: {error}; stop the server and back up then",
                    from.display()
                ),
            },
            std::io::ErrorKind::NotFound => StoreError::damaged(from, "the file is missing"),
            _ => wrap(error),
        })?;
        let there = disk.open(&to).and_then(|file| file.len()).map_err(wrap)?;
        let bytes = bytes.unwrap_or(there);
        if bytes > there {
            return Err(StoreError::damaged(from, format!("{there} bytes instead of {bytes}")));
        }
        self.files.push(CheckpointFile { path, bytes, xxh3 });
        Ok(())
    }
}
