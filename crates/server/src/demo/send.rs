//! Sends batches through the ingest door, in this process: the very handler that an app's HTTP request meets, with
//! key, limits, decoding, gate and WAL; only the socket is left out. What is refused for now is sent again later.

use super::FillError;
use crate::app::App;
use crate::http::Peer;
use crate::ingest;
use ::demo::{Batch, Batches};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use futures::{Stream, StreamExt};
use http_body_util::BodyExt;
use model::{Micros, ProjectId};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tower::ServiceExt;

/// Keeps a body under the size from which on decoding waits for one of few turns.
pub const EVENTS_PER_BATCH: u32 = 140;
/// Requests at once: enough that one sync of the log serves several.
const IN_FLIGHT: usize = 8;
/// Batches made ahead of the requests.
const AHEAD: usize = 4;
/// A door that refuses longer than this will not open by waiting: a full disk, for example.
const PATIENCE: Duration = Duration::from_secs(300);
/// Longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// A batch that is durable.
#[derive(Debug, Clone, Copy)]
pub struct Acknowledged {
    /// Its events.
    pub events: u32,
    /// All that arrives before this instant is durable.
    pub until: Micros,
}

/// The door for one project.
#[derive(Clone)]
pub struct Door {
    app: App,
    router: Router,
    uri: String,
}

impl Door {
    /// Finds the project's write key.
    ///
    /// # Errors
    /// All its write keys are revoked, or the metadata cannot be read.
    pub async fn of(app: &App, project: ProjectId) -> Result<Door, FillError> {
        let key = app.meta.project(project).await?.write_key;
        let key = key.ok_or_else(|| {
            FillError::Refused("all write keys of the demo project are revoked; make one in its settings".to_owned())
        })?;
        let router = ingest::sunbird::router().with_state(app.clone());
        // A key of ours needs no escaping: letters, digits, - and _.
        Ok(Door { app: app.clone(), router, uri: format!("/v1/telemetry?key={key}") })
    }

    /// Sends a batch until it is acknowledged.
    ///
    /// # Errors
    /// Refused for good, refused for longer than our patience, or the server stops.
    pub async fn send(&self, batch: Batch) -> Result<Acknowledged, FillError> {
        let body = bytes::Bytes::from(batch.body);
        let give_up = Instant::now() + PATIENCE;
        loop {
            if *self.app.stop.borrow() {
                return Err(FillError::Stopping);
            }
            let (status, pause, text) = self.post(body.clone()).await?;
            match status {
                StatusCode::OK => return Ok(Acknowledged { events: batch.events, until: batch.until }),
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE if Instant::now() < give_up => {
                    let mut stop = self.app.stop.clone();
                    // Whichever is first; the loop looks again.
                    let _ = tokio::time::timeout(pause, stop.wait_for(|stopping| *stopping)).await;
                }
                _ => {
                    return Err(FillError::Refused(format!(
                        "the server refused the demo's events with {status}: {text}"
                    )));
                }
            }
        }
    }

    /// One request: status, the pause that the answer asks for, the answer's text.
    async fn post(&self, body: bytes::Bytes) -> Result<(StatusCode, Duration, String), FillError> {
        let mut request = Request::post(self.uri.as_str())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .map_err(|error| FillError::Refused(error.to_string()))?;
        request.extensions_mut().insert(Peer(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))));
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status();
        if status == StatusCode::OK {
            return Ok((status, Duration::ZERO, String::new()));
        }
        let after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let pause = Duration::from_secs(after.and_then(|text| text.parse().ok()).unwrap_or(1)).min(PAUSE_MAX);
        let text = match response.into_body().collect().await {
            Ok(body) => String::from_utf8_lossy(&body.to_bytes()).into_owned(),
            Err(_) => String::new(),
        };
        Ok((status, pause, text))
    }
}

/// Batches on their way, several at once; their answers in the order of the batches.
pub struct Sending(Pin<Box<dyn Stream<Item = Result<Acknowledged, FillError>> + Send>>);

impl Sending {
    /// Begins to send.
    pub fn begin(door: Door, batches: Batches) -> Sending {
        let (sender, receiver) = mpsc::channel(AHEAD);
        // Ends when the receiver is gone.
        tokio::task::spawn_blocking(move || {
            for batch in batches {
                if sender.blocking_send(batch).is_err() {
                    return;
                }
            }
        });
        let answers = ReceiverStream::new(receiver)
            .map(move |batch| {
                let door = door.clone();
                // Tasks of their own, so that the cores decode side by side.
                let sending = tokio::spawn(async move { door.send(batch).await });
                async move { sending.await.unwrap_or_else(|error| Err(FillError::Refused(error.to_string()))) }
            })
            .buffered(IN_FLIGHT);
        Sending(Box::pin(answers))
    }

    /// The next batch that is durable, and all before it; `None` when all are.
    ///
    /// # Errors
    /// As [`Door::send`]; batches behind the failed one may be durable too.
    pub async fn next(&mut self) -> Result<Option<Acknowledged>, FillError> {
        self.0.next().await.transpose()
    }
}
