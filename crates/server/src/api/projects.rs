//! Projects: one app each, apart from all others.

use super::error::{ApiError, ApiResult};
use super::input::{Input, Path};
use crate::app::App;
use crate::auth::Who;
use crate::clock::rfc3339;
use crate::secret::{self, Purpose};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meta::{NewProject, Project, ProjectChange, Role};
use model::project::SunbirdValidation;
use model::time::WeekStart;
use model::{Level, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A project as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectView {
    /// Number.
    pub id: ProjectId,
    /// Name.
    pub name: String,
    /// What is kept.
    pub level: Level,
    /// IANA name.
    pub time_zone: String,
    /// First day of a week.
    pub week_start: WeekStart,
    /// How strictly Sunbird events are checked.
    pub sunbird_validation: SunbirdValidation,
    /// Sunbird channels whose events are of this project.
    pub channels: Vec<String>,
    /// A public key that may only write; absent when all are revoked.
    pub write_key: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// Whether any event is stored.
    pub has_events: bool,
}

/// A project with what the store knows of it.
pub fn view(app: &App, project: Project) -> ProjectView {
    ProjectView {
        has_events: app.store.outcomes(project.id).stored > 0,
        id: project.id,
        name: project.name,
        level: project.level,
        time_zone: project.time_zone,
        week_start: project.week_start,
        sunbird_validation: project.sunbird_validation,
        channels: project.channels,
        write_key: project.write_key,
        created_at: rfc3339(project.created_at),
    }
}

/// All projects of the organisation.
pub async fn all_projects(app: &App) -> ApiResult<Vec<ProjectView>> {
    Ok(app.meta.projects().await?.into_iter().map(|project| view(app, project)).collect())
}

/// The projects within reach.
pub async fn visible_projects(app: &App, who: &Who) -> ApiResult<Vec<ProjectView>> {
    let mut projects = all_projects(app).await?;
    projects.retain(|project| who.may_see(project.id));
    Ok(projects)
}

/// Projects.
#[derive(Debug, Serialize, ToSchema)]
pub struct Projects {
    /// By name.
    pub projects: Vec<ProjectView>,
}

/// Lists the projects that a member or token may see.
#[utoipa::path(get, path = "/api/projects", operation_id = "projects_list", tag = "projects", responses((status = 200, body = Projects)))]
pub async fn list(State(app): State<App>, who: Who) -> ApiResult<Json<Projects>> {
    who.require(Role::Viewer)?;
    Ok(Json(Projects { projects: visible_projects(&app, &who).await? }))
}

/// A project to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectInput {
    /// Name of the app.
    pub name: String,
    /// What may be kept: chosen, never assumed.
    pub level: Level,
    /// IANA name; `Asia/Kolkata` when absent.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Monday when absent.
    #[serde(default)]
    pub week_start: WeekStart,
    /// Sunbird channels.
    #[serde(default)]
    pub channels: Vec<String>,
}

/// Makes a project and its first write key.
#[utoipa::path(post, path = "/api/projects", operation_id = "projects_create", tag = "projects", request_body = ProjectInput,
    responses((status = 201, body = ProjectView), (status = 409, description = "a channel is of another project")))]
pub async fn create(
    State(app): State<App>,
    who: Who,
    Input(new): Input<ProjectInput>,
) -> ApiResult<(StatusCode, Json<ProjectView>)> {
    who.require_everywhere(Role::Admin)?;
    let time_zone = new.time_zone.unwrap_or_else(|| "Asia/Kolkata".to_owned());
    check_time_zone(&time_zone)?;
    let new = NewProject {
        name: new.name,
        level: new.level,
        time_zone,
        week_start: new.week_start,
        sunbird_validation: SunbirdValidation::default(),
        channels: new.channels,
        write_key: secret::generate(Purpose::WriteKey),
    };
    let project = app.meta.create_project(&who.act(), &new).await?;
    Ok((StatusCode::CREATED, Json(view(&app, project))))
}

/// One project.
#[utoipa::path(get, path = "/api/projects/{id}", operation_id = "projects_get", tag = "projects", params(("id" = u32, Path)),
    responses((status = 200, body = ProjectView), (status = 404)))]
pub async fn get(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<ProjectView>> {
    who.require_in(id, Role::Viewer)?;
    Ok(Json(view(&app, app.meta.project(id).await?)))
}

/// What changes of a project.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectUpdate {
    /// New name.
    pub name: Option<String>,
    /// New level; holds for events that arrive from now on.
    pub level: Option<Level>,
    /// New time zone, IANA.
    pub time_zone: Option<String>,
    /// New first day of the week.
    pub week_start: Option<WeekStart>,
    /// All channels from now on.
    pub channels: Option<Vec<String>>,
    /// New strictness.
    pub sunbird_validation: Option<SunbirdValidation>,
}

/// Changes a project.
#[utoipa::path(patch, path = "/api/projects/{id}", operation_id = "projects_update", tag = "projects", request_body = ProjectUpdate,
    params(("id" = u32, Path)), responses((status = 200, body = ProjectView), (status = 404), (status = 409)))]
pub async fn update(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Input(change): Input<ProjectUpdate>,
) -> ApiResult<Json<ProjectView>> {
    who.require_in(id, Role::Admin)?;
    if let Some(time_zone) = &change.time_zone {
        check_time_zone(time_zone)?;
    }
    let change = ProjectChange {
        name: change.name,
        level: change.level,
        time_zone: change.time_zone,
        week_start: change.week_start,
        sunbird_validation: change.sunbird_validation,
        channels: change.channels,
    };
    let project = app.meta.update_project(&who.act(), id, &change).await?;
    Ok(Json(view(&app, project)))
}

fn check_time_zone(name: &str) -> ApiResult<()> {
    jiff::tz::TimeZone::get(name)
        .map(drop)
        .map_err(|_| ApiError::field("time_zone", format!("{name:?} is not an IANA time zone, as Asia/Kolkata is")))
}
