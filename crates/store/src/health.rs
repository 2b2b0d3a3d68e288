//! How the store is, and what its maintenance calls did.

use std::path::PathBuf;

/// Whether the store takes writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthState {
    /// Reads and writes.
    Ready,
    /// The disk is full: appends are tried and refused until there is space; reads go on.
    ReadOnly {
        /// What happened.
        reason: String,
    },
    /// A write could not be made durable: no writes until the store is opened again; reads go on.
    Stopped {
        /// What happened.
        reason: String,
    },
}

/// State and size of the store at one moment.
#[derive(Debug, Clone)]
pub struct Health {
    /// Whether it takes writes.
    pub state: HealthState,
    /// Rows in memory that are in no segment file yet.
    pub buffer_rows: usize,
    /// Estimated bytes of those rows.
    pub buffer_bytes: usize,
    /// Bytes submitted and not yet durable.
    pub queue_bytes: usize,
    /// Bytes of all WAL files.
    pub wal_bytes: u64,
    /// Number of WAL files.
    pub wal_files: usize,
    /// Number of live segment files.
    pub segment_files: usize,
    /// Bytes of live segment files.
    pub segment_bytes: u64,
    /// Rows in live segment files.
    pub segment_rows: u64,
    /// Bytes of decoded columns now in memory.
    pub column_cache_bytes: usize,
    /// Bytes of columns kept as files.
    pub column_files_bytes: u64,
    /// Bytes of the filters that tell new events from those in files.
    pub dedup_filter_bytes: usize,
    /// Files that were found damaged and set aside.
    pub quarantined: usize,
    /// Bytes free on the disk of the data directory; `None` when the system does not tell.
    pub free_bytes: Option<u64>,
}

/// A file, or a part of one, that was found damaged and set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Where the copy is now, inside the data directory.
    pub path: PathBuf,
    /// Which check failed, with offsets.
    pub detail: String,
}

/// What opening a data directory found.
#[derive(Debug, Clone, Default)]
pub struct OpenReport {
    /// WAL files read.
    pub wal_files: usize,
    /// Events read back from the WAL into the buffer.
    pub events_replayed: u64,
    /// Bytes of a half-written, never acknowledged group that were dropped.
    pub torn_bytes: u64,
    /// Damaged files set aside.
    pub quarantined: Vec<Quarantined>,
    /// Files left by an unfinished flush or compaction, removed.
    pub orphans_removed: usize,
    /// Sidecars that were made again from their segment files.
    pub sidecars_rebuilt: usize,
    /// Live segment files.
    pub segment_files: usize,
}

/// What one [`crate::Store::compact`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompactionReport {
    /// Merges done.
    pub merges: usize,
    /// Files that went in.
    pub files_in: usize,
    /// Files that came out.
    pub files_out: usize,
    /// Rows written.
    pub rows: u64,
    /// Rows dropped because their uuid was there twice.
    pub duplicates_dropped: u64,
}

/// What one [`crate::Store::expire`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExpireReport {
    /// Day files of failed events removed.
    pub failed_files_removed: usize,
}
