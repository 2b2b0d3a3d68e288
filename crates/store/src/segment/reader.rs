//! Reads segment files: single columns, chosen rows, or all rows in order.
//!
//! A file is checked as a whole (length and xxh3 from the manifest) before its first use. What fails is marked as
//! damaged: the next snapshot leaves it out and says so.

use super::builder::PropertyColumnBuilder;
use super::cache::{Column, ColumnCache, ColumnName};
use super::column::{BoolColumn, MISSING, MISSING_BOOL, NumberColumn, PropertyColumn, TextColumn};
use super::format::{self, RowKey, RowRef, ValueRef, at, property_of};
use super::stats::{HeldStats, SegmentStats};
use crate::StoreError;
use crate::disk::{Disk, DiskFile};
use crate::manifest::SegmentEntry;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, TimestampMicrosecondType, UInt8Type, UInt32Type};
use arrow_array::{Array, ArrayRef, FixedSizeBinaryArray, RecordBatch, TimestampMicrosecondArray, UInt32Array};
use arrow_schema::Schema;
use bytes::Bytes;
use model::property::Kind;
use model::{Event, ProjectId};
use parking_lot::Mutex;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
    RowSelector,
};
use parquet::file::reader::{ChunkReader, Length};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Rows decoded at a time when whole rows are read.
const BATCH_ROWS: usize = 4_096;
/// Rows decoded at a time when one column is read.
const COLUMN_BATCH_ROWS: usize = 65_536;
const HASH_BYTES: usize = 1 << 20;

/// A live segment file.
pub(crate) struct FileSegment {
    disk: Arc<dyn Disk>,
    pub path: PathBuf,
    pub entry: SegmentEntry,
    /// In memory; may list fewer names than the file itself.
    pub stats: HeldStats,
    project: ProjectId,
    cache: Arc<ColumnCache>,
    owner: u64,
    checked: Mutex<bool>,
    damage: OnceLock<String>,
    obsolete: AtomicBool,
}

impl Drop for FileSegment {
    fn drop(&mut self) {
        self.cache.forget(self.owner);
        if self.obsolete.load(Ordering::Acquire) {
            // What cannot be removed now is swept as an orphan at the next open.
            let _ = self.disk.remove(&self.path);
            let _ = self.disk.remove(&self.path.with_extension("ids"));
            if let Some(files) = &self.cache.files {
                files.forget(self.project, self.entry.number);
            }
        }
    }
}

struct DiskReader {
    file: Arc<dyn DiskFile>,
    bytes: u64,
}

struct From {
    file: Arc<dyn DiskFile>,
    at: u64,
    end: u64,
}

impl Read for From {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = into.len().min((self.end - self.at) as usize);
        self.file.read_exact_at(&mut into[..count], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Length for DiskReader {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for DiskReader {
    type T = io::BufReader<From>;
    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        let from = From { file: Arc::clone(&self.file), at: start.min(self.bytes), end: self.bytes };
        Ok(io::BufReader::new(from))
    }
    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes.into())
    }
}

impl FileSegment {
    pub fn new(
        disk: Arc<dyn Disk>,
        dir: &Path,
        project: ProjectId,
        entry: SegmentEntry,
        stats: HeldStats,
        cache: Arc<ColumnCache>,
    ) -> FileSegment {
        let path = format::path_of(dir, project, entry.day, entry.number);
        let owner = cache.owner();
        FileSegment {
            disk,
            path,
            entry,
            stats,
            project,
            cache,
            owner,
            checked: Mutex::new(false),
            damage: OnceLock::new(),
            obsolete: AtomicBool::new(false),
        }
    }

    /// Removes the file once nothing uses it.
    pub fn retire(&self) {
        self.obsolete.store(true, Ordering::Release);
    }

    /// Which check failed, if one did.
    pub fn damage(&self) -> Option<&str> {
        self.damage.get().map(String::as_str)
    }

    fn damaged(&self, detail: impl Into<String>) -> StoreError {
        let detail = detail.into();
        tracing::error!(path = %self.path.display(), detail, "segment file is damaged and left out");
        let _ = self.damage.set(detail.clone());
        StoreError::damaged(&self.path, detail)
    }

    fn parquet(&self, error: parquet::errors::ParquetError) -> StoreError {
        match error {
            parquet::errors::ParquetError::External(source) if source.is::<io::Error>() => match source.downcast() {
                Ok(source) => StoreError::io(&self.path, *source),
                Err(source) => self.damaged(source.to_string()),
            },
            other => self.damaged(other.to_string()),
        }
    }

