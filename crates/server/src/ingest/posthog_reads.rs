//! What PostHog's SDKs read: remote configuration, flags, surveys and the like. Correct "none yet" answers.

use super::both;
use super::posthog::{Parameters, body_refused, text, unauthorized, unavailable, v0_refused};
use crate::app::App;
use crate::auth::bearer;
use crate::clock;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use model::{Level, Uuid};
use wire::Limits;
use wire::posthog::{
    EARLY_ACCESS_BODY, FlagsPath, LOCAL_EVALUATION_BODY, PRODUCT_TOURS_BODY, SURVEYS_BODY, WEB_EXPERIMENTS_BODY,
    flags_answer, flags_get_answer, flags_kind, flags_request, remote_config, remote_config_script,
};

/// A flags request names one person; this is plenty, also inflated.
const FLAGS_BYTES_MAX: usize = 1 << 20;

/// The routes.
pub fn router() -> Router<App> {
    let mut router = Router::new();
    router = both(router, "/array/{token}/config", get(config));
    router = both(router, "/array/{token}/config.js", get(config_script));
    for (path, kind) in [("/flags", FlagsPath::Flags), ("/decide", FlagsPath::Decide)] {
        let handler = async move |State(app), method, Query(query), headers, body| {
            flags(app, kind, method, query, headers, body).await
        };
        router = both(router, path, any(handler));
    }
    for path in ["/flags/definitions", "/api/feature_flag/local_evaluation"] {
        router = both(router, path, get(definitions));
    }
    for (path, body) in [
        ("/api/surveys", SURVEYS_BODY),
        ("/api/early_access_features", EARLY_ACCESS_BODY),
        ("/api/web_experiments", WEB_EXPERIMENTS_BODY),
        ("/api/product_tours", PRODUCT_TOURS_BODY),
    ] {
        let handler = async move |State(app), Query(query)| nothing_yet(app, query, body).await;
        router = both(router, path, get(handler));
    }
    router
}

/// The level of the project that a token names.
async fn level_of(app: &App, token: &str) -> Result<Level, Response> {
    let directory = app.directory().await.map_err(|error| unavailable(&error))?;
    directory.by_key(token).map(|route| route.rules.level).ok_or_else(unauthorized)
}

const JSON: &str = "application/json";
/// Minutes: a changed level reaches browsers soon, and a page load costs no request.
const CONFIG_CACHING: &str = "public, max-age=300";

async fn config(State(app): State<App>, Path(token): Path<String>) -> Response {
    match level_of(&app, &token).await {
        Ok(level) => ([(header::CACHE_CONTROL, CONFIG_CACHING)], Json(remote_config(&token, level))).into_response(),
        Err(response) => not_found(response),
    }
}

async fn config_script(State(app): State<App>, Path(token): Path<String>) -> Response {
    match level_of(&app, &token).await {
        Ok(level) => {
            let headers = [(header::CONTENT_TYPE, "application/javascript"), (header::CACHE_CONTROL, CONFIG_CACHING)];
            (headers, remote_config_script(&token, level)).into_response()
        }
        Err(response) => not_found(response),
    }
}

/// The original answers 404 here for a token it does not know.
fn not_found(mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

async fn flags(
    app: App,
    path: FlagsPath,
    method: Method,
    query: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match method {
        Method::GET | Method::HEAD => return Json(flags_get_answer()).into_response(),
        Method::POST => {}
        _ => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
    let read = match app.bodies.at_most(FLAGS_BYTES_MAX).read(&headers, body).await {
        Ok(read) => read,
        Err(error) => return body_refused(error),
    };
    let limits = Limits { body_bytes_max: FLAGS_BYTES_MAX, ..Limits::default() };
    let kinds = (text(&headers, header::CONTENT_TYPE), text(&headers, header::CONTENT_ENCODING));
    let request = match flags_request(&query, kinds.0, kinds.1, &read.bytes, &limits) {
        Ok(request) => request,
        Err(error) => return v0_refused(&error),
    };
    match level_of(&app, &request.token).await {
        Ok(level) => {
            let (kind, with_config) = flags_kind(path, &query);
            let config = with_config.then(|| remote_config(&request.token, level));
            let request_id = Uuid::now_v7().to_string();
            Json(flags_answer(kind, &request_id, clock::now() / 1000, config)).into_response()
        }
        Err(response) => response,
    }
}

/// Local evaluation: needs a secret key of the project; there are no flags yet.
async fn definitions(State(app): State<App>, headers: HeaderMap) -> Response {
    let directory = match app.directory().await {
        Ok(directory) => directory,
        Err(error) => return unavailable(&error),
    };
    let route = bearer(&headers).and_then(|key| directory.by_key(key));
    if !route.is_some_and(|route| route.trusted) {
        return unauthorized();
    }
    const TAG: &str = "W/\"no-flags\"";
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tag| matches!(tag.as_bytes(), b"W/\"no-flags\"" | b"\"no-flags\""));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, JSON)], LOCAL_EVALUATION_BODY).into_response()
    };
    response.headers_mut().insert(header::ETAG, HeaderValue::from_static(TAG));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, must-revalidate"));
    response
}

async fn nothing_yet(app: App, query: Parameters, body: &'static str) -> Response {
    let token =
        query.iter().find(|(name, _)| matches!(name.as_str(), "token" | "api_key")).map_or("", |(_, token)| token);
    match level_of(&app, token).await {
        Ok(_) => ([(header::CONTENT_TYPE, JSON)], body).into_response(),
        Err(response) => response,
    }
}
