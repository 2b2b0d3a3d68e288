//! Decoded columns in memory, bounded by bytes, least recently used first out.

use super::column::{PropertyColumn, TextColumn};
use super::column_files::ColumnFiles;
use super::slice::Slice;
use parking_lot::Mutex;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which column of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ColumnName {
    Metadata,
    Ordinals,
    EventAt,
    ReceivedAt,
    Uuids,
    Events,
    Sessions,
    DistinctIds,
    Property(Box<str>),
}

/// A decoded column.
#[derive(Clone)]
pub(crate) enum Column {
    Metadata(Arc<ArrowReaderMetadata>),
    Numbers(Slice<u32>),
    Instants(Slice<i64>),
    Uuids(Slice<[u8; 16]>),
    Text(Arc<TextColumn>),
    Property(Arc<PropertyColumn>),
}

impl Column {
    /// Estimated bytes in memory.
    fn bytes(&self) -> usize {
        fn of<T>(values: &Slice<T>) -> usize {
            // The system's share of a mapped file; it allows some 65 000 of them.
            if values.is_mapped() { MAPPED_BYTES } else { size_of_val(&**values) }
        }
        fn text(column: &TextColumn) -> usize {
            of(&column.codes) + column.dictionary.iter().map(|text| text.len() + 16).sum::<usize>()
        }
        64 + match self {
            Column::Metadata(metadata) => metadata.metadata().memory_size(),
            Column::Numbers(values) => of(values),
            Column::Instants(values) => of(values),
            Column::Uuids(values) => of(values),
            Column::Text(column) => text(column),
            Column::Property(column) => {
                column.text.as_ref().map_or(0, text)
                    + column.json.as_ref().map_or(0, text)
                    + column.number.as_ref().map_or(0, |number| of(&number.values) + number.present.len())
                    + column.boolean.as_ref().map_or(0, |boolean| of(&boolean.values))
            }
        }
    }
}

const MAPPED_BYTES: usize = 4_096;

/// The cache of one store. Segments have numbers in it.
pub(crate) struct ColumnCache {
    /// Columns as files, behind those in memory.
    pub files: Option<ColumnFiles>,
    bytes_max: usize,
    next_owner: AtomicU64,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    columns: HashMap<u64, HashMap<ColumnName, Slot>>,
    /// Oldest use first.
    uses: BTreeMap<u64, (u64, ColumnName)>,
    next_use: u64,
    bytes: usize,
}

struct Slot {
    column: Column,
    bytes: usize,
    used: u64,
}

impl ColumnCache {
    pub fn new(bytes_max: usize, files: Option<ColumnFiles>) -> ColumnCache {
        ColumnCache { files, bytes_max, next_owner: AtomicU64::new(0), inner: Mutex::default() }
    }

    /// A number for a new segment.
    pub fn owner(&self) -> u64 {
        self.next_owner.fetch_add(1, Ordering::Relaxed)
    }

    /// Bytes in use.
    pub fn bytes(&self) -> usize {
        self.inner.lock().bytes
    }

    /// Gets a column or makes it. Two threads may make the same one at once; both get a right one.
    pub fn get<E>(&self, owner: u64, name: ColumnName, make: impl FnOnce() -> Result<Column, E>) -> Result<Column, E> {
        if let Some(column) = self.inner.lock().touch(owner, &name) {
            return Ok(column);
        }
        let column = make()?;
        let bytes = column.bytes();
        if bytes <= self.bytes_max {
            self.inner.lock().put(owner, name, column.clone(), bytes, self.bytes_max);
        }
        Ok(column)
    }

    /// Lets go of all columns of a segment.
    pub fn forget(&self, owner: u64) {
        let mut inner = self.inner.lock();
        for slot in inner.columns.remove(&owner).into_iter().flat_map(HashMap::into_values) {
            inner.uses.remove(&slot.used);
            inner.bytes -= slot.bytes;
        }
    }
}

impl Inner {
    fn touch(&mut self, owner: u64, name: &ColumnName) -> Option<Column> {
        let slot = self.columns.get_mut(&owner)?.get_mut(name)?;
        if let Some(place) = self.uses.remove(&slot.used) {
            slot.used = self.next_use;
            self.uses.insert(self.next_use, place);
            self.next_use += 1;
        }
        Some(slot.column.clone())
    }

    fn put(&mut self, owner: u64, name: ColumnName, column: Column, bytes: usize, bytes_max: usize) {
        if self.touch(owner, &name).is_some() {
            return;
        }
        while self.bytes + bytes > bytes_max {
            let Some((_, (owner, name))) = self.uses.pop_first() else { break };
            if let Some(columns) = self.columns.get_mut(&owner) {
                if let Some(slot) = columns.remove(&name) {
                    self.bytes -= slot.bytes;
                }
                if columns.is_empty() {
                    self.columns.remove(&owner);
                }
            }
        }
        let used = self.next_use;
        self.next_use += 1;
        self.uses.insert(used, (owner, name.clone()));
        self.columns.entry(owner).or_default().insert(name, Slot { column, bytes, used });
        self.bytes += bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(cache: &ColumnCache, owner: u64, made: &mut u32) {
        let make = || {
            *made += 1;
            Ok::<_, ()>(Column::Numbers(vec![0; 9].into()))
        };
        assert!(cache.get(owner, ColumnName::Ordinals, make).is_ok());
    }

    #[test]
    fn the_least_recently_used_column_goes_first_and_bytes_stay_bounded() {
        let cache = ColumnCache::new(250, None);
        let mut made = 0;
        for owner in [1, 2, 1, 3, 1, 2] {
            numbers(&cache, owner, &mut made);
            assert!(cache.bytes() <= 250);
        }
        assert_eq!(made, 4, "2 was pushed out by 3, 1 never");
        cache.forget(1);
        cache.forget(2);
        assert_eq!(cache.bytes(), 0);
    }
}
