//! The form of a backup: a folder or one tar file of the same names. Bytes: docs/formats/backup.md.
//!
//! `data/…` is a data directory, `backup.json` says what it is, `SHA256SUMS` comes last and lists all others, in the
//! form that `sha256sum -c` reads.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Version of the form.
pub const FORMAT: u32 = 1;
/// What a backup says of itself.
pub const INFO: &str = "backup.json";
/// The sums of all other files.
pub const SUMS: &str = "SHA256SUMS";
/// Names of the data directory's files begin with it.
pub const DATA: &str = "data/";
/// Bytes read or written at once.
pub(super) const PIECE_BYTES: usize = 256 << 10;

/// What a backup says of itself, in `backup.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BackupInfo {
    /// Version of the form.
    pub format: u32,
    /// Version of the program that made it.
    pub version: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// Number of the manifest.
    pub generation: u64,
    /// By project: events whose batch was answered with at most this snapshot id are in it, later ones are not.
    pub snapshots: BTreeMap<u32, u64>,
    /// Rows in segment files.
    pub rows: u64,
    /// Files of the data directory.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
}

/// Whether this path would be one tar file.
pub fn is_file_name(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    [".tar", ".tar.gz", ".tgz"].iter().any(|end| name.ends_with(end))
}

/// Hashes what is read through it.
pub(super) struct Hashing<'a> {
    inner: &'a mut dyn Read,
    hash: Sha256,
    pub bytes: u64,
}

impl<'a> Hashing<'a> {
    pub fn new(inner: &'a mut dyn Read) -> Self {
        Hashing { inner, hash: Sha256::new(), bytes: 0 }
    }

    pub fn sum(self) -> String {
        self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Read for Hashing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.hash.update(&into[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}

/// Creates a file that only its owner can read.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the names in a folder durable.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// The folder of a path, `.` for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the names in a folder and all below it durable.
pub fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    sync_folder(folder)
}
