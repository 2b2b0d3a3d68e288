//! Projects: apps, apart from all others, with their level, clock and Sunbird channels.

use crate::database::Write;
use crate::words::Word;
use crate::{Act, Meta, MetaError, NewKey, limits};
use model::project::{ProjectClock, ProjectRules, SunbirdValidation};
use model::time::WeekStart;
use model::{Level, Micros, ProjectId};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

/// Channels of one project.
pub const CHANNELS_MAX: usize = 100;

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Number; never given twice.
    pub id: ProjectId,
    /// As people call it.
    pub name: String,
    /// What may be kept.
    pub level: Level,
    /// IANA name.
    pub time_zone: String,
    /// First day of a week bucket.
    pub week_start: WeekStart,
    /// How strictly Sunbird events are checked.
    pub sunbird_validation: SunbirdValidation,
    /// Sunbird channels whose events are of this project, sorted; a channel is of one project only.
    pub channels: Vec<String>,
    /// The oldest write key that is not revoked; `None` when all are.
    pub write_key: Option<String>,
    /// When it was made.
    pub created_at: Micros,
}

impl Project {
    /// What a question needs to know.
    pub fn clock(&self) -> ProjectClock {
        ProjectClock { time_zone: self.time_zone.clone(), week_start: self.week_start }
    }

    /// What the gate needs to know.
    pub fn rules(&self) -> ProjectRules {
        ProjectRules { id: self.id, level: self.level, sunbird_validation: self.sunbird_validation }
    }
}

/// A project to be made.
#[derive(Debug, Clone)]
pub struct NewProject {
    /// 1 to 200 characters.
    pub name: String,
    /// Chosen by a person, never by us.
    pub level: Level,
    /// IANA name; that it exists is the caller's to check.
    pub time_zone: String,
    /// First day of a week bucket.
    pub week_start: WeekStart,
    /// How strictly Sunbird events are checked.
    pub sunbird_validation: SunbirdValidation,
    /// Sunbird channels; each must be free.
    pub channels: Vec<String>,
    /// Its first write key, made by the caller; must be free.
    pub write_key: String,
}

/// What changes of a project; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ProjectChange {
    /// New name.
    pub name: Option<String>,
    /// New level; holds for events that arrive from now on.
    pub level: Option<Level>,
    /// New time zone, checked by the caller.
    pub time_zone: Option<String>,
    /// New first day of the week.
    pub week_start: Option<WeekStart>,
    /// New strictness.
    pub sunbird_validation: Option<SunbirdValidation>,
    /// All channels from now on.
    pub channels: Option<Vec<String>>,
}

impl Meta {
    /// All projects, by name.
    pub async fn projects(&self) -> Result<Vec<Project>, MetaError> {
        // One transaction, so that projects, channels and keys are of the same instant.
        let mut read = self.readers.begin().await?;
        let mut projects = projects_on(&mut read).await?;
        projects.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(projects)
    }

    /// One project.
    pub async fn project(&self, id: ProjectId) -> Result<Project, MetaError> {
        let mut read = self.readers.begin().await?;
        project_on(&mut read, id).await
    }

    /// Makes a project with its channels and first write key.
    ///
    /// [`MetaError::Conflict`] when a channel or the key is taken; the message names the other project.
    pub async fn create_project(&self, act: &Act<'_>, new: &NewProject) -> Result<Project, MetaError> {
        let mut write = self.write().await?;
        let project = write.create_project(act, new).await?;
        write.commit().await?;
        Ok(project)
    }

    /// Changes a project.
    pub async fn update_project(
        &self,
        act: &Act<'_>,
        id: ProjectId,
        change: &ProjectChange,
    ) -> Result<Project, MetaError> {
        let name = change.name.as_deref().map(|name| limits::name("name", name)).transpose()?;
        let time_zone = change.time_zone.as_deref().map(|zone| limits::name("time_zone", zone)).transpose()?;
        let mut write = self.write().await?;
        let before = project_on(write.on(), id).await?;
        sqlx::query(
            "UPDATE project
             SET name = COALESCE($2, name), level = COALESCE($3, level), time_zone = COALESCE($4, time_zone),
                 week_start = COALESCE($5, week_start), sunbird_validation = COALESCE($6, sunbird_validation)
             WHERE id = $1",
        )
        .bind(i64::from(id.0))
        .bind(name)
        .bind(change.level.map(Word::word))
        .bind(time_zone)
        .bind(change.week_start.map(Word::word))
        .bind(change.sunbird_validation.map(Word::word))
        .execute(write.on())
        .await?;
        if let Some(channels) = &change.channels {
            write.set_channels(id, channels).await?;
        }
        let after = project_on(write.on(), id).await?;
        write.directory_changes().await?;
        write.audit(act, "project.update", format!("project {id}"), difference(&before, &after)).await?;
        write.commit().await?;
        Ok(after)
    }
}

