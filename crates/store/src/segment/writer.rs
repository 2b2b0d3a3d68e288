//! Writes one segment file, row group by row group, in bounded memory.

use super::format::{self, Layout, RowRef, ValueRef, at, kind_index};
use super::stats::SegmentStats;
use crate::StoreError;
use crate::disk::{Disk, DiskFile};
use arrow_array::builder::{
    BooleanBuilder, FixedSizeBinaryBuilder, Float64Builder, StringBuilder, StringDictionaryBuilder,
    TimestampMicrosecondBuilder, UInt8Builder, UInt32Builder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use model::Micros;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// A finished file: its content is durable, its name is not until the folder is synced.
pub(crate) struct Written {
    pub rows: u64,
    pub bytes: u64,
    pub xxh3: u64,
    pub first_at: Micros,
    pub last_at: Micros,
    pub stats: SegmentStats,
    /// In row order.
    pub uuids: Vec<[u8; 16]>,
}

/// Takes rows in order.
pub(crate) struct SegmentWriter {
    path: PathBuf,
    writer: ArrowWriter<Sink>,
    layout: Layout,
    builders: Builders,
    row_group_rows: usize,
    stats: SegmentStats,
    uuids: Vec<[u8; 16]>,
    first_at: Micros,
    last_at: Micros,
}

/// Passes bytes on to the disk in large pieces and hashes them.
struct Sink {
    file: Arc<dyn DiskFile>,
    pending: Vec<u8>,
    bytes: u64,
    hash: Xxh3,
}

const SINK_BYTES: usize = 1 << 20;

impl Sink {
    fn drain(&mut self) -> io::Result<()> {
        self.hash.update(&self.pending);
        self.bytes += self.pending.len() as u64;
        self.file.append(&self.pending)?;
        self.pending.clear();
        Ok(())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= SINK_BYTES {
            self.drain()?;
        }
        Ok(bytes.len())
    }
    // Parquet flushes after each part; the bytes may wait for more.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type TextBuilder = StringDictionaryBuilder<Int32Type>;

struct Builders {
    uuid: FixedSizeBinaryBuilder,
    event: TextBuilder,
    event_at: TimestampMicrosecondBuilder,
    received_at: TimestampMicrosecondBuilder,
    distinct_id: TextBuilder,
    ordinal: UInt32Builder,
    session: TextBuilder,
    window: TextBuilder,
    level: UInt8Builder,
    policy: UInt32Builder,
    dialect: UInt8Builder,
    /// In the order of the schema, from [`at::PROPERTIES`]; rows that have no value are filled up later.
    properties: Vec<PropertyBuilder>,
    rows: usize,
}

enum PropertyBuilder {
    Text(TextBuilder, usize),
    Number(Float64Builder, usize),
    Bool(BooleanBuilder, usize),
    Rest(StringBuilder, usize),
}

impl PropertyBuilder {
    /// Fills up with nulls to `rows`.
    fn fill(&mut self, rows: usize) {
        match self {
            PropertyBuilder::Text(builder, len) => builder.append_nulls(rows - std::mem::replace(len, rows)),
            PropertyBuilder::Number(builder, len) => builder.append_nulls(rows - std::mem::replace(len, rows)),
            PropertyBuilder::Bool(builder, len) => builder.append_nulls(rows - std::mem::replace(len, rows)),
            PropertyBuilder::Rest(builder, len) => builder.append_nulls(rows - std::mem::replace(len, rows)),
        }
    }

    fn push(&mut self, row: usize, value: &ValueRef<'_>) {
        self.fill(row);
        match (self, value) {
            (PropertyBuilder::Text(builder, len), ValueRef::Text(text) | ValueRef::Json(text)) => {
                builder.append_value(text);
                *len += 1;
            }
            (PropertyBuilder::Number(builder, len), ValueRef::Number(number)) => {
                builder.append_value(*number);
                *len += 1;
            }
            (PropertyBuilder::Bool(builder, len), ValueRef::Bool(flag)) => {
                builder.append_value(*flag);
                *len += 1;
            }
            // The layout gives each kind a column of its type; anything else would be filled with null.
            _ => debug_assert!(false, "a value in a column of another kind"),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            PropertyBuilder::Text(builder, len) => {
                *len = 0;
                Arc::new(builder.finish())
            }
            PropertyBuilder::Number(builder, len) => {
                *len = 0;
                Arc::new(builder.finish())
            }
            PropertyBuilder::Bool(builder, len) => {
                *len = 0;
                Arc::new(builder.finish())
            }
            PropertyBuilder::Rest(builder, len) => {
                *len = 0;
                Arc::new(builder.finish())
            }
        }
    }
}

impl Builders {
    fn new(layout: &Layout) -> Builders {
        use arrow_schema::DataType;
        let properties = layout.schema.fields()[at::PROPERTIES..]
            .iter()
            .map(|field| match field.data_type() {
                DataType::Float64 => PropertyBuilder::Number(Float64Builder::new(), 0),
                DataType::Boolean => PropertyBuilder::Bool(BooleanBuilder::new(), 0),
                DataType::Utf8 => PropertyBuilder::Rest(StringBuilder::new(), 0),
                _ => PropertyBuilder::Text(TextBuilder::new(), 0),
            })
            .collect();
        Builders {
            uuid: FixedSizeBinaryBuilder::new(16),
            event: TextBuilder::new(),
            event_at: TimestampMicrosecondBuilder::new().with_timezone("UTC"),
            received_at: TimestampMicrosecondBuilder::new().with_timezone("UTC"),
            distinct_id: TextBuilder::new(),
            ordinal: UInt32Builder::new(),
            session: TextBuilder::new(),
            window: TextBuilder::new(),
            level: UInt8Builder::new(),
            policy: UInt32Builder::new(),
            dialect: UInt8Builder::new(),
            properties,
            rows: 0,
        }
    }

    fn push(&mut self, row: &RowRef<'_>, layout: &Layout) -> Result<(), arrow_schema::ArrowError> {
        self.uuid.append_value(row.key.uuid)?;
        self.event.append_value(row.event);
        self.event_at.append_value(row.key.event_at);
        self.received_at.append_value(row.received_at);
        self.distinct_id.append_value(row.distinct_id);
        self.ordinal.append_value(row.key.ordinal);
        self.session.append_option(row.session_id);
        self.window.append_option(row.window_id);
        self.level.append_value(row.level);
        self.policy.append_value(row.policy);
        self.dialect.append_value(row.dialect);
        let mut rest = Vec::new();
        for (key, value) in &row.properties {
            match layout.columns.get(key.as_ref()).and_then(|places| places[kind_index(value.kind())]) {
                Some(column) => self.properties[column - at::PROPERTIES].push(self.rows, value),
                None => rest.push((key.as_ref(), value)),
            }
        }
        if let Some(column) = layout.rest
            && !rest.is_empty()
            && let builder = &mut self.properties[column - at::PROPERTIES]
        {
            builder.fill(self.rows);
            if let PropertyBuilder::Rest(builder, len) = builder {
                builder.append_value(format::encode_rest(&rest));
                *len += 1;
            }
        }
        self.rows += 1;
        Ok(())
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.uuid.finish()),
            Arc::new(self.event.finish()),
            Arc::new(self.event_at.finish()),
            Arc::new(self.received_at.finish()),
            Arc::new(self.distinct_id.finish()),
            Arc::new(self.ordinal.finish()),
            Arc::new(self.session.finish()),
            Arc::new(self.window.finish()),
            Arc::new(self.level.finish()),
            Arc::new(self.policy.finish()),
            Arc::new(self.dialect.finish()),
        ];
        let rows = std::mem::take(&mut self.rows);
        for property in &mut self.properties {
            property.fill(rows);
            columns.push(property.finish());
        }
        columns
    }
}

