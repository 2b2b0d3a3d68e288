//! Logins: an operator's sessions in the page.
//!
//! The browser holds a random token, here lies its SHA-256. Tokens rotate; the one before stays good for a short
//! grace, so that requests which were on their way together do not log each other out.

use crate::members::MemberRow;
use crate::{Act, Member, MemberId, Meta, MetaError, SecretHash};
use model::Micros;

/// The number of a login.
pub type LoginId = i64;

/// A login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Login {
    /// Number.
    pub id: LoginId,
    /// Whose.
    pub member_id: MemberId,
    /// When it began.
    pub created_at: Micros,
    /// When its token was last replaced.
    pub rotated_at: Micros,
    /// It is worth nothing from this instant on.
    pub expires_at: Micros,
}

/// Which of a login's tokens was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// The present one: rotate it when it is old.
    Current,
    /// The one before, in its grace: accept, and do not rotate.
    Previous,
}

impl Meta {
    /// Begins a login and notes it as the member's last. Logins that have expired are swept away.
    pub async fn create_login(
        &self,
        act: &Act<'_>,
        member: MemberId,
        token: &SecretHash,
        expires_at: Micros,
    ) -> Result<Login, MetaError> {
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM login WHERE expires_at <= $1").bind(act.at).execute(write.on()).await?;
        let known = sqlx::query("UPDATE member SET last_login_at = $2 WHERE id = $1")
            .bind(member)
            .bind(act.at)
            .execute(write.on())
            .await?
            .rows_affected();
        if known == 0 {
            return Err(MetaError::not_found("member"));
        }
        let login: Login = sqlx::query_as(
            "INSERT INTO login (member_id, token_hash, created_at, rotated_at, expires_at)
             VALUES ($1, $2, $3, $3, $4)
             RETURNING id, member_id, created_at, rotated_at, expires_at",
        )
        .bind(member)
        .bind(token.bytes())
        .bind(act.at)
        .bind(expires_at)
        .fetch_one(write.on())
        .await?;
        write.audit(act, "login.create", format!("member {member}"), String::new()).await?;
        write.commit().await?;
        Ok(login)
    }

    /// The login that this token belongs to, and its member; `None` when it is unknown, expired or past its grace.
    pub async fn login(
        &self,
        token: &SecretHash,
        now: Micros,
    ) -> Result<Option<(Login, Member, Presented)>, MetaError> {
        #[derive(sqlx::FromRow)]
        struct Row {
            #[sqlx(flatten)]
            member: MemberRow,
            login_id: i64,
            login_created_at: i64,
            rotated_at: i64,
            expires_at: i64,
            current: bool,
        }
        let row: Option<Row> = sqlx::query_as(
            "SELECT member.id, email, name, role, language, member.created_at, last_login_at,
                    login.id AS login_id, login.created_at AS login_created_at, rotated_at, expires_at,
                    token_hash = $1 AS current
             FROM login JOIN member ON member.id = login.member_id
             WHERE expires_at > $2 AND (token_hash = $1 OR (previous_hash = $1 AND previous_until > $2))",
        )
        .bind(token.bytes())
        .bind(now)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let member = row.member.member()?;
        let login = Login {
            id: row.login_id,
            member_id: member.id,
            created_at: row.login_created_at,
            rotated_at: row.rotated_at,
            expires_at: row.expires_at,
        };
        Ok(Some((login, member, if row.current { Presented::Current } else { Presented::Previous })))
    }

    /// Replaces a login's token; `from` stays good until `grace_until`.
    ///
    /// Of several requests that rotate the same token at once one gets `true`; the others go on with what they have.
    pub async fn rotate_login(
        &self,
        from: &SecretHash,
        to: &SecretHash,
        now: Micros,
        grace_until: Micros,
        expires_at: Micros,
    ) -> Result<bool, MetaError> {
        let mut write = self.write().await?;
        let rotated = sqlx::query(
            "UPDATE login
             SET token_hash = $2, previous_hash = $1, previous_until = $4, rotated_at = $3, expires_at = $5
             WHERE token_hash = $1 AND expires_at > $3",
        )
        .bind(from.bytes())
        .bind(to.bytes())
        .bind(now)
        .bind(grace_until)
        .bind(expires_at)
        .execute(write.on())
        .await?
        .rows_affected();
        write.commit().await?;
        Ok(rotated > 0)
    }

    /// Ends the login that this token belongs to, present or previous. Nothing happens when there is none.
    pub async fn delete_login(&self, token: &SecretHash) -> Result<(), MetaError> {
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM login WHERE token_hash = $1 OR previous_hash = $1")
            .bind(token.bytes())
            .execute(write.on())
            .await?;
        write.commit().await
    }
}
