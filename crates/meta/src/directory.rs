//! What the gate asks for every batch: which project does this key or channel belong to, and what are its rules.
//!
//! Small enough to be held in memory whole. Loaded again when [`Meta::directory_version`] has grown.

use crate::projects::{project_id, projects_on};
use crate::{KeyId, Meta, MetaError, SecretHash};
use model::ProjectId;
use model::project::ProjectRules;
use std::collections::HashMap;

/// Where a key leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The project and its rules.
    pub rules: ProjectRules,
    /// The key, to note its use; `None` when a channel led here.
    pub key: Option<KeyId>,
    /// It was a secret key: the sender is a trusted server.
    pub trusted: bool,
}

/// All keys that are not revoked, all channels and all projects, of one instant.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    version: u64,
    write_keys: HashMap<String, (KeyId, ProjectId)>,
    secret_keys: HashMap<SecretHash, (KeyId, ProjectId)>,
    channels: HashMap<String, ProjectId>,
    projects: HashMap<ProjectId, ProjectRules>,
}

impl Directory {
    /// Compare with [`Meta::directory_version`]; stale when smaller.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Where a key leads, write or secret, exactly as the client sent it; `None` when unknown or revoked.
    pub fn by_key(&self, key: &str) -> Option<Route> {
        if let Some(&(id, project)) = self.write_keys.get(key) {
            return self.route(project, Some(id), false);
        }
        // Looked up by hash: the time of a look-up tells nothing about a secret.
        let &(id, project) = self.secret_keys.get(&SecretHash::of(key))?;
        self.route(project, Some(id), true)
    }

    /// Where a Sunbird channel leads.
    pub fn by_channel(&self, channel: &str) -> Option<Route> {
        self.route(*self.channels.get(channel)?, None, false)
    }

    /// The rules of a project.
    pub fn rules(&self, project: ProjectId) -> Option<&ProjectRules> {
        self.projects.get(&project)
    }

    /// The rules of all projects, in no order.
    pub fn projects(&self) -> impl Iterator<Item = &ProjectRules> {
        self.projects.values()
    }

    fn route(&self, project: ProjectId, key: Option<KeyId>, trusted: bool) -> Option<Route> {
        Some(Route { rules: self.projects.get(&project)?.clone(), key, trusted })
    }
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: i64,
    project_id: i64,
    write_key: Option<String>,
    secret_hash: Option<Vec<u8>>,
}

impl Meta {
    /// Loads the directory.
    pub async fn directory(&self) -> Result<Directory, MetaError> {
        // One transaction: the version is that of exactly these rows.
        let mut read = self.readers.begin().await?;
        let version: i64 = sqlx::query_scalar("SELECT version FROM directory_version").fetch_one(&mut *read).await?;
        let mut directory = Directory { version: version.unsigned_abs(), ..Directory::default() };
        let keys: Vec<KeyRow> =
            sqlx::query_as("SELECT id, project_id, write_key, secret_hash FROM project_key WHERE revoked_at IS NULL")
                .fetch_all(&mut *read)
                .await?;
        for row in keys {
            let entry = (row.id, project_id("project_key", row.project_id)?);
            if let Some(key) = row.write_key {
                directory.write_keys.insert(key, entry);
            }
            if let Some(hash) = row.secret_hash {
                directory.secret_keys.insert(SecretHash::from_column("project_key", "secret_hash", &hash)?, entry);
            }
        }
        for project in projects_on(&mut read).await? {
            directory.projects.insert(project.id, project.rules());
            for channel in project.channels {
                directory.channels.insert(channel, project.id);
            }
        }
        Ok(directory)
    }
}
