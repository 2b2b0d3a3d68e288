//! Dashboards: saved insights on a grid.

use super::error::ApiResult;
use super::input::{Input, Path};
use crate::app::App;
use crate::auth::Who;
use crate::clock::rfc3339;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meta::{Dashboard, DashboardChange, DashboardId, InsightId, NewDashboard, NewTile, Role, TileId};
use model::ProjectId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A tile: a saved insight at a place of a 12-column grid.
#[derive(Debug, Serialize, ToSchema)]
pub struct TileView {
    /// Number.
    pub id: TileId,
    /// What it shows.
    pub insight_id: InsightId,
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub w: u32,
    /// Height.
    pub h: u32,
}

/// A dashboard as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardView {
    /// Number.
    pub id: DashboardId,
    /// Name.
    pub name: String,
    /// What it is good for.
    pub description: String,
    /// From top to bottom, then from left to right.
    pub tiles: Vec<TileView>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl From<Dashboard> for DashboardView {
    fn from(dashboard: Dashboard) -> Self {
        let tile = |tile: meta::Tile| TileView {
            id: tile.id,
            insight_id: tile.insight_id,
            x: tile.x,
            y: tile.y,
            w: tile.w,
            h: tile.h,
        };
        DashboardView {
            id: dashboard.id,
            name: dashboard.name,
            description: dashboard.description,
            tiles: dashboard.tiles.into_iter().map(tile).collect(),
            created_at: rfc3339(dashboard.created_at),
            updated_at: rfc3339(dashboard.updated_at),
        }
    }
}

/// Dashboards of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dashboards {
    /// By name.
    pub dashboards: Vec<DashboardView>,
}

/// A tile to be put on a dashboard.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TileInput {
    /// Number of the tile when it is moved; absent for a new one.
    #[serde(default)]
    pub id: Option<TileId>,
    /// What it shows.
    pub insight_id: InsightId,
    /// Left edge, 0 to 11.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width, 1 to 12.
    pub w: u32,
    /// Height, at least 1.
    pub h: u32,
}

impl From<TileInput> for NewTile {
    fn from(tile: TileInput) -> Self {
        NewTile { id: tile.id, insight_id: tile.insight_id, x: tile.x, y: tile.y, w: tile.w, h: tile.h }
    }
}

/// Lists the dashboards.
#[utoipa::path(get, path = "/api/projects/{id}/dashboards", operation_id = "dashboards_list", tag = "dashboards", params(("id" = u32, Path)),
    responses((status = 200, body = Dashboards)))]
pub async fn list(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<Dashboards>> {
    who.require_in(id, Role::Viewer)?;
    let dashboards = app.meta.dashboards(id).await?.into_iter().map(DashboardView::from).collect();
    Ok(Json(Dashboards { dashboards }))
}

/// A dashboard to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DashboardInput {
    /// 1 to 200 characters.
    pub name: String,
    /// What it is good for.
    #[serde(default)]
    pub description: String,
    /// Its tiles.
    #[serde(default)]
    pub tiles: Vec<TileInput>,
}

/// Makes a dashboard.
#[utoipa::path(post, path = "/api/projects/{id}/dashboards", operation_id = "dashboards_create", tag = "dashboards", params(("id" = u32, Path)),
    request_body = DashboardInput, responses((status = 201, body = DashboardView)))]
pub async fn create(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Input(new): Input<DashboardInput>,
) -> ApiResult<(StatusCode, Json<DashboardView>)> {
    who.require_in(id, Role::Member)?;
    let tiles = new.tiles.into_iter().map(NewTile::from).collect();
    let new = NewDashboard { name: new.name, description: new.description, tiles };
    let made = app.meta.create_dashboard(&who.act(), id, &new).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// One dashboard.
#[utoipa::path(get, path = "/api/projects/{id}/dashboards/{dashboard}", operation_id = "dashboards_get", tag = "dashboards",
    params(("id" = u32, Path), ("dashboard" = i64, Path)),
    responses((status = 200, body = DashboardView), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    who: Who,
    Path((id, dashboard)): Path<(ProjectId, DashboardId)>,
) -> ApiResult<Json<DashboardView>> {
    who.require_in(id, Role::Viewer)?;
    Ok(Json(app.meta.dashboard(id, dashboard).await?.into()))
}

/// What changes of a dashboard.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DashboardUpdate {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// All tiles from now on.
    pub tiles: Option<Vec<TileInput>>,
    /// `false` brings a deleted dashboard back.
    pub deleted: Option<bool>,
}

/// Changes a dashboard, or brings a deleted one back.
#[utoipa::path(patch, path = "/api/projects/{id}/dashboards/{dashboard}", operation_id = "dashboards_update", tag = "dashboards",
    params(("id" = u32, Path), ("dashboard" = i64, Path)), request_body = DashboardUpdate,
    responses((status = 200, body = DashboardView), (status = 404)))]
pub async fn update(
    State(app): State<App>,
    who: Who,
    Path((id, dashboard)): Path<(ProjectId, DashboardId)>,
    Input(change): Input<DashboardUpdate>,
) -> ApiResult<Json<DashboardView>> {
    who.require_in(id, Role::Member)?;
    let change = DashboardChange {
        name: change.name,
        description: change.description,
        tiles: change.tiles.map(|tiles| tiles.into_iter().map(NewTile::from).collect()),
        restore: change.deleted == Some(false),
    };
    Ok(Json(app.meta.update_dashboard(&who.act(), id, dashboard, &change).await?.into()))
}

/// Deletes a dashboard; `PATCH {"deleted": false}` brings it back.
#[utoipa::path(delete, path = "/api/projects/{id}/dashboards/{dashboard}", operation_id = "dashboards_remove", tag = "dashboards",
    params(("id" = u32, Path), ("dashboard" = i64, Path)), responses((status = 204), (status = 404)))]
pub async fn remove(
    State(app): State<App>,
    who: Who,
    Path((id, dashboard)): Path<(ProjectId, DashboardId)>,
) -> ApiResult<StatusCode> {
    who.require_in(id, Role::Member)?;
    app.meta.delete_dashboard(&who.act(), id, dashboard).await?;
    Ok(StatusCode::NO_CONTENT)
}
