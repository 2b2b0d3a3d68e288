//! The demo: one project whose events the server makes itself, and how far it is filled. At most one per server.

use crate::projects::project_id;
use crate::words::Word;
use crate::{Act, Meta, MetaError, NewProject, Project};
use model::{Micros, ProjectId};
use sqlx::SqliteConnection;

/// What a demo is made from; the same plan makes the same events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoPlan {
    /// Seed.
    pub seed: u64,
    /// How many persons.
    pub persons: u32,
    /// How many days up to `ends_at`.
    pub days: u32,
    /// The last instant of the demo's past.
    pub ends_at: Micros,
}

/// Whether the project is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoState {
    /// Not yet; also when the server stopped in between.
    Running,
    /// Yes.
    Done,
    /// It was given up; it can be taken up again.
    Failed,
}

impl Word for DemoState {
    const ALL: &'static [DemoState] = &[DemoState::Running, DemoState::Done, DemoState::Failed];
    fn word(self) -> &'static str {
        match self {
            DemoState::Running => "running",
            DemoState::Done => "done",
            DemoState::Failed => "failed",
        }
    }
}

/// How far a demo is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoProgress {
    /// Whether the project is filled.
    pub state: DemoState,
    /// All that arrives before this instant has been sent and acknowledged.
    pub sent_until: Micros,
    /// Events sent and acknowledged.
    pub sent: u64,
    /// Events up to the plan's `ends_at`; 0 before they were counted.
    pub total: u64,
    /// Why it failed.
    pub error: Option<String>,
}

/// The demo of this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// Its project.
    pub project: ProjectId,
    /// What it is made from.
    pub plan: DemoPlan,
    /// How far it is.
    pub progress: DemoProgress,
}

/// An error may come from outside and be long.
const ERROR_CHARS_MAX: usize = 1_000;

impl Meta {
    /// The demo; `None` when there is none.
    pub async fn demo(&self) -> Result<Option<Demo>, MetaError> {
        let mut read = self.readers.begin().await?;
        demo_on(&mut read).await
    }

    /// Makes the demo and its project in one step; when there is one already it stays as it is and is the answer.
    ///
    /// `true` when it was made. Errors as those of [`Meta::create_project`].
    pub async fn create_demo(
        &self,
        act: &Act<'_>,
        new: &NewProject,
        plan: &DemoPlan,
    ) -> Result<(Demo, bool), MetaError> {
        let mut write = self.write().await?;
        if let Some(demo) = demo_on(write.on()).await? {
            return Ok((demo, false));
        }
        let project: Project = write.create_project(act, new).await?;
        sqlx::query(
            "INSERT INTO demo (id, project_id, seed, persons, days, ends_at, state, sent_until, sent, total)
             VALUES (1, $1, $2, $3, $4, $5, $6, $7, 0, 0)",
        )
        .bind(i64::from(project.id.0))
        .bind(plan.seed.cast_signed())
        .bind(i64::from(plan.persons))
        .bind(i64::from(plan.days))
        .bind(plan.ends_at)
        .bind(DemoState::Running.word())
        .bind(Micros::MIN)
        .execute(write.on())
        .await?;
        let demo = demo_on(write.on()).await?.ok_or(MetaError::not_found("demo"))?;
        write.commit().await?;
        Ok((demo, true))
    }

    /// Notes how far the demo is. Not audited: it is the server's own doing, and happens every second.
    pub async fn set_demo_progress(&self, progress: &DemoProgress) -> Result<(), MetaError> {
        let mut write = self.write().await?;
        let error: Option<String> = progress.error.as_ref().map(|error| error.chars().take(ERROR_CHARS_MAX).collect());
        let changed =
            sqlx::query("UPDATE demo SET state = $1, sent_until = $2, sent = $3, total = $4, error = $5 WHERE id = 1")
                .bind(progress.state.word())
                .bind(progress.sent_until)
                .bind(i64::try_from(progress.sent).unwrap_or(i64::MAX))
                .bind(i64::try_from(progress.total).unwrap_or(i64::MAX))
                .bind(error)
                .execute(write.on())
                .await?;
        if changed.rows_affected() == 0 {
            return Err(MetaError::not_found("demo"));
        }
        write.commit().await
    }
}

async fn demo_on(connection: &mut SqliteConnection) -> Result<Option<Demo>, MetaError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        project_id: i64,
        seed: i64,
        persons: i64,
        days: i64,
        ends_at: i64,
        state: String,
        sent_until: i64,
        sent: i64,
        total: i64,
        error: Option<String>,
    }
    let row: Option<Row> = sqlx::query_as(
        "SELECT project_id, seed, persons, days, ends_at, state, sent_until, sent, total, error FROM demo WHERE id = 1",
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let small = |column: &'static str, value: i64| {
        u32::try_from(value).map_err(|_| MetaError::Damaged { table: "demo", column, value: value.to_string() })
    };
    Ok(Some(Demo {
        project: project_id("demo", row.project_id)?,
        plan: DemoPlan {
            seed: row.seed.cast_unsigned(),
            persons: small("persons", row.persons)?,
            days: small("days", row.days)?,
            ends_at: row.ends_at,
        },
        progress: DemoProgress {
            state: DemoState::from_column("demo", "state", &row.state)?,
            sent_until: row.sent_until,
            sent: row.sent.unsigned_abs(),
            total: row.total.unsigned_abs(),
            error: row.error,
        },
    }))
}
