//! How the server is: for load balancers, Prometheus and tools.

use crate::app::App;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use store::HealthState;
use utoipa::ToSchema;

/// Whether the server does its work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// `ready`, `read_only` or `stopped`.
    pub status: &'static str,
    /// Why not, when not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Version of the server.
    pub version: &'static str,
    /// Rows in memory that are in no segment file yet; they are in the WAL.
    pub buffer_rows: usize,
    /// Bytes of the WAL.
    pub wal_bytes: u64,
    /// Segment files.
    pub segment_files: usize,
    /// Rows in segment files.
    pub segment_rows: u64,
    /// Damaged files that were set aside.
    pub quarantined: usize,
}

/// The process runs. Always 200: restarting it helps no full disk.
#[utoipa::path(get, path = "/health", operation_id = "health", tag = "system", responses((status = 200, body = Readiness)))]
pub async fn health(State(app): State<App>) -> Json<Readiness> {
    Json(readiness(&app))
}

/// Events can be taken: 200; else 503 with the reason.
#[utoipa::path(get, path = "/ready", operation_id = "ready", tag = "system",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub async fn ready(State(app): State<App>) -> Response {
    let readiness = readiness(&app);
    let stopping = *app.stop.borrow();
    let status =
        if readiness.status == "ready" && !stopping { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness)).into_response()
}

fn readiness(app: &App) -> Readiness {
    let health = app.store.health();
    let (status, reason) = match health.state {
        HealthState::Ready => ("ready", None),
        HealthState::ReadOnly { reason } => ("read_only", Some(reason)),
        HealthState::Stopped { reason } => ("stopped", Some(reason)),
    };
    Readiness {
        status,
        reason,
        version: env!("CARGO_PKG_VERSION"),
        buffer_rows: health.buffer_rows,
        wal_bytes: health.wal_bytes,
        segment_files: health.segment_files,
        segment_rows: health.segment_rows,
        quarantined: health.quarantined,
    }
}

/// Counters in Prometheus' text format.
pub fn prometheus(app: &App, handle: &PrometheusHandle) -> Response {
    let (health, answers) = (app.store.health(), app.answers.counts());
    metrics::counter!("telemetry_answer_cache_hits_total").absolute(answers.hits);
    metrics::counter!("telemetry_answer_cache_misses_total").absolute(answers.misses);
    for (name, value) in [
        ("telemetry_buffer_rows", health.buffer_rows as f64),
        ("telemetry_buffer_bytes", health.buffer_bytes as f64),
        ("telemetry_queue_bytes", health.queue_bytes as f64),
        ("telemetry_wal_bytes", health.wal_bytes as f64),
        ("telemetry_segment_files", health.segment_files as f64),
        ("telemetry_segment_bytes", health.segment_bytes as f64),
        ("telemetry_segment_rows", health.segment_rows as f64),
        ("telemetry_column_cache_bytes", health.column_cache_bytes as f64),
        ("telemetry_column_files_bytes", health.column_files_bytes as f64),
        ("telemetry_dedup_filter_bytes", health.dedup_filter_bytes as f64),
        ("telemetry_answer_cache_bytes", answers.bytes as f64),
        ("telemetry_quarantined_files", health.quarantined as f64),
        ("telemetry_ready", if health.state == HealthState::Ready { 1.0 } else { 0.0 }),
    ] {
        metrics::gauge!(name).set(value);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}
