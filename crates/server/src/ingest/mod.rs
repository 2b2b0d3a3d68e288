//! From a request to the WAL: dialect by dialect in [`sunbird`] and [`posthog`], then one way for all in [`accept`].
//!
//! 200 means: every event is durable, or has an outcome with a reason. Never both, never neither.

pub mod accept;
pub mod gate;
pub mod posthog;
pub mod posthog_reads;
pub mod retry;
pub mod sunbird;

use crate::app::App;
use axum::Router;
use axum::http::{Method, header};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// All ingest routes, open to every origin: a write key only writes, and no cookie is read here.
pub fn router() -> Router<App> {
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::HEAD, Method::OPTIONS])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([header::RETRY_AFTER, header::HeaderName::from_static("posthog-request-id")])
        .max_age(Duration::from_secs(24 * 3600));
    Router::new().merge(sunbird::router()).merge(posthog::router()).merge(posthog_reads::router()).layer(cors)
}

/// Registers a handler with and without the trailing slash: a redirect would lose the body.
pub fn both(router: Router<App>, path: &str, method: axum::routing::MethodRouter<App>) -> Router<App> {
    router.route(path, method.clone()).route(&format!("{path}/"), method)
}
