//! Writes one segment file, row group by row group, in bounded memory.

use super::format::{self, Layout, RowRef, at};
use super::group::Group;
use super::stats::{self, SegmentStats};
use crate::StoreError;
use crate::disk::{Disk, DiskFile};
use arrow_array::RecordBatch;
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
    group: Group,
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

impl SegmentWriter {
    /// Creates the file. `planned` says what the rows will hold, all of it or more.
    pub fn create(
        disk: &dyn Disk,
        path: &Path,
        planned: &SegmentStats,
        row_group_rows: usize,
    ) -> Result<SegmentWriter, StoreError> {
        let mut planned = planned.clone();
        planned.limit(stats::EVENTS_MAX, stats::PROPERTIES_MAX);
        let layout = Layout::plan(&planned);
        let file = disk.create(path).map_err(|error| StoreError::io(path, error))?;
        let sink = Sink { file, pending: Vec::with_capacity(SINK_BYTES * 2), bytes: 0, hash: Xxh3::new() };
        let properties = writer_properties(row_group_rows).map_err(|error| parquet_error(path, error))?;
        let writer = ArrowWriter::try_new(sink, Arc::clone(&layout.schema), Some(properties))
            .map_err(|error| parquet_error(path, error))?;
        Ok(SegmentWriter {
            path: path.to_owned(),
            writer,
            group: Group::new(&layout),
            layout,
            row_group_rows,
            stats: SegmentStats::empty_of(&planned),
            uuids: Vec::new(),
            first_at: Micros::MAX,
            last_at: Micros::MIN,
        })
    }

    /// Adds the next row in order.
    pub fn push(&mut self, row: &RowRef<'_>) -> Result<(), StoreError> {
        self.group.push(row, &self.layout, &mut self.stats);
        self.end_full_group()
    }

    /// The row group that is being made and its layout, for whoever adds rows by columns. Not beyond [`Self::room`].
    pub fn group(&mut self) -> (&mut Group, &Layout) {
        (&mut self.group, &self.layout)
    }

    /// So many rows go into the present row group.
    pub fn room(&self) -> usize {
        self.row_group_rows - self.group.rows()
    }

    /// Writes the row group if it is full.
    pub fn end_full_group(&mut self) -> Result<(), StoreError> {
        if self.group.rows() < self.row_group_rows { Ok(()) } else { self.end_row_group() }
    }

    fn end_row_group(&mut self) -> Result<(), StoreError> {
        self.group.count(&self.layout, &mut self.stats);
        self.uuids.extend_from_slice(&self.group.uuids);
        for at in &self.group.event_at {
            self.first_at = self.first_at.min(*at);
            self.last_at = self.last_at.max(*at);
        }
        let columns = self.group.finish();
        let batch = columns
            .and_then(|columns| RecordBatch::try_new(Arc::clone(&self.layout.schema), columns))
            .map_err(|error| StoreError::damaged(&self.path, error.to_string()))?;
        self.writer.write(&batch).and_then(|()| self.writer.flush()).map_err(|error| parquet_error(&self.path, error))
    }

    /// Ends the file and makes its content durable.
    pub fn finish(mut self) -> Result<Written, StoreError> {
        if self.group.rows() > 0 {
            self.end_row_group()?;
        }
        // Statistics are plain maps of texts and numbers, which JSON always takes.
        let own_stats = self.stats.without_uncounted();
        let stats = serde_json::to_string(&own_stats).unwrap_or_default();
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
            stats: own_stats,
            uuids: self.uuids,
        })
    }
}

fn writer_properties(row_group_rows: usize) -> Result<WriterProperties, parquet::errors::ParquetError> {
    let sorting = [at::ORDINAL, at::EVENT_AT, at::UUID];
    let sorting =
        sorting.map(|column| SortingColumn { column_idx: column as i32, descending: false, nulls_first: false });
    let properties = unsorted_properties(row_group_rows)?.into_builder();
    Ok(properties.set_sorting_columns(Some(sorting.to_vec())).build())
}

/// As a segment file is written, without the promise that its rows are sorted.
pub(crate) fn unsorted_properties(row_group_rows: usize) -> Result<WriterProperties, parquet::errors::ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_max_row_group_row_count(Some(row_group_rows))
        // Least and greatest texts of a row group exclude next to nothing and cost a comparison for each value.
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_dictionary_enabled(ColumnPath::from("uuid"), false);
    for name in ["ordinal", "event_at", "received_at"] {
        properties = properties
            .set_column_dictionary_enabled(ColumnPath::from(name), false)
            .set_column_encoding(ColumnPath::from(name), Encoding::DELTA_BINARY_PACKED)
            .set_column_statistics_enabled(ColumnPath::from(name), EnabledStatistics::Chunk);
    }
    Ok(properties.build())
}

/// Finds the error of the file system inside, so that a full disk is seen as one.
pub(crate) fn parquet_error(path: &Path, error: parquet::errors::ParquetError) -> StoreError {
    match error {
        parquet::errors::ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => StoreError::io(path, *source),
            Err(source) => StoreError::io(path, io::Error::other(source)),
        },
        other => StoreError::io(path, io::Error::other(other)),
    }
}
