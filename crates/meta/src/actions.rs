//! Actions: named sets of events, by their steps.

use crate::{Act, Meta, MetaError, QUESTION_BYTES_MAX, limits};
use model::action::{ActionId, ActionStep};
use model::{Micros, ProjectId};

/// Actions of one project, at most.
pub const ACTIONS_MAX: usize = 500;

/// An action of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Number.
    pub id: ActionId,
    /// As people call it.
    pub name: String,
    /// What it is good for; may be empty.
    pub description: String,
    /// An event is of the action if it is of one of these.
    pub steps: Vec<ActionStep>,
    /// When it was made.
    pub created_at: Micros,
    /// When it was changed last.
    pub updated_at: Micros,
}

/// An action to be made.
#[derive(Debug, Clone)]
pub struct NewAction {
    /// 1 to 200 characters.
    pub name: String,
    /// At most 2 000 characters; may be empty.
    pub description: String,
    /// Checked by the caller.
    pub steps: Vec<ActionStep>,
}

/// What changes of an action; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ActionChange {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New steps, checked by the caller.
    pub steps: Option<Vec<ActionStep>>,
}

#[derive(sqlx::FromRow)]
struct ActionRow {
    id: i64,
    name: String,
    description: String,
    steps: String,
    created_at: i64,
    updated_at: i64,
}

impl ActionRow {
    fn action(self) -> Result<Action, MetaError> {
        let steps = serde_json::from_str(&self.steps).map_err(|error| MetaError::Damaged {
            table: "action",
            column: "steps",
            value: error.to_string(),
        })?;
        let ActionRow { id, name, description, created_at, updated_at, .. } = self;
        Ok(Action { id, name, description, steps, created_at, updated_at })
    }
}

impl Meta {
    /// The actions of a project, by name.
    pub async fn actions(&self, project: ProjectId) -> Result<Vec<Action>, MetaError> {
        let rows: Vec<ActionRow> = sqlx::query_as(
            "SELECT id, name, description, steps, created_at, updated_at FROM action
             WHERE project_id = $1 ORDER BY name, id",
        )
        .bind(i64::from(project.0))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(ActionRow::action).collect()
    }

    /// One action.
    pub async fn action(&self, project: ProjectId, id: ActionId) -> Result<Action, MetaError> {
        let row: Option<ActionRow> = sqlx::query_as(
            "SELECT id, name, description, steps, created_at, updated_at FROM action
             WHERE project_id = $1 AND id = $2",
        )
        .bind(i64::from(project.0))
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.ok_or(MetaError::not_found("action"))?.action()
    }

    /// Makes an action.
    pub async fn create_action(&self, act: &Act<'_>, project: ProjectId, new: &NewAction) -> Result<Action, MetaError> {
        let name = limits::name("name", &new.name)?;
        let description = limits::description(&new.description)?;
        let steps = steps_text(&new.steps)?;
        let mut write = self.write().await?;
        let count = "SELECT COUNT(*) FROM action WHERE project_id = $1";
        write.room_for(project, count, ("action", "actions", ACTIONS_MAX)).await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO action (project_id, name, description, steps, created_by, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id",
        )
        .bind(i64::from(project.0))
        .bind(&name)
        .bind(description)
        .bind(steps)
        .bind(act.member)
        .bind(act.at)
        .fetch_one(write.on())
        .await?;
        write.audit(act, "action.create", format!("action {id}"), name).await?;
        write.commit().await?;
        self.action(project, id).await
    }

    /// Changes an action.
    pub async fn update_action(
        &self,
        act: &Act<'_>,
        project: ProjectId,
        id: ActionId,
        change: &ActionChange,
    ) -> Result<Action, MetaError> {
        let name = change.name.as_deref().map(|name| limits::name("name", name)).transpose()?;
        let description = change.description.as_deref().map(limits::description).transpose()?;
        let steps = change.steps.as_deref().map(steps_text).transpose()?;
        let mut write = self.write().await?;
        let changed = sqlx::query(
            "UPDATE action SET name = COALESCE($3, name), description = COALESCE($4, description),
                 steps = COALESCE($5, steps), updated_at = $6
             WHERE project_id = $1 AND id = $2",
        )
        .bind(i64::from(project.0))
        .bind(id)
        .bind(name)
        .bind(description)
        .bind(steps)
        .bind(act.at)
        .execute(write.on())
        .await?
        .rows_affected();
        if changed == 0 {
            return Err(MetaError::not_found("action"));
        }
        write.audit(act, "action.update", format!("action {id}"), String::new()).await?;
        write.commit().await?;
        self.action(project, id).await
    }

    /// Deletes an action; questions that name it are wrong from now on.
    pub async fn delete_action(&self, act: &Act<'_>, project: ProjectId, id: ActionId) -> Result<(), MetaError> {
        let mut write = self.write().await?;
        let deleted = sqlx::query("DELETE FROM action WHERE project_id = $1 AND id = $2")
            .bind(i64::from(project.0))
            .bind(id)
            .execute(write.on())
            .await?
            .rows_affected();
        if deleted == 0 {
            return Err(MetaError::not_found("action"));
        }
        write.audit(act, "action.delete", format!("action {id}"), String::new()).await?;
        write.commit().await
    }
}

fn steps_text(steps: &[ActionStep]) -> Result<String, MetaError> {
    let text = serde_json::to_string(steps).map_err(|error| MetaError::invalid("steps", error.to_string()))?;
    if text.len() > QUESTION_BYTES_MAX {
        return Err(MetaError::invalid("steps", format!("must not be larger than {QUESTION_BYTES_MAX} bytes")));
    }
    Ok(text)
}
