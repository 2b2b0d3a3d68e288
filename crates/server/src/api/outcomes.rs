//! What became of every event received, and the ones that failed.

use super::error::{ApiError, ApiResult};
use super::input::{Input, Path, Query};
use crate::app::App;
use crate::auth::Who;
use crate::clock::{self, rfc3339};
use crate::ingest::retry;
use axum::Json;
use axum::extract::State;
use meta::Role;
use model::{Dialect, Outcome, ProjectId, Reason};
use serde::{Deserialize, Serialize};
use store::FailedId;
use utoipa::{IntoParams, ToSchema};

/// The five counters. `received = stored + duplicate + failed + not_kept`, always.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct Counts {
    /// All events.
    pub received: u64,
    /// Became rows.
    pub stored: u64,
    /// Were rows already.
    pub duplicate: u64,
    /// Were wrong.
    pub failed: u64,
    /// Were not to be kept.
    pub not_kept: u64,
}

/// How often one event name was not stored for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonCount {
    /// Failed or not kept.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// Event name; empty when it could not be read.
    pub event: String,
    /// How often.
    pub count: u64,
    /// The last time, RFC 3339.
    pub last_at: String,
}

/// Counters of one UTC day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayOutcome {
    /// `2026-11-23`.
    pub day: String,
    /// The counters.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Fields that were taken out of stored events.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemovedFields {
    /// Why: `floor_violation:card`.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// What became of every event of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomesView {
    /// Since the first event.
    #[serde(flatten)]
    pub counts: Counts,
    /// What was not stored, most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// The last days with events, oldest first.
    pub days: Vec<DayOutcome>,
    /// What the never-list removed.
    pub removed_fields: Vec<RemovedFields>,
}

/// How many days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OutcomesQuery {
    /// Days to list, counted back from today; 7 when absent, at most 400.
    days: Option<u32>,
}

/// What became of the events of a project.
#[utoipa::path(get, path = "/api/projects/{id}/outcomes", operation_id = "outcomes_show", tag = "data", params(("id" = u32, Path), OutcomesQuery),
    responses((status = 200, body = OutcomesView)))]
pub async fn show(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Query(query): Query<OutcomesQuery>,
) -> ApiResult<Json<OutcomesView>> {
    who.require_in(id, Role::Viewer)?;
    app.meta.project(id).await?;
    let outcomes = app.store.outcomes(id);
    let first_day = model::time::utc_day(clock::now()) - query.days.unwrap_or(7).min(400) as i32;
    let mut reasons: Vec<ReasonCount> = outcomes
        .not_stored
        .into_iter()
        .map(|row| ReasonCount {
            outcome: row.outcome,
            reason: row.reason,
            event: row.event,
            count: row.count,
            last_at: rfc3339(row.last_at),
        })
        .collect();
    reasons.sort_by_key(|row| std::cmp::Reverse(row.count));
    let days = outcomes
        .days
        .iter()
        .filter(|day| day.day > first_day)
        .map(|day| DayOutcome {
            day: rfc3339(i64::from(day.day) * model::time::DAY)[..10].to_owned(),
            counts: Counts {
                received: day.received,
                stored: day.stored,
                duplicate: day.duplicate,
                failed: day.failed,
                not_kept: day.not_kept,
            },
        })
        .collect();
    Ok(Json(OutcomesView {
        counts: Counts {
            received: outcomes.received,
            stored: outcomes.stored,
            duplicate: outcomes.duplicate,
            failed: outcomes.failed,
            not_kept: outcomes.not_kept,
        },
        reasons,
        days,
        removed_fields: outcomes
            .removed_fields
            .into_iter()
            .map(|(reason, count)| RemovedFields { reason, count })
            .collect(),
    }))
}

/// A failed event as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailedView {
    /// Number within the project, as text.
    pub id: String,
    /// RFC 3339.
    pub received_at: String,
    /// Why.
    pub reason: Reason,
    /// Event name as far as it could be read.
    pub event: String,
    /// The path of the wrong field and what is allowed.
    pub detail: String,
    /// What was sent; absent when the level forbids keeping it.
    pub payload: Option<String>,
    /// Protocol it came in.
    pub dialect: Dialect,
    /// When it was tried again, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retried_at: Option<String>,
}

/// A page of failed events.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailedPage {
    /// Newest first.
    pub failed: Vec<FailedView>,
    /// Pass as `after` for the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which failed events.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FailedQuery {
    /// Only this reason.
    reason: Option<Reason>,
    /// `next` of the page before.
    after: Option<u64>,
    /// Page size; 50 when absent, at most 500.
    limit: Option<usize>,
}

/// Events that failed in the last seven days.
#[utoipa::path(get, path = "/api/projects/{id}/failed-events", operation_id = "outcomes_failed", tag = "data",
    params(("id" = u32, Path), FailedQuery), responses((status = 200, body = FailedPage)))]
pub async fn failed(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Query(query): Query<FailedQuery>,
) -> ApiResult<Json<FailedPage>> {
    who.require_in(id, Role::Viewer)?;
    app.meta.project(id).await?;
    let limit = query.limit.unwrap_or(50).clamp(1, 500);
    let store = app.store.clone();
    let found = tokio::task::spawn_blocking(move || {
        store.failed_events(id, query.reason, query.after.map(FailedId), limit + 1)
    })
    .await
    .map_err(ApiError::internal)??;
    let next = (found.len() > limit).then(|| found[limit - 1].id.0.to_string());
    let failed = found
        .into_iter()
        .take(limit)
        .map(|event| FailedView {
            id: event.id.0.to_string(),
            received_at: rfc3339(event.received_at),
            reason: event.reason,
            event: event.event,
            detail: event.detail,
            payload: event.payload,
            dialect: event.dialect,
            retried_at: event.retried_at.map(rfc3339),
        })
        .collect();
    Ok(Json(FailedPage { failed, next }))
}

/// Which failed events to try again: one of the three.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryInput {
    /// These.
    #[serde(default)]
    pub ids: Vec<String>,
    /// All of one reason that were not tried again yet.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// All that were not tried again yet.
    #[serde(default)]
    pub all: bool,
}

/// What became of the retried events.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct RetryResult {
    /// How many were tried.
    pub tried: u64,
    /// Became rows.
    pub stored: u64,
    /// Were rows already.
    pub duplicate: u64,
    /// Failed again.
    pub failed: u64,
    /// Are not to be kept.
    pub not_kept: u64,
}

/// Tries failed events again, under the rules of now.
#[utoipa::path(post, path = "/api/projects/{id}/failed-events/retry", operation_id = "outcomes_retry_failed", tag = "data", params(("id" = u32, Path)),
    request_body = RetryInput, responses((status = 200, body = RetryResult)))]
pub async fn retry_failed(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Input(input): Input<RetryInput>,
) -> ApiResult<Json<RetryResult>> {
    who.require_in(id, Role::Member)?;
    let ids = input
        .ids
        .iter()
        .enumerate()
        .map(|(index, text)| {
            text.parse()
                .map(FailedId)
                .map_err(|_| ApiError::field(format!("ids[{index}]"), "is not an id of a failed event"))
        })
        .collect::<ApiResult<Vec<_>>>()?;
    let chosen = match (ids.is_empty(), input.reason, input.all) {
        (false, None, false) => retry::Chosen::Ids(ids),
        (true, Some(reason), false) => retry::Chosen::Reason(reason),
        (true, None, true) => retry::Chosen::All,
        _ => return Err(ApiError::field("ids", "give exactly one of ids, reason, all")),
    };
    retry::run(&app, id, chosen).await.map(Json)
}
