//! Cohorts: named sets of persons, listed by their distinct_ids or taken by a rule.

use crate::{Act, Meta, MetaError, QUESTION_BYTES_MAX, limits};
use model::cohort::{CohortId, CohortRule};
use model::{Micros, ProjectId};

/// Cohorts of one project, and distinct_ids of one listed cohort, at most.
pub const COHORTS_MAX: usize = 500;
/// See [`COHORTS_MAX`].
pub const COHORT_MEMBERS_MAX: usize = 100_000;
/// Bytes of one distinct_id in a list, at most.
const DISTINCT_ID_BYTES_MAX: usize = 1_000;

/// A cohort of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// Number.
    pub id: CohortId,
    /// As people call it.
    pub name: String,
    /// What it is good for; may be empty.
    pub description: String,
    /// Whom it takes; `None`: its members are listed.
    pub rule: Option<CohortRule>,
    /// How many distinct_ids are listed.
    pub listed: u64,
    /// When it was made.
    pub created_at: Micros,
    /// When it, or its list, was changed last.
    pub updated_at: Micros,
}

/// A cohort to be made.
#[derive(Debug, Clone)]
pub struct NewCohort {
    /// 1 to 200 characters.
    pub name: String,
    /// At most 2 000 characters; may be empty.
    pub description: String,
    /// Who is in it.
    pub members: NewMembers,
}

/// Who is in a new cohort.
#[derive(Debug, Clone)]
pub enum NewMembers {
    /// Whom a rule takes; checked by the caller.
    Rule(CohortRule),
    /// The persons behind these distinct_ids.
    Listed(Vec<String>),
}

/// What changes of a cohort; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct CohortChange {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New rule, checked by the caller; only of a cohort that has one.
    pub rule: Option<CohortRule>,
    /// New list; only of a cohort that has one.
    pub listed: Option<Vec<String>>,
}

#[derive(sqlx::FromRow)]
struct CohortRow {
    id: i64,
    name: String,
    description: String,
    rule: Option<String>,
    listed: i64,
    created_at: i64,
    updated_at: i64,
}

impl CohortRow {
    fn cohort(self) -> Result<Cohort, MetaError> {
        let rule = self.rule.as_deref().map(serde_json::from_str).transpose();
        let rule =
            rule.map_err(|error| MetaError::Damaged { table: "cohort", column: "rule", value: error.to_string() })?;
        let CohortRow { id, name, description, created_at, updated_at, .. } = self;
        Ok(Cohort { id, name, description, rule, listed: self.listed.unsigned_abs(), created_at, updated_at })
    }
}

impl Meta {
    /// The cohorts of a project, by name.
    pub async fn cohorts(&self, project: ProjectId) -> Result<Vec<Cohort>, MetaError> {
        let rows: Vec<CohortRow> = sqlx::query_as(
            "SELECT id, name, description, rule, created_at, updated_at,
                    (SELECT COUNT(*) FROM cohort_member WHERE cohort_id = cohort.id) AS listed
             FROM cohort WHERE project_id = $1 ORDER BY name, id",
        )
        .bind(i64::from(project.0))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(CohortRow::cohort).collect()
    }

    /// One cohort.
    pub async fn cohort(&self, project: ProjectId, id: CohortId) -> Result<Cohort, MetaError> {
        let row: Option<CohortRow> = sqlx::query_as(
            "SELECT id, name, description, rule, created_at, updated_at,
                    (SELECT COUNT(*) FROM cohort_member WHERE cohort_id = cohort.id) AS listed
             FROM cohort WHERE project_id = $1 AND id = $2",
        )
        .bind(i64::from(project.0))
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.ok_or(MetaError::not_found("cohort"))?.cohort()
    }

    /// The distinct_ids that are listed in a cohort of a project, in byte order.
    pub async fn cohort_members(&self, project: ProjectId, id: CohortId) -> Result<Vec<String>, MetaError> {
        Ok(sqlx::query_scalar(
            "SELECT distinct_id FROM cohort_member JOIN cohort ON cohort.id = cohort_id
             WHERE project_id = $1 AND cohort_id = $2 ORDER BY distinct_id",
        )
        .bind(i64::from(project.0))
        .bind(id)
        .fetch_all(&self.readers)
        .await?)
    }

    /// Makes a cohort.
    pub async fn create_cohort(&self, act: &Act<'_>, project: ProjectId, new: &NewCohort) -> Result<Cohort, MetaError> {
        let name = limits::name("name", &new.name)?;
        let description = limits::description(&new.description)?;
        let (rule, listed) = match &new.members {
            NewMembers::Rule(rule) => (Some(rule_text(rule)?), Vec::new()),
            NewMembers::Listed(ids) => (None, checked(ids)?),
        };
        let mut write = self.write().await?;
        let count = "SELECT COUNT(*) FROM cohort WHERE project_id = $1";
        write.room_for(project, count, ("cohort", "cohorts", COHORTS_MAX)).await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO cohort (project_id, name, description, rule, created_by, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id",
        )
        .bind(i64::from(project.0))
        .bind(&name)
        .bind(description)
        .bind(rule)
        .bind(act.member)
        .bind(act.at)
        .fetch_one(write.on())
        .await?;
        insert(&mut write, id, &listed).await?;
        write.audit(act, "cohort.create", format!("cohort {id}"), name).await?;
        write.commit().await?;
        self.cohort(project, id).await
    }

