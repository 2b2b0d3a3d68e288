//! What can go wrong in the store. Each variant tells the caller what to do.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An error of the store. Cloneable, for one failed group commit answers many callers.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// Nothing was written. Try again in a moment: memory for events that are not yet on disk is used up.
    #[error("too much is waiting to be written: {used_bytes} of {max_bytes} bytes")]
    Overloaded {
        /// Bytes now waiting.
        used_bytes: usize,
        /// The limit.
        max_bytes: usize,
    },
    /// Nothing of this call was acknowledged or will appear. Try again when there is space; no restart is needed.
    #[error("no space left on the disk of {path}")]
    DiskFull {
        /// What was being written.
        path: PathBuf,
    },
    /// The store takes no more writes until it is opened again; reads go on. The call may or may not be on disk.
    #[error("the store has stopped: {reason}")]
    Stopped {
        /// What happened.
        reason: String,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// Another process uses this data directory.
    #[error("{path} is used by another process")]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// Bytes on disk are not what was written. A segment file found damaged is left out of the next snapshot, which
    /// names it in its warnings: take a new snapshot and ask again.
    #[error("{path} is damaged: {detail}")]
    Damaged {
        /// The damaged file.
        path: PathBuf,
        /// Which check failed.
        detail: String,
    },
    /// A newer version of this program wrote the file; use that version.
    #[error("{path} has format version {version}, which this version does not know")]
    UnknownVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// The file system refused; nothing of this call took effect unless said otherwise.
    #[error("cannot read or write {path}")]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// The thing named in the call does not exist.
    #[error("no such {what}")]
    NotFound {
        /// `merge 7`, `failed event 3`.
        what: String,
    },
    /// The call cannot be done as asked; asking again does not help.
    #[error("{reason}")]
    Refused {
        /// Why.
        reason: String,
    },
}

impl StoreError {
    /// Wraps an error of the file system; a full disk gets its own variant.
    pub(crate) fn io(path: &Path, source: io::Error) -> StoreError {
        if is_disk_full(&source) {
            StoreError::DiskFull { path: path.to_owned() }
        } else {
            StoreError::Io { path: path.to_owned(), source: Arc::new(source) }
        }
    }

    /// A failed check on bytes from disk.
    pub(crate) fn damaged(path: &Path, detail: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: path.to_owned(), detail: detail.into() }
    }
}

/// Whether an error says nothing about the disk and goes by: no free file descriptor, no memory, a signal.
pub(crate) fn is_passing(error: &io::Error) -> bool {
    const ENOMEM: i32 = 12;
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    error.kind() == io::ErrorKind::Interrupted || matches!(error.raw_os_error(), Some(ENOMEM | ENFILE | EMFILE))
}

/// Whether the system said that there is no room: no space, or over quota.
pub(crate) fn is_disk_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
