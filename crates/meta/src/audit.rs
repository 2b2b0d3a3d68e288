//! Who changed what, when. Lines are only ever added.

use crate::database::Write;
use crate::{MemberId, Meta, MetaError};
use model::Micros;

/// Who changes something, and when; every change takes one.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// The member, when it is one.
    pub member: Option<MemberId>,
    /// In words: an email address, "set-up", the name of a command.
    pub who: &'a str,
    /// The caller's clock.
    pub at: Micros,
}

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditEntry {
    /// Grows with every line.
    pub id: i64,
    /// When.
    pub at: Micros,
    /// Who, as long as the member exists.
    pub member_id: Option<MemberId>,
    /// Who, in words; stays readable.
    pub who: String,
    /// What was done: `project.create`, `key.revoke`…
    pub action: String,
    /// To what: `project 3`, `member 7`…
    pub subject: String,
    /// What changed, in words; may be empty. Never a password, token or secret key.
    pub detail: String,
}

impl Meta {
    /// The audit log, newest first; `before` is the id of the last line of the page before. `limit` is at most 1 000.
    pub async fn audit(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>, MetaError> {
        let entries = sqlx::query_as(
            "SELECT id, at, member_id, who, action, subject, detail FROM audit
             WHERE id < $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(limit.min(1_000)))
        .fetch_all(&self.readers)
        .await?;
        Ok(entries)
    }
}

impl Write {
    /// Adds a line to the audit log, in the transaction of the change itself.
    pub(crate) async fn audit(
        &mut self,
        act: &Act<'_>,
        action: &'static str,
        subject: String,
        detail: String,
    ) -> Result<(), MetaError> {
        sqlx::query("INSERT INTO audit (at, member_id, who, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(act.at)
            .bind(act.member)
            .bind(act.who)
            .bind(action)
            .bind(subject)
            .bind(detail)
            .execute(self.on())
            .await?;
        Ok(())
    }
}
