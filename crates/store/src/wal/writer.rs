//! Appends groups of records to the write-ahead log.
//!
//! A group is durable when `append` returns. A new file is made only when there is something to write into it.

use super::path_of;
use crate::StoreError;
use crate::disk::{Disk, DiskFile};
use crate::error::{is_disk_full, is_passing};
use crate::frame::{self, HEAD_BYTES, Head};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The open end of the log; one per data directory.
pub(crate) struct WalWriter {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    /// Number of the current file, which exists if `file` is there.
    number: u64,
    file: Option<Arc<dyn DiskFile>>,
    /// Durable bytes of the current file.
    durable_bytes: u64,
    /// Durable bytes of the file before it, which go into the next file's head.
    previous_bytes: u64,
    file_bytes_max: u64,
}

/// Why a group was not made durable.
pub(crate) enum WalFailure {
    /// Nothing of it remains; the next group may be tried.
    Refused(StoreError),
    /// Nobody knows what of it is on disk; nothing more may be written.
    Fatal(String),
}

impl WalWriter {
    /// Goes on behind recovered files: the next group opens file `number`.
    pub fn new(disk: Arc<dyn Disk>, dir: &Path, number: u64, previous_bytes: u64, file_bytes_max: u64) -> Self {
        Self { disk, dir: dir.to_owned(), number, file: None, durable_bytes: 0, previous_bytes, file_bytes_max }
    }

    /// Durable length of the current file: the tag of the frames of the next group.
    pub fn offset(&self) -> u64 {
        if self.durable_bytes >= self.file_bytes_max { 0 } else { self.durable_bytes }
    }

    /// Number and durable length of the current file.
    pub fn current(&self) -> (u64, u64) {
        (self.number, self.durable_bytes)
    }

    /// Closes the current file. All later groups go into files of at least the number returned.
    pub fn rotate(&mut self) -> u64 {
        // A file whose first group failed holds nothing durable and is emptied when it is made again.
        if self.durable_bytes > 0 {
            self.previous_bytes = self.durable_bytes;
            self.number += 1;
            self.file = None;
            self.durable_bytes = 0;
        }
        self.number
    }

    /// Writes frames, made with the tag [`WalWriter::offset`], and makes them durable.
    pub fn append(&mut self, frames: &[u8]) -> Result<(), WalFailure> {
        if self.durable_bytes >= self.file_bytes_max {
            self.rotate();
        }
        let path = path_of(&self.dir, self.number);
        let file = match &self.file {
            Some(file) => Arc::clone(file),
            None => self.disk.create(&path).map_err(|error| self.refused(&path, error))?,
        };
        let is_new = self.durable_bytes == 0;
        let written = if is_new {
            // A file whose first group failed may hold a part of it.
            file.truncate(0).and_then(|()| {
                let mut bytes =
                    frame::head(&frame::WAL, Head { number: self.number, extra: self.previous_bytes }).to_vec();
                debug_assert_eq!(bytes.len(), HEAD_BYTES);
                bytes.extend_from_slice(frames);
                file.append(&bytes)
            })
        } else {
            file.append(frames)
        };
        self.file = Some(Arc::clone(&file));
        if let Err(error) = written {
            return Err(self.take_back(&path, &*file, error));
        }
        // After a failed fsync the kernel may have dropped the pages, and a second one would lie.
        file.sync().map_err(|error| WalFailure::Fatal(format!("cannot sync {}: {error}", path.display())))?;
        if is_new {
            let folder = self.dir.join("wal");
            self.disk
                .sync_dir(&folder)
                .map_err(|error| WalFailure::Fatal(format!("cannot sync {}: {error}", folder.display())))?;
        }
        self.durable_bytes += frames.len() as u64 + if is_new { HEAD_BYTES as u64 } else { 0 };
        Ok(())
    }

    fn refused(&self, path: &Path, error: std::io::Error) -> WalFailure {
        if is_disk_full(&error) || is_passing(&error) {
            // Nothing was written yet.
            WalFailure::Refused(StoreError::io(path, error))
        } else {
            WalFailure::Fatal(format!("cannot create {}: {error}", path.display()))
        }
    }

    /// Takes a half-written group back; recovery would drop it too, for no later group follows it in this file.
    fn take_back(&mut self, path: &Path, file: &dyn DiskFile, error: std::io::Error) -> WalFailure {
        if !is_disk_full(&error) {
            return WalFailure::Fatal(format!("cannot write {}: {error}", path.display()));
        }
        match file.truncate(self.durable_bytes) {
            // Durable too, or a power cut could bring back a whole group that was refused.
            Ok(()) => {
                if let Err(error) = file.sync() {
                    return WalFailure::Fatal(format!("cannot sync {}: {error}", path.display()));
                }
            }
            // The next file's head says how much of this one counts.
            Err(_) => {
                self.rotate();
            }
        }
        WalFailure::Refused(StoreError::DiskFull { path: path.to_owned() })
    }
}
