//! All routes in one place.

use super::error::ApiError;
use super::{
    access, actions, cohorts, dashboards, demo, export, insights, keys, live, members, organization, outcomes, persons,
    projects, questions, sql, summaries, system, tokens,
};
use crate::app::App;
use crate::auth::{self, Who};
use crate::{embed, ingest};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The API's routes and their OpenAPI document.
pub fn api() -> (Router<App>, OpenApi) {
    let info = Info::builder()
        .title("Telemetry")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Ask, see and change what a Telemetry server knows. Log in with the page, or send a personal token as \
             `Authorization: Bearer tmp_…`. Changing calls with a login cookie also need the header `X-Telemetry: 1`.",
        ))
        .build();
    let document = OpenApiBuilder::new().info(info).build();
    OpenApiRouter::with_openapi(document)
        .routes(routes!(access::setup_state, access::setup))
        .routes(routes!(access::login))
        .routes(routes!(access::logout))
        .routes(routes!(access::me, access::change_me))
        .routes(routes!(organization::name_organization))
        .routes(routes!(projects::list, projects::create))
        .routes(routes!(projects::get, projects::update))
        .routes(routes!(demo::create))
        .routes(routes!(demo::show))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(members::list, members::create))
        .routes(routes!(members::update, members::remove))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::remove))
        .routes(routes!(questions::ask))
        .routes(routes!(questions::people))
        .routes(routes!(questions::catalogue))
        .routes(routes!(questions::values))
        .routes(routes!(cohorts::list, cohorts::create))
        .routes(routes!(cohorts::get, cohorts::update, cohorts::remove))
        .routes(routes!(cohorts::upload))
        .routes(routes!(cohorts::people))
        .routes(routes!(cohorts::size))
        .routes(routes!(actions::list, actions::create))
        .routes(routes!(actions::get, actions::update, actions::remove))
        .routes(routes!(export::download))
        .routes(routes!(summaries::download))
        .routes(routes!(sql::ask))
        .routes(routes!(sql::schema))
        .routes(routes!(live::watch))
        .routes(routes!(outcomes::show))
        .routes(routes!(outcomes::failed))
        .routes(routes!(outcomes::retry_failed))
        .routes(routes!(persons::show))
        .routes(routes!(persons::merges))
        .routes(routes!(persons::undo))
        .routes(routes!(insights::list, insights::create))
        .routes(routes!(insights::get, insights::update, insights::remove))
        .routes(routes!(dashboards::list, dashboards::create))
        .routes(routes!(dashboards::get, dashboards::update, dashboards::remove))
        .routes(routes!(system::health))
        .routes(routes!(system::ready))
        .split_for_parts()
}

/// The whole server: ingestion, API, page and SDK; `local` are the routes for commands on this machine.
pub fn router(app: &App, prometheus: PrometheusHandle, local: Router<App>) -> Router {
    let (api, document) = api();
    let api = api
        .route("/api/openapi.json", get(async move || axum::Json(document)))
        .route("/api/{*rest}", axum::routing::any(async || ApiError::not_found("route")))
        .method_not_allowed_fallback(async || {
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this route has other methods")
        })
        .layer(from_fn_with_state(app.clone(), authenticate));
    let metrics = get(async move |State(app): State<App>| system::prometheus(&app, &prometheus));
    let compressible = DefaultPredicate::new()
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("application/vnd.apache.parquet"));
    // Answers to events are shorter than what tells that they are compressed.
    Router::new()
        .merge(api)
        .merge(local)
        .route("/metrics", metrics)
        .merge(embed::sdk_router())
        .fallback(embed::page)
        .layer(CompressionLayer::new().compress_when(compressible))
        .merge(ingest::router())
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app.clone())
}

/// Recognises the member once per request and sets the rotated cookie on the answer.
async fn authenticate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let public = matches!(
        request.uri().path(),
        "/api/setup" | "/api/login" | "/api/logout" | "/api/openapi.json" | "/health" | "/ready"
    );
    let mut rotated = None;
    if !public {
        match auth::recognise(&app, request.method(), request.headers()).await {
            Ok(Some(who)) => {
                rotated.clone_from(&who.rotated);
                request.extensions_mut().insert::<Who>(who);
            }
            Ok(None) => return ApiError::unauthenticated().into_response(),
            Err(error) => return error.into_response(),
        }
    }
    let https = app.is_https(request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // What is answered here is for this member now: no cache may keep it.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A login that began in this very request is the newer one.
    if let Some(value) = rotated.filter(|_| !headers.contains_key(header::SET_COOKIE)) {
        headers.append(header::SET_COOKIE, auth::cookie_to_set(https, &value, auth::LOGIN_TTL / model::time::SECOND));
    }
    response
}

/// A panic is one failed request, not the end of the server.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    metrics::counter!("telemetry_panics_total").increment(1);
    ApiError::internal("a request handler panicked").into_response()
}
