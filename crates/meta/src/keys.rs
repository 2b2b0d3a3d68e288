//! Keys of a project: write keys, which stand in public pages, and secret keys, which servers hold.

use crate::database::Write;
use crate::error::is_taken;
use crate::projects::project_id;
use crate::words::Word;
use crate::{Act, Meta, MetaError, SecretHash, limits};
use model::{Micros, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The number of a key.
pub type KeyId = i64;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// May only send events; public.
    Write,
    /// Sends events as a trusted server; shown once.
    Secret,
}

impl Word for KeyKind {
    const ALL: &'static [KeyKind] = &[KeyKind::Write, KeyKind::Secret];
    fn word(self) -> &'static str {
        match self {
            KeyKind::Write => "write",
            KeyKind::Secret => "secret",
        }
    }
}

/// A key of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Number.
    pub id: KeyId,
    /// Whose.
    pub project: ProjectId,
    /// What it is for.
    pub kind: KeyKind,
    /// What people call it.
    pub name: String,
    /// First characters, to recognise it by.
    pub prefix: String,
    /// The whole key; `None` for secret keys.
    pub key: Option<String>,
    /// When it was made.
    pub created_at: Micros,
    /// When it was used last, as far as noted by [`Meta::touch_keys`].
    pub last_used_at: Option<Micros>,
    /// It is refused since then.
    pub revoked_at: Option<Micros>,
}

/// A key to be made.
#[derive(Debug, Clone)]
pub enum NewKey {
    /// A write key, kept as it is.
    Write {
        /// 1 to 200 characters.
        name: String,
        /// The whole key.
        key: String,
    },
    /// A secret key, of which only the hash is kept.
    Secret {
        /// 1 to 200 characters.
        name: String,
        /// First characters of the key.
        prefix: String,
        /// Hash of the whole key.
        hash: SecretHash,
    },
}

/// Characters of a write key that serve as its prefix: `tmw_` and four more.
const PREFIX_CHARS: usize = 8;

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: i64,
    project_id: i64,
    kind: String,
    name: String,
    prefix: String,
    write_key: Option<String>,
    created_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl KeyRow {
    fn key(self) -> Result<Key, MetaError> {
        Ok(Key {
            id: self.id,
            project: project_id("project_key", self.project_id)?,
            kind: KeyKind::from_column("project_key", "kind", &self.kind)?,
            name: self.name,
            prefix: self.prefix,
            key: self.write_key,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
            revoked_at: self.revoked_at,
        })
    }
}

impl Meta {
    /// The keys of a project, revoked ones too, oldest first.
    pub async fn keys(&self, project: ProjectId) -> Result<Vec<Key>, MetaError> {
        let rows: Vec<KeyRow> = sqlx::query_as(
            "SELECT id, project_id, kind, name, prefix, write_key, created_at, last_used_at, revoked_at
             FROM project_key WHERE project_id = $1 ORDER BY id",
        )
        .bind(i64::from(project.0))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(KeyRow::key).collect()
    }

    /// Makes a key. [`MetaError::Conflict`] when the key is taken, revoked keys included.
    pub async fn create_key(&self, act: &Act<'_>, project: ProjectId, new: &NewKey) -> Result<Key, MetaError> {
        let mut write = self.write().await?;
        let key = write.create_key(act, project, new).await?;
        write.commit().await?;
        Ok(key)
    }

    /// Revokes a key for ever. Revoking it again changes nothing.
    pub async fn revoke_key(&self, act: &Act<'_>, project: ProjectId, id: KeyId) -> Result<(), MetaError> {
        let mut write = self.write().await?;
        let revoked_at: Option<Option<i64>> =
            sqlx::query_scalar("SELECT revoked_at FROM project_key WHERE id = $1 AND project_id = $2")
                .bind(id)
                .bind(i64::from(project.0))
                .fetch_optional(write.on())
                .await?;
        if revoked_at.ok_or(MetaError::not_found("key"))?.is_some() {
            return Ok(());
        }
        sqlx::query("UPDATE project_key SET revoked_at = $2 WHERE id = $1")
            .bind(id)
            .bind(act.at)
            .execute(write.on())
            .await?;
        write.directory_changes().await?;
        write.audit(act, "key.revoke", format!("key {id}"), format!("of project {project}")).await?;
        write.commit().await
    }

    /// Notes when keys were used last. The caller gathers uses and calls this now and then, not per request.
    pub async fn touch_keys(&self, uses: &[(KeyId, Micros)]) -> Result<(), MetaError> {
        if uses.is_empty() {
            return Ok(());
        }
        let mut write = self.write().await?;
        for (id, at) in uses {
            sqlx::query(
                "UPDATE project_key SET last_used_at = $2
                 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
            )
            .bind(id)
            .bind(at)
            .execute(write.on())
            .await?;
        }
        write.commit().await
    }
}

impl Write {
    pub(crate) async fn create_key(
        &mut self,
        act: &Act<'_>,
        project: ProjectId,
        new: &NewKey,
    ) -> Result<Key, MetaError> {
        self.project_exists(project).await?;
        let (kind, name, prefix, write_key, secret_hash) = match new {
            NewKey::Write { name, key } => {
                let key = limits::opaque("key", key)?;
                let prefix = key.chars().take(PREFIX_CHARS).collect();
                (KeyKind::Write, name, prefix, Some(key), None)
            }
            NewKey::Secret { name, prefix, hash } => {
                (KeyKind::Secret, name, limits::opaque("prefix", prefix)?.to_owned(), None, Some(hash.bytes()))
            }
        };
        let name = limits::name("name", name)?;
        let row: KeyRow = sqlx::query_as(
            "INSERT INTO project_key (project_id, kind, name, prefix, write_key, secret_hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             RETURNING id, project_id, kind, name, prefix, write_key, created_at, last_used_at, revoked_at",
        )
        .bind(i64::from(project.0))
        .bind(kind.word())
        .bind(name)
        .bind(prefix)
        .bind(write_key)
        .bind(secret_hash)
        .bind(act.at)
        .fetch_one(self.on())
        .await
        .map_err(|error| {
            if is_taken(&error) {
                MetaError::conflict("key", "this key exists already, perhaps in another project; choose another")
            } else {
                error.into()
            }
        })?;
        let key = row.key()?;
        self.directory_changes().await?;
        let detail = format!("{} {} of project {project}", key.kind.word(), key.name);
        self.audit(act, "key.create", format!("key {}", key.id), detail).await?;
        Ok(key)
    }
}
