//! Parquet files of others, read row by row under limits: PostHog's batch exports, and our own exports.
//!
//! A foreign row becomes the text of a JSON object, for the decoders know JSON; one of ours becomes an event. The file
//! is hostile: its footer, row groups and columns are counted before anything is decoded, texts are views into the pages
//! so that a repeated long text is held once, and a row that is too large is never put together.

use crate::StoreError;
use crate::segment::format::{self, Layout, day_name};
use crate::segment::reader::RowBatch;
use crate::segment::stats::SegmentStats;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use model::Event;
use model::time::DAY;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::ParquetMetaData;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows decoded at a time.
const BATCH_ROWS: usize = 1_024;
/// Largest footer: 100 times that of a file of a thousand row groups and ten columns.
const FOOTER_BYTES_MAX: u32 = 64 << 20;
const ROW_GROUPS_MAX: usize = 100_000;
const COLUMNS_MAX: usize = 10_000;
/// Largest row group, wanted columns only, unpacked.
const ROW_GROUP_BYTES_MAX: i64 = 4 << 30;

/// An opened Parquet file.
pub struct ParquetInput {
    name: PathBuf,
    file: File,
    metadata: ArrowReaderMetadata,
    own: bool,
}

/// Reads the rows of a file in order.
pub struct ParquetRows {
    name: PathBuf,
    batches: ParquetRecordBatchReader,
    own: bool,
}

/// Some rows.
pub struct ParquetBatch {
    rows: Batch,
}

enum Batch {
    Foreign(RecordBatch),
    Own(RowBatch),
}

/// Reads what comes from outside: the library asserts where some files lie, and a lie is an error, not the end.
fn guarded<T>(name: &Path, read: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    // What is half-read is not used again after an error.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(StoreError::damaged(name, "it says of itself what cannot be")))
}

impl ParquetInput {
    /// Opens a file and looks at its footer. `name` is for errors. Errors: not Parquet, or beyond a limit.
    pub fn open(file: File, name: &Path) -> Result<ParquetInput, StoreError> {
        guarded(name, || Self::open_unguarded(file, name))
    }

    fn open_unguarded(mut file: File, name: &Path) -> Result<ParquetInput, StoreError> {
        let refused = |detail: String| StoreError::damaged(name, detail);
        let wrap = |error| StoreError::io(name, error);
        let mut tail = [0; 8];
        file.seek(SeekFrom::End(-8)).and_then(|_| file.read_exact(&mut tail)).map_err(wrap)?;
        let footer_bytes = u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]);
        if &tail[4..] != b"PAR1" {
            return Err(refused("it does not end as Parquet does: the file is cut off or encrypted".to_owned()));
        }
        if footer_bytes > FOOTER_BYTES_MAX {
            return Err(refused(format!("its footer has {footer_bytes} bytes, more than {FOOTER_BYTES_MAX}")));
        }
        let load = |options| ArrowReaderMetadata::load(&file, options).map_err(|error| refused(error.to_string()));
        let plain = load(ArrowReaderOptions::new().with_skip_arrow_metadata(true))?;
        let (groups, columns) = (plain.metadata().num_row_groups(), plain.parquet_schema().num_columns());
        if groups > ROW_GROUPS_MAX || columns > COLUMNS_MAX {
            return Err(refused(format!(
                "it has {groups} row groups and {columns} columns; at most {ROW_GROUPS_MAX} and {COLUMNS_MAX} are read"
            )));
        }
        let own = version_of(plain.metadata());
        if let Some(version) = own.filter(|version| *version != format::VERSION) {
            return Err(StoreError::UnknownVersion { path: name.to_owned(), version });
        }
        let metadata = if own.is_some() {
            let metadata = load(ArrowReaderOptions::new())?;
            check_own(metadata.schema()).map_err(refused)?;
            metadata
        } else {
            let views = with_views(plain.schema());
            load(ArrowReaderOptions::new().with_schema(Arc::new(views)))?
        };
        Ok(ParquetInput { name: name.to_owned(), file, metadata, own: own.is_some() })
    }

    /// Whether it is an export or a segment file of ours.
    pub fn is_own(&self) -> bool {
        self.own
    }

    /// Names of the columns, in order.
    pub fn columns(&self) -> Vec<&str> {
        self.metadata.schema().fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// Rows, as the footer says.
    pub fn rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// Reads from row `skip` on, only the `wanted` columns that there are; of our own files all are read.
    ///
    /// Errors: a wanted column of a type that has no JSON form, a row group beyond the limit.
    pub fn read(self, wanted: &[&str], skip: u64) -> Result<ParquetRows, StoreError> {
        let name = self.name.clone();
        guarded(&name, || self.read_unguarded(wanted, skip))
    }

    fn read_unguarded(self, wanted: &[&str], skip: u64) -> Result<ParquetRows, StoreError> {
        let refused = |detail: String| StoreError::damaged(&self.name, detail);
        let fields = self.metadata.schema().fields();
        let chosen: Vec<usize> =
            (0..fields.len()).filter(|at| self.own || wanted.contains(&fields[*at].name().as_str())).collect();
        for at in &chosen {
            if !self.own && !is_readable(fields[*at].data_type()) {
                let detail = format!("column {:?} has the type {}", fields[*at].name(), fields[*at].data_type());
                return Err(refused(format!("{detail}; texts, numbers, booleans and timestamps are read")));
            }
        }
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), chosen);
        for group in self.metadata.metadata().row_groups() {
            let leaves = group.columns().iter().enumerate().filter(|(leaf, _)| mask.leaf_included(*leaf));
            let bytes = leaves.map(|(_, column)| column.uncompressed_size().max(0)).fold(0_i64, i64::saturating_add);
            if bytes > ROW_GROUP_BYTES_MAX {
                let detail = format!("a row group unpacks to {bytes} bytes, more than {ROW_GROUP_BYTES_MAX}");
                return Err(refused(format!("{detail}; write smaller row groups")));
            }
        }
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(self.file, self.metadata.clone());
        let batches = builder
            .with_batch_size(BATCH_ROWS)
            .with_projection(mask)
            .with_offset(usize::try_from(skip).unwrap_or(usize::MAX))
            .build()
            .map_err(|error| StoreError::damaged(&self.name, error.to_string()))?;
        Ok(ParquetRows { name: self.name, batches, own: self.own })
    }
}