    fn open(&self) -> Result<DiskReader, StoreError> {
        if let Some(detail) = self.damage() {
            return Err(StoreError::damaged(&self.path, detail));
        }
        let file = self.disk.open(&self.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => self.damaged("the file is missing"),
            _ => StoreError::io(&self.path, error),
        })?;
        let mut checked = self.checked.lock();
        if !*checked {
            self.check(&*file)?;
            *checked = true;
        }
        Ok(DiskReader { file, bytes: self.entry.bytes })
    }

    /// Checks the file as a whole, unless it was before.
    pub fn verify(&self) -> Result<(), StoreError> {
        self.open().map(drop)
    }

    fn check(&self, file: &dyn DiskFile) -> Result<(), StoreError> {
        let wrap = |error| StoreError::io(&self.path, error);
        let bytes = file.len().map_err(wrap)?;
        if bytes != self.entry.bytes {
            return Err(self.damaged(format!("{bytes} bytes instead of {}", self.entry.bytes)));
        }
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        let mut piece = vec![0; HASH_BYTES.min(bytes as usize)];
        let mut offset = 0;
        while offset < bytes {
            let count = piece.len().min((bytes - offset) as usize);
            file.read_exact_at(&mut piece[..count], offset).map_err(wrap)?;
            hash.update(&piece[..count]);
            offset += count as u64;
        }
        if hash.digest() != self.entry.xxh3 {
            return Err(self.damaged("checksum of the file"));
        }
        Ok(())
    }

    fn metadata(&self) -> Result<Arc<ArrowReaderMetadata>, StoreError> {
        let made = self.cache.get(self.owner, ColumnName::Metadata, || {
            let reader = self.open()?;
            let metadata =
                ArrowReaderMetadata::load(&reader, ArrowReaderOptions::new()).map_err(|error| self.parquet(error))?;
            let version = key_value(&metadata, format::VERSION_KEY).and_then(|text| text.parse().ok()).unwrap_or(0);
            if version != format::VERSION {
                return Err(StoreError::UnknownVersion { path: self.path.clone(), version });
            }
            Ok(Column::Metadata(Arc::new(metadata)))
        })?;
        match made {
            Column::Metadata(metadata) => Ok(metadata),
            _ => Err(self.damaged("column of another type")),
        }
    }

    /// Names, types and metadata of its columns.
    pub fn schema(&self) -> Result<Arc<Schema>, StoreError> {
        Ok(Arc::clone(self.metadata()?.schema()))
    }

    /// Statistics as they stand in the file itself.
    pub fn read_stats(&self) -> Result<SegmentStats, StoreError> {
        let metadata = self.metadata()?;
        let text = key_value(&metadata, format::STATS_KEY).unwrap_or_default();
        serde_json::from_str(text).map_err(|error| self.damaged(format!("statistics: {error}")))
    }

    fn batches(
        &self,
        columns: Option<&[usize]>,
        selection: Option<RowSelection>,
        batch_rows: usize,
    ) -> Result<ParquetRecordBatchReader, StoreError> {
        let metadata = self.metadata()?;
        let reader = self.open()?;
        let mut builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(reader, ArrowReaderMetadata::clone(&metadata))
                .with_batch_size(batch_rows);
        if let Some(columns) = columns {
            let mask = ProjectionMask::roots(metadata.parquet_schema(), columns.iter().copied());
            builder = builder.with_projection(mask);
        }
        if let Some(selection) = selection {
            builder = builder.with_row_selection(selection);
        }
        builder.build().map_err(|error| self.parquet(error))
    }

    /// Hands the pieces of one column to `take`, in order.
    fn scan(&self, column: usize, mut take: impl FnMut(&ArrayRef) -> Option<()>) -> Result<(), StoreError> {
        let mut rows = 0;
        for batch in self.batches(Some(&[column]), None, COLUMN_BATCH_ROWS)? {
            let batch = batch.map_err(|error| self.arrow(error))?;
            rows += batch.num_rows() as u64;
            take(batch.column(0)).ok_or_else(|| self.damaged(format!("column {column} has another type")))?;
        }
        if rows != self.entry.rows {
            return Err(self.damaged(format!("{rows} rows instead of {}", self.entry.rows)));
        }
        Ok(())
    }

    fn arrow(&self, error: arrow_schema::ArrowError) -> StoreError {
        match error {
            arrow_schema::ArrowError::IoError(_, source) => StoreError::io(&self.path, source),
            arrow_schema::ArrowError::ExternalError(source) => match source.downcast() {
                Ok(parquet) => self.parquet(*parquet),
                Err(source) => self.damaged(source.to_string()),
            },
            other => self.damaged(other.to_string()),
        }
    }

    /// A column from the cache, else from its own file, else made of the segment file.
    fn cached(
        &self,
        name: ColumnName,
        make: impl FnOnce() -> Result<Column, StoreError>,
    ) -> Result<Column, StoreError> {
        self.cache.get(self.owner, name.clone(), || {
            if let Some(detail) = self.damage() {
                return Err(StoreError::damaged(&self.path, detail));
            }
            let Some(files) = &self.cache.files else { return make() };
            if let Some(column) = files.get(self.project, &self.entry, &name) {
                return Ok(column);
            }
            let made = make()?;
            Ok(files.put(self.project, &self.entry, &name, &made).unwrap_or(made))
        })
    }

    /// A fixed column; `name` must not be a property.
    pub fn column(&self, name: ColumnName) -> Result<Column, StoreError> {
        self.cached(name.clone(), || {
            let rows = self.entry.rows as usize;
            Ok(match name {
                ColumnName::Ordinals => {
                    let mut values = Vec::with_capacity(rows);
                    self.scan(at::ORDINAL, |array| {
                        values.extend_from_slice(array.as_primitive_opt::<UInt32Type>()?.values());
                        Some(())
                    })?;
                    Column::Numbers(values.into())
                }
                ColumnName::Uuids => {
                    let mut values = Vec::with_capacity(rows);
                    self.scan(at::UUID, |array| {
                        let array = array.as_fixed_size_binary_opt()?;
                        for row in 0..array.len() {
                            values.push(array.value(row).try_into().ok()?);
                        }
                        Some(())
                    })?;
                    Column::Uuids(values.into())
                }
                ColumnName::EventAt | ColumnName::ReceivedAt => {
                    let column = if name == ColumnName::EventAt { at::EVENT_AT } else { at::RECEIVED_AT };
                    let mut values = Vec::with_capacity(rows);
                    self.scan(column, |array| {
                        values.extend_from_slice(array.as_primitive_opt::<TimestampMicrosecondType>()?.values());
                        Some(())
                    })?;
                    Column::Instants(values.into())
                }
                ColumnName::Sessions => Column::Text(Arc::new(self.text(at::SESSION)?)),
                ColumnName::DistinctIds => Column::Text(Arc::new(self.text(at::DISTINCT_ID)?)),
                _ => Column::Text(Arc::new(self.text(at::EVENT)?)),
            })
        })
    }

    fn text(&self, column: usize) -> Result<TextColumn, StoreError> {
        let mut all = Vec::with_capacity(self.entry.rows as usize);
        let mut dictionary: Vec<Box<str>> = Vec::new();
        let mut known: HashMap<Box<str>, u32> = HashMap::new();
        self.scan(column, |array| {
            let array = array.as_dictionary_opt::<Int32Type>()?;
            let values = array.values().as_string_opt::<i32>()?;
            let mut codes = vec![MISSING; values.len()];
            for key in array.keys() {
                let Some(key) = key else {
                    all.push(MISSING);
                    continue;
                };
                let code = codes.get_mut(key as usize)?;
                if *code == MISSING {
                    let value: Box<str> = values.value(key as usize).into();
                    *code = *known.entry(value).or_insert_with_key(|value| {
                        dictionary.push(value.clone());
                        dictionary.len() as u32 - 1
                    });
                }
                all.push(*code);
            }
            Some(())
        })?;
        Ok(TextColumn { codes: all.into(), dictionary })
    }

    pub fn property(&self, key: &str) -> Result<Arc<PropertyColumn>, StoreError> {
        if !self.stats.may_have_property(key) {
            return Ok(Arc::default());
        }
        let made = self.cached(ColumnName::Property(key.into()), || {
            let metadata = self.metadata()?;
            let mut property = PropertyColumn::default();
            let mut found = [false; 4];
            for (column, field) in metadata.schema().fields().iter().enumerate() {
                let Some((_, kind)) = property_of(field).filter(|(own, _)| *own == key) else { continue };
                found[format::kind_index(kind)] = true;
                match kind {
                    Kind::Text => property.text = Some(self.text(column)?),
                    Kind::Json => property.json = Some(self.text(column)?),
                    Kind::Number => property.number = Some(self.number(column)?),
                    Kind::Bool => property.boolean = Some(self.boolean(column)?),
                }
            }
            // Beside its columns a key may have values of other kinds among the rest.
            let in_rest = match self.stats.properties.get(key) {
                Some(stats) => format::counts(stats).iter().zip(found).any(|(count, found)| *count > 0 && !found),
                None => true,
            };
            if in_rest && let Some((rest, _)) = metadata.schema().fields().find(format::REST) {
                let rest = self.rest(rest, key)?;
                property.text = property.text.or(rest.text);
                property.json = property.json.or(rest.json);
                property.number = property.number.or(rest.number);
                property.boolean = property.boolean.or(rest.boolean);
            }
            Ok(Column::Property(Arc::new(property)))
        })?;
        match made {
            Column::Property(property) => Ok(property),
            _ => Err(self.damaged("column of another type")),
        }
    }

    fn number(&self, column: usize) -> Result<NumberColumn, StoreError> {
        let (mut values, mut present) = (Vec::new(), Vec::new());
        self.scan(column, |array| {
            let array = array.as_primitive_opt::<Float64Type>()?;
            values.extend_from_slice(array.values());
            present.extend((0..array.len()).map(|row| array.is_valid(row)));
            Some(())
        })?;
        Ok(NumberColumn { values: values.into(), present })
    }

    fn boolean(&self, column: usize) -> Result<BoolColumn, StoreError> {
        let mut values = Vec::new();
        self.scan(column, |array| {
            let array = array.as_boolean_opt()?;
            values.extend(array.iter().map(|value| value.map_or(MISSING_BOOL, u8::from)));
            Some(())
        })?;
        Ok(BoolColumn { values: values.into() })
    }

    /// A key that stands in the column of the rest.
    fn rest(&self, column: usize, key: &str) -> Result<PropertyColumn, StoreError> {
        let mut builder = PropertyColumnBuilder::new(self.entry.rows as usize);
        let mut row = 0;
        let mut malformed = None;
        self.scan(column, |array| {
            for text in array.as_string_opt::<i32>()? {
                match text.map(format::decode_rest).transpose() {
                    Ok(values) => {
                        for (_, value) in values.into_iter().flatten().filter(|(own, _)| own == key) {
                            builder.set(row, &value);
                        }
                    }
                    Err(error) => malformed = Some(error),
                }
                row += 1;
            }
            Some(())
        })?;
        match malformed {
            Some(error) => Err(self.damaged(format!("rest column: {error}"))),
            None => Ok(builder.finish()),
        }
    }

    pub fn rows_at(&self, rows: &[u32]) -> Result<Vec<Event>, StoreError> {
        let mut wanted: Vec<u32> = rows.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let mut selectors = Vec::new();
        let mut next = 0;
        for row in &wanted {
            if *row > next {
                selectors.push(RowSelector::skip((*row - next) as usize));
            }
            selectors.push(RowSelector::select(1));
            next = row + 1;
        }
        let mut events = Vec::with_capacity(wanted.len());
        let mut reader = self.rows(Some(RowSelection::from(selectors)))?;
        while let Some(batch) = reader.next_batch()? {
            for row in 0..batch.len() {
                events.push(batch.row(row).map_err(|detail| self.damaged(detail))?.to_event());
            }
        }
        let find = |row: &u32| {
            let place = wanted.binary_search(row).unwrap_or(usize::MAX);
            events.get(place).cloned().ok_or_else(|| StoreError::NotFound { what: format!("row {row}") })
        };
        rows.iter().map(find).collect()
    }

    /// Whole rows in order, a batch at a time.
    pub fn rows(&self, selection: Option<RowSelection>) -> Result<RowReader<'_>, StoreError> {
        Ok(RowReader { segment: self, batches: self.batches(None, selection, BATCH_ROWS)? })
    }
}

