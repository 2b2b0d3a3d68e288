//! Who asks: a member with a login cookie or a personal token, and what they may do.
//!
//! Cookies: opaque, HttpOnly, SameSite=Lax, `__Host-` and Secure where the page is https; the value rotates hourly
//! and at every login. A changing request with a cookie must carry `X-Telemetry: 1`, which no other site's page can
//! add without a preflight that we never allow, and must not come from another origin.

use crate::api::error::{ApiError, ApiResult};
use crate::app::App;
use crate::clock;
use crate::secret::{self, Purpose};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use meta::{Act, Member, MemberId, Presented, Role, Scope, SecretHash};
use model::time::{DAY, SECOND};
use model::{Micros, ProjectId};

/// A login ends after this much silence.
pub const LOGIN_TTL: Micros = 30 * DAY;
/// A cookie older than this is replaced.
const ROTATE_AFTER: Micros = 3_600 * SECOND;
/// The replaced cookie stays good this long, for requests that were on their way together.
const GRACE: Micros = 60 * SECOND;

/// A member who was recognised, and the bounds of what they may do.
#[derive(Debug, Clone)]
pub struct Who {
    /// The member.
    pub member: Member,
    scopes: Option<Vec<Scope>>,
    only_project: Option<ProjectId>,
    /// A fresh cookie value to set on the answer.
    pub rotated: Option<String>,
}

impl Who {
    /// For the audit log.
    pub fn act(&self) -> Act<'_> {
        Act { member: Some(self.member.id), who: &self.member.email, at: clock::now() }
    }

    /// Whether this is a login of the page rather than a token.
    pub fn is_login(&self) -> bool {
        self.scopes.is_none()
    }

    /// The member's number.
    pub fn id(&self) -> MemberId {
        self.member.id
    }

    /// Demands a role, and of a token the scope that goes with it.
    ///
    /// # Errors
    /// 403 with what is missing.
    pub fn require(&self, role: Role) -> ApiResult<()> {
        if self.member.role < role {
            return Err(ApiError::forbidden(format!(
                "this needs the role {role}; you are {}. Ask an owner of the organisation",
                self.member.role
            )));
        }
        let scope = match role {
            Role::Viewer => Scope::Read,
            Role::Member => Scope::Write,
            Role::Admin | Role::Owner => Scope::Admin,
        };
        match &self.scopes {
            Some(scopes) if !scopes.contains(&scope) => Err(ApiError::forbidden(format!(
                "this token lacks the scope {}; make another in Members and tokens",
                scope_word(scope)
            ))),
            _ => Ok(()),
        }
    }

    /// Demands a role in one project.
    ///
    /// # Errors
    /// 404 for a project outside the token's reach, as if it did not exist; else as [`Who::require`].
    pub fn require_in(&self, project: ProjectId, role: Role) -> ApiResult<()> {
        if !self.may_see(project) {
            return Err(ApiError::not_found("project"));
        }
        self.require(role)
    }

    /// Whether a project is within reach.
    pub fn may_see(&self, project: ProjectId) -> bool {
        self.only_project.is_none_or(|only| only == project)
    }

    /// Demands reach over the whole organisation, which a token of one project lacks.
    ///
    /// # Errors
    /// 403, or as [`Who::require`].
    pub fn require_everywhere(&self, role: Role) -> ApiResult<()> {
        if self.only_project.is_some() {
            return Err(ApiError::forbidden("this token is for one project only"));
        }
        self.require(role)
    }
}

fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read",
        Scope::Write => "write",
        Scope::Admin => "admin",
    }
}

impl FromRequestParts<App> for Who {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Who> {
        // A middleware has already looked, so that it can also set the rotated cookie.
        if let Some(who) = parts.extensions.get::<Who>() {
            return Ok(who.clone());
        }
        recognise(app, &parts.method, &parts.headers).await?.ok_or_else(ApiError::unauthenticated)
    }
}

/// Who sent this request; `None` for nobody.
///
/// # Errors
/// 401 for a token or cookie that is no longer good, 403 for a changing request that another site may have sent.
pub async fn recognise(app: &App, method: &Method, headers: &HeaderMap) -> ApiResult<Option<Who>> {
    let now = clock::now();
    if let Some(token) = bearer(headers) {
        let hash = SecretHash::of(token);
        if app.is_unknown_token(&hash) {
            return Err(ApiError::unauthenticated());
        }
        let Some((token, member)) = app.meta.token(&hash).await? else {
            app.note_unknown_token(hash);
            return Err(ApiError::unauthenticated());
        };
        // Only a note: on a full disk questions are still answered.
        if let Err(error) = app.meta.touch_token(&token, now).await {
            tracing::warn!(%error, "the use of a token was not noted");
        }
        let only_project = token.project;
        return Ok(Some(Who { member, scopes: Some(token.scopes), only_project, rotated: None }));
    }
    let Some(value) = cookie(headers, app.is_https(headers)) else { return Ok(None) };
    let Some((login, member, presented)) = app.meta.login(&SecretHash::of(value), now).await? else {
        return Ok(None);
    };
    if !matches!(*method, Method::GET | Method::HEAD) {
        check_same_site(headers)?;
    }
    let mut rotated = None;
    if presented == Presented::Current && now - login.rotated_at > ROTATE_AFTER {
        let fresh = secret::generate(Purpose::Login);
        let hashes = (SecretHash::of(value), SecretHash::of(&fresh));
        match app.meta.rotate_login(&hashes.0, &hashes.1, now, now + GRACE, now + LOGIN_TTL).await {
            Ok(done) => rotated = done.then_some(fresh),
            // The old value stays good; the next request tries again.
            Err(error) => tracing::warn!(%error, "a login was not rotated"),
        }
    }
    Ok(Some(Who { member, scopes: None, only_project: None, rotated }))
}

