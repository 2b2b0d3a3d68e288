//! Events on disk: WAL, buffer, segment files, manifest, persons, dedup, compaction.
//!
//! A batch is durable when [`Store::append`] returns, and visible to the next [`Store::snapshot`]. This crate knows
//! files; it knows no HTTP, no insight and no clock. Bytes on disk: docs/formats. Start with `store.rs`, then
//! `commit.rs` (one group from queue to acknowledgement) and `flush.rs`.

mod background;
mod buffer;
mod checkpoint;
mod codec;
mod commit;
mod compaction;
mod dedup;
mod error;
mod export;
mod failed;
mod flush;
mod frame;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod handout;
mod health;
mod manifest;
mod open;
mod options;
mod outcomes;
mod overview;
mod parquet_input;
mod persons;
mod project;
mod segment;
mod shapes;
mod shared;
mod snapshot;
mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text_table;
mod wal;

pub mod disk;
pub mod verify;

pub use checkpoint::{Checkpoint, CheckpointFile};
pub use disk::{Disk, RealDisk};
pub use error::StoreError;
pub use export::{ParquetExport, Row, Rows};
pub use failed::{FailedEvent, FailedId};
pub use handout::{EventsFile, PropertyKinds};
pub use health::{CompactionReport, ExpireReport, Health, HealthState, OpenReport, Quarantined};
pub use options::{CompactionOptions, StoreOptions};
pub use outcomes::{DayCounts, OutcomeCount, Outcomes};
pub use overview::{Overview, overview};
pub use parquet_input::{ParquetBatch, ParquetInput, ParquetRows};
pub use persons::{IdentityWarning, IdentityWarningCode, Merge, Person, Undone};
pub use segment::Segment;
pub use segment::column::{BoolColumn, MISSING, MISSING_BOOL, NumberColumn, PropertyColumn, TextColumn};
pub use segment::slice::Slice;
pub use segment::stats::{EventStats, PropertyStats, SegmentStats};
pub use snapshot::Snapshot;
pub use store::{Batch, Receipt, Store};
