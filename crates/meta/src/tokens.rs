//! Personal tokens: a member's rights for scripts, narrowed by scopes and, if wanted, to one project.

use crate::database::Write;
use crate::error::is_taken;
use crate::members::MemberRow;
use crate::projects::project_id;
use crate::words::Word;
use crate::{Act, Member, MemberId, Meta, MetaError, SecretHash, limits};
use model::{Micros, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The number of a personal token.
pub type TokenId = i64;

/// Uses within this time of the noted one are not noted again: a busy script must not write on every call.
const TOUCH_INTERVAL: Micros = 60 * model::time::SECOND;

/// What a token may be used for; its member's role limits it further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Ask questions and read what is configured.
    Read,
    /// Save insights and dashboards, retry failed events, undo merges.
    Write,
    /// Change projects, keys and members.
    Admin,
}

impl Word for Scope {
    const ALL: &'static [Scope] = &[Scope::Read, Scope::Write, Scope::Admin];
    fn word(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Admin => "admin",
        }
    }
}

/// A personal token, without the token itself, which nobody can read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Number.
    pub id: TokenId,
    /// Whose.
    pub member_id: MemberId,
    /// Only this project; `None` for all that the member may see.
    pub project: Option<ProjectId>,
    /// What its owner calls it.
    pub name: String,
    /// Sorted, without repetition, at least one.
    pub scopes: Vec<Scope>,
    /// First characters, to recognise it by.
    pub prefix: String,
    /// When it was made.
    pub created_at: Micros,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Micros>,
}

/// A personal token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// 1 to 200 characters.
    pub name: String,
    /// At least one.
    pub scopes: Vec<Scope>,
    /// Only this project; `None` for all.
    pub project: Option<ProjectId>,
    /// First characters of the token.
    pub prefix: String,
    /// Hash of the whole token.
    pub hash: SecretHash,
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    token_id: i64,
    token_member_id: i64,
    token_project_id: Option<i64>,
    token_name: String,
    scopes: String,
    prefix: String,
    token_created_at: i64,
    last_used_at: Option<i64>,
}

impl TokenRow {
    fn token(self) -> Result<Token, MetaError> {
        let scopes = self
            .scopes
            .split_ascii_whitespace()
            .map(|word| Scope::from_column("personal_token", "scopes", word))
            .collect::<Result<_, _>>()?;
        Ok(Token {
            id: self.token_id,
            member_id: self.token_member_id,
            project: self.token_project_id.map(|id| project_id("personal_token", id)).transpose()?,
            name: self.token_name,
            scopes,
            prefix: self.prefix,
            created_at: self.token_created_at,
            last_used_at: self.last_used_at,
        })
    }
}

impl Meta {
    /// A member's tokens, newest first.
    pub async fn tokens(&self, member: MemberId) -> Result<Vec<Token>, MetaError> {
        let rows: Vec<TokenRow> = sqlx::query_as(
            "SELECT id AS token_id, member_id AS token_member_id, project_id AS token_project_id, name AS token_name,
                    scopes, prefix, created_at AS token_created_at, last_used_at
             FROM personal_token WHERE member_id = $1 ORDER BY id DESC",
        )
        .bind(member)
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(TokenRow::token).collect()
    }

    /// The token with this hash, and its member; `None` when there is none.
    pub async fn token(&self, hash: &SecretHash) -> Result<Option<(Token, Member)>, MetaError> {
        #[derive(sqlx::FromRow)]
        struct Row {
            #[sqlx(flatten)]
            token: TokenRow,
            #[sqlx(flatten)]
            member: MemberRow,
        }
        let row: Option<Row> = sqlx::query_as(
            "SELECT token.id AS token_id, token.member_id AS token_member_id, token.project_id AS token_project_id,
                    token.name AS token_name, scopes, prefix, token.created_at AS token_created_at, last_used_at,
                    member.id, email, member.name, role, language, member.created_at, last_login_at
             FROM personal_token AS token JOIN member ON member.id = token.member_id
             WHERE token_hash = $1",
        )
        .bind(hash.bytes())
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| Ok((row.token.token()?, row.member.member()?))).transpose()
    }

    /// Makes a token for a member.
    pub async fn create_token(&self, act: &Act<'_>, member: MemberId, new: &NewToken) -> Result<Token, MetaError> {
        let mut write = self.write().await?;
        let token = write.create_token(act, member, new).await?;
        write.commit().await?;
        Ok(token)
    }

    /// Takes a member's token away; it is worth nothing from now on.
    pub async fn delete_token(&self, act: &Act<'_>, member: MemberId, id: TokenId) -> Result<(), MetaError> {
        let mut write = self.write().await?;
        let name: Option<String> =
            sqlx::query_scalar("DELETE FROM personal_token WHERE id = $1 AND member_id = $2 RETURNING name")
                .bind(id)
                .bind(member)
                .fetch_optional(write.on())
                .await?;
        let name = name.ok_or(MetaError::not_found("token"))?;
        write.audit(act, "token.delete", format!("token {id}"), name).await?;
        write.commit().await
    }

    /// Notes that a token was used; at most one write per token and minute.
    pub async fn touch_token(&self, token: &Token, now: Micros) -> Result<(), MetaError> {
        if token.last_used_at.is_some_and(|last| now < last.saturating_add(TOUCH_INTERVAL)) {
            return Ok(());
        }
        let mut write = self.write().await?;
        sqlx::query(
            "UPDATE personal_token SET last_used_at = $2
             WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
        )
        .bind(token.id)
        .bind(now)
        .execute(write.on())
        .await?;
        write.commit().await
    }
}

impl Write {
    pub(crate) async fn create_token(
        &mut self,
        act: &Act<'_>,
        member: MemberId,
        new: &NewToken,
    ) -> Result<Token, MetaError> {
        let name = limits::name("name", &new.name)?;
        let prefix = limits::opaque("prefix", &new.prefix)?;
        let mut scopes = new.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(MetaError::invalid("scopes", "must name at least one of read, write, admin"));
        }
        self.member_exists(member).await?;
        if let Some(project) = new.project {
            self.project_exists(project).await?;
        }
        let words: Vec<&str> = scopes.iter().map(|scope| scope.word()).collect();
        let row: TokenRow = sqlx::query_as(
            "INSERT INTO personal_token (member_id, project_id, name, scopes, prefix, token_hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             RETURNING id AS token_id, member_id AS token_member_id, project_id AS token_project_id,
                       name AS token_name, scopes, prefix, created_at AS token_created_at, last_used_at",
        )
        .bind(member)
        .bind(new.project.map(|project| i64::from(project.0)))
        .bind(name)
        .bind(words.join(" "))
        .bind(prefix)
        .bind(new.hash.bytes())
        .bind(act.at)
        .fetch_one(self.on())
        .await
        .map_err(|error| {
            if is_taken(&error) {
                MetaError::conflict("token", "this token exists already; make another")
            } else {
                error.into()
            }
        })?;
        let token = row.token()?;
        let detail = format!("{} ({}) of member {member}", token.name, words.join(" "));
        self.audit(act, "token.create", format!("token {}", token.id), detail).await?;
        Ok(token)
    }

    async fn member_exists(&mut self, id: MemberId) -> Result<(), MetaError> {
        let found: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM member WHERE id = $1").bind(id).fetch_one(self.on()).await?;
        if found == 0 { Err(MetaError::not_found("member")) } else { Ok(()) }
    }
}