fn key_value<'a>(metadata: &'a ArrowReaderMetadata, key: &str) -> Option<&'a str> {
    let pairs = metadata.metadata().file_metadata().key_value_metadata()?;
    pairs.iter().find(|pair| pair.key == key)?.value.as_deref()
}

/// Reads whole rows.
pub(crate) struct RowReader<'a> {
    segment: &'a FileSegment,
    batches: ParquetRecordBatchReader,
}

impl RowReader<'_> {
    pub fn next_batch(&mut self) -> Result<Option<RowBatch>, StoreError> {
        let Some(batch) = self.batches.next() else { return Ok(None) };
        let batch = batch.map_err(|error| self.segment.arrow(error))?;
        RowBatch::of(batch).map(Some).ok_or_else(|| self.segment.damaged("key columns of another type"))
    }
}

/// Some rows with all their columns.
pub(crate) struct RowBatch {
    /// By column: key and kind, if it is a property's.
    keys: Vec<Option<(String, Kind)>>,
    order: Order,
    batch: RecordBatch,
}

/// The columns that rows are sorted by.
struct Order {
    ordinal: UInt32Array,
    event_at: TimestampMicrosecondArray,
    uuid: FixedSizeBinaryArray,
}

impl Order {
    fn of(batch: &RecordBatch) -> Option<Order> {
        let uuid = batch.column(at::UUID).as_fixed_size_binary_opt()?;
        (uuid.value_length() == 16).then_some(())?;
        Some(Order {
            ordinal: batch.column(at::ORDINAL).as_primitive_opt()?.clone(),
            event_at: batch.column(at::EVENT_AT).as_primitive_opt()?.clone(),
            uuid: uuid.clone(),
        })
    }
}

