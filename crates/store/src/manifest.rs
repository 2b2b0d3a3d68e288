//! The list of live files: the one commit point. Bytes: docs/formats/manifest.md.
//!
//! What a manifest names was made durable before; what it no longer names is removed after. A commit is a rename, so
//! a crash leaves the old manifest or the new one, whole.

use crate::StoreError;
use crate::disk::Disk;
use crate::frame;
use model::Micros;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that is committed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Number of this commit.
    pub generation: u64,
    /// WAL files below this number are in the files named here.
    pub wal_from: u64,
    /// No file has this number or a greater one.
    pub next_file: u64,
    /// Greatest received_at in the files.
    pub received_at: Micros,
    /// Number of the file of counters; 0: none.
    pub outcomes: u64,
    pub projects: BTreeMap<u32, ProjectFiles>,
    pub quarantined: Vec<QuarantinedFile>,
}

/// Live files of one project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProjectFiles {
    /// Committed length of the identity log.
    pub identity_bytes: u64,
    /// Ascending by (day, number).
    pub segments: Vec<SegmentEntry>,
    /// Ascending by day.
    pub failed: Vec<FailedFile>,
}

/// One segment file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SegmentEntry {
    pub day: i32,
    pub number: u64,
    pub rows: u64,
    pub bytes: u64,
    /// xxh3 (64 bits, seed 0) of the whole file.
    pub xxh3: u64,
    pub first_at: Micros,
    pub last_at: Micros,
}

/// One day's file of failed events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FailedFile {
    /// UTC day of received_at.
    pub day: i32,
    /// Committed length.
    pub bytes: u64,
    /// Greatest id in it.
    pub last_id: u64,
}

/// A segment file that was found damaged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct QuarantinedFile {
    pub project: u32,
    /// Name in the folder `quarantine`.
    pub name: String,
    pub detail: String,
}

/// Why a commit did not happen, or may not have.
#[derive(Debug)]
pub(crate) enum CommitError {
    /// The old manifest is in force; files made for the new one may be removed.
    NotDone(StoreError),
    /// Nobody knows which one is in force: keep the files of both, write nothing more.
    Unknown(String),
}

/// The file's name.
pub(crate) const NAME: &str = "MANIFEST";
const TEMPORARY: &str = "MANIFEST.tmp";

/// The manifest in force; `None` in a new data directory.
pub(crate) fn read(disk: &dyn Disk, dir: &Path) -> Result<Option<Manifest>, StoreError> {
    let path = dir.join(NAME);
    let names = disk.list(dir).map_err(|error| StoreError::io(dir, error))?;
    if !names.iter().any(|entry| entry.name == NAME) {
        return Ok(None);
    }
    let (_, payload) = frame::read_document(disk, &path, &frame::MANIFEST)?;
    serde_json::from_slice(&payload).map(Some).map_err(|error| StoreError::damaged(&path, error.to_string()))
}

/// Writes a manifest at `path`; durable but for the name.
fn write(disk: &dyn Disk, path: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    // Plain structs, numbers and texts, which JSON always takes.
    let payload = serde_json::to_vec(manifest).unwrap_or_default();
    frame::write_document(disk, path, &frame::MANIFEST, manifest.generation, &payload)
}

/// Writes the manifest of a directory that is not in use; returns its bytes.
pub(crate) fn write_new(disk: &dyn Disk, dir: &Path, manifest: &Manifest) -> Result<u64, StoreError> {
    let path = dir.join(NAME);
    write(disk, &path, manifest)?;
    disk.open(&path).and_then(|file| file.len()).map_err(|error| StoreError::io(&path, error))
}

/// Puts a manifest in force.
pub(crate) fn commit(disk: &dyn Disk, dir: &Path, manifest: &Manifest) -> Result<(), CommitError> {
    let temporary = dir.join(TEMPORARY);
    let path = dir.join(NAME);
    write(disk, &temporary, manifest).map_err(CommitError::NotDone)?;
    disk.rename(&temporary, &path)
        .and_then(|()| disk.sync_dir(dir))
        .map_err(|error| CommitError::Unknown(format!("cannot commit {}: {error}", path.display())))
}
