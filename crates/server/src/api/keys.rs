//! Keys of a project: public write keys, and secret keys for its servers.

use super::error::ApiResult;
use super::input::{Input, Path};
use crate::app::App;
use crate::auth::Who;
use crate::clock::rfc3339;
use crate::secret::{self, Purpose};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meta::{Key, KeyId, KeyKind, NewKey, Role, SecretHash};
use model::ProjectId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A key as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// Number.
    pub id: KeyId,
    /// What it is for.
    pub kind: KeyKind,
    /// First characters.
    pub prefix: String,
    /// The whole key: always of a write key, of a secret key only in the answer that made it.
    pub key: Option<String>,
    /// Name.
    pub name: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub last_used_at: Option<String>,
    /// It is refused since then, RFC 3339.
    pub revoked_at: Option<String>,
}

impl KeyView {
    fn of(key: Key, whole: Option<String>) -> Self {
        KeyView {
            id: key.id,
            kind: key.kind,
            prefix: key.prefix,
            key: whole.or(key.key),
            name: key.name,
            created_at: rfc3339(key.created_at),
            last_used_at: key.last_used_at.map(rfc3339),
            revoked_at: key.revoked_at.map(rfc3339),
        }
    }
}

/// Keys of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Keys {
    /// Newest first.
    pub keys: Vec<KeyView>,
}

/// Lists the keys of a project, revoked ones too.
#[utoipa::path(get, path = "/api/projects/{id}/keys", operation_id = "keys_list", tag = "projects", params(("id" = u32, Path)),
    responses((status = 200, body = Keys)))]
pub async fn list(State(app): State<App>, who: Who, Path(id): Path<ProjectId>) -> ApiResult<Json<Keys>> {
    who.require_in(id, Role::Viewer)?;
    let keys = app.meta.keys(id).await?;
    Ok(Json(Keys { keys: keys.into_iter().map(|key| KeyView::of(key, None)).collect() }))
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyInput {
    /// What it is for.
    pub kind: KeyKind,
    /// What people call it.
    pub name: String,
}

/// Makes a key.
#[utoipa::path(post, path = "/api/projects/{id}/keys", operation_id = "keys_create", tag = "projects", params(("id" = u32, Path)),
    request_body = KeyInput, responses((status = 201, body = KeyView)))]
pub async fn create(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ProjectId>,
    Input(new): Input<KeyInput>,
) -> ApiResult<(StatusCode, Json<KeyView>)> {
    who.require_in(id, Role::Admin)?;
    let (new, whole) = match new.kind {
        KeyKind::Write => {
            let key = secret::generate(Purpose::WriteKey);
            (NewKey::Write { name: new.name, key: key.clone() }, key)
        }
        KeyKind::Secret => {
            let key = secret::generate(Purpose::SecretKey);
            let prefix = secret::visible_prefix(&key);
            (NewKey::Secret { name: new.name, prefix, hash: SecretHash::of(&key) }, key)
        }
    };
    let key = app.meta.create_key(&who.act(), id, &new).await?;
    Ok((StatusCode::CREATED, Json(KeyView::of(key, Some(whole)))))
}

/// Revokes a key: whoever still sends with it is refused from now on.
#[utoipa::path(delete, path = "/api/projects/{id}/keys/{key}", operation_id = "keys_revoke", tag = "projects",
    params(("id" = u32, Path), ("key" = i64, Path)), responses((status = 204)))]
pub async fn revoke(
    State(app): State<App>,
    who: Who,
    Path((id, key)): Path<(ProjectId, KeyId)>,
) -> ApiResult<StatusCode> {
    who.require_in(id, Role::Admin)?;
    app.meta.revoke_key(&who.act(), id, key).await?;
    Ok(StatusCode::NO_CONTENT)
}
