//! Sunbird telemetry v3 over HTTP. Answers as its collector does; reference: docs/ingest/sunbird.md.

use super::accept::{
    Accepted, ByProject, Incoming, RETRY_SOON_S, Refused, accept, foreign, take_network_turn, take_place, take_turn,
    unreadable,
};
use super::both;
use super::posthog::decode_turn;
use crate::app::App;
use crate::auth::bearer;
use crate::body::BodyError;
use crate::clock;
use crate::http::Peer;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use meta::{Directory, Route};
use model::Dialect;
use model::project::SunbirdValidation;
use serde::Deserialize;
use std::net::IpAddr;
use std::sync::Arc;
use wire::envelope::{Encoding, EnvelopeError, inflate};
use wire::sunbird::SunbirdBatch;
use wire::{JsonError, Limits};

/// Bodies above this are decoded off the runtime, so that they do not hold up the others.
pub const INLINE_BYTES_MAX: usize = 128 << 10;

const UNKNOWN_CHANNEL: &str = "no project lists the channel of this event; list it in the project's settings";

/// What gateways put before the collector's own path.
const PREFIXES: [&str; 4] = ["", "/action", "/api", "/content"];
const PATHS: [&str; 4] = ["/v1/telemetry", "/v3/telemetry", "/data/v1/telemetry", "/data/v3/telemetry"];

/// The collector's routes.
pub fn router() -> Router<App> {
    PREFIXES
        .iter()
        .flat_map(|prefix| PATHS.iter().map(move |path| format!("{prefix}{path}")))
        .fold(Router::new(), |router, path| {
            let handler = post(telemetry).fallback(|| async {
                refuse(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "send telemetry with POST")
            });
            both(router, &path, handler)
        })
        .route("/v1/telemetry/level", get(level))
}

#[derive(Deserialize)]
struct KeyQuery {
    key: Option<String>,
}

/// A browser may keep the answer so long: a page load costs no request, and a lowered level is known within it.
const LEVEL_CACHING: &str = "public, max-age=30";

/// The collection level of the key's project: our SDK asks before it keeps or sends anything. An app that was written
/// for Sunbird's SDK may have no key; it asks with its channel.
async fn level(State(app): State<App>, Query(query): Query<KeyQuery>) -> Response {
    let directory = match app.directory().await {
        Ok(directory) => directory,
        Err(error) => return Failure::Meta(error).into_response(),
    };
    match query.key.as_deref().and_then(|key| directory.by_key(key).or_else(|| directory.by_channel(key))) {
        Some(route) => {
            let body = serde_json::json!({ "level": route.rules.level.as_str() });
            ([(header::CACHE_CONTROL, LEVEL_CACHING)], Json(body)).into_response()
        }
        None => Failure::UnknownKey.into_response(),
    }
}

async fn telemetry(
    State(app): State<App>,
    Extension(Peer(peer)): Extension<Peer>,
    Query(query): Query<KeyQuery>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let client = app.client_address(peer.ip(), &headers);
    match receive(&app, client, query.key.as_deref(), &headers, body).await {
        Ok(accepted) => {
            let body = wire::sunbird::success_body(clock::now() / 1000);
            let mut response = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
            // For people with curl; clients read only the status.
            if let Ok(summary) = HeaderValue::from_str(&format!(
                "stored={}, duplicate={}, failed={}, not_kept={}",
                accepted.stored, accepted.duplicate, accepted.failed, accepted.not_kept
            )) {
                response.headers_mut().insert("x-telemetry-outcome", summary);
            }
            response
        }
        Err(failure) => failure.into_response(),
    }
}

/// Why a whole request is refused.
enum Failure {
    Body(BodyError),
    Envelope(EnvelopeError),
    Json(JsonError),
    UnknownKey,
    Meta(meta::MetaError),
    Refused(Refused),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let at = |code: u16| StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST);
        match self {
            Failure::Body(error) => {
                let mut response = refuse(error.status(), "BODY", &error.to_string());
                if let Some(seconds) = error.retry_after_s() {
                    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                }
                response
            }
            Failure::Envelope(error) => unreadable_request(refuse(at(error.status()), "ENCODING", &error.to_string())),
            Failure::Json(error) => unreadable_request(refuse(at(error.status()), "JSON", &error.to_string())),
            Failure::UnknownKey => {
                metrics::counter!("telemetry_unknown_key_total").increment(1);
                refuse(
                    StatusCode::UNAUTHORIZED,
                    "UNKNOWN_KEY",
                    "no project knows this key or channel: send a write key as `Authorization: Bearer` or `?key=`, \
                     or list the channel in the project's settings",
                )
            }
            Failure::Meta(error) => {
                tracing::error!(%error, "metadata could not be read");
                retry_later(StatusCode::SERVICE_UNAVAILABLE, "METADATA", "the server cannot read its settings", 5)
            }
            Failure::Refused(Refused::RateLimited { retry_after_s }) => {
                retry_later(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "too many requests", retry_after_s)
            }
            Failure::Refused(error @ Refused::Overloaded) => {
                retry_later(StatusCode::TOO_MANY_REQUESTS, "OVERLOADED", &error.to_string(), RETRY_SOON_S)
            }
            Failure::Refused(error @ (Refused::Store(_) | Refused::Stopping)) => {
                tracing::warn!(%error, "a batch was refused");
                retry_later(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", &error.to_string(), 5)
            }
        }
    }
}

