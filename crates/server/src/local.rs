//! How commands on the same machine talk to a running server: through `server.json` in the data directory.
//!
//! The file tells the address and a secret made at each start, and can be read by the directory's owner only: who can
//! read it can read the events too. It is removed at a clean end; whether a server runs is told by the lock alone.

use crate::api::error::{ApiError, ApiResult};
use crate::app::App;
use crate::auth;
use crate::checkpoint::{self, Frozen};
use crate::secret::{self, Purpose};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, post};
use axum::{Json, Router};
use meta::SecretHash;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The file's name in the data directory.
pub const FILE_NAME: &str = "server.json";

/// What stands in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Running {
    /// Process of the server.
    pub pid: u32,
    /// Where it answers.
    pub url: String,
    /// For the header `Authorization: Bearer`.
    pub secret: String,
}

impl Running {
    /// Makes a secret and writes the file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn announce(data: &std::path::Path, address: SocketAddr) -> std::io::Result<Running> {
        // An address for all networks is no address to connect to.
        let ip = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let url = format!("http://{}", SocketAddr::new(ip, address.port()));
        let running = Running { pid: std::process::id(), url, secret: secret::generate(Purpose::Login) };
        let path = data.join(FILE_NAME);
        let temporary = data.join("server.json.tmp");
        // The permissions of a file that is there would stay as they are.
        let _ = std::fs::remove_file(&temporary);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(&serde_json::to_vec(&running)?)?;
        std::fs::rename(&temporary, &path)?;
        Ok(running)
    }

    /// Reads the file; `None` when there is none, or none that can be read.
    pub fn of(data: &std::path::Path) -> Option<Running> {
        serde_json::from_slice(&std::fs::read(data.join(FILE_NAME)).ok()?).ok()
    }

    /// Removes the file.
    pub fn withdraw(data: &std::path::Path) {
        // Without it the lock still tells that nobody runs.
        let _ = std::fs::remove_file(data.join(FILE_NAME));
    }
}

/// The routes for commands; not part of the API.
pub fn router(app: &App, running: &Running) -> Router<App> {
    let wanted = SecretHash::of(&running.secret);
    Router::new()
        .route("/local/checkpoints", post(freeze))
        .route("/local/checkpoints/{name}", delete(thaw))
        .layer(from_fn_with_state((app.clone(), wanted), only_with_secret))
}

async fn only_with_secret(
    State((_, wanted)): State<(App, SecretHash)>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    // Hashes are compared, so that the time taken says nothing of the secret.
    match auth::bearer(&headers) {
        Some(secret) if SecretHash::of(secret) == wanted => next.run(request).await,
        _ => ApiError::unauthenticated().into_response(),
    }
}

async fn freeze(State(app): State<App>) -> ApiResult<Json<Frozen>> {
    let Ok(_one) = app.freezing.try_lock() else {
        return Err(ApiError::conflict("another backup is being made; try again in a moment"));
    };
    checkpoint::freeze(&app.store, &app.meta, &app.config.data).await.map(Json).map_err(|error| {
        tracing::warn!(error = format!("{error:#}"), "no checkpoint was made");
        ApiError::unavailable(format!("{error:#}"))
    })
}

async fn thaw(State(app): State<App>, Path(name): Path<String>) -> ApiResult<StatusCode> {
    let data = app.config.data.clone();
    let done = tokio::task::spawn_blocking(move || checkpoint::thaw(&data, &name)).await.map_err(ApiError::internal)?;
    done.map_err(ApiError::internal)?;
    Ok(StatusCode::NO_CONTENT)
}