/// Refuses a changing request that another site's page may have made.
///
/// # Errors
/// 403.
pub fn check_same_site(headers: &HeaderMap) -> ApiResult<()> {
    let refused = || {
        ApiError::forbidden("this request seems to come from another site; send it from the page, with X-Telemetry: 1")
    };
    if !headers.contains_key("x-telemetry") {
        return Err(refused());
    }
    if let Some(site) = headers.get("sec-fetch-site")
        && !matches!(site.as_bytes(), b"same-origin" | b"none")
    {
        return Err(refused());
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin_host = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
        let own_host =
            headers.get("x-forwarded-host").or(headers.get(header::HOST)).and_then(|host| host.to_str().ok());
        if origin_host.is_none() || origin_host != own_host {
            return Err(refused());
        }
    }
    Ok(())
}

/// Begins a login: the cookie to set.
///
/// # Errors
/// The metadata could not be written.
pub async fn begin_login(app: &App, headers: &HeaderMap, member: &Member) -> ApiResult<HeaderValue> {
    let now = clock::now();
    let value = secret::generate(Purpose::Login);
    let act = Act { member: Some(member.id), who: &member.email, at: now };
    app.meta.create_login(&act, member.id, &SecretHash::of(&value), now + LOGIN_TTL).await?;
    Ok(cookie_to_set(app.is_https(headers), &value, LOGIN_TTL / SECOND))
}

/// Ends the login of this request, if it has one: the cookie to set.
///
/// # Errors
/// The metadata could not be written.
pub async fn end_login(app: &App, headers: &HeaderMap) -> ApiResult<HeaderValue> {
    if let Some(value) = cookie(headers, app.is_https(headers)) {
        app.meta.delete_login(&SecretHash::of(value)).await?;
    }
    Ok(cookie_to_set(app.is_https(headers), "", 0))
}

/// The `Set-Cookie` of a login; `seconds` 0 removes it.
pub fn cookie_to_set(https: bool, value: &str, seconds: i64) -> HeaderValue {
    let (name, secure) = if https { (COOKIE_HTTPS, "; Secure") } else { (COOKIE_HTTP, "") };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).expect("the value is base64 and the rest is ours")
}

/// `__Host-` demands Secure, which browsers refuse over plain http.
const COOKIE_HTTPS: &str = "__Host-telemetry";
const COOKIE_HTTP: &str = "telemetry";

/// Over https only the `__Host-` cookie counts: a sibling host can plant the other one.
fn cookie(headers: &HeaderMap, https: bool) -> Option<&str> {
    let wanted = if https { COOKIE_HTTPS } else { COOKIE_HTTP };
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == wanted && !value.is_empty())
        .map(|(_, value)| value)
}

/// The credential of `Authorization: Bearer …`, if there is one that is not empty.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credential) = value.split_once(' ')?;
    let credential = credential.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !credential.is_empty()).then_some(credential)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn another_site_cannot_change_anything() {
        assert!(check_same_site(&headers(&[("x-telemetry", "1")])).is_ok());
        assert!(check_same_site(&headers(&[])).is_err());
        assert!(check_same_site(&headers(&[("x-telemetry", "1"), ("sec-fetch-site", "cross-site")])).is_err());
        let pairs = [("x-telemetry", "1"), ("host", "t.example"), ("origin", "https://evil.example")];
        assert!(check_same_site(&headers(&pairs)).is_err());
        let pairs = [("x-telemetry", "1"), ("host", "t.example"), ("origin", "https://t.example")];
        assert!(check_same_site(&headers(&pairs)).is_ok());
    }

    #[test]
    fn cookies_are_secure_where_the_page_is() {
        assert!(
            cookie_to_set(true, "v", 9).to_str().expect("text").starts_with("__Host-telemetry=v; Path=/; HttpOnly")
        );
        assert!(!cookie_to_set(false, "v", 9).to_str().expect("text").contains("Secure"));
        let sent = headers(&[("cookie", "a=1; telemetry=tml_x")]);
        assert_eq!((cookie(&sent, false), cookie(&sent, true)), (Some("tml_x"), None));
    }

    #[test]
    fn an_empty_bearer_is_nobody() {
        assert_eq!(bearer(&headers(&[("authorization", "Bearer ")])), None);
        assert_eq!(bearer(&headers(&[("authorization", "bearer abc")])), Some("abc"));
    }
}