impl ParquetRows {
    /// The next rows; `None` at the end.
    pub fn next_batch(&mut self) -> Result<Option<ParquetBatch>, StoreError> {
        let next = guarded(&self.name, || Ok(self.batches.next()))?;
        match next {
            None => Ok(None),
            Some(Ok(batch)) if self.own => {
                let batch = RowBatch::of(batch).map(Batch::Own);
                let refused = || StoreError::damaged(&self.name, "key columns of another type");
                batch.map(|rows| Some(ParquetBatch { rows })).ok_or_else(refused)
            }
            Some(Ok(batch)) => Ok(Some(ParquetBatch { rows: Batch::Foreign(batch) })),
            Some(Err(arrow_schema::ArrowError::IoError(_, source))) => Err(StoreError::io(&self.name, source)),
            Some(Err(error)) => Err(StoreError::damaged(&self.name, error.to_string())),
        }
    }
}

impl ParquetBatch {
    /// How many rows.
    pub fn len(&self) -> usize {
        match &self.rows {
            Batch::Foreign(batch) => batch.num_rows(),
            Batch::Own(batch) => batch.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A row of one of our own files as an event; `None`: its texts are longer than `bytes_max`, or the file is foreign.
    ///
    /// The error says what is not as the format says.
    pub fn event(&self, row: usize, bytes_max: usize) -> Result<Option<Event>, String> {
        let Batch::Own(batch) = &self.rows else { return Ok(None) };
        let row = batch.row(row)?;
        Ok((row.text_bytes() <= bytes_max).then(|| row.to_event()))
    }

    /// Appends a row as a JSON object: texts as strings, instants as RFC 3339 text, missing values left out.
    ///
    /// `false`: the row is larger than `bytes_max` and was not put together, or the file is ours.
    pub fn append_json(&self, row: usize, bytes_max: usize, out: &mut Vec<u8>) -> bool {
        let Batch::Foreign(batch) = &self.rows else { return false };
        let start = out.len();
        out.push(b'{');
        for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            if array.is_null(row) {
                continue;
            }
            let text = text_at(array, row);
            if out.len() - start + text.map_or(32, str::len) > bytes_max {
                out.truncate(start);
                return false;
            }
            if out.len() > start + 1 {
                out.push(b',');
            }
            append_text(out, field.name());
            out.push(b':');
            match text {
                Some(text) => append_text(out, text),
                None => append_scalar(out, array, row),
            }
        }
        out.push(b'}');
        true
    }
}

fn version_of(metadata: &ParquetMetaData) -> Option<u32> {
    let pairs = metadata.file_metadata().key_value_metadata()?;
    let version = pairs.iter().find(|pair| pair.key == format::VERSION_KEY)?;
    Some(version.value.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Our files begin with our columns; what the rows reader relies on.
fn check_own(schema: &Schema) -> Result<(), String> {
    let fixed = Layout::plan(&SegmentStats::default()).schema;
    for (at, expected) in fixed.fields().iter().enumerate() {
        let found = schema.fields().get(at);
        if found.is_none_or(|found| found.name() != expected.name() || found.data_type() != expected.data_type()) {
            return Err(format!("it says that it is an export of ours, but column {at} is not {:?}", expected.name()));
        }
    }
    Ok(())
}

/// Texts as views: a long text that many rows repeat is held once.
fn with_views(schema: &Schema) -> Schema {
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Utf8 => Arc::new(Field::clone(field).with_data_type(DataType::Utf8View)),
        DataType::Binary => Arc::new(Field::clone(field).with_data_type(DataType::BinaryView)),
        _ => Arc::clone(field),
    });
    Schema::new_with_metadata(fields.collect::<Vec<_>>(), schema.metadata().clone())
}

fn is_readable(data_type: &DataType) -> bool {
    use DataType as T;
    data_type.is_integer()
        || matches!(
            data_type,
            T::Utf8View
                | T::BinaryView
                | T::Boolean
                | T::Float32
                | T::Float64
                | T::Timestamp(..)
                | T::Null
                | T::FixedSizeBinary(16)
        )
}

fn text_at(array: &dyn Array, row: usize) -> Option<&str> {
    match array.data_type() {
        DataType::Utf8View => Some(array.as_string_view_opt()?.value(row)),
        // Some writers do not mark their texts; bytes that are no text become null.
        DataType::BinaryView => std::str::from_utf8(array.as_binary_view_opt()?.value(row)).ok(),
        _ => None,
    }
}

fn append_text(out: &mut Vec<u8>, text: &str) {
    // Writing a string into memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

fn append_scalar(out: &mut Vec<u8>, array: &dyn Array, row: usize) {
    macro_rules! number {
        ($type:ty) => {
            array.as_primitive_opt::<$type>().map(|array| array.value(row).to_string())
        };
    }
    let float = |value: f64| if value.is_finite() { serde_json::Value::from(value).to_string() } else { "null".into() };
    let scale =
        |value: Option<i64>, to_micros: fn(i64) -> i64| value.map(|at| format!("\"{}\"", rfc3339(to_micros(at))));
    let text = match array.data_type() {
        DataType::Boolean => array.as_boolean_opt().map(|array| array.value(row).to_string()),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float32 => array.as_primitive_opt::<Float32Type>().map(|array| float(f64::from(array.value(row)))),
        DataType::Float64 => array.as_primitive_opt::<Float64Type>().map(|array| float(array.value(row))),
        DataType::FixedSizeBinary(16) => array
            .as_fixed_size_binary_opt()
            .and_then(|array| model::Uuid::from_slice(array.value(row)).ok())
            .map(|uuid| format!("\"{uuid}\"")),
        DataType::Timestamp(TimeUnit::Second, _) => {
            scale(array.as_primitive_opt::<TimestampSecondType>().map(|array| array.value(row)), |at| {
                at.saturating_mul(1_000_000)
            })
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            scale(array.as_primitive_opt::<TimestampMillisecondType>().map(|array| array.value(row)), |at| {
                at.saturating_mul(1_000)
            })
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            scale(array.as_primitive_opt::<TimestampMicrosecondType>().map(|array| array.value(row)), |at| at)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            scale(array.as_primitive_opt::<TimestampNanosecondType>().map(|array| array.value(row)), |at| {
                at.div_euclid(1_000)
            })
        }
        _ => None,
    };
    out.extend_from_slice(text.as_deref().unwrap_or("null").as_bytes());
}

fn rfc3339(at: i64) -> String {
    let (day, past) = (model::time::utc_day(at), at.rem_euclid(DAY));
    let (seconds, micros) = (past / 1_000_000, past % 1_000_000);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z", day_name(day))
}
