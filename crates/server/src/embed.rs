//! The web page and the SDK, embedded in the binary: types, caching, security headers.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Ui;

#[derive(RustEmbed)]
#[folder = "../../sdk/dist"]
#[allow_missing = true]
struct Sdk;

/// Scripts only from here, nothing inline, no frame around us.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// Shown instead of the page by a binary that was built without it.
const NO_PAGE: &str = "<!doctype html><meta charset=utf-8><title>Telemetry</title><p>This binary was built without \
    the web page. Run <code>make run</code>, or build <code>ui/</code> before the server. The API works.";

/// Any path that is not an API or ingest route: a file of the page, or the page itself, which routes by its URL.
pub async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let named = (!path.is_empty()).then(|| Ui::get(path)).flatten();
    let mut response = match named {
        // Vite puts a hash into the names under assets/, so those never change.
        Some(file) if path.starts_with("assets/") => {
            answer(path, &file, &headers, "public, max-age=31536000, immutable")
        }
        Some(file) => answer(path, &file, &headers, "no-cache"),
        None if path.starts_with("assets/") => StatusCode::NOT_FOUND.into_response(),
        None => match Ui::get("index.html") {
            Some(file) => answer("index.html", &file, &headers, "no-cache"),
            None => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], NO_PAGE).into_response(),
        },
    };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The files of the browser SDK: what a page loads first, the parts that this fetches when they are needed, and what
/// stands in for Sunbird's own SDK.
const SDK_FILES: [&str; 7] = [
    "telemetry.js",
    "telemetry-actions.js",
    "telemetry-heatmap.js",
    "telemetry-vitals.js",
    "telemetry-feedback.js",
    "telemetry-consent.js",
    "telemetry-sunbird.js",
];

/// `GET /telemetry.js` and its parts.
pub fn sdk_router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    SDK_FILES.into_iter().fold(Router::new(), |router, name| {
        router.route(&format!("/{name}"), get(async move |headers: HeaderMap| sdk(name, &headers)))
    })
}

/// Ten minutes of caching: apps get a new version the same day, without a request per page.
fn sdk(name: &str, headers: &HeaderMap) -> Response {
    match Sdk::get(name) {
        Some(file) => {
            let mut response = answer(name, &file, headers, "public, max-age=600");
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert(
                HeaderName::from_static("cross-origin-resource-policy"),
                HeaderValue::from_static("cross-origin"),
            );
            response
        }
        None => (StatusCode::NOT_FOUND, "this binary was built without the SDK; build sdk/ before the server\n")
            .into_response(),
    }
}

fn answer(path: &str, file: &EmbeddedFile, request: &HeaderMap, caching: &'static str) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag = hash[..8].iter().fold(String::from("\""), |tag, byte| format!("{tag}{byte:02x}")) + "\"";
    let unchanged = request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(file.data.to_vec()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