    /// Changes a cohort. One that has a rule keeps having one, and one that is listed stays so.
    pub async fn update_cohort(
        &self,
        act: &Act<'_>,
        project: ProjectId,
        id: CohortId,
        change: &CohortChange,
    ) -> Result<Cohort, MetaError> {
        let name = change.name.as_deref().map(|name| limits::name("name", name)).transpose()?;
        let description = change.description.as_deref().map(limits::description).transpose()?;
        let rule = change.rule.as_ref().map(rule_text).transpose()?;
        let listed = change.listed.as_deref().map(checked).transpose()?;
        let mut write = self.write().await?;
        let has_rule: Option<bool> =
            sqlx::query_scalar("SELECT rule IS NOT NULL FROM cohort WHERE project_id = $1 AND id = $2")
                .bind(i64::from(project.0))
                .bind(id)
                .fetch_optional(write.on())
                .await?;
        match has_rule.ok_or(MetaError::not_found("cohort"))? {
            true if listed.is_some() => {
                return Err(MetaError::invalid("members", "this cohort has a rule, not a list"));
            }
            false if rule.is_some() => return Err(MetaError::invalid("rule", "this cohort has a list, not a rule")),
            _ => {}
        }
        sqlx::query(
            "UPDATE cohort SET name = COALESCE($2, name), description = COALESCE($3, description),
                 rule = COALESCE($4, rule), updated_at = $5
             WHERE id = $1",
        )
        .bind(id)
        .bind(name)
        .bind(description)
        .bind(rule)
        .bind(act.at)
        .execute(write.on())
        .await?;
        if let Some(listed) = listed {
            sqlx::query("DELETE FROM cohort_member WHERE cohort_id = $1").bind(id).execute(write.on()).await?;
            insert(&mut write, id, &listed).await?;
        }
        write.audit(act, "cohort.update", format!("cohort {id}"), String::new()).await?;
        write.commit().await?;
        self.cohort(project, id).await
    }

    /// Deletes a cohort; questions and cohorts that name it are wrong from now on.
    pub async fn delete_cohort(&self, act: &Act<'_>, project: ProjectId, id: CohortId) -> Result<(), MetaError> {
        let mut write = self.write().await?;
        let deleted = sqlx::query("DELETE FROM cohort WHERE project_id = $1 AND id = $2")
            .bind(i64::from(project.0))
            .bind(id)
            .execute(write.on())
            .await?
            .rows_affected();
        if deleted == 0 {
            return Err(MetaError::not_found("cohort"));
        }
        write.audit(act, "cohort.delete", format!("cohort {id}"), String::new()).await?;
        write.commit().await
    }
}

async fn insert(write: &mut crate::database::Write, id: CohortId, listed: &[&str]) -> Result<(), MetaError> {
    // One statement per thousand: SQLite takes a JSON list as a table.
    for some in listed.chunks(1_000) {
        let list = serde_json::Value::from(some.to_vec()).to_string();
        sqlx::query("INSERT OR IGNORE INTO cohort_member (cohort_id, distinct_id) SELECT $1, value FROM json_each($2)")
            .bind(id)
            .bind(list)
            .execute(write.on())
            .await?;
    }
    Ok(())
}

fn rule_text(rule: &CohortRule) -> Result<String, MetaError> {
    let text = serde_json::to_string(rule).map_err(|error| MetaError::invalid("rule", error.to_string()))?;
    if text.len() > QUESTION_BYTES_MAX {
        return Err(MetaError::invalid("rule", format!("must not be larger than {QUESTION_BYTES_MAX} bytes")));
    }
    Ok(text)
}

/// The ids that are some: neither empty nor endless, not too many.
fn checked(ids: &[String]) -> Result<Vec<&str>, MetaError> {
    if ids.len() > COHORT_MEMBERS_MAX {
        let message = format!("must not be more than {COHORT_MEMBERS_MAX} ids, not {}", ids.len());
        return Err(MetaError::invalid("members", message));
    }
    match ids.iter().find(|id| id.is_empty() || id.len() > DISTINCT_ID_BYTES_MAX || id.contains('\0')) {
        None => Ok(ids.iter().map(String::as_str).collect()),
        Some(id) => {
            let start: String = id.chars().take(40).collect();
            let message = format!("`{start}` is no id of 1 to {DISTINCT_ID_BYTES_MAX} bytes");
            Err(MetaError::invalid("members", message))
        }
    }
}
