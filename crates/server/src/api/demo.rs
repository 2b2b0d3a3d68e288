//! The demo project: made and filled in the background by one call.

use super::error::{ApiError, ApiResult};
use super::input::{OptionalInput, Path};
use super::projects::{ProjectView, view};
use crate::app::App;
use crate::auth::Who;
use crate::demo;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meta::Role;
use model::ProjectId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Persons that a call may ask for: what a small server fills within minutes.
const PERSONS_MAX: u32 = 100_000;

/// How large a demo; may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DemoInput {
    /// Persons, 1 to 100 000; 100 000 when absent.
    pub persons: Option<u32>,
    /// Days up to today, 2 to 400; 90 when absent.
    pub days: Option<u32>,
}

/// How a demo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DemoState {
    /// The project is no demo.
    None,
    /// It is being filled.
    Running,
    /// It is filled.
    Done,
    /// Filling ended before its end; `POST /api/demo` goes on.
    Failed,
}

/// How far a demo is filled.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemoView {
    /// How it is.
    pub state: DemoState,
    /// Events sent and acknowledged.
    pub sent: u64,
    /// Events in the end; 0 while they are being counted.
    pub total: u64,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Makes the demo project and starts to fill it in the background, or goes on with one that was not filled to its end.
///
/// There is at most one demo: a second call gives the same project, whatever size it asks for.
#[utoipa::path(post, path = "/api/demo", operation_id = "demo_create", tag = "projects", request_body = Option<DemoInput>,
    responses((status = 201, body = ProjectView), (status = 200, body = ProjectView, description = "it was there already"), (status = 400), (status = 403)))]
pub async fn create(
    State(app): State<App>,
    who: Who,
    OptionalInput(wanted): OptionalInput<DemoInput>,
) -> ApiResult<(StatusCode, Json<ProjectView>)> {
    who.require_everywhere(Role::Admin)?;
    check(&wanted)?;
    let plan = demo::plan(wanted.persons, wanted.days, None);
    let (made, new) = demo::create(&app, &who.act(), &plan).await?;
    demo::start(&app).await?;
    let project = view(&app, app.meta.project(made.project).await?);
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(project)))
}

fn check(wanted: &DemoInput) -> ApiResult<()> {
    if wanted.persons.is_some_and(|persons| !(1..=PERSONS_MAX).contains(&persons)) {
        return Err(ApiError::field("persons", format!("must be 1 to {PERSONS_MAX}")));
    }
    if wanted.days.is_some_and(|days| !(::demo::DAYS_MIN..=::demo::DAYS_MAX).contains(&days)) {
        return Err(ApiError::field("days", format!("must be {} to {}", ::demo::DAYS_MIN, ::demo::DAYS_MAX)));
    }
    Ok(())
}

/// How far the demo is filled; `none` for a project that is no demo.
#[utoipa::path(get, path = "/api/projects/{id}/demo", operation_id = "demo_show", tag = "projects", params(("id" = u32, Path)),
    responses((status = 200, body = DemoView), (status = 404)))]
pub async fn show(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<DemoView>> {
    who.require_in(id, Role::Viewer)?;
    app.meta.project(id).await?;
    // Before the metadata: a fill that ends between the two looks is then read as ended.
    let running = app.demo.running();
    let demo = app.meta.demo().await?.filter(|demo| demo.project == id);
    Ok(Json(match (demo, running) {
        (None, _) => DemoView { state: DemoState::None, sent: 0, total: 0, error: None },
        (Some(demo), running) => {
            let progress = demo.progress;
            let (state, sent, total) = match (progress.state, running) {
                (meta::DemoState::Done, _) => (DemoState::Done, progress.sent, progress.total),
                (_, Some(now)) => (DemoState::Running, now.sent, now.total),
                // Between the end of a fill and its note, and on a server that is stopping.
                (meta::DemoState::Running, None) => (DemoState::Running, progress.sent, progress.total),
                (meta::DemoState::Failed, None) => (DemoState::Failed, progress.sent, progress.total),
            };
            let error = progress.error.filter(|_| state == DemoState::Failed);
            DemoView { state, sent, total, error }
        }
    }))
}
