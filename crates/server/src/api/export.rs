//! Events as a download, streamed from one snapshot.

use super::error::{ApiError, ApiResult};
use super::input::{Path, Query};
use crate::app::App;
use crate::auth::Who;
use crate::cli::export::filters;
use crate::clock;
use crate::definitions::Definitions;
use crate::export::{self, Form, Formulas, TableOptions};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use meta::Role;
use model::ProjectId;
use query::{Selection, SelectionAsked};
use serde::Deserialize;
use std::io::{self, Write};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Sender, channel};
use tokio::sync::watch;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::{IntoParams, ToSchema};

/// A reader that takes nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(60);
/// Chunks on their way to a reader.
const CHUNKS: usize = 4;
const CHUNK_BYTES: usize = 256 << 10;

/// The form of a download.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// JSON lines, which `telemetry import` reads back equal.
    #[default]
    Jsonl,
    /// A table; texts that a spreadsheet would run as a formula get an apostrophe before them.
    Csv,
    /// Typed columns.
    Parquet,
}

/// Which events, and in which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `jsonl` when absent.
    #[serde(default)]
    #[param(inline)]
    format: ExportFormat,
    /// First day or instant, as in a question; from the first event when absent.
    from: Option<String>,
    /// Last day or instant, inclusive; to the last event when absent.
    to: Option<String>,
    /// Only this event name.
    event: Option<String>,
    /// A filter or a list of them as JSON, or `key=value`.
    filter: Option<String>,
    /// CSV: names of the columns, separated by commas.
    columns: Option<String>,
}

/// The events of a project as a file. A download that breaks off is not whole; ask again.
#[utoipa::path(get, path = "/api/projects/{id}/export", operation_id = "export_events", tag = "data", params(("id" = u32, Path), ExportQuery),
    responses((status = 200, content_type = "application/octet-stream", body = String), (status = 400, description = "a date or filter is wrong"),
        (status = 429, description = "too many exports at once")))]
pub async fn download(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Query(asked): Query<ExportQuery>,
) -> ApiResult<Response> {
    who.require_in(id, Role::Member)?;
    let project = app.meta.project(id).await?;
    let turn = app.exports.clone().try_acquire_owned().map_err(|_| {
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_exports", "other exports are running; try again later")
    })?;
    let filters = asked.filter.as_deref().map(filters).transpose();
    let wanted = SelectionAsked {
        date_from: asked.from,
        date_to: asked.to,
        events: asked.event.into_iter().collect(),
        filters: filters.map_err(|error| ApiError::field("filter", error.0))?.unwrap_or_default(),
    };
    let definitions = Definitions::of(&app.meta, id, &serde_json::json!(wanted.filters)).await?;
    let snapshot = app.store.snapshot(id);
    let known = definitions.known(&snapshot);
    // A cohort in the filter may take a while to answer.
    let (of, wall) = (snapshot.clone(), project.clock());
    let bound = tokio::task::spawn_blocking(move || Selection::bind(&of, &wanted, &wall, clock::now(), &known));
    let selection = bound.await.map_err(ApiError::internal)??;
    let columns = asked.columns.iter().flat_map(|names| names.split(',')).map(str::to_owned).collect();
    let (form, content_type, extension) = match asked.format {
        ExportFormat::Jsonl => (Form::Jsonl, "application/x-ndjson", "jsonl"),
        ExportFormat::Csv => {
            (Form::Csv(TableOptions { columns, formulas: Formulas::Guard }), "text/csv; charset=utf-8", "csv")
        }
        ExportFormat::Parquet => (Form::Parquet, "application/vnd.apache.parquet", "parquet"),
    };
    let (sender, receiver) = channel(CHUNKS);
    let out =
        ToReader { sender: sender.clone(), runtime: Handle::current(), stop: app.stop.clone(), chunk: Vec::new() };
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let written = export::events(&snapshot, &selection, &form, out, |_| {});
        let sent = written.and_then(|(_, mut out)| Ok(out.send()?));
        if let Err(error) = sent {
            tracing::warn!(%error, project = id.0, "an export ended early");
            // Breaks the connection off, so that nobody takes the part for the whole. Nobody listens if that was why.
            let _ = sender.try_send(Err(io::Error::other("the export could not be finished")));
        }
    });
    let body = Body::from_stream(ReceiverStream::new(receiver));
    let disposition = format!("attachment; filename=\"events-{id}.{extension}\"");
    Ok(([(header::CONTENT_TYPE, content_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
        .into_response())
}

type Chunk = Result<Bytes, io::Error>;

/// Hands chunks to the one who downloads, at their pace.
struct ToReader {
    sender: Sender<Chunk>,
    runtime: Handle,
    /// A download must not hold up the end of the server.
    stop: watch::Receiver<bool>,
    chunk: Vec<u8>,
}

impl Write for ToReader {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(bytes);
        if self.chunk.len() >= CHUNK_BYTES {
            self.send()?;
        }
        Ok(bytes.len())
    }

    // Parquet flushes after each part; the bytes may wait for more.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl ToReader {
    fn send(&mut self) -> io::Result<()> {
        let chunk = Bytes::from(std::mem::take(&mut self.chunk));
        let (sender, stop) = (&self.sender, &mut self.stop);
        self.runtime.block_on(async {
            tokio::select! {
                sent = tokio::time::timeout(PATIENCE, sender.send(Ok(chunk))) => match sent {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader has gone")),
                    Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing")),
                },
                _ = stop.wait_for(|stopping| *stopping) => Err(io::Error::other("the server is stopping")),
            }
        })
    }
}
