//! Unattended set-up: everything that a server without a person in front of it starts with, applied once.

use crate::{Act, Key, Member, Meta, MetaError, NewKey, NewMember, NewProject, NewToken, Organization, Project, Token};

/// The name under which it is noted that set-up took place.
const INITIALIZED: &str = "initialized";

/// What to start with.
#[derive(Debug, Clone)]
pub struct Initialization {
    /// The first member; becomes owner.
    pub owner: NewMember,
    /// The organisation's name.
    pub organization: Option<String>,
    /// The first project.
    pub project: Option<NewProject>,
    /// One more key of that project, usually a secret one; needs a project.
    pub key: Option<NewKey>,
    /// A personal token of the owner.
    pub token: Option<NewToken>,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initialized {
    /// The owner.
    pub owner: Member,
    /// The organisation, when named.
    pub organization: Option<Organization>,
    /// The project, when asked for.
    pub project: Option<Project>,
    /// The key, when asked for.
    pub key: Option<Key>,
    /// The token, when asked for.
    pub token: Option<Token>,
}

impl Meta {
    /// Applies an unattended set-up in one transaction: all of it or nothing.
    ///
    /// Only once in the life of a data directory, and only while there is neither member nor project; `None` when it
    /// is not applied for that reason. An error leaves the directory as it was, so that the settings can be corrected.
    pub async fn initialize(
        &self,
        act: &Act<'_>,
        initialization: &Initialization,
    ) -> Result<Option<Initialized>, MetaError> {
        let mut write = self.write().await?;
        let used: i64 = sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM once WHERE name = $1) + (SELECT COUNT(*) FROM member)
                  + (SELECT COUNT(*) FROM project)",
        )
        .bind(INITIALIZED)
        .fetch_one(write.on())
        .await?;
        if used > 0 {
            return Ok(None);
        }
        sqlx::query("INSERT INTO once (name, at) VALUES ($1, $2)")
            .bind(INITIALIZED)
            .bind(act.at)
            .execute(write.on())
            .await?;
        let owner = write.create_first_owner(act, &initialization.owner).await?;
        let organization = match &initialization.organization {
            Some(name) => Some(write.set_organization(act, name).await?),
            None => None,
        };
        let project = match &initialization.project {
            Some(new) => Some(write.create_project(act, new).await?),
            None => None,
        };
        let key = match (&initialization.key, &project) {
            (Some(new), Some(project)) => Some(write.create_key(act, project.id, new).await?),
            (Some(_), None) => return Err(MetaError::invalid("key", "needs a project")),
            (None, _) => None,
        };
        let token = match &initialization.token {
            Some(new) => Some(write.create_token(act, owner.id, new).await?),
            None => None,
        };
        write.commit().await?;
        Ok(Some(Initialized { owner, organization, project, key, token }))
    }
}
