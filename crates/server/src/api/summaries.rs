//! Workflow summaries as a download of `SUMMARY` events.

use super::error::{ApiError, ApiResult};
use super::input::{Path, Query};
use super::questions::off_runtime;
use crate::app::App;
use crate::auth::Who;
use crate::clock;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use meta::Role;
use model::ProjectId;
use model::insight::workflow::WorkflowQuestion;
use model::insight::{Answer, Question};
use query::Known;
use serde::Deserialize;
use utoipa::IntoParams;

/// Summaries of one download, at most.
const SUMMARIES_MAX: u32 = 10_000;

/// Which workflows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SummariesQuery {
    /// First day or instant, as in a question; seven days ago when absent.
    from: Option<String>,
    /// Last day or instant, inclusive; now when absent.
    to: Option<String>,
}

/// The workflow summaries of a range as JSON lines, a `SUMMARY` event each: all of them, or an error that says to narrow.
#[utoipa::path(get, path = "/api/projects/{id}/summaries", operation_id = "export_summaries", tag = "data", params(("id" = u32, Path), SummariesQuery),
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = 400, description = "a date is wrong"),
        (status = 404), (status = 422, description = "more than 10 000 summaries, or too slow; choose a shorter range")))]
pub async fn download(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Query(asked): Query<SummariesQuery>,
) -> ApiResult<Response> {
    who.require_in(id, Role::Member)?;
    let project = app.meta.project(id).await?;
    let question = Question::Workflow(WorkflowQuestion {
        date_from: asked.from,
        date_to: asked.to,
        limit: Some(SUMMARIES_MAX),
        ..WorkflowQuestion::default()
    });
    let lines = off_runtime(&app, id, move |snapshot, limits| {
        let bound = query::bind(&question, &project.clock(), clock::now(), &Known::of(snapshot))?;
        let Answer::Workflow(answer) = query::answer(snapshot, &bound, limits)? else {
            return Err(ApiError::internal("workflows were asked and something else answered"));
        };
        if answer.count > u64::from(SUMMARIES_MAX) {
            let message = format!("{} summaries, more than {SUMMARIES_MAX}; choose a shorter range", answer.count);
            return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "too_many_summaries", message));
        }
        let mut lines = Vec::new();
        answer.workflows.iter().for_each(|row| wire::sunbird::write_summary(row, &mut lines));
        Ok(lines)
    })
    .await?;
    let disposition = format!("attachment; filename=\"summaries-{id}.jsonl\"");
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson".to_owned()), (header::CONTENT_DISPOSITION, disposition)], lines)
        .into_response())
}
