//! Set-up of the owner, login, logout, and the member themself.

use super::error::{ApiError, ApiResult};
use super::input::Input;
use super::members::MemberView;
use super::organization::OrganizationView;
use super::projects::{ProjectView, visible_projects};
use crate::app::App;
use crate::auth::{self, Who};
use crate::clock;
use crate::http::Peer;
use crate::limits;
use crate::secret::check_new_password;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use meta::{Act, Language, Member, MemberChange, NewMember, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether set-up is due.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupState {
    /// No member exists yet: the first visitor creates the owner.
    pub needed: bool,
    /// Version of the server.
    pub version: &'static str,
}

/// Whether the first owner must still be created.
#[utoipa::path(get, path = "/api/setup", operation_id = "setup_state", tag = "access", responses((status = 200, body = SetupState)))]
pub async fn setup_state(State(app): State<App>) -> ApiResult<Json<SetupState>> {
    Ok(Json(SetupState { needed: app.meta.needs_setup().await?, version: env!("CARGO_PKG_VERSION") }))
}

/// The owner to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOwner {
    /// Address they log in with.
    pub email: String,
    /// At least 10 characters.
    pub password: String,
    /// As people call them.
    pub name: String,
}

/// Who is logged in, and what they see.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The member.
    pub member: MemberView,
    /// The organisation; null until it is named.
    pub organization: Option<OrganizationView>,
    /// All projects within reach.
    pub projects: Vec<ProjectView>,
}

async fn me_of(app: &App, who: &Who) -> ApiResult<Me> {
    Ok(Me {
        member: MemberView::from(app.meta.member(who.id()).await?),
        organization: app.meta.organization().await?.map(OrganizationView::from),
        projects: visible_projects(app, who).await?,
    })
}

/// Creates the owner and logs them in; only while no member exists.
#[utoipa::path(post, path = "/api/setup", operation_id = "setup", tag = "access", request_body = NewOwner,
    responses((status = 201, body = Me), (status = 409, description = "set-up is already done")))]
pub async fn setup(
    State(app): State<App>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    Input(new): Input<NewOwner>,
) -> ApiResult<Response> {
    auth::check_same_site(&headers)?;
    // Hashing is dear: refuse before it when set-up is done.
    if !app.meta.needs_setup().await? {
        return Err(ApiError::conflict("set-up is already done; log in"));
    }
    take_attempt(&app, &headers, peer, "set-up")?;
    check_new_password(&new.password).map_err(|reason| ApiError::field("password", reason))?;
    let password_hash = app.passwords.hash(new.password).await.map_err(ApiError::internal)?;
    let act = Act { member: None, who: "set-up", at: clock::now() };
    let owner =
        NewMember { email: new.email, name: new.name, role: Role::Owner, language: Language::En, password_hash };
    let member = app.meta.create_first_owner(&act, &owner).await?;
    logged_in(&app, &headers, &member, StatusCode::CREATED).await
}

/// E-mail address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Logs in: sets the cookie.
#[utoipa::path(post, path = "/api/login", operation_id = "login", tag = "access", request_body = Credentials,
    responses((status = 200, body = Me), (status = 401, description = "wrong address or password"),
        (status = 429, description = "too many attempts")))]
pub async fn login(
    State(app): State<App>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    Input(given): Input<Credentials>,
) -> ApiResult<Response> {
    auth::check_same_site(&headers)?;
    take_attempt(&app, &headers, peer, &given.email.trim().to_lowercase())?;
    let found = app.meta.member_for_login(&given.email).await?;
    let (member, hash) = found.unzip();
    let right = app.passwords.verify(given.password, hash).await.map_err(ApiError::internal)?;
    match member {
        Some(member) if right => logged_in(&app, &headers, &member, StatusCode::OK).await,
        _ => Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthenticated", "the address or the password is wrong")),
    }
}

fn take_attempt(app: &App, headers: &HeaderMap, peer: std::net::SocketAddr, account: &str) -> ApiResult<()> {
    let network = limits::network(app.client_address(peer.ip(), headers));
    app.login_network_limit.take(&network).map_err(ApiError::rate_limited)?;
    // A hostile address may be long; its beginning tells accounts apart well enough.
    let account = account.chars().take(254).collect();
    app.login_limit.take(&(network, account)).map_err(ApiError::rate_limited)
}

async fn logged_in(app: &App, headers: &HeaderMap, member: &Member, status: StatusCode) -> ApiResult<Response> {
    let cookie = auth::begin_login(app, headers, member).await?;
    let me = Me {
        member: MemberView::from(member.clone()),
        organization: app.meta.organization().await?.map(OrganizationView::from),
        projects: super::projects::all_projects(app).await?,
    };
    Ok((status, [(header::SET_COOKIE, cookie)], Json(me)).into_response())
}

/// Logs out: ends the login and removes the cookie.
#[utoipa::path(post, path = "/api/logout", operation_id = "logout", tag = "access", responses((status = 204)))]
pub async fn logout(State(app): State<App>, headers: HeaderMap) -> ApiResult<Response> {
    auth::check_same_site(&headers)?;
    let cookie = auth::end_login(&app, &headers).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// The member who asks, the organisation and the projects.
#[utoipa::path(get, path = "/api/me", operation_id = "me", tag = "access", responses((status = 200, body = Me), (status = 401)))]
pub async fn me(State(app): State<App>, who: Who) -> ApiResult<Json<Me>> {
    me_of(&app, &who).await.map(Json)
}

/// What a member may change of themself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    /// New name.
    pub name: Option<String>,
    /// New language of the page.
    pub language: Option<Language>,
    /// New password, with the present one.
    pub password: Option<PasswordChange>,
}

/// The present and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    pub current: String,
    /// The new one, at least 10 characters.
    pub new: String,
}

/// Changes the member's own name, language or password; a new password ends their other logins.
#[utoipa::path(patch, path = "/api/me", operation_id = "change_me", tag = "access", request_body = MeChange, responses((status = 200, body = Me)))]
pub async fn change_me(
    State(app): State<App>,
    who: Who,
    headers: HeaderMap,
    Input(change): Input<MeChange>,
) -> ApiResult<Response> {
    if !who.is_login() {
        return Err(ApiError::forbidden("a token cannot change its member; log in"));
    }
    let mut cookie = None;
    if let Some(password) = change.password {
        check_new_password(&password.new).map_err(|reason| ApiError::field("password.new", reason))?;
        app.login_limit.take(&([0; 6], format!("password of {}", who.id()))).map_err(ApiError::rate_limited)?;
        let stored = app.meta.password_hash(who.id()).await?;
        let right = app.passwords.verify(password.current, Some(stored)).await.map_err(ApiError::internal)?;
        if !right {
            return Err(ApiError::field("password.current", "this is not the present password"));
        }
        let hash = app.passwords.hash(password.new).await.map_err(ApiError::internal)?;
        app.meta.set_password(&who.act(), who.id(), &hash, None).await?;
        cookie = Some(auth::begin_login(&app, &headers, &who.member).await?);
    }
    let fields = MemberChange { name: change.name, language: change.language, role: None };
    app.meta.update_member(&who.act(), who.id(), &fields).await?;
    let mut response = Json(me_of(&app, &who).await?).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
