//! One immutable columnar piece of a project's events: a file on disk or a chunk of the buffer.

pub(crate) mod builder;
pub(crate) mod cache;
pub mod column;
pub(crate) mod column_file;
pub(crate) mod column_files;
pub(crate) mod format;
pub(crate) mod group;
pub(crate) mod reader;
pub mod slice;
pub mod stats;
pub(crate) mod writer;

use crate::StoreError;
use crate::buffer::Chunk;
use cache::{Column, ColumnName};
use column::{PropertyColumn, TextColumn};
use model::{Event, Micros};
use reader::FileSegment;
use slice::Slice;
use stats::SegmentStats;
use std::sync::Arc;

/// Rows of one UTC day of event_at, sorted by (ordinal, event_at, uuid).
///
/// Columns come decoded and shared, from a bounded cache in memory or from files that are used in place; asking again is
/// cheap while they stay there. A file that
/// fails its check gives [`StoreError::Damaged`]: a new snapshot leaves it out and names it in its warnings.
pub struct Segment {
    place: Place,
}

enum Place {
    File(FileSegment),
    Memory(Chunk),
}

impl std::fmt::Debug for Segment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segment").field("day", &self.day()).field("rows", &self.rows()).finish_non_exhaustive()
    }
}

impl Segment {
    pub(crate) fn of_file(file: FileSegment) -> Segment {
        Segment { place: Place::File(file) }
    }

    pub(crate) fn of_chunk(chunk: Chunk) -> Segment {
        Segment { place: Place::Memory(chunk) }
    }

    pub(crate) fn file(&self) -> Option<&FileSegment> {
        match &self.place {
            Place::File(file) => Some(file),
            Place::Memory(_) => None,
        }
    }

    pub(crate) fn chunk(&self) -> Option<&Chunk> {
        match &self.place {
            Place::File(_) => None,
            Place::Memory(chunk) => Some(chunk),
        }
    }

    /// UTC day of event_at of all rows; days since 1970-01-01.
    pub fn day(&self) -> i32 {
        match &self.place {
            Place::File(file) => file.entry.day,
            Place::Memory(chunk) => chunk.day(),
        }
    }

    /// Number of rows; never 0.
    pub fn rows(&self) -> usize {
        match &self.place {
            Place::File(file) => file.entry.rows as usize,
            Place::Memory(chunk) => chunk.rows().len(),
        }
    }

    /// Least and greatest event_at, both inclusive; µs.
    pub fn event_at_range(&self) -> (Micros, Micros) {
        match &self.place {
            Place::File(file) => (file.entry.first_at, file.entry.last_at),
            Place::Memory(chunk) => chunk.range(),
        }
    }

    /// What is in it, without reading a column.
    pub fn stats(&self) -> &SegmentStats {
        match &self.place {
            Place::File(file) => &file.stats,
            Place::Memory(chunk) => chunk.stats(),
        }
    }

    fn column(&self, name: ColumnName) -> Result<Column, StoreError> {
        match &self.place {
            Place::File(file) => file.column(name),
            Place::Memory(chunk) => Ok(chunk.column(name)),
        }
    }

    /// The cache gives each name its own type; another one would be a mistake in `cache.rs`.
    fn unexpected() -> StoreError {
        StoreError::Refused { reason: "column of another type".into() }
    }

    fn instants(&self, name: ColumnName) -> Result<Slice<i64>, StoreError> {
        if let Column::Instants(values) = self.column(name)? { Ok(values) } else { Err(Self::unexpected()) }
    }

    fn text(&self, name: ColumnName) -> Result<Arc<TextColumn>, StoreError> {
        if let Column::Text(values) = self.column(name)? { Ok(values) } else { Err(Self::unexpected()) }
    }

    /// Ordinal of each row, ascending.
    pub fn ordinals(&self) -> Result<Slice<u32>, StoreError> {
        if let Column::Numbers(values) = self.column(ColumnName::Ordinals)? {
            Ok(values)
        } else {
            Err(Self::unexpected())
        }
    }

    /// event_at of each row; µs.
    pub fn event_at(&self) -> Result<Slice<i64>, StoreError> {
        self.instants(ColumnName::EventAt)
    }

    /// received_at of each row; µs.
    pub fn received_at(&self) -> Result<Slice<i64>, StoreError> {
        self.instants(ColumnName::ReceivedAt)
    }

    /// uuid of each row, big-endian bytes.
    pub fn uuids(&self) -> Result<Slice<[u8; 16]>, StoreError> {
        if let Column::Uuids(values) = self.column(ColumnName::Uuids)? { Ok(values) } else { Err(Self::unexpected()) }
    }

    /// Event name of each row; never missing.
    pub fn events(&self) -> Result<Arc<TextColumn>, StoreError> {
        self.text(ColumnName::Events)
    }

    /// Session of each row, as sent.
    pub fn session_ids(&self) -> Result<Arc<TextColumn>, StoreError> {
        self.text(ColumnName::Sessions)
    }

    /// distinct_id of each row; never missing.
    pub fn distinct_ids(&self) -> Result<Arc<TextColumn>, StoreError> {
        self.text(ColumnName::DistinctIds)
    }

    /// One property in all its kinds; a key that no row has gives [`PropertyColumn::default`].
    pub fn property(&self, key: &str) -> Result<Arc<PropertyColumn>, StoreError> {
        match &self.place {
            Place::File(file) => file.property(key),
            Place::Memory(chunk) => Ok(chunk.property(key)),
        }
    }

    /// Whole events, in the order of `rows` (numbers below [`Segment::rows`], any order, repeats allowed).
    pub fn rows_at(&self, rows: &[u32]) -> Result<Vec<Event>, StoreError> {
        match &self.place {
            Place::File(file) => file.rows_at(rows),
            Place::Memory(chunk) => {
                chunk.events_at(rows).ok_or_else(|| StoreError::NotFound { what: "row".to_owned() })
            }
        }
    }
}
