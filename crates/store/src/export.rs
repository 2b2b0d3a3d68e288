//! Whole rows of a snapshot, streamed in one order, and one Parquet file of them.
//!
//! The order is by UTC day of event_at, then by ordinal (the number of the distinct_id), event_at and uuid. It does not
//! depend on how rows lie in files and buffer, so the same snapshot exports the same before and after a compaction.
//! Memory: one batch of rows for each file of one day. Layout of the Parquet file: docs/formats/export.md.

use crate::buffer::{Frozen, row_ref};
use crate::segment::format::{self, Layout, RowKey, RowRef};
use crate::segment::group::Group;
use crate::segment::reader::{RowBatch, RowReader};
use crate::segment::writer::{parquet_error, unsorted_properties};
use crate::{Segment, SegmentStats, Snapshot, StoreError};
use arrow_array::RecordBatch;
use model::{Event, Micros};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{RowSelection, RowSelector};
use parquet::file::metadata::KeyValue;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which rows of a segment are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// All.
    All,
    /// None; the segment is not opened.
    None,
    /// Those marked, one mark per row.
    Only(Vec<bool>),
}

/// One row while it is handed out.
pub struct Row<'a> {
    row: RowRef<'a>,
}

impl Row<'_> {
    /// The row as an event.
    pub fn to_event(&self) -> Event {
        self.row.to_event()
    }

    /// event_at; µs.
    pub fn event_at(&self) -> Micros {
        self.row.key.event_at
    }
}

impl Snapshot {
    /// Hands the rows that `choose` wants to `take`, by (UTC day, ordinal, event_at, uuid).
    ///
    /// `choose` is asked once per segment, a day at a time. Errors: of either, or of a file that cannot be read; rows
    /// handed out before it stay handed out.
    pub fn for_each_row<E: From<StoreError>>(
        &self,
        mut choose: impl FnMut(&Segment) -> Result<Rows, E>,
        mut take: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        for day in self.segments().chunk_by(|a, b| a.day() == b.day()) {
            let mut sources = Vec::new();
            for segment in day {
                if let Some(source) = Source::open(segment, choose(segment)?)? {
                    sources.push(source);
                }
            }
            let keys = sources.iter().enumerate().filter_map(|(index, source)| Some(Reverse((source.key?, index))));
            let mut next: BinaryHeap<Reverse<(RowKey, usize)>> = keys.collect();
            while let Some(Reverse((key, index))) = next.pop() {
                sources[index].hand_out(self, key, &mut take)?;
                sources[index].advance()?;
                next.extend(sources[index].key.map(|key| Reverse((key, index))));
            }
        }
        Ok(())
    }
}

/// One segment on its way out.
struct Source<'a> {
    place: Place<'a>,
    /// The key of the current row; `None` at the end.
    key: Option<RowKey>,
}

enum Place<'a> {
    File { segment: &'a Segment, reader: RowReader<'a>, batch: Option<RowBatch>, row: usize },
    Memory { segment: &'a Segment, frozen: Frozen, wanted: Rows, row: usize },
}

