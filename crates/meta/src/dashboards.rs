//! Dashboards: saved insights side by side. Deleting one can be undone.

use crate::database::Write;
use crate::{Act, InsightId, Meta, MetaError, limits};
use model::{Micros, ProjectId};
use sqlx::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};

/// The number of a dashboard.
pub type DashboardId = i64;
/// The number of a tile.
pub type TileId = i64;

/// Tiles of one dashboard.
pub const TILES_MAX: usize = 100;
/// Largest coordinate or extent of a tile, in grid units; generous, the grid is the page's.
const GRID_MAX: u32 = 10_000;

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    /// Number.
    pub id: DashboardId,
    /// As people call it.
    pub name: String,
    /// What it is good for; may be empty.
    pub description: String,
    /// From top to bottom, then from left to right; tiles of deleted insights are left out.
    pub tiles: Vec<Tile>,
    /// When it was made.
    pub created_at: Micros,
    /// When it was changed last.
    pub updated_at: Micros,
}

/// A saved insight on a dashboard, in grid units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
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

/// A tile to be put on a dashboard, in grid units.
#[derive(Debug, Clone, Copy)]
pub struct NewTile {
    /// The number of a tile of this dashboard, when it is that tile moved; kept then.
    pub id: Option<TileId>,
    /// What it shows; an insight of the same project.
    pub insight_id: InsightId,
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width, at least 1.
    pub w: u32,
    /// Height, at least 1.
    pub h: u32,
}

/// A dashboard to be made.
#[derive(Debug, Clone)]
pub struct NewDashboard {
    /// 1 to 200 characters.
    pub name: String,
    /// At most 2 000 characters; may be empty.
    pub description: String,
    /// At most [`TILES_MAX`].
    pub tiles: Vec<NewTile>,
}

/// What changes of a dashboard; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct DashboardChange {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// All tiles from now on.
    pub tiles: Option<Vec<NewTile>>,
    /// Brings a deleted dashboard back.
    pub restore: bool,
}

impl Meta {
    /// The dashboards of a project, by name.
    pub async fn dashboards(&self, project: ProjectId) -> Result<Vec<Dashboard>, MetaError> {
        let mut read = self.readers.begin().await?;
        dashboards_on(&mut read, project).await
    }

    /// One dashboard.
    pub async fn dashboard(&self, project: ProjectId, id: DashboardId) -> Result<Dashboard, MetaError> {
        let dashboards = self.dashboards(project).await?;
        dashboards.into_iter().find(|dashboard| dashboard.id == id).ok_or(MetaError::not_found("dashboard"))
    }

    /// Makes a dashboard.
    pub async fn create_dashboard(
        &self,
        act: &Act<'_>,
        project: ProjectId,
        new: &NewDashboard,
    ) -> Result<Dashboard, MetaError> {
        let name = limits::name("name", &new.name)?;
        let description = limits::description(&new.description)?;
        let mut write = self.write().await?;
        write.project_exists(project).await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO dashboard (project_id, name, description, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $4) RETURNING id",
        )
        .bind(i64::from(project.0))
        .bind(&name)
        .bind(description)
        .bind(act.at)
        .fetch_one(write.on())
        .await?;
        write.set_tiles(project, id, &new.tiles).await?;
        write.audit(act, "dashboard.create", format!("dashboard {id}"), name).await?;
        write.commit().await?;
        self.dashboard(project, id).await
    }

    /// Changes a dashboard, or brings a deleted one back (`restore`).
    ///
    /// A deleted dashboard is not found unless this change brings it back.
    pub async fn update_dashboard(
        &self,
        act: &Act<'_>,
        project: ProjectId,
        id: DashboardId,
        change: &DashboardChange,
    ) -> Result<Dashboard, MetaError> {
        let name = change.name.as_deref().map(|name| limits::name("name", name)).transpose()?;
        let description = change.description.as_deref().map(limits::description).transpose()?;
        let mut write = self.write().await?;
        let changed = sqlx::query(
            "UPDATE dashboard
             SET name = COALESCE($3, name), description = COALESCE($4, description), updated_at = $5,
                 deleted_at = NULL
             WHERE project_id = $1 AND id = $2 AND (deleted_at IS NULL OR $6)",
        )
        .bind(i64::from(project.0))
        .bind(id)
        .bind(name)
        .bind(description)
        .bind(act.at)
        .bind(change.restore)
        .execute(write.on())
        .await?
        .rows_affected();
        if changed == 0 {
            return Err(MetaError::not_found("dashboard"));
        }
        if let Some(tiles) = &change.tiles {
            write.set_tiles(project, id, tiles).await?;
        }
        write.audit(act, "dashboard.update", format!("dashboard {id}"), String::new()).await?;
        write.commit().await?;
        self.dashboard(project, id).await
    }

    /// Deletes a dashboard, so that it can be brought back by [`Meta::update_dashboard`].
    pub async fn delete_dashboard(&self, act: &Act<'_>, project: ProjectId, id: DashboardId) -> Result<(), MetaError> {
        let mut write = self.write().await?;
        let deleted = sqlx::query(
            "UPDATE dashboard SET deleted_at = $3 WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL",
        )
        .bind(i64::from(project.0))
        .bind(id)
        .bind(act.at)
        .execute(write.on())
        .await?
        .rows_affected();
        if deleted == 0 {
            return Err(MetaError::not_found("dashboard"));
        }
        write.audit(act, "dashboard.delete", format!("dashboard {id}"), String::new()).await?;
        write.commit().await
    }
}

