//! Questions and their answers; the catalogue of what can be asked about.

use super::error::{ApiError, ApiResult};
use super::input::{Path, Query, RawInput};
use crate::app::App;
use crate::auth::Who;
use crate::clock;
use crate::snapshots::on_snapshot;
use axum::Json;
use axum::extract::State;
use meta::{Project, Role};
use model::insight::{Answer, Question};
use model::{Micros, ProjectId};
use query::catalogue::Catalogue;
use query::{Known, QueryLimits, QuestionError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use utoipa::{IntoParams, ToSchema};

/// Checks a question that is to be saved, as if it were asked now.
///
/// # Errors
/// 400 with the path of the wrong field below `question`.
pub fn check_question(question: &serde_json::Value, project: &Project, now: Micros) -> ApiResult<()> {
    let under = |mut error: QuestionError| {
        error.path = if error.path.is_empty() { "question".to_owned() } else { format!("question.{}", error.path) };
        ApiError::from(error)
    };
    let parsed = query::parse_value(question.clone()).map_err(under)?;
    query::bind(&parsed, &project.clock(), now, &Known::default()).map(drop).map_err(under)
}

/// Answers a question about a project's events.
#[utoipa::path(post, path = "/api/projects/{id}/query", operation_id = "questions_ask", tag = "questions", params(("id" = u32, Path)),
    request_body = Question,
    responses((status = 200, body = Answer), (status = 400, description = "the question is wrong; `path` says where"),
        (status = 404), (status = 422, description = "too slow or too large; the message says what to narrow")))]
pub async fn ask(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    RawInput(body): RawInput,
) -> ApiResult<Json<Answer>> {
    who.require_in(id, Role::Viewer)?;
    let project = app.meta.project(id).await?;
    let question = query::parse(&body.bytes)?;
    let answer = off_runtime(&app, id, move |snapshot, limits| {
        let now = clock::now();
        let bound = query::bind(&question, &project.clock(), now, &Known::of(snapshot))?;
        Ok(query::answer(snapshot, &bound, limits)?)
    })
    .await?;
    Ok(Json(answer))
}

/// Runs `work` on a frozen snapshot, off the runtime, under the limits; stops it when the asker goes away.
async fn off_runtime<T: Send + 'static>(
    app: &App,
    project: ProjectId,
    work: impl Fn(&store::Snapshot, &QueryLimits) -> ApiResult<T> + Send + 'static,
) -> ApiResult<T> {
    let _turn = app.queries.acquire().await.map_err(ApiError::internal)?;
    let cancel = Arc::new(AtomicBool::new(false));
    let limits = QueryLimits {
        time: app.config.query_timeout,
        memory_bytes: app.config.query_memory_bytes,
        threads: app.config.query_threads,
        cancel: Some(cancel.clone()),
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

/// Frequent values of a property among recent events.
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
        Ok(query::catalogue::values(snapshot, &asked.property, &asked.search, limit, limits)?)
    })
    .await?;
    Ok(Json(Values { values }))
}
