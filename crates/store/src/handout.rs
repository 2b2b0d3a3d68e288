//! What another process may read of a snapshot: the paths of its files, and files of what is only in memory.
//!
//! The store's own folders are never written to: the caller names a folder of its own, removes it, and holds the
//! snapshot as long as somebody reads, for files retire only when no snapshot names them. What is written here is no
//! data of ours and need not survive, so it does not pass through the store's disk.

use crate::buffer::{self, Frozen, Tables};
use crate::disk::Disk;
use crate::segment::format::{REST, property_of};
use crate::segment::stats::{PropertyStats, SegmentStats};
use crate::segment::writer::SegmentWriter;
use crate::snapshot::Snapshot;
use crate::{RealDisk, Store, StoreError};
use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray, TimestampMicrosecondArray, UInt32Array};
use model::property::Kind;
use model::{Micros, Value};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows per batch and per look at the live state, whose lock the writer needs too.
const BATCH_ROWS: usize = 8_192;
const ROW_GROUP_ROWS: usize = 128 << 10;

/// A file with events in the segment format (docs/formats/segment.md).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventsFile {
    /// Where.
    pub path: PathBuf,
    /// Rows in it; never 0.
    pub rows: usize,
    /// Least and greatest event_at, both inclusive; µs.
    pub event_at_range: (Micros, Micros),
}

/// The property keys of a snapshot.
#[derive(Debug, Default)]
pub struct PropertyKinds {
    /// Rows by kind of value; of a key that only a file's columns tell of, at least one of each kind that it has.
    pub known: BTreeMap<Box<str>, PropertyStats>,
    /// Whether there are other keys, or other kinds of these, which only reading all rows would tell.
    pub more: bool,
}

impl Snapshot {
    /// Property keys and their kinds: from the statistics, and where those do not list all, from the files' columns.
    ///
    /// # Errors
    /// As [`Snapshot::files`].
    pub fn property_kinds(&self) -> Result<PropertyKinds, StoreError> {
        let mut kinds = PropertyKinds::default();
        for segment in self.segments() {
            let stats = segment.stats();
            for (key, counts) in &stats.properties {
                let own = kinds.known.entry(key.clone()).or_default();
                own.text += counts.text;
                own.number += counts.number;
                own.boolean += counts.boolean;
                own.json += counts.json;
            }
            if !stats.more_properties {
                continue;
            }
            let Some(file) = segment.file() else {
                kinds.more = true;
                continue;
            };
            let schema = file.schema()?;
            kinds.more |= schema.index_of(REST).is_ok();
            for (key, kind) in schema.fields().iter().filter_map(|field| property_of(field)) {
                if !stats.properties.contains_key(key) {
                    let own = kinds.known.entry(key.into()).or_default();
                    match kind {
                        Kind::Text => own.text += 1,
                        Kind::Number => own.number += 1,
                        Kind::Bool => own.boolean += 1,
                        Kind::Json => own.json += 1,
                    }
                }
            }
        }
        Ok(kinds)
    }

    /// The files of the snapshot, in its order, each checked before it was first used. Together with
    /// [`Snapshot::write_buffer`] they hold every row once.
    ///
    /// # Errors
    /// [`StoreError::Damaged`]: a fresh snapshot leaves that file out.
    pub fn files(&self) -> Result<Vec<EventsFile>, StoreError> {
        let files = self.segments().iter().filter_map(|segment| Some((segment, segment.file()?)));
        files
            .map(|(segment, file)| {
                file.verify()?;
                let event_at_range = segment.event_at_range();
                Ok(EventsFile { path: file.path.clone(), rows: segment.rows(), event_at_range })
            })
            .collect()
    }

    /// Writes the rows that are in no file yet as one file of the same format; days are mixed. `None`: there are none.
    pub fn write_buffer(&self, path: &Path) -> Result<Option<EventsFile>, StoreError> {
        let mut stats = SegmentStats::default();
        let mut rows = Vec::new();
        let mut fills: Vec<Frozen> = Vec::new();
        let mut known: Vec<&Tables> = Vec::new();
        for chunk in self.segments().iter().filter_map(|segment| segment.chunk()) {
            stats.merge(chunk.stats());
            let tables = chunk.tables();
            let fill = known.iter().position(|known| Arc::ptr_eq(&known.texts, &tables.texts)).unwrap_or_else(|| {
                known.push(tables);
                fills.push(tables.freeze());
                fills.len() - 1
            });
            rows.extend(chunk.rows().iter().map(|row| (fill, &**row)));
        }
        if rows.is_empty() {
            return Ok(None);
        }
        rows.sort_unstable_by_key(|(_, row)| row.key);
        let mut writer = SegmentWriter::create(&RealDisk as &dyn Disk, path, &stats, ROW_GROUP_ROWS)?;
        buffer::columns::write(&mut writer, &rows, &fills, self.ids())?;
        let written = writer.finish()?;
        let event_at_range = (written.first_at, written.last_at);
        Ok(Some(EventsFile { path: path.to_owned(), rows: written.rows as usize, event_at_range }))
    }

