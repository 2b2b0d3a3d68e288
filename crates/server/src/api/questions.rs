//! Questions and their answers; the catalogue of what can be asked about.

use super::error::{ApiError, ApiResult};
use super::input::{Path, Query, RawInput};
use super::progress;
use crate::app::App;
use crate::auth::Who;
use crate::clock;
use crate::definitions::Definitions;
use crate::snapshots::on_snapshot;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use meta::Role;
use model::ProjectId;
use model::filter::Scope;
use model::insight::people::{PeopleAnswer, PeopleQuestion};
use model::insight::{Answer, Question};
use query::catalogue::Catalogue;
use query::{Progress, QueryLimits, QuestionError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use utoipa::{IntoParams, ToSchema};

/// Checks a question that is to be saved, as if it were asked now.
///
/// # Errors
/// 400 with the path of the wrong field below `question`.
pub async fn check_question(app: &App, question: &serde_json::Value, project: ProjectId) -> ApiResult<()> {
    let project = app.meta.project(project).await?;
    let definitions = Definitions::of(&app.meta, project.id, question).await?;
    let under = |error: QuestionError| ApiError::from(error.under("question"));
    let parsed = query::parse_value(question.clone()).map_err(under)?;
    query::bind(&parsed, &project.clock(), clock::now(), &definitions.known_alone()).map(drop).map_err(under)
}

/// Answers a question about a project's events.
///
/// Who accepts `text/event-stream` is told while the answer takes long: `event: progress` with `{"read": …, "planned": …}`
/// in rows every 100 ms, then `event: answer`, or `event: error` with what the body of an error would be. Closing the
/// connection ends the question.
#[utoipa::path(post, path = "/api/projects/{id}/query", operation_id = "questions_ask", tag = "questions", params(("id" = u32, Path)),
    request_body(content = Question, examples(
        ("trends" = (value = json!({"kind": "trends", "series": [{"event": "IMPRESSION", "math": "dau"}], "date_from": "-30d"}))),
        ("funnel" = (value = json!({"kind": "funnel", "date_from": "-30d", "window": {"count": 7, "unit": "day"},
            "steps": [{"event": "signup"}, {"event": "view"}, {"event": "pay"}],
            "breakdown": {"property": "browser", "attribution": "first_touch"}}))),
        ("retention" = (value = json!({"kind": "retention", "start_event": {"event": "signup"},
            "return_event": {"event": "view"}, "start": "first_time", "period": "week", "intervals": 12}))),
        ("stickiness" = (value = json!({"kind": "stickiness", "series": [{"event": "view"}], "date_from": "-30d"}))),
        ("lifecycle" = (value = json!({"kind": "lifecycle", "series": {"event": "view"}, "interval": "week", "date_from": "-12w"}))),
        ("correlation" = (value = json!({"kind": "correlation", "by": "events",
            "funnel": {"steps": [{"event": "signup"}, {"event": "pay"}], "date_from": "-30d"}}))),
        ("paths" = (value = json!({"kind": "paths", "kinds": ["pages"], "start": "/fees", "steps": 5, "date_from": "-7d"}))),
        ("web" = (value = json!({"kind": "web", "date_from": "-7d", "compare": {}, "tables": ["pages", "channels"]}))),
        ("items" = (value = json!({"kind": "items", "date_from": "-30d"}))),
        ("workflow" = (value = json!({"kind": "workflow", "date_from": "-1d"}))),
        ("sessions" = (value = json!({"kind": "sessions", "date_from": "-7d", "person": "p-5d2e81c4"}))),
        ("events" = (value = json!({"kind": "events", "event": "pay", "limit": 50}))))),
    responses((status = 200, content((Answer = "application/json"), (String = "text/event-stream"))),
        (status = 400, description = "the question is wrong; `path` says where"),
        (status = 404), (status = 422, description = "too slow or too large; the message says what to narrow")))]
pub async fn ask(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    headers: HeaderMap,
    RawInput(body): RawInput,
) -> ApiResult<Response> {
    who.require_in(id, Role::Viewer)?;
    let project = app.meta.project(id).await?;
    let question = query::parse(&body.bytes)?;
    let json = serde_json::to_value(&question).map_err(ApiError::internal)?;
    let definitions = Definitions::of(&app.meta, id, &json).await?;
    let answer = move |snapshot: &store::Snapshot, limits: &QueryLimits| {
        let now = clock::now();
        let bound = query::bind(&question, &project.clock(), now, &definitions.known(snapshot))?;
        let mut answer = query::answer(snapshot, &bound, limits)?;
        answer.explain_mut().asked_at = Some(query::rfc3339(now));
        Ok(answer)
    };
    let streamed = |accepted: &HeaderValue| accepted.as_bytes().starts_with(b"text/event-stream");
    if headers.get(header::ACCEPT).is_some_and(streamed) {
        let progress = Arc::new(Progress::default());
        let answering = watched(app, id, Some(progress.clone()), answer);
        return Ok(progress::stream(answering, progress).await?.into_response());
    }
    Ok(Json(off_runtime(&app, id, answer).await?).into_response())
}

