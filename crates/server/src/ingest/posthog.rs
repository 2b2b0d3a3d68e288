//! PostHog's capture protocols over HTTP, v0 and v1. Reference: docs/ingest/posthog.md.
//!
//! posthog-js takes only a plain 200 for success; 204 answers a beacon that asked for it.

use super::accept::{ByProject, RETRY_SOON_S, Refused, foreign, take_network_turn, take_place};
use super::sunbird::INLINE_BYTES_MAX;
use super::{both, gate};
use crate::app::App;
use crate::body::{BodyError, ReadBody};
use crate::clock;
use crate::http::Peer;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use model::{Dialect, Event, Micros, NotStored, Uuid};
use serde_json::json;
use wire::Limits;
use wire::posthog::{
    Item, PathFamily, PosthogBatch, V0Error, V0ErrorKind, V0Request, V1Batch, V1Error, V1Headers, Verdict, decode_v0,
    decode_v1, v1_answer,
};

/// Decoded query parameters, in order.
pub type Parameters = Vec<(String, String)>;

const OTHER_KEY: &str = "the event names another key than its batch; send one key per batch";

/// The capture routes.
pub fn router() -> Router<App> {
    let families = [
        (PathFamily::Capture, &["/e", "/i/v0/e", "/capture", "/track"][..]),
        (PathFamily::Batch, &["/batch", "/i/v0/ai/batch"]),
        (PathFamily::Engage, &["/engage"]),
        (PathFamily::Replay, &["/s"]),
    ];
    let mut router = Router::new();
    for (family, paths) in families {
        for path in paths {
            let handler = async move |State(app), Extension(peer), Query(query), headers, body| {
                capture(app, peer, family, query, headers, body).await
            };
            router = both(router, path, get(handler).post(handler));
        }
    }
    for path in ["/i/v1/analytics/events", "/i/v1/ai/events"] {
        router = both(router, path, post(capture_v1));
    }
    // Logs and metrics of the SDKs are taken and dropped, as the protocol allows.
    for path in ["/i/v1/logs", "/i/v1/metrics"] {
        router = both(router, path, post(async || Json(json!({}))));
    }
    router
}

async fn capture(
    app: App,
    Peer(peer): Peer,
    family: PathFamily,
    query: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let client = app.client_address(peer.ip(), &headers);
    if let Err(refused) = take_network_turn(&app, client) {
        return batch_refused(refused);
    }
    let read = match app.bodies.read(&headers, body).await {
        Ok(read) => read,
        Err(error) => return body_refused(error),
    };
    let _place = match take_place(&app).await {
        Ok(place) => place,
        Err(refused) => return batch_refused(refused),
    };
    // Held until the events are durable and gone from memory.
    let _turn = decode_turn(&app, &read).await;
    let batch = match decode(&app, family, query, &headers, read).await {
        Ok(batch) => batch,
        Err(error) => return v0_refused(&error),
    };
    let directory = match app.directory().await {
        Ok(directory) => directory,
        Err(error) => return unavailable(&error),
    };
    let token = batch.token.as_deref().unwrap_or_default();
    let Some(route) = directory.by_key(token) else {
        metrics::counter!("telemetry_unknown_key_total").increment(1);
        return unauthorized();
    };
    let mut groups = ByProject::default();
    for Item { token: own, result } in batch.items {
        let other = own.as_deref().is_some_and(|own| own != token);
        groups.push(route.clone(), if other { foreign(result, Dialect::Posthog, OTHER_KEY) } else { result });
    }
    match groups.accept(&app, client).await {
        Ok(_) if batch.beacon => StatusCode::NO_CONTENT.into_response(),
        Ok(_) => Json(json!({ "status": 1 })).into_response(),
        Err(refused) => batch_refused(refused),
    }
}

/// A place among the large bodies in work; small ones need none.
pub async fn decode_turn<'a>(app: &'a App, read: &ReadBody) -> Option<tokio::sync::SemaphorePermit<'a>> {
    if read.bytes.len() > INLINE_BYTES_MAX { app.decodes.acquire().await.ok() } else { None }
}