fn refuse(status: StatusCode, err: &str, message: &str) -> Response {
    let body = wire::sunbird::error_body(clock::now() / 1000, status.as_u16(), err, message);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn unreadable_request(answer: Response) -> Response {
    metrics::counter!("telemetry_unreadable_requests_total").increment(1);
    answer
}

fn retry_later(status: StatusCode, err: &str, message: &str, seconds: u64) -> Response {
    let mut response = refuse(status, err, message);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

async fn receive(
    app: &App,
    client: IpAddr,
    key: Option<&str>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Accepted, Failure> {
    let directory = app.directory().await.map_err(Failure::Meta)?;
    let keyed = route_of_request(&directory, key, headers);
    take_network_turn(app, client).map_err(Failure::Refused)?;
    let read = app.bodies.read(headers, body).await.map_err(Failure::Body)?;
    let _place = take_place(app).await.map_err(Failure::Refused)?;
    // Held until the events are durable and gone from memory.
    let _turn = decode_turn(app, &read).await;
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let encoding = encoding.and_then(Encoding::from_word);
    let limits = Limits { body_bytes_max: app.config.body_bytes_max, ..Limits::default() };
    let decoded = {
        let (directory, keyed) = (directory.clone(), keyed.clone());
        let large = read.bytes.len() > INLINE_BYTES_MAX;
        let work = move || decode(&read.bytes, encoding, &directory, keyed.as_ref(), &limits);
        if large {
            tokio::task::spawn_blocking(work).await.unwrap_or(Err(Failure::Refused(Refused::Stopping)))
        } else {
            work()
        }
    };
    let batch = match decoded {
        Ok(batch) => batch,
        Err(Failure::Json(error)) => return Err(count_unreadable(app, keyed, client, error).await),
        Err(other) => return Err(other),
    };
    if batch.eventless {
        metrics::counter!("telemetry_empty_batches_total").increment(1);
        return Ok(Accepted::default());
    }
    let by_body = batch.channel.as_deref().and_then(|channel| directory.by_channel(channel));
    let mut groups = ByProject::default();
    let mut strays = Vec::new();
    for item in batch.items {
        let by_event = || item.channel.as_deref().and_then(|channel| directory.by_channel(channel));
        match keyed.clone().or_else(by_event).or_else(|| by_body.clone()) {
            Some(route) => groups.push(route, item.result),
            None => strays.push(item.result),
        }
    }
    if groups.is_empty() {
        return Err(Failure::UnknownKey);
    }
    // The batch is acknowledged, so each of them needs an outcome that somebody can see: with its batch mates.
    for stray in strays {
        groups.push_to_first(foreign(stray, Dialect::Sunbird, UNKNOWN_CHANNEL));
    }
    groups.accept(app, client).await.map_err(Failure::Refused)
}

/// The project of the whole request: `?key=`, a bearer that is a key, or `x-channel-id`. A bearer that is no key
/// belongs to a gateway of the app and says nothing to us.
fn route_of_request(directory: &Directory, key: Option<&str>, headers: &HeaderMap) -> Option<Route> {
    let said = |text: &&str| !matches!(*text, "" | "undefined" | "null");
    let by_key = key.filter(said).and_then(|key| directory.by_key(key));
    let by_bearer = || bearer(headers).filter(said).and_then(|key| directory.by_key(key));
    let by_header = || {
        let channel = headers.get("x-channel-id").and_then(|value| value.to_str().ok()).map(str::trim)?;
        Some(channel).filter(said).and_then(|channel| directory.by_channel(channel))
    };
    by_key.or_else(by_bearer).or_else(by_header)
}

fn decode(
    bytes: &[u8],
    encoding: Option<Encoding>,
    directory: &Arc<Directory>,
    keyed: Option<&Route>,
    limits: &Limits,
) -> Result<SunbirdBatch, Failure> {
    let inflated = match inflate(bytes, encoding, limits) {
        Ok(inflated) => inflated,
        // A body may be empty here: the collector answers 200.
        Err(EnvelopeError::Empty) => Default::default(),
        Err(error) => return Err(Failure::Envelope(error)),
    };
    let validation = |channel: Option<&str>| match keyed {
        Some(route) => route.rules.sunbird_validation,
        None => channel
            .and_then(|channel| directory.by_channel(channel))
            .map_or(SunbirdValidation::default(), |route| route.rules.sunbird_validation),
    };
    wire::sunbird::decode(&inflated, clock::now(), &validation, limits).map_err(Failure::Json)
}

/// The batch cannot be read, but its key says whose it was: its owner sees it among the failed events.
async fn count_unreadable(app: &App, keyed: Option<Route>, client: IpAddr, error: JsonError) -> Failure {
    let Some(route) = keyed else { return Failure::Json(error) };
    let items = vec![unreadable(Dialect::Sunbird, error.to_string())];
    let incoming = Incoming { rules: route.rules, trusted: false, items, retry_of: Vec::new() };
    if let Err(refused) = take_turn(app, incoming.rules.id, client) {
        return Failure::Refused(refused);
    }
    match accept(app, incoming).await {
        Ok(_) => Failure::Json(error),
        Err(refused) => Failure::Refused(refused),
    }
}