impl SegmentWriter {
    /// Creates the file. `planned` says what the rows will hold, all of it or more.
    pub fn create(
        disk: &dyn Disk,
        path: &Path,
        planned: &SegmentStats,
        row_group_rows: usize,
    ) -> Result<SegmentWriter, StoreError> {
        let layout = Layout::plan(planned);
        let file = disk.create(path).map_err(|error| StoreError::io(path, error))?;
        let sink = Sink { file, pending: Vec::with_capacity(SINK_BYTES * 2), bytes: 0, hash: Xxh3::new() };
        let properties = writer_properties(row_group_rows).map_err(|error| parquet_error(path, error))?;
        let writer = ArrowWriter::try_new(sink, Arc::clone(&layout.schema), Some(properties))
            .map_err(|error| parquet_error(path, error))?;
        Ok(SegmentWriter {
            path: path.to_owned(),
            writer,
            builders: Builders::new(&layout),
            layout,
            row_group_rows,
            stats: SegmentStats::default(),
            uuids: Vec::new(),
            first_at: Micros::MAX,
            last_at: Micros::MIN,
        })
    }

    /// Adds the next row in order.
    pub fn push(&mut self, row: &RowRef<'_>) -> Result<(), StoreError> {
        self.builders.push(row, &self.layout).map_err(|error| StoreError::damaged(&self.path, error.to_string()))?;
        self.stats.count_event(row.event, row.key.event_at);
        for (key, value) in &row.properties {
            self.stats.count_property(key, value.kind());
        }
        self.uuids.push(row.key.uuid);
        self.first_at = self.first_at.min(row.key.event_at);
        self.last_at = self.last_at.max(row.key.event_at);
        if self.builders.rows >= self.row_group_rows {
            self.end_row_group()?;
        }
        Ok(())
    }