impl Write {
    /// Replaces the tiles of a dashboard. Tiles of deleted insights stay, unseen, until the insight comes back.
    async fn set_tiles(&mut self, project: ProjectId, id: DashboardId, tiles: &[NewTile]) -> Result<(), MetaError> {
        if tiles.len() > TILES_MAX {
            return Err(MetaError::invalid("tiles", format!("must not be more than {TILES_MAX}")));
        }
        let insights: Vec<i64> =
            sqlx::query_scalar("SELECT id FROM insight WHERE project_id = $1 AND deleted_at IS NULL")
                .bind(i64::from(project.0))
                .fetch_all(self.on())
                .await?;
        let insights: BTreeSet<i64> = insights.into_iter().collect();
        let replaced: Vec<i64> = sqlx::query_scalar(
            "DELETE FROM tile
             WHERE dashboard_id = $1 AND insight_id IN (SELECT id FROM insight WHERE deleted_at IS NULL)
             RETURNING id",
        )
        .bind(id)
        .fetch_all(self.on())
        .await?;
        let mut free: BTreeSet<i64> = replaced.into_iter().collect();
        for tile in tiles {
            if !insights.contains(&tile.insight_id) {
                let message = format!("insight {} is not in this project", tile.insight_id);
                return Err(MetaError::invalid("tiles", message));
            }
            if tile.w == 0 || tile.h == 0 || [tile.x, tile.y, tile.w, tile.h].iter().any(|side| *side > GRID_MAX) {
                let message = format!("x, y, w and h must not be over {GRID_MAX}, and w and h not 0");
                return Err(MetaError::invalid("tiles", message));
            }
            // A number that is not one of this dashboard's tiles, or stands twice, is given anew.
            let kept = tile.id.filter(|id| free.remove(id));
            sqlx::query(
                "INSERT INTO tile (id, dashboard_id, insight_id, x, y, w, h) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(kept)
            .bind(id)
            .bind(tile.insight_id)
            .bind(i64::from(tile.x))
            .bind(i64::from(tile.y))
            .bind(i64::from(tile.w))
            .bind(i64::from(tile.h))
            .execute(self.on())
            .await?;
        }
        Ok(())
    }
}

async fn dashboards_on(connection: &mut SqliteConnection, project: ProjectId) -> Result<Vec<Dashboard>, MetaError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        id: i64,
        name: String,
        description: String,
        created_at: i64,
        updated_at: i64,
    }
    #[derive(sqlx::FromRow)]
    struct TileRow {
        id: i64,
        dashboard_id: i64,
        insight_id: i64,
        x: i64,
        y: i64,
        w: i64,
        h: i64,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, name, description, created_at, updated_at FROM dashboard
         WHERE project_id = $1 AND deleted_at IS NULL ORDER BY name, id",
    )
    .bind(i64::from(project.0))
    .fetch_all(&mut *connection)
    .await?;
    let tile_rows: Vec<TileRow> = sqlx::query_as(
        "SELECT tile.id, dashboard_id, insight_id, x, y, w, h
         FROM tile JOIN insight ON insight.id = tile.insight_id
         WHERE insight.project_id = $1 AND insight.deleted_at IS NULL
         ORDER BY y, x, tile.id",
    )
    .bind(i64::from(project.0))
    .fetch_all(&mut *connection)
    .await?;

    let mut tiles_of: BTreeMap<i64, Vec<Tile>> = BTreeMap::new();
    for row in tile_rows {
        let tile = Tile {
            id: row.id,
            insight_id: row.insight_id,
            x: side("x", row.x)?,
            y: side("y", row.y)?,
            w: side("w", row.w)?,
            h: side("h", row.h)?,
        };
        tiles_of.entry(row.dashboard_id).or_default().push(tile);
    }
    Ok(rows
        .into_iter()
        .map(|row| Dashboard {
            id: row.id,
            name: row.name,
            description: row.description,
            tiles: tiles_of.remove(&row.id).unwrap_or_default(),
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
        .collect())
}

fn side(column: &'static str, value: i64) -> Result<u32, MetaError> {
    u32::try_from(value).map_err(|_| MetaError::Damaged { table: "tile", column, value: value.to_string() })
}
