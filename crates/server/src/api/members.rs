//! Members of the organisation.

use super::error::{ApiError, ApiResult};
use super::input::{Input, Path};
use crate::app::App;
use crate::auth::Who;
use crate::clock::rfc3339;
use crate::secret::check_new_password;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meta::{Language, Member, MemberChange, MemberId, NewMember, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A member as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberView {
    /// Number.
    pub id: MemberId,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Language of the page.
    pub language: Language,
    /// When they were added, RFC 3339.
    pub created_at: String,
    /// When they logged in last, RFC 3339.
    pub last_login_at: Option<String>,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        MemberView {
            id: member.id,
            email: member.email,
            name: member.name,
            role: member.role,
            language: member.language,
            created_at: rfc3339(member.created_at),
            last_login_at: member.last_login_at.map(rfc3339),
        }
    }
}

/// All members.
#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    /// By name.
    pub members: Vec<MemberView>,
}

/// Lists the members.
#[utoipa::path(get, path = "/api/members", operation_id = "members_list", tag = "members", responses((status = 200, body = Members)))]
pub async fn list(State(app): State<App>, who: Who) -> ApiResult<Json<Members>> {
    who.require_everywhere(Role::Viewer)?;
    Ok(Json(Members { members: app.meta.members().await?.into_iter().map(MemberView::from).collect() }))
}

/// A member to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberInput {
    /// Address they log in with.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they may do; not above your own role.
    pub role: Role,
    /// First password, at least 10 characters; tell it to them and have them change it.
    pub password: String,
}

/// Adds a member.
#[utoipa::path(post, path = "/api/members", operation_id = "members_create", tag = "members", request_body = MemberInput,
    responses((status = 201, body = MemberView), (status = 409, description = "the address is taken")))]
pub async fn create(
    State(app): State<App>,
    who: Who,
    Input(new): Input<MemberInput>,
) -> ApiResult<(StatusCode, Json<MemberView>)> {
    who.require_everywhere(Role::Admin)?;
    not_above(&who, new.role)?;
    check_new_password(&new.password).map_err(|reason| ApiError::field("password", reason))?;
    let password_hash = app.passwords.hash(new.password).await.map_err(ApiError::internal)?;
    let member = NewMember { email: new.email, name: new.name, role: new.role, language: Language::En, password_hash };
    let member = app.meta.create_member(&who.act(), &member).await?;
    Ok((StatusCode::CREATED, Json(member.into())))
}

/// What changes of a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberUpdate {
    /// New name.
    pub name: Option<String>,
    /// New role.
    pub role: Option<Role>,
}

/// Changes a member; there is always an owner.
#[utoipa::path(patch, path = "/api/members/{id}", operation_id = "members_update", tag = "members", request_body = MemberUpdate,
    params(("id" = i64, Path)), responses((status = 200, body = MemberView), (status = 409, description = "the last owner")))]
pub async fn update(
    State(app): State<App>,
    who: Who,
    Path(id): Path<MemberId>,
    Input(change): Input<MemberUpdate>,
) -> ApiResult<Json<MemberView>> {
    who.require_everywhere(Role::Admin)?;
    not_above(&who, app.meta.member(id).await?.role)?;
    if let Some(role) = change.role {
        not_above(&who, role)?;
    }
    let change = MemberChange { name: change.name, role: change.role, language: None };
    Ok(Json(app.meta.update_member(&who.act(), id, &change).await?.into()))
}

/// Removes a member with their logins and tokens.
#[utoipa::path(delete, path = "/api/members/{id}", operation_id = "members_remove", tag = "members", params(("id" = i64, Path)),
    responses((status = 204), (status = 409, description = "the last owner")))]
pub async fn remove(State(app): State<App>, who: Who, Path(id): Path<MemberId>) -> ApiResult<StatusCode> {
    who.require_everywhere(Role::Admin)?;
    not_above(&who, app.meta.member(id).await?.role)?;
    app.meta.delete_member(&who.act(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn not_above(who: &Who, role: Role) -> ApiResult<()> {
    if role > who.member.role {
        return Err(ApiError::forbidden(format!(
            "you are {}; a member with the role {role} is above you",
            who.member.role
        )));
    }
    Ok(())
}