impl RowBatch {
    /// Of all columns of a segment file. `None`: the key columns have another type.
    pub fn of(batch: RecordBatch) -> Option<RowBatch> {
        let fields = batch.schema_ref().fields().iter();
        let keys = fields.map(|field| property_of(field).map(|(key, kind)| (key.to_owned(), kind))).collect();
        Some(RowBatch { keys, order: Order::of(&batch)?, batch })
    }

    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// What the row is sorted by.
    pub fn key(&self, row: usize) -> RowKey {
        let mut uuid = [0; 16];
        uuid.copy_from_slice(self.order.uuid.value(row));
        RowKey { ordinal: self.order.ordinal.value(row), event_at: self.order.event_at.value(row), uuid }
    }

    /// All rows of one column, by its place in the file.
    pub fn column(&self, index: usize) -> &ArrayRef {
        self.batch.column(index)
    }

    /// One row; the error says which column is not as the format says.
    pub fn row(&self, row: usize) -> Result<RowRef<'_>, String> {
        self.try_row(row).ok_or_else(|| format!("row {row} has columns of another type"))
    }

    fn try_row(&self, row: usize) -> Option<RowRef<'_>> {
        let column = |index: usize| self.batch.column(index);
        let byte = |index: usize| Some(column(index).as_primitive_opt::<UInt8Type>()?.value(row));
        let mut properties = Vec::with_capacity(self.keys.len() / 2);
        for (index, key) in self.keys.iter().enumerate().skip(at::PROPERTIES) {
            let array = column(index);
            if !array.is_valid(row) {
                continue;
            }
            let Some((key, kind)) = key else {
                let rest = format::decode_rest(array.as_string_opt::<i32>()?.value(row)).ok()?;
                properties.extend(rest.into_iter().map(|(key, value)| (Cow::Owned(key), value)));
                continue;
            };
            let value = match kind {
                Kind::Text => ValueRef::Text(Cow::Borrowed(text_at(array, row)??)),
                Kind::Json => ValueRef::Json(Cow::Borrowed(text_at(array, row)??)),
                Kind::Number => ValueRef::Number(array.as_primitive_opt::<Float64Type>()?.value(row)),
                Kind::Bool => ValueRef::Bool(array.as_boolean_opt()?.value(row)),
            };
            properties.push((Cow::Borrowed(key.as_str()), value));
        }
        Some(RowRef {
            key: self.key(row),
            received_at: column(at::RECEIVED_AT).as_primitive_opt::<TimestampMicrosecondType>()?.value(row),
            event: text_at(column(at::EVENT), row)??,
            distinct_id: text_at(column(at::DISTINCT_ID), row)??,
            session_id: text_at(column(at::SESSION), row)?,
            window_id: text_at(column(at::WINDOW), row)?,
            level: byte(at::LEVEL)?,
            policy: column(at::POLICY).as_primitive_opt::<UInt32Type>()?.value(row),
            dialect: byte(at::DIALECT)?,
            properties,
        })
    }
}

/// Outer `None`: not a text column; inner `None`: missing.
fn text_at(array: &ArrayRef, row: usize) -> Option<Option<&str>> {
    let array = array.as_dictionary_opt::<Int32Type>()?;
    let values = array.values().as_string_opt::<i32>()?;
    if array.keys().is_null(row) {
        return Some(None);
    }
    Some(Some(values.value(usize::try_from(array.keys().value(row)).ok()?)))
}