impl<'a> Source<'a> {
    /// `None`: no row is wanted.
    fn open(segment: &'a Segment, wanted: Rows) -> Result<Option<Source<'a>>, StoreError> {
        if wanted == Rows::None {
            return Ok(None);
        }
        let place = match (segment.file(), segment.chunk()) {
            (Some(file), _) => {
                let reader = file.rows(selection(&wanted))?;
                Place::File { segment, reader, batch: None, row: 0 }
            }
            (None, Some(chunk)) => Place::Memory { segment, frozen: chunk.tables().freeze(), wanted, row: 0 },
            (None, None) => return Ok(None),
        };
        let mut source = Source { place, key: None };
        source.settle()?;
        Ok(Some(source))
    }

    fn advance(&mut self) -> Result<(), StoreError> {
        let (Place::File { row, .. } | Place::Memory { row, .. }) = &mut self.place;
        *row += 1;
        self.settle()
    }

    /// Finds the row at or behind the current place and reads its key.
    fn settle(&mut self) -> Result<(), StoreError> {
        match &mut self.place {
            Place::File { reader, batch, row, .. } => {
                if batch.as_ref().is_none_or(|batch| *row >= batch.len()) {
                    *batch = reader.next_batch()?;
                    *row = 0;
                }
                self.key = batch.as_ref().map(|batch| batch.key(*row));
            }
            Place::Memory { segment, wanted, row, .. } => {
                let rows = segment.chunk().map_or(&[][..], |chunk| chunk.rows());
                if let Rows::Only(marks) = wanted {
                    while *row < rows.len() && !marks.get(*row).copied().unwrap_or(false) {
                        *row += 1;
                    }
                }
                self.key = rows.get(*row).map(|row| row.key);
            }
        }
        Ok(())
    }

    fn hand_out<E: From<StoreError>>(
        &self,
        snapshot: &Snapshot,
        key: RowKey,
        take: &mut impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match &self.place {
            Place::File { segment, batch, row, .. } => {
                let batch = batch.as_ref().ok_or_else(|| not_as_planned(segment))?;
                let row = batch.row(*row).map_err(|detail| damaged(segment, detail))?;
                take(&Row { row })
            }
            Place::Memory { segment, frozen, row, .. } => {
                let chunk = segment.chunk().ok_or_else(|| not_as_planned(segment))?;
                let id = snapshot.distinct_id(key.ordinal).ok_or_else(|| not_as_planned(segment))?;
                take(&Row { row: row_ref(&chunk.rows()[*row], frozen, &id) })
            }
        }
    }
}

fn not_as_planned(segment: &Segment) -> StoreError {
    damaged(segment, "a row without its key".to_owned())
}

fn damaged(segment: &Segment, detail: String) -> StoreError {
    match segment.file() {
        Some(file) => StoreError::damaged(&file.path, detail),
        None => StoreError::Refused { reason: detail },
    }
}

/// Runs of wanted and unwanted rows; `None` reads all.
fn selection(wanted: &Rows) -> Option<RowSelection> {
    let Rows::Only(marks) = wanted else { return None };
    let runs = marks.chunk_by(|a, b| a == b).map(|run| match run[0] {
        true => RowSelector::select(run.len()),
        false => RowSelector::skip(run.len()),
    });
    Some(runs.collect::<Vec<_>>().into())
}

/// Rows of one row group of an exported file.
const ROW_GROUP_ROWS: usize = 65_536;

/// Writes rows into one Parquet file, row group by row group, in bounded memory.
pub struct ParquetExport<W: Write + Send> {
    name: PathBuf,
    writer: ArrowWriter<W>,
    layout: Layout,
    group: Group,
    /// Of keys without a column only; nobody asks.
    uncounted: SegmentStats,
}

impl<W: Write + Send> ParquetExport<W> {
    /// Begins a file. `planned` says what the rows will hold, all of it or more: it decides on the columns. `name` is for
    /// errors.
    pub fn new(out: W, name: &Path, planned: &SegmentStats) -> Result<ParquetExport<W>, StoreError> {
        let wrap = |error| parquet_error(name, error);
        let layout = Layout::plan(planned);
        let properties = unsorted_properties(ROW_GROUP_ROWS).map_err(wrap)?;
        let writer = ArrowWriter::try_new(out, Arc::clone(&layout.schema), Some(properties)).map_err(wrap)?;
        let (group, uncounted) = (Group::new(&layout), SegmentStats::default());
        Ok(ParquetExport { name: name.to_owned(), writer, group, layout, uncounted })
    }

    /// Adds one row.
    pub fn push(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        self.group.push(&row.row, &self.layout, &mut self.uncounted);
        if self.group.rows() >= ROW_GROUP_ROWS { self.end_row_group() } else { Ok(()) }
    }

    fn end_row_group(&mut self) -> Result<(), StoreError> {
        self.uncounted = SegmentStats::default();
        let columns = self.group.finish();
        let batch = columns
            .and_then(|columns| RecordBatch::try_new(Arc::clone(&self.layout.schema), columns))
            .map_err(|error| StoreError::damaged(&self.name, error.to_string()))?;
        self.writer.write(&batch).and_then(|()| self.writer.flush()).map_err(|error| parquet_error(&self.name, error))
    }

    /// Ends the file and gives back what it was written to.
    pub fn finish(mut self) -> Result<W, StoreError> {
        if self.group.rows() > 0 {
            self.end_row_group()?;
        }
        self.writer.append_key_value_metadata(KeyValue::new(format::VERSION_KEY.into(), format::VERSION.to_string()));
        self.writer.into_inner().map_err(|error| parquet_error(&self.name, error))
    }
}
