//! Events out of a snapshot as JSON lines, CSV or Parquet, streamed: for the command line and the API.
//!
//! One order for all forms: UTC day, then the number of the distinct_id, then event_at and uuid. Exact layouts:
//! docs/formats/export.md.

mod table;

pub use table::{Formulas, TableOptions};

use model::Event;
use query::{QueryError, Selection};
use std::io::Write;
use std::path::Path;
use store::{ParquetExport, Row, Rows, SegmentStats, Snapshot, Store, StoreError};
use table::Table;

/// The form of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line; what `import --format native` reads back equal.
    Jsonl,
    /// A table with a header.
    Csv(TableOptions),
    /// One file with a typed column for each property.
    Parquet,
}

/// Why an export ended early. What was written until then is no whole export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The events could not be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The events could not be read, or the Parquet file not written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What it was written to refuses.
    #[error("cannot write: {0}")]
    Write(#[from] std::io::Error),
}

/// Bytes that are handed on at once.
const CHUNK_BYTES: usize = 256 << 10;

/// Writes the selected events of a snapshot; `progress` is told the rows written so far, now and then. Returns the rows
/// and what it was written to.
///
/// # Errors
/// See [`ExportError`].
pub fn events<W: Write + Send>(
    snapshot: &Snapshot,
    selection: &Selection,
    form: &Form,
    out: W,
    mut progress: impl FnMut(u64),
) -> Result<(u64, W), ExportError> {
    let mut writer = match form {
        Form::Jsonl => Writer::Lines { out, chunk: Vec::with_capacity(2 * CHUNK_BYTES) },
        Form::Csv(options) => Writer::Table(Table::new(out, options.clone())?),
        Form::Parquet => {
            let mut planned = SegmentStats::default();
            let segments = snapshot.segments().iter().filter(|segment| selection.touches(segment));
            segments.for_each(|segment| planned.merge(segment.stats()));
            Writer::Parquet(Box::new(ParquetExport::new(out, Path::new("export"), &planned)?))
        }
    };
    let mut count = 0;
    let choose = |segment: &store::Segment| -> Result<Rows, ExportError> { Ok(selection.rows(snapshot, segment)?) };
    snapshot.for_each_row(choose, |row: &Row<'_>| -> Result<(), ExportError> {
        writer.push(row)?;
        count += 1;
        if count % 4_096 == 0 {
            progress(count);
        }
        Ok(())
    })?;
    progress(count);
    Ok((count, writer.finish()?))
}

enum Writer<W: Write + Send> {
    Lines { out: W, chunk: Vec<u8> },
    Table(Table<W>),
    Parquet(Box<ParquetExport<W>>),
}

impl<W: Write + Send> Writer<W> {
    fn push(&mut self, row: &Row<'_>) -> Result<(), ExportError> {
        match self {
            Writer::Lines { out, chunk } => {
                let event: Event = row.to_event();
                wire::native::write_line(&event, chunk);
                if chunk.len() >= CHUNK_BYTES {
                    out.write_all(chunk)?;
                    chunk.clear();
                }
                Ok(())
            }
            Writer::Table(table) => Ok(table.push(&row.to_event())?),
            Writer::Parquet(parquet) => Ok(parquet.push(row)?),
        }
    }

    fn finish(self) -> Result<W, ExportError> {
        Ok(match self {
            Writer::Lines { mut out, chunk } => {
                out.write_all(&chunk)?;
                out.flush()?;
                out
            }
            Writer::Table(table) => table.finish()?,
            Writer::Parquet(parquet) => parquet.finish()?,
        })
    }
}

/// Writes the failed events of a project as JSON lines, newest first; returns how many.
///
/// # Errors
/// See [`ExportError`].
pub fn failed<W: Write>(store: &Store, project: model::ProjectId, mut out: W) -> Result<(u64, W), ExportError> {
    let (mut count, mut after) = (0, None);
    loop {
        let page = store.failed_events(project, None, after, 1_000)?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        for failed in &page {
            let line = serde_json::json!({
                "id": failed.id,
                "received_at": crate::clock::rfc3339(failed.received_at),
                "reason": failed.reason,
                "event": failed.event,
                "detail": failed.detail,
                "dialect": failed.dialect,
                "retried_at": failed.retried_at.map(crate::clock::rfc3339),
                "payload": failed.payload,
            });
            writeln!(out, "{line}")?;
        }
        count += page.len() as u64;
    }
    out.flush()?;
    Ok((count, out))
}
