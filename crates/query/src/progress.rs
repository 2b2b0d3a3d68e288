//! How far a running question is.

use std::sync::atomic::{AtomicU64, Ordering};

/// Rows of a running question; looked at from outside while it runs.
///
/// What a question needs beyond its first pass is known only behind that, so both numbers grow, and their ratio may step
/// back.
#[derive(Debug, Default)]
pub struct Progress {
    planned: AtomicU64,
    read: AtomicU64,
}

impl Progress {
    /// Rows that were read so far.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Rows that are to be read, those that were included, as far as that is known.
    pub fn planned(&self) -> u64 {
        self.planned.load(Ordering::Relaxed)
    }

    pub(crate) fn plan(&self, rows: u64) {
        self.planned.fetch_add(rows, Ordering::Relaxed);
    }

    pub(crate) fn done(&self, rows: u64) {
        self.read.fetch_add(rows, Ordering::Relaxed);
    }
}