async fn decode(
    app: &App,
    family: PathFamily,
    query: Parameters,
    headers: &HeaderMap,
    read: ReadBody,
) -> Result<PosthogBatch, V0Error> {
    let content_type = text(headers, header::CONTENT_TYPE).map(str::to_owned);
    let content_encoding = text(headers, header::CONTENT_ENCODING).map(str::to_owned);
    let limits = Limits { body_bytes_max: app.config.body_bytes_max, ..Limits::default() };
    let large = read.bytes.len() > INLINE_BYTES_MAX;
    let work = move || {
        let request = V0Request {
            query: &query,
            content_type: content_type.as_deref(),
            content_encoding: content_encoding.as_deref(),
            body: &read.bytes,
            family,
        };
        decode_v0(request, clock::now(), &limits, &mut Uuid::now_v7)
    };
    if large {
        let joined = tokio::task::spawn_blocking(work).await;
        joined.unwrap_or_else(|_| {
            Err(V0Error { kind: V0ErrorKind::BadRequest, message: "the server is stopping".to_owned() })
        })
    } else {
        work()
    }
}

/// Events of a body that came without HTTP: a file, or the kept payload of a failed event.
///
/// # Errors
/// A sentence: the body cannot be read at all.
pub fn decode_body(
    body: &[u8],
    now: Micros,
    new_uuid: &mut dyn FnMut() -> Uuid,
    limits: &Limits,
) -> Result<Vec<Result<Event, NotStored>>, String> {
    // The project is known already; exported events carry no token, and the decoder wants one.
    let query = [("token".to_owned(), "known".to_owned())];
    let request =
        V0Request { query: &query, content_type: None, content_encoding: None, body, family: PathFamily::Capture };
    let batch = decode_v0(request, now, limits, new_uuid).map_err(|error| error.message)?;
    Ok(batch.items.into_iter().map(|Item { result, .. }| result).collect())
}