/// The people behind one number of an answer, a page at a time.
#[utoipa::path(post, path = "/api/projects/{id}/people", operation_id = "questions_people", tag = "questions", params(("id" = u32, Path)),
    request_body(content = PeopleQuestion, example = json!({
        "question": {"kind": "funnel", "steps": [{"event": "signup"}, {"event": "pay"}], "date_from": "-30d"},
        "cell": {"step": -2}, "asked_at": "2026-01-31T18:30:00.000000Z", "limit": 100})),
    responses((status = 200, body = PeopleAnswer), (status = 400, description = "the question or the cell is wrong; `path` says where"),
        (status = 404), (status = 422, description = "too slow or too large; the message says what to narrow")))]
pub async fn people(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    RawInput(body): RawInput,
) -> ApiResult<Json<PeopleAnswer>> {
    who.require_in(id, Role::Viewer)?;
    let project = app.meta.project(id).await?;
    let (asked, question, asked_at) = query::parse_people(&body.bytes)?;
    let definitions = Definitions::of(&app.meta, id, &asked.question).await?;
    let answer = off_runtime(&app, id, move |snapshot, limits| {
        let now = asked_at.unwrap_or_else(clock::now);
        let known = definitions.known(snapshot);
        let bound = query::bind_people((&asked, &question), &project.clock(), now, &known)?;
        let mut people = query::people(snapshot, &bound, limits)?;
        people.explain.asked_at = Some(query::rfc3339(now));
        Ok(people)
    })
    .await?;
    Ok(Json(answer))
}

/// Runs `work` on a frozen snapshot, off the runtime, under the limits; stops it when the asker goes away.
pub(super) async fn off_runtime<T: Send + 'static>(
    app: &App,
    project: ProjectId,
    work: impl Fn(&store::Snapshot, &QueryLimits) -> ApiResult<T> + Send + 'static,
) -> ApiResult<T> {
    watched(app.clone(), project, None, work).await
}

/// The same, with a place where it says how far it is.
async fn watched<T: Send + 'static>(
    app: App,
    project: ProjectId,
    progress: Option<Arc<Progress>>,
    work: impl Fn(&store::Snapshot, &QueryLimits) -> ApiResult<T> + Send + 'static,
) -> ApiResult<T> {
    let _turn = app.queries.acquire().await.map_err(ApiError::internal)?;
    let cancel = Arc::new(AtomicBool::new(false));
    let limits = QueryLimits {
        time: app.config.query_timeout,
        memory_bytes: app.config.query_memory_bytes,
        threads: app.config.query_threads,
        cancel: Some(cancel.clone()),
        progress,
        cohorts: Some(app.cohorts.clone()),
        answers: Some(app.answers.clone()),
        ..QueryLimits::default()
    };
    let store = app.store.clone();
    // Dropped with this future when the client goes away, which frees the cores.
    let _stop = SetOnDrop(cancel);
    let answer = move || on_snapshot(&store, project, |snapshot| work(snapshot, &limits));
    tokio::task::spawn_blocking(answer).await.map_err(ApiError::internal)?
}

struct SetOnDrop(Arc<AtomicBool>);

impl Drop for SetOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Event names and properties of a project, most frequent first.
#[utoipa::path(get, path = "/api/projects/{id}/catalogue", operation_id = "questions_catalogue", tag = "questions", params(("id" = u32, Path)),
    responses((status = 200, body = Catalogue)))]
pub async fn catalogue(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<Catalogue>> {
    who.require_in(id, Role::Viewer)?;
    app.meta.project(id).await?;
    off_runtime(&app, id, |snapshot, limits| Ok(query::catalogue::catalogue(snapshot, limits)?)).await.map(Json)
}

/// Which values.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ValuesQuery {
    /// Flattened key.
    property: String,
    /// Whose property it is: `event` (when absent) or `person`.
    #[serde(rename = "type", default)]
    scope: Scope,
    /// Part of the value, without regard to case.
    #[serde(default)]
    search: String,
    /// At most 100; 20 when absent.
    limit: Option<usize>,
}

/// Values of one property.
#[derive(Debug, Serialize, ToSchema)]
pub struct Values {
    /// Most frequent first.
    pub values: Vec<query::catalogue::ValueCount>,
}

/// Frequent values of a property among recent events, or of a person property among all persons.
#[utoipa::path(get, path = "/api/projects/{id}/catalogue/values", operation_id = "questions_values", tag = "questions",
    params(("id" = u32, Path), ValuesQuery), responses((status = 200, body = Values)))]
pub async fn values(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Query(asked): Query<ValuesQuery>,
) -> ApiResult<Json<Values>> {
    who.require_in(id, Role::Viewer)?;
    app.meta.project(id).await?;
    let limit = asked.limit.unwrap_or(20).clamp(1, 100);
    let values = off_runtime(&app, id, move |snapshot, limits| {
        Ok(query::catalogue::values(snapshot, (asked.scope, &asked.property), &asked.search, limit, limits)?)
    })
    .await?;
    Ok(Json(Values { values }))
}
