//! Saved insights: a question with a name. Deleting one can be undone.

use crate::{Act, MemberId, Meta, MetaError, QUESTION_BYTES_MAX, limits};
use model::{Micros, ProjectId};
use serde_json::Value;

/// The number of a saved insight.
pub type InsightId = i64;

/// A saved insight.
#[derive(Debug, Clone, PartialEq)]
pub struct Insight {
    /// Number.
    pub id: InsightId,
    /// As people call it.
    pub name: String,
    /// What it is good for; may be empty.
    pub description: String,
    /// The question as JSON; that it is a valid one was checked when it was saved.
    pub question: Value,
    /// Who saved it first, as long as the member exists.
    pub created_by: Option<MemberId>,
    /// That member's name.
    pub created_by_name: Option<String>,
    /// When it was saved first.
    pub created_at: Micros,
    /// When it was changed last.
    pub updated_at: Micros,
}

/// An insight to be saved.
#[derive(Debug, Clone)]
pub struct NewInsight {
    /// 1 to 200 characters.
    pub name: String,
    /// At most 2 000 characters; may be empty.
    pub description: String,
    /// Checked by the caller; at most 64 KiB.
    pub question: Value,
}

/// What changes of an insight; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct InsightChange {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New question, checked by the caller.
    pub question: Option<Value>,
    /// Brings a deleted insight back, onto its dashboards too.
    pub restore: bool,
}

#[derive(sqlx::FromRow)]
struct InsightRow {
    id: i64,
    name: String,
    description: String,
    question: String,
    created_by: Option<i64>,
    created_by_name: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl InsightRow {
    fn insight(self) -> Result<Insight, MetaError> {
        let question = serde_json::from_str(&self.question).map_err(|error| MetaError::Damaged {
            table: "insight",
            column: "question",
            value: error.to_string(),
        })?;
        Ok(Insight {
            id: self.id,
            name: self.name,
            description: self.description,
            question,
            created_by: self.created_by,
            created_by_name: self.created_by_name,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

impl Meta {
    /// The saved insights of a project, last changed first.
    pub async fn insights(&self, project: ProjectId) -> Result<Vec<Insight>, MetaError> {
        let rows: Vec<InsightRow> = sqlx::query_as(
            "SELECT insight.id, insight.name, description, question, created_by, member.name AS created_by_name,
                    insight.created_at, updated_at
             FROM insight LEFT JOIN member ON member.id = created_by
             WHERE project_id = $1 AND deleted_at IS NULL
             ORDER BY updated_at DESC, insight.id DESC",
        )
        .bind(i64::from(project.0))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(InsightRow::insight).collect()
    }

    /// One saved insight.
    pub async fn insight(&self, project: ProjectId, id: InsightId) -> Result<Insight, MetaError> {
        let row: Option<InsightRow> = sqlx::query_as(
            "SELECT insight.id, insight.name, description, question, created_by, member.name AS created_by_name,
                    insight.created_at, updated_at
             FROM insight LEFT JOIN member ON member.id = created_by
             WHERE project_id = $1 AND insight.id = $2 AND deleted_at IS NULL",
        )
        .bind(i64::from(project.0))
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.ok_or(MetaError::not_found("insight"))?.insight()
    }

    /// Saves an insight.
    pub async fn create_insight(
        &self,
        act: &Act<'_>,
        project: ProjectId,
        new: &NewInsight,
    ) -> Result<Insight, MetaError> {
        let name = limits::name("name", &new.name)?;
        let description = limits::description(&new.description)?;
        let question = question_text(&new.question)?;
        let mut write = self.write().await?;
        write.project_exists(project).await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO insight (project_id, name, description, question, created_by, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id",
        )
        .bind(i64::from(project.0))
        .bind(&name)
        .bind(description)
        .bind(question)
        .bind(act.member)
        .bind(act.at)
        .fetch_one(write.on())
        .await?;
        write.audit(act, "insight.create", format!("insight {id}"), name).await?;
        write.commit().await?;
        self.insight(project, id).await
    }

    /// Changes an insight, or brings a deleted one back (`restore`).
    ///
    /// A deleted insight is not found unless this change brings it back.
    pub async fn update_insight(
        &self,
        act: &Act<'_>,
        project: ProjectId,
        id: InsightId,
        change: &InsightChange,
    ) -> Result<Insight, MetaError> {
        let name = change.name.as_deref().map(|name| limits::name("name", name)).transpose()?;
        let description = change.description.as_deref().map(limits::description).transpose()?;
        let question = change.question.as_ref().map(question_text).transpose()?;
        let mut write = self.write().await?;
        let changed = sqlx::query(
            "UPDATE insight
             SET name = COALESCE($3, name), description = COALESCE($4, description),
                 question = COALESCE($5, question), updated_at = $6, deleted_at = NULL
             WHERE project_id = $1 AND id = $2 AND (deleted_at IS NULL OR $7)",
        )
        .bind(i64::from(project.0))
        .bind(id)
        .bind(name)
        .bind(description)
        .bind(question)
        .bind(act.at)
        .bind(change.restore)
        .execute(write.on())
        .await?
        .rows_affected();
        if changed == 0 {
            return Err(MetaError::not_found("insight"));
        }
        write.audit(act, "insight.update", format!("insight {id}"), String::new()).await?;
        write.commit().await?;
        self.insight(project, id).await
    }

    /// Deletes an insight, so that it can be brought back by [`Meta::update_insight`].
    pub async fn delete_insight(&self, act: &Act<'_>, project: ProjectId, id: InsightId) -> Result<(), MetaError> {
        let mut write = self.write().await?;
        let deleted =
            sqlx::query("UPDATE insight SET deleted_at = $3 WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL")
                .bind(i64::from(project.0))
                .bind(id)
                .bind(act.at)
                .execute(write.on())
                .await?
                .rows_affected();
        if deleted == 0 {
            return Err(MetaError::not_found("insight"));
        }
        write.audit(act, "insight.delete", format!("insight {id}"), String::new()).await?;
        write.commit().await
    }
}

fn question_text(question: &Value) -> Result<String, MetaError> {
    let text = question.to_string();
    if text.len() > QUESTION_BYTES_MAX {
        return Err(MetaError::invalid("question", format!("must not be larger than {QUESTION_BYTES_MAX} bytes")));
    }
    Ok(text)
}
