//! Limits of one store, given once at [`crate::Store::open`].

use model::Micros;
use model::time::{DAY, SECOND};

/// Limits and thresholds. The defaults suit a server with 2 cores and 1 GB.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// A WAL file past this size is followed by a new one; bytes.
    pub wal_file_bytes_max: u64,
    /// So many rows in the buffer, over all projects, start a flush.
    pub flush_rows: usize,
    /// So many estimated bytes in the buffer start a flush.
    pub flush_bytes: usize,
    /// The oldest unflushed row waits at most so long for a flush; µs.
    pub flush_age: Micros,
    /// Beyond so many bytes in the buffer, appends are refused as overloaded.
    pub buffer_bytes_max: usize,
    /// Beyond so many bytes submitted and not yet durable, appends are refused as overloaded.
    pub queue_bytes_max: usize,
    /// Decoded columns kept in memory, least recently used first out; bytes.
    pub column_cache_bytes: usize,
    /// Columns kept as files that are used in place, least recently used first out; bytes, 0 keeps none.
    pub column_files_bytes: u64,
    /// Rows in one row group of a segment file.
    pub row_group_rows: usize,
    /// When files of a day are merged.
    pub compaction: CompactionOptions,
    /// Whether flush and compaction run by themselves. `false`: only when called.
    pub background: bool,
    /// How long failed events stay readable; µs.
    pub failed_keep: Micros,
}

impl StoreOptions {
    /// Buffer bytes that start a flush: well before appends are refused, however small the buffer may be.
    pub(crate) fn flush_bytes_due(&self) -> usize {
        self.flush_bytes.min(self.buffer_bytes_max / 4)
    }
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            wal_file_bytes_max: 64 << 20,
            flush_rows: 200_000,
            flush_bytes: 64 << 20,
            flush_age: 300 * SECOND,
            buffer_bytes_max: 256 << 20,
            queue_bytes_max: 64 << 20,
            column_cache_bytes: 128 << 20,
            column_files_bytes: 0,
            row_group_rows: 131_072,
            compaction: CompactionOptions::default(),
            background: true,
            failed_keep: 7 * DAY,
        }
    }
}

/// When files of one project and day are merged, and how large an output may get.
#[derive(Debug, Clone)]
pub struct CompactionOptions {
    /// A finished day ends in at most so many files.
    pub files_per_day: usize,
    /// So many files of about one size on the current day are merged.
    pub tier_files: usize,
    /// Files of one tier differ by at most this factor in rows.
    pub tier_factor: u64,
    /// No merge makes a file of more rows than this, unless `files_per_day` demands it.
    pub rows_max: u64,
}

impl Default for CompactionOptions {
    fn default() -> Self {
        Self { files_per_day: 4, tier_files: 6, tier_factor: 4, rows_max: 8_000_000 }
    }
}