    /// Writes (ordinal, person_id), ascending, of the ids that are part of a person of another name; returns how many.
    pub fn write_merged_ids(&self, path: &Path) -> Result<usize, StoreError> {
        let merged = |(ordinal, root): (usize, &u32)| (ordinal as u32 != *root).then_some((ordinal as u32, *root));
        let merged: Vec<(u32, u32)> = self.person_of().iter().enumerate().filter_map(merged).collect();
        let mut writer = None;
        for some in merged.chunks(BATCH_ROWS) {
            let ordinals = UInt32Array::from_iter_values(some.iter().map(|(ordinal, _)| *ordinal));
            let persons = some.iter().map(|(_, root)| self.distinct_id(*root).unwrap_or_else(|| "".into()));
            write(&mut writer, path, &[("ordinal", Arc::new(ordinals)), ("person_id", texts_of(persons))])?;
        }
        finish(writer, path)?;
        Ok(merged.len())
    }

    /// Writes (distinct_id, person_id) of all ids, in the order in which they first came; returns how many.
    pub fn write_distinct_ids(&self, path: &Path) -> Result<usize, StoreError> {
        let mut writer = None;
        for (number, roots) in self.person_of().chunks(BATCH_ROWS).enumerate() {
            let first = (number * BATCH_ROWS) as u32;
            let text = |ordinal: u32| self.distinct_id(ordinal).unwrap_or_else(|| "".into());
            let ids = texts_of((first..).take(roots.len()).map(text));
            let persons = texts_of(roots.iter().map(|root| text(*root)));
            write(&mut writer, path, &[("distinct_id", ids), ("person_id", persons)])?;
        }
        finish(writer, path)?;
        Ok(self.person_of().len())
    }
}

impl Store {
    /// Writes (person_id, created_at, identified, properties as JSON) of the persons of a snapshot; returns how many.
    /// Who is a person is as in the snapshot; what is known of them is as of now.
    pub fn write_persons(&self, snapshot: &Snapshot, path: &Path) -> Result<usize, StoreError> {
        let roots = snapshot.person_of().iter().enumerate();
        let roots: Vec<u32> =
            roots.filter(|(ordinal, root)| *ordinal as u32 == **root).map(|(_, root)| *root).collect();
        let mut writer = None;
        for some in roots.chunks(BATCH_ROWS) {
            let details = self.person_details(snapshot.project(), some);
            let ids = texts_of(some.iter().map(|root| snapshot.distinct_id(*root).unwrap_or_else(|| "".into())));
            let created = TimestampMicrosecondArray::from_iter_values(details.iter().map(|person| person.created_at));
            let identified = BooleanArray::from_iter(details.iter().map(|person| Some(person.identified)));
            let properties = texts_of(details.iter().map(|person| as_json(&person.properties)));
            let created: ArrayRef = Arc::new(created.with_timezone("UTC"));
            let identified: ArrayRef = Arc::new(identified);
            let columns =
                [("person_id", ids), ("created_at", created), ("identified", identified), ("properties", properties)];
            write(&mut writer, path, &columns)?;
        }
        finish(writer, path)?;
        Ok(roots.len())
    }
}

/// What is known of one person, beside the ids.
pub(crate) struct PersonDetails {
    pub created_at: Micros,
    pub identified: bool,
    pub properties: Vec<(Box<str>, Value)>,
}

fn as_json(properties: &[(Box<str>, Value)]) -> String {
    let object: serde_json::Map<String, serde_json::Value> =
        properties.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect();
    serde_json::Value::Object(object).to_string()
}

fn texts_of<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(texts))
}

type Writer = ArrowWriter<std::fs::File>;

/// Adds a batch; the first one makes the file.
fn write(writer: &mut Option<Writer>, path: &Path, columns: &[(&str, ArrayRef)]) -> Result<(), StoreError> {
    let batch = RecordBatch::try_from_iter(columns.iter().map(|(name, array)| (*name, Arc::clone(array))))
        .map_err(|error| StoreError::damaged(path, error.to_string()))?;
    let failed = |error: parquet::errors::ParquetError| StoreError::io(path, std::io::Error::other(error));
    let writer = match writer {
        Some(writer) => writer,
        None => {
            let file = std::fs::File::create_new(path).map_err(|error| StoreError::io(path, error))?;
            let properties = WriterProperties::builder().set_compression(Compression::LZ4_RAW).build();
            writer.insert(ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(failed)?)
        }
    };
    writer.write(&batch).map_err(failed)
}

/// Ends the file, if there is one.
fn finish(writer: Option<Writer>, path: &Path) -> Result<(), StoreError> {
    match writer {
        Some(writer) => writer.close().map(drop).map_err(|error| StoreError::io(path, std::io::Error::other(error))),
        None => Ok(()),
    }
}
