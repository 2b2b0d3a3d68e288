//! SQL over HTTP.

use super::error::{ApiError, ApiResult};
use super::input::{Input, Path};
use crate::app::App;
use crate::auth::Who;
use crate::sql::schema::Table;
use crate::sql::{self, Format, OutputColumn, Query, ROWS_MAX, SqlError};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use meta::Role;
use model::ProjectId;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt;
use utoipa::ToSchema;

/// Rows of a JSON answer when nothing is said.
const JSON_ROWS: usize = 10_000;
const PIECE_BYTES: usize = 64 << 10;

/// A query.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SqlQuery {
    /// One SELECT on `events`, `persons` and `distinct_ids`; at most 64 KiB.
    sql: String,
    /// How the answer comes; JSON when absent.
    #[serde(default)]
    format: Format,
    /// Rows at most, up to 1 000 000; when absent 10 000 of JSON and all of a download.
    rows_max: Option<usize>,
}

/// An answer as JSON.
#[derive(Debug, Serialize, ToSchema)]
pub struct SqlAnswer {
    /// Names and types.
    columns: Vec<OutputColumn>,
    /// Each as many cells as there are columns: null, text, number or boolean.
    rows: Vec<Vec<serde_json::Value>>,
    /// Whether there are more rows.
    truncated: bool,
    /// How long it took.
    elapsed_ms: u64,
    /// The snapshot that was asked.
    snapshot: u64,
    /// What is missing from it.
    warnings: Vec<String>,
}

/// What can be asked about.
#[derive(Debug, Serialize, ToSchema)]
pub struct SqlSchema {
    /// Whether the program that answers is there.
    available: bool,
    /// The tables.
    tables: Vec<Table>,
}

/// Answers one SELECT over a frozen snapshot of a project; CSV and Parquet are downloads.
#[utoipa::path(post, path = "/api/projects/{id}/sql", operation_id = "sql_ask", tag = "sql", params(("id" = u32, Path)),
    request_body = SqlQuery,
    responses((status = 200, body = SqlAnswer),
        (status = 400, description = "sql_invalid, with its position when known, or sql_refused"), (status = 404),
        (status = 422, description = "sql_too_slow or sql_out_of_memory"), (status = 429, description = "sql_busy"),
        (status = 503, description = "sql_unavailable: the program telemetry-sql is not there")))]
pub async fn ask(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Input(asked): Input<SqlQuery>,
) -> ApiResult<Response> {
    who.require_in(id, Role::Viewer)?;
    app.meta.project(id).await?;
    let rows_max = asked.rows_max.unwrap_or(if asked.format == Format::Json { JSON_ROWS } else { ROWS_MAX });
    if !(1..=ROWS_MAX).contains(&rows_max) {
        return Err(ApiError::field("rows_max", format!("must be 1 to {ROWS_MAX}")));
    }
    let mut stop = app.stop.clone();
    let query = Query { project: id, sql: asked.sql, format: asked.format, rows_max };
    let answer = tokio::select! {
        answer = app.sql.ask(query) => answer?,
        _ = stop.wait_for(|stop| *stop) => return Err(SqlError::Stopping.into()),
    };
    Ok(match asked.format {
        Format::Json => json(answer),
        Format::Csv => download(answer, "text/csv; charset=utf-8; header=present", "result.csv"),
        Format::Parquet => download(answer, "application/vnd.apache.parquet", "result.parquet"),
    })
}

/// The tables and columns of a project, without asking anything.
#[utoipa::path(get, path = "/api/projects/{id}/sql/schema", operation_id = "sql_schema", tag = "sql", params(("id" = u32, Path)),
    responses((status = 200, body = SqlSchema), (status = 404)))]
pub async fn schema(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<SqlSchema>> {
    who.require_in(id, Role::Viewer)?;
    app.meta.project(id).await?;
    let store = app.store.clone();
    let tables = tokio::task::spawn_blocking(move || sql::schema::tables(&store.snapshot(id)));
    let tables = tables.await.map_err(ApiError::internal)??;
    Ok(Json(SqlSchema { available: app.sql.binary().is_ok(), tables }))
}

/// The rows as the process wrote them, between a head and a foot of ours.
fn json(answer: sql::Answer) -> Response {
    let (head, foot) = sql::json_around(&answer);
    let rows = futures::stream::once(async { Ok(Bytes::from(head)) })
        .chain(pieces(answer.spool))
        .chain(futures::stream::once(async { Ok(Bytes::from(foot)) }));
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], Body::from_stream(rows)).into_response()
}

fn download(answer: sql::Answer, content_type: &'static str, name: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::HeaderName::from_static("x-telemetry-rows"), answer.rows.to_string()),
        (header::HeaderName::from_static("x-telemetry-truncated"), answer.truncated.to_string()),
    ];
    (headers, Body::from_stream(pieces(answer.spool))).into_response()
}

fn pieces(spool: sql::Spool) -> impl Stream<Item = std::io::Result<Bytes>> {
    let file = tokio::fs::File::from_std(spool.into_file());
    futures::stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE_BYTES];
        let bytes = file.read(&mut piece).await?;
        piece.truncate(bytes);
        Ok((bytes > 0).then(|| (Bytes::from(piece), file)))
    })
}

impl From<SqlError> for ApiError {
    fn from(error: SqlError) -> Self {
        let with = |status: StatusCode, code| ApiError::new(status, code, error.to_string());
        match error {
            SqlError::Invalid { position, .. } => {
                let mut api = with(StatusCode::BAD_REQUEST, "sql_invalid");
                api.detail.position = position;
                api
            }
            SqlError::Refused(_) => with(StatusCode::BAD_REQUEST, "sql_refused"),
            SqlError::TooSlow(_) => with(StatusCode::UNPROCESSABLE_ENTITY, "sql_too_slow"),
            SqlError::OutOfMemory(_) => with(StatusCode::UNPROCESSABLE_ENTITY, "sql_out_of_memory"),
            SqlError::Unavailable => with(StatusCode::SERVICE_UNAVAILABLE, "sql_unavailable"),
            SqlError::Busy => {
                let mut api = with(StatusCode::TOO_MANY_REQUESTS, "sql_busy");
                api.retry_after_s = Some(5);
                api
            }
            SqlError::Stopping => ApiError::unavailable(error.to_string()),
            SqlError::Store(error) => error.into(),
            SqlError::Io(cause) => {
                tracing::error!(%cause, "the files of a query could not be written");
                ApiError::unavailable("the disk does not take the files of the query; the server's log says why")
            }
            SqlError::Failed(cause) => ApiError::internal(cause),
        }
    }
}
