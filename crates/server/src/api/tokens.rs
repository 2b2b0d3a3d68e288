//! A member's own personal tokens.

use super::error::ApiResult;
use super::input::{Input, Path};
use crate::app::App;
use crate::auth::Who;
use crate::clock::rfc3339;
use crate::secret::{self, Purpose};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meta::{NewToken, Role, Scope, SecretHash, Token, TokenId};
use model::ProjectId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A token as shown, without the token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    /// Number.
    pub id: TokenId,
    /// Name.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// First characters.
    pub prefix: String,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// When it was used last, RFC 3339, to the minute.
    pub last_used_at: Option<String>,
    /// Only this project; absent for all.
    pub project_id: Option<ProjectId>,
    /// The whole token; only in the answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl TokenView {
    fn of(token: Token, whole: Option<String>) -> Self {
        TokenView {
            id: token.id,
            name: token.name,
            scopes: token.scopes,
            prefix: token.prefix,
            created_at: rfc3339(token.created_at),
            last_used_at: token.last_used_at.map(rfc3339),
            project_id: token.project,
            token: whole,
        }
    }
}

/// All of a member's tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    /// Newest first.
    pub tokens: Vec<TokenView>,
}

/// Lists the member's own tokens.
#[utoipa::path(get, path = "/api/tokens", operation_id = "tokens_list", tag = "tokens", responses((status = 200, body = Tokens)))]
pub async fn list(State(app): State<App>, who: Who) -> ApiResult<Json<Tokens>> {
    who.require_everywhere(Role::Viewer)?;
    let tokens = app.meta.tokens(who.id()).await?;
    Ok(Json(Tokens { tokens: tokens.into_iter().map(|token| TokenView::of(token, None)).collect() }))
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenInput {
    /// What it is for.
    pub name: String,
    /// At least one; the member's role limits it further.
    pub scopes: Vec<Scope>,
    /// Only this project; absent for all.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
}

/// Makes a token; the answer is the only place where it stands.
#[utoipa::path(post, path = "/api/tokens", operation_id = "tokens_create", tag = "tokens", request_body = TokenInput,
    responses((status = 201, body = TokenView)))]
pub async fn create(
    State(app): State<App>,
    who: Who,
    Input(new): Input<TokenInput>,
) -> ApiResult<(StatusCode, Json<TokenView>)> {
    who.require_everywhere(Role::Viewer)?;
    for scope in &new.scopes {
        // A token must not make a mightier one.
        who.require_everywhere(match scope {
            Scope::Read => Role::Viewer,
            Scope::Write => Role::Member,
            Scope::Admin => Role::Admin,
        })?;
    }
    let token = secret::generate(Purpose::Token);
    let new = NewToken {
        name: new.name,
        scopes: new.scopes,
        project: new.project_id,
        prefix: secret::visible_prefix(&token),
        hash: SecretHash::of(&token),
    };
    let made = app.meta.create_token(&who.act(), who.id(), &new).await?;
    Ok((StatusCode::CREATED, Json(TokenView::of(made, Some(token)))))
}

/// Takes a token away.
#[utoipa::path(delete, path = "/api/tokens/{id}", operation_id = "tokens_remove", tag = "tokens", params(("id" = i64, Path)), responses((status = 204)))]
pub async fn remove(State(app): State<App>, who: Who, Path(id): Path<TokenId>) -> ApiResult<StatusCode> {
    who.require_everywhere(Role::Viewer)?;
    app.meta.delete_token(&who.act(), who.id(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
