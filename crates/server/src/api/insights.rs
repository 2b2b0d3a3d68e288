//! Saved insights.

use super::error::ApiResult;
use super::input::{Input, Path};
use super::questions::check_question;
use crate::app::App;
use crate::auth::Who;
use crate::clock::rfc3339;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meta::{Insight, InsightChange, InsightId, NewInsight, Role};
use model::ProjectId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A saved insight as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct InsightView {
    /// Number.
    pub id: InsightId,
    /// Name.
    pub name: String,
    /// What it is good for.
    pub description: String,
    /// The question.
    #[schema(value_type = model::insight::Question)]
    pub question: serde_json::Value,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// Name of who saved it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
}

impl From<Insight> for InsightView {
    fn from(insight: Insight) -> Self {
        InsightView {
            id: insight.id,
            name: insight.name,
            description: insight.description,
            question: insight.question,
            created_at: rfc3339(insight.created_at),
            updated_at: rfc3339(insight.updated_at),
            created_by: insight.created_by_name,
        }
    }
}

/// Saved insights of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Insights {
    /// By name.
    pub insights: Vec<InsightView>,
}

/// Lists the saved insights.
#[utoipa::path(get, path = "/api/projects/{id}/insights", operation_id = "insights_list", tag = "insights", params(("id" = u32, Path)),
    responses((status = 200, body = Insights)))]
pub async fn list(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<Insights>> {
    who.require_in(id, Role::Viewer)?;
    let insights = app.meta.insights(id).await?.into_iter().map(InsightView::from).collect();
    Ok(Json(Insights { insights }))
}

/// An insight to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InsightInput {
    /// 1 to 200 characters.
    pub name: String,
    /// What it is good for.
    #[serde(default)]
    pub description: String,
    /// The question; checked.
    #[schema(value_type = model::insight::Question)]
    pub question: serde_json::Value,
}

/// Saves an insight.
#[utoipa::path(post, path = "/api/projects/{id}/insights", operation_id = "insights_create", tag = "insights", params(("id" = u32, Path)),
    request_body = InsightInput, responses((status = 201, body = InsightView)))]
pub async fn create(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Input(new): Input<InsightInput>,
) -> ApiResult<(StatusCode, Json<InsightView>)> {
    who.require_in(id, Role::Member)?;
    check_question(&app, &new.question, id).await?;
    let new = NewInsight { name: new.name, description: new.description, question: new.question };
    let made = app.meta.create_insight(&who.act(), id, &new).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// One saved insight.
#[utoipa::path(get, path = "/api/projects/{id}/insights/{insight}", operation_id = "insights_get", tag = "insights",
    params(("id" = u32, Path), ("insight" = i64, Path)), responses((status = 200, body = InsightView), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    who: Who,
    Path((id, insight)): Path<(ProjectId, InsightId)>,
) -> ApiResult<Json<InsightView>> {
    who.require_in(id, Role::Viewer)?;
    Ok(Json(app.meta.insight(id, insight).await?.into()))
}

/// What changes of an insight.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InsightUpdate {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New question; checked.
    #[schema(value_type = Option<model::insight::Question>)]
    pub question: Option<serde_json::Value>,
    /// `false` brings a deleted insight back.
    pub deleted: Option<bool>,
}

/// Changes an insight, or brings a deleted one back.
#[utoipa::path(patch, path = "/api/projects/{id}/insights/{insight}", operation_id = "insights_update", tag = "insights",
    params(("id" = u32, Path), ("insight" = i64, Path)), request_body = InsightUpdate,
    responses((status = 200, body = InsightView), (status = 404)))]
pub async fn update(
    State(app): State<App>,
    who: Who,
    Path((id, insight)): Path<(ProjectId, InsightId)>,
    Input(change): Input<InsightUpdate>,
) -> ApiResult<Json<InsightView>> {
    who.require_in(id, Role::Member)?;
    if let Some(question) = &change.question {
        check_question(&app, question, id).await?;
    }
    let change = InsightChange {
        name: change.name,
        description: change.description,
        question: change.question,
        restore: change.deleted == Some(false),
    };
    Ok(Json(app.meta.update_insight(&who.act(), id, insight, &change).await?.into()))
}

/// Deletes an insight; `PATCH {"deleted": false}` brings it back.
#[utoipa::path(delete, path = "/api/projects/{id}/insights/{insight}", operation_id = "insights_remove", tag = "insights",
    params(("id" = u32, Path), ("insight" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn remove(
    State(app): State<App>,
    who: Who,
    Path((id, insight)): Path<(ProjectId, InsightId)>,
) -> ApiResult<StatusCode> {
    who.require_in(id, Role::Member)?;
    app.meta.delete_insight(&who.act(), id, insight).await?;
    Ok(StatusCode::NO_CONTENT)
}