async fn capture_v1(
    State(app): State<App>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let request_id = headers.get("posthog-request-id").cloned();
    let mut response = match receive_v1(&app, peer.ip(), &headers, body).await {
        Ok(answer) => Json(answer).into_response(),
        Err((error, retry_after_s)) => {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            let mut response = (status, Json(error.body())).into_response();
            if let Some(seconds) = retry_after_s.or(error.retry_after().then_some(1)) {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    };
    if let Some(id) = request_id {
        response.headers_mut().insert("posthog-request-id", id);
    }
    response
}

/// An error of the v1 protocol, and the seconds to wait when they are not the protocol's one.
type V1Failure = (V1Error, Option<u64>);

async fn receive_v1(
    app: &App,
    peer: std::net::IpAddr,
    headers: &HeaderMap,
    body: Body,
) -> Result<serde_json::Value, V1Failure> {
    let client = app.client_address(peer, headers);
    take_network_turn(app, client).map_err(v1_refused)?;
    let read = app.bodies.read(headers, body).await.map_err(|error| {
        let tag = match error {
            BodyError::TooLarge { .. } => "payload_too_large",
            BodyError::TooSlow { .. } => "body_read_timeout",
            BodyError::Busy { .. } => "service_unavailable",
            BodyError::Broken => "request_decoding_error",
        };
        (V1Error::new(error.status().as_u16(), tag, error.to_string()), error.retry_after_s())
    })?;
    let _place = take_place(app).await.map_err(v1_refused)?;
    let _turn = decode_turn(app, &read).await;
    let batch = decode_v1_body(app, headers, read).await.map_err(|error| {
        metrics::counter!("telemetry_unreadable_requests_total").increment(1);
        (error, None)
    })?;
    let directory = app
        .directory()
        .await
        .map_err(|_| (V1Error::new(503, "service_unavailable", "the server cannot read its settings"), None))?;
    let Some(route) = directory.by_key(&batch.token) else {
        metrics::counter!("telemetry_unknown_key_total").increment(1);
        return Err((V1Error::new(401, "invalid_api_token", "no project has this key"), None));
    };
    let mut groups = ByProject::default();
    let mut results = Vec::with_capacity(batch.items.len());
    for item in batch.items {
        let dropped = matches!(&item.result, Ok(event) if gate::is_above_level(&route.rules, &event.event));
        let verdict =
            if dropped { Verdict { result: "drop", details: Some("event_restriction_drop") } } else { item.verdict() };
        results.push((item.sent_uuid, verdict));
        groups.push(route.clone(), item.result);
    }
    groups.accept(app, client).await.map_err(v1_refused)?;
    Ok(v1_answer(results.iter().map(|(uuid, verdict)| (uuid.as_str(), *verdict))))
}

fn v1_refused(refused: Refused) -> V1Failure {
    match refused {
        Refused::RateLimited { retry_after_s } => {
            (V1Error::new(429, "rate_limited", "too many requests"), Some(retry_after_s))
        }
        // Not 429: the browser client throws away what gets one.
        error @ Refused::Overloaded => {
            (V1Error::new(503, "service_unavailable", error.to_string()), Some(RETRY_SOON_S))
        }
        error @ (Refused::Store(_) | Refused::Stopping) => {
            (V1Error::new(503, "service_unavailable", error.to_string()), None)
        }
    }
}

async fn decode_v1_body(app: &App, headers: &HeaderMap, read: ReadBody) -> Result<V1Batch, V1Error> {
    let limits = Limits { body_bytes_max: app.config.body_bytes_max, ..Limits::default() };
    let large = read.bytes.len() > INLINE_BYTES_MAX;
    let headers = headers.clone();
    let work = move || {
        let named = |name: &'static str| headers.get(name).and_then(|value| value.to_str().ok());
        let head = V1Headers {
            authorization: named("authorization"),
            content_type: named("content-type"),
            content_encoding: named("content-encoding"),
            user_agent: named("user-agent"),
            posthog_sdk_info: named("posthog-sdk-info"),
            posthog_attempt: named("posthog-attempt"),
            posthog_request_id: named("posthog-request-id"),
            posthog_request_timestamp: named("posthog-request-timestamp"),
        };
        decode_v1(head, &read.bytes, clock::now(), &limits)
    };
    if large {
        let joined = tokio::task::spawn_blocking(work).await;
        joined.unwrap_or_else(|_| Err(V1Error::new(503, "service_unavailable", "the server is stopping")))
    } else {
        work()
    }
}

/// The text of a header.
pub fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A refusal in the words that PostHog's SDKs show: `type`, `code`, `detail`.
fn refusal(status: StatusCode, kind: &str, code: &str, detail: &str) -> Response {
    (status, Json(json!({ "type": kind, "code": code, "detail": detail, "attr": null }))).into_response()
}

/// 401: no project has this key.
pub fn unauthorized() -> Response {
    let detail = "no project has this key: use the write key from the project's settings";
    refusal(StatusCode::UNAUTHORIZED, "authentication_error", "invalid_api_key", detail)
}

/// The whole request was refused by its decoder.
pub fn v0_refused(error: &V0Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    metrics::counter!("telemetry_unreadable_requests_total").increment(1);
    let kind = if status == StatusCode::UNAUTHORIZED { "authentication_error" } else { "validation_error" };
    refusal(status, kind, "invalid_request", &error.message)
}

/// The body was not read.
pub fn body_refused(error: BodyError) -> Response {
    let response = refusal(error.status(), "validation_error", "body", &error.to_string());
    match error.retry_after_s() {
        Some(seconds) => later(response, seconds),
        None => response,
    }
}

/// The settings cannot be read.
pub fn unavailable(error: &meta::MetaError) -> Response {
    tracing::error!(%error, "metadata could not be read");
    later(refusal(StatusCode::SERVICE_UNAVAILABLE, "server_error", "unavailable", "try again"), 5)
}

fn batch_refused(refused: Refused) -> Response {
    match refused {
        Refused::RateLimited { retry_after_s } => {
            let response =
                refusal(StatusCode::TOO_MANY_REQUESTS, "throttled_error", "rate_limit_exceeded", "too many requests");
            later(response, retry_after_s)
        }
        // Not 429: the browser client throws away what gets one.
        error @ Refused::Overloaded => later(
            refusal(StatusCode::SERVICE_UNAVAILABLE, "server_error", "overloaded", &error.to_string()),
            RETRY_SOON_S,
        ),
        error @ (Refused::Store(_) | Refused::Stopping) => {
            tracing::warn!(%error, "a batch was refused");
            later(refusal(StatusCode::SERVICE_UNAVAILABLE, "server_error", "unavailable", &error.to_string()), 5)
        }
    }
}

fn later(mut response: Response, seconds: u64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}
