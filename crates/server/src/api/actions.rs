//! Actions: named sets of events, for use wherever a question takes an event.

use super::error::{ApiError, ApiResult};
use super::input::{Input, Path};
use crate::app::App;
use crate::auth::Who;
use crate::clock::{self, rfc3339};
use crate::definitions::Definitions;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meta::{Action, ActionChange, NewAction, Role};
use model::ProjectId;
use model::action::{ActionId, ActionStep, BUILT_IN};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An action as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionView {
    /// Number; what a question's `action` says.
    pub id: ActionId,
    /// Name.
    pub name: String,
    /// What it is good for.
    pub description: String,
    /// An event is of the action if it is of one of these.
    pub steps: Vec<ActionStep>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl From<Action> for ActionView {
    fn from(action: Action) -> Self {
        let Action { id, name, description, steps, created_at, updated_at } = action;
        let (created_at, updated_at) = (rfc3339(created_at), rfc3339(updated_at));
        ActionView { id, name, description, steps, created_at, updated_at }
    }
}

/// A built-in action.
#[derive(Debug, Serialize, ToSchema)]
pub struct BuiltInAction {
    /// What a question's `action` says.
    pub name: &'static str,
    /// As people read it, in English.
    pub label: &'static str,
    /// Its event names.
    pub events: Vec<&'static str>,
}

/// Actions of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Actions {
    /// By name.
    pub actions: Vec<ActionView>,
    /// Those that every project has.
    pub built_in: Vec<BuiltInAction>,
}

/// Lists the actions.
#[utoipa::path(get, path = "/api/projects/{id}/actions", operation_id = "actions_list", tag = "actions", params(("id" = u32, Path)),
    responses((status = 200, body = Actions)))]
pub async fn list(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<Actions>> {
    who.require_in(id, Role::Viewer)?;
    let actions = app.meta.actions(id).await?.into_iter().map(ActionView::from).collect();
    let built_in = BUILT_IN.iter();
    let built_in =
        built_in.map(|action| BuiltInAction { name: action.name, label: action.label, events: action.events.to_vec() });
    Ok(Json(Actions { actions, built_in: built_in.collect() }))
}

/// An action to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionInput {
    /// 1 to 200 characters.
    pub name: String,
    /// What it is good for.
    #[serde(default)]
    pub description: String,
    /// Checked; at most 50.
    pub steps: Vec<ActionStep>,
}

/// Makes an action.
#[utoipa::path(post, path = "/api/projects/{id}/actions", operation_id = "actions_create", tag = "actions", params(("id" = u32, Path)),
    request_body(content = ActionInput, example = json!({"name": "Pays", "steps": [{"event": "pay"},
        {"event": "$autocapture", "tag_name": "button", "text": {"value": "Pay"}, "url": {"value": "/fees", "matching": "contains"}}]})),
    responses((status = 201, body = ActionView), (status = 400, description = "a step is wrong; `path` says where")))]
pub async fn create(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Input(new): Input<ActionInput>,
) -> ApiResult<(StatusCode, Json<ActionView>)> {
    who.require_in(id, Role::Member)?;
    check(&app, id, &new.steps).await?;
    let new = NewAction { name: new.name, description: new.description, steps: new.steps };
    let made = app.meta.create_action(&who.act(), id, &new).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Steps that a question could use.
async fn check(app: &App, id: ProjectId, steps: &[ActionStep]) -> ApiResult<()> {
    let project = app.meta.project(id).await?;
    let json = serde_json::to_value(steps).map_err(ApiError::internal)?;
    let definitions = Definitions::of(&app.meta, id, &json).await?;
    Ok(query::check_action(steps, &project.clock(), clock::now(), &definitions.known_alone())?)
}

/// One action.
#[utoipa::path(get, path = "/api/projects/{id}/actions/{action}", operation_id = "actions_get", tag = "actions",
    params(("id" = u32, Path), ("action" = i64, Path)), responses((status = 200, body = ActionView), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    who: Who,
    Path((id, action)): Path<(ProjectId, ActionId)>,
) -> ApiResult<Json<ActionView>> {
    who.require_in(id, Role::Viewer)?;
    Ok(Json(app.meta.action(id, action).await?.into()))
}

/// What changes of an action.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionUpdate {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New steps; checked.
    pub steps: Option<Vec<ActionStep>>,
}

/// Changes an action; what questions count with it changes at once, for the past too.
#[utoipa::path(patch, path = "/api/projects/{id}/actions/{action}", operation_id = "actions_update", tag = "actions",
    params(("id" = u32, Path), ("action" = i64, Path)), request_body = ActionUpdate,
    responses((status = 200, body = ActionView), (status = 400, description = "a step is wrong"), (status = 404)))]
pub async fn update(
    State(app): State<App>,
    who: Who,
    Path((id, action)): Path<(ProjectId, ActionId)>,
    Input(change): Input<ActionUpdate>,
) -> ApiResult<Json<ActionView>> {
    who.require_in(id, Role::Member)?;
    if let Some(steps) = &change.steps {
        check(&app, id, steps).await?;
    }
    let change = ActionChange { name: change.name, description: change.description, steps: change.steps };
    Ok(Json(app.meta.update_action(&who.act(), id, action, &change).await?.into()))
}

/// Deletes an action; questions that name it are wrong from then on.
#[utoipa::path(delete, path = "/api/projects/{id}/actions/{action}", operation_id = "actions_remove", tag = "actions",
    params(("id" = u32, Path), ("action" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn remove(
    State(app): State<App>,
    who: Who,
    Path((id, action)): Path<(ProjectId, ActionId)>,
) -> ApiResult<StatusCode> {
    who.require_in(id, Role::Member)?;
    app.meta.delete_action(&who.act(), id, action).await?;
    Ok(StatusCode::NO_CONTENT)
}