impl Write {
    pub(crate) async fn create_project(&mut self, act: &Act<'_>, new: &NewProject) -> Result<Project, MetaError> {
        let name = limits::name("name", &new.name)?;
        let time_zone = limits::name("time_zone", &new.time_zone)?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO project (name, level, time_zone, week_start, sunbird_validation, created_at)
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        )
        .bind(name)
        .bind(new.level.word())
        .bind(time_zone)
        .bind(new.week_start.word())
        .bind(new.sunbird_validation.word())
        .bind(act.at)
        .fetch_one(self.on())
        .await?;
        let id = project_id("project", id)?;
        self.set_channels(id, &new.channels).await?;
        let detail = format!("{}, level {}", new.name.trim(), new.level.word());
        self.audit(act, "project.create", format!("project {id}"), detail).await?;
        self.create_key(act, id, &NewKey::Write { name: "First key".to_owned(), key: new.write_key.clone() }).await?;
        project_on(self.on(), id).await
    }

    /// Fails when there is no such project.
    pub(crate) async fn project_exists(&mut self, id: ProjectId) -> Result<(), MetaError> {
        let found: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM project WHERE id = $1")
            .bind(i64::from(id.0))
            .fetch_one(self.on())
            .await?;
        if found == 0 { Err(MetaError::not_found("project")) } else { Ok(()) }
    }

    /// Fails when the project is not there, or has `most` of a thing (singular and plural) already, as `count` tells.
    pub(crate) async fn room_for(
        &mut self,
        id: ProjectId,
        count: &'static str,
        (thing, things, most): (&'static str, &str, usize),
    ) -> Result<(), MetaError> {
        self.project_exists(id).await?;
        let there: i64 = sqlx::query_scalar(count).bind(i64::from(id.0)).fetch_one(self.on()).await?;
        if there < most as i64 {
            return Ok(());
        }
        Err(MetaError::conflict(thing, format!("a project has at most {most} {things}")))
    }

    /// Replaces the channels of a project.
    async fn set_channels(&mut self, id: ProjectId, channels: &[String]) -> Result<(), MetaError> {
        if channels.len() > CHANNELS_MAX {
            return Err(MetaError::invalid("channels", format!("must not be more than {CHANNELS_MAX}")));
        }
        sqlx::query("DELETE FROM channel WHERE project_id = $1").bind(i64::from(id.0)).execute(self.on()).await?;
        for channel in channels {
            let channel = limits::name("channels", channel)?;
            sqlx::query("INSERT INTO channel (name, project_id) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(&channel)
                .bind(i64::from(id.0))
                .execute(self.on())
                .await?;
            let (owner, owner_name): (i64, String) = sqlx::query_as(
                "SELECT project.id, project.name FROM channel JOIN project ON project.id = channel.project_id
                 WHERE channel.name = $1",
            )
            .bind(&channel)
            .fetch_one(self.on())
            .await?;
            if owner != i64::from(id.0) {
                let message = format!("the channel {channel} belongs to the project {owner_name} already");
                return Err(MetaError::conflict("channel", message));
            }
        }
        Ok(())
    }
}

/// All projects, in no order.
pub(crate) async fn projects_on(connection: &mut SqliteConnection) -> Result<Vec<Project>, MetaError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        id: i64,
        name: String,
        level: String,
        time_zone: String,
        week_start: String,
        sunbird_validation: String,
        created_at: i64,
    }
    let rows: Vec<Row> =
        sqlx::query_as("SELECT id, name, level, time_zone, week_start, sunbird_validation, created_at FROM project")
            .fetch_all(&mut *connection)
            .await?;
    let channels: Vec<(i64, String)> =
        sqlx::query_as("SELECT project_id, name FROM channel ORDER BY name").fetch_all(&mut *connection).await?;
    let keys: Vec<(i64, String)> = sqlx::query_as(
        "SELECT project_id, write_key FROM project_key
         WHERE write_key IS NOT NULL AND revoked_at IS NULL ORDER BY id DESC",
    )
    .fetch_all(&mut *connection)
    .await?;

    let mut channels_of: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (project, channel) in channels {
        channels_of.entry(project).or_default().push(channel);
    }
    // Newest first, so that the oldest is inserted last and stays.
    let mut key_of: BTreeMap<i64, String> = keys.into_iter().collect();
    rows.into_iter()
        .map(|row| {
            Ok(Project {
                id: project_id("project", row.id)?,
                name: row.name,
                level: Level::from_column("project", "level", &row.level)?,
                time_zone: row.time_zone,
                week_start: WeekStart::from_column("project", "week_start", &row.week_start)?,
                sunbird_validation: SunbirdValidation::from_column(
                    "project",
                    "sunbird_validation",
                    &row.sunbird_validation,
                )?,
                channels: channels_of.remove(&row.id).unwrap_or_default(),
                write_key: key_of.remove(&row.id),
                created_at: row.created_at,
            })
        })
        .collect()
}

// A server holds tens of projects: reading all of them for one keeps one way of putting a project together.
async fn project_on(connection: &mut SqliteConnection, id: ProjectId) -> Result<Project, MetaError> {
    let projects = projects_on(connection).await?;
    projects.into_iter().find(|project| project.id == id).ok_or(MetaError::not_found("project"))
}

/// The number of a project from a column.
pub(crate) fn project_id(table: &'static str, id: i64) -> Result<ProjectId, MetaError> {
    let id =
        u32::try_from(id).map_err(|_| MetaError::Damaged { table, column: "project id", value: id.to_string() })?;
    Ok(ProjectId(id))
}

/// What changed, for the audit log.
fn difference(before: &Project, after: &Project) -> String {
    let mut changes = Vec::new();
    let mut note = |what: &str, from: &str, to: &str| {
        if from != to {
            changes.push(format!("{what}: {from} -> {to}"));
        }
    };
    note("name", &before.name, &after.name);
    note("level", before.level.word(), after.level.word());
    note("time zone", &before.time_zone, &after.time_zone);
    note("week start", before.week_start.word(), after.week_start.word());
    note("sunbird validation", before.sunbird_validation.word(), after.sunbird_validation.word());
    note("channels", &before.channels.join(", "), &after.channels.join(", "));
    changes.join("; ")
}