    fn end_row_group(&mut self) -> Result<(), StoreError> {
        let columns = self.builders.finish();
        let batch = RecordBatch::try_new(Arc::clone(&self.layout.schema), columns)
            .map_err(|error| StoreError::damaged(&self.path, error.to_string()))?;
        self.writer.write(&batch).and_then(|()| self.writer.flush()).map_err(|error| parquet_error(&self.path, error))
    }

    /// Ends the file and makes its content durable.
    pub fn finish(mut self) -> Result<Written, StoreError> {
        if self.builders.rows > 0 {
            self.end_row_group()?;
        }
        // Statistics are plain maps of texts and numbers, which JSON always takes.
        let stats = serde_json::to_string(&self.stats).unwrap_or_default();
        self.writer.append_key_value_metadata(KeyValue::new(format::VERSION_KEY.into(), format::VERSION.to_string()));
        self.writer.append_key_value_metadata(KeyValue::new(format::STATS_KEY.into(), stats));
        let mut sink = self.writer.into_inner().map_err(|error| parquet_error(&self.path, error))?;
        sink.drain().and_then(|()| sink.file.sync()).map_err(|error| StoreError::io(&self.path, error))?;
        Ok(Written {
            rows: self.uuids.len() as u64,
            bytes: sink.bytes,
            xxh3: sink.hash.digest(),
            first_at: self.first_at,
            last_at: self.last_at,
            stats: self.stats,
            uuids: self.uuids,
        })
    }
}

fn writer_properties(row_group_rows: usize) -> Result<WriterProperties, parquet::errors::ParquetError> {
    let sorting = [at::ORDINAL, at::EVENT_AT, at::UUID];
    let sorting =
        sorting.map(|column| SortingColumn { column_idx: column as i32, descending: false, nulls_first: false });
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_max_row_group_row_count(Some(row_group_rows))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_sorting_columns(Some(sorting.to_vec()))
        .set_column_dictionary_enabled(ColumnPath::from("uuid"), false);
    for name in ["ordinal", "event_at", "received_at"] {
        properties = properties
            .set_column_dictionary_enabled(ColumnPath::from(name), false)
            .set_column_encoding(ColumnPath::from(name), Encoding::DELTA_BINARY_PACKED);
    }
    Ok(properties.build())
}

/// Finds the error of the file system inside, so that a full disk is seen as one.
fn parquet_error(path: &Path, error: parquet::errors::ParquetError) -> StoreError {
    match error {
        parquet::errors::ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => StoreError::io(path, *source),
            Err(source) => StoreError::io(path, io::Error::other(source)),
        },
        other => StoreError::io(path, io::Error::other(other)),
    }
}
