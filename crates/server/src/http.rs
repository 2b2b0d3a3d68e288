//! The listener: connections with limits, a drain that ends.
//!
//! HTTP/1.1 only: there is no TLS here, so no browser would speak HTTP/2, and its reset attacks stay outside.
//! A connection costs a permit; a request head has a deadline; bodies are read by [`crate::body`].

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use futures::FutureExt;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

/// From the stop on each answer ends its connection, so that clients go elsewhere by themselves; idle connections are
/// closed only after this time, for a request may be on its way on each of them.
const CLOSE_AFTER: Duration = Duration::from_millis(500);
/// Who was taken last gets this long to send a request: hyper closes a connection of which it has read nothing.
const FIRST_REQUEST: Duration = Duration::from_millis(200);

/// Connections that may wait to be taken; the kernel caps it (`net.core.somaxconn`). When more phones than this come at
/// once, it answers with SYN cookies, and some of them are reset.
const BACKLOG: u32 = 4_096;

/// Limits of the listener.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Open connections; more wait in the kernel's backlog.
    pub connections_max: usize,
    /// Time to send a request head.
    pub header_timeout: Duration,
    /// Time for requests in flight after the stop was asked for.
    pub drain: Duration,
}

/// The peer of a connection, as an extension of each of its requests.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Takes an address.
///
/// # Errors
/// It is in use, or not ours.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop` turns true, then lets requests in flight end.
///
/// # Errors
/// Only what makes serving impossible; a failed accept is retried, because it means that files ran out.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    options: HttpOptions,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let permits = Arc::new(Semaphore::new(options.connections_max));
    let stopping = stop.clone();
    let graceful = GracefulShutdown::new();
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(options.header_timeout).max_buf_size(64 * 1024);
    let take = |stream: TcpStream, peer: SocketAddr, permit: OwnedSemaphorePermit| {
        // Answers are small and complete: sending them at once beats filling packets.
        let _ = stream.set_nodelay(true);
        let (router, stopping) = (router.clone(), stopping.clone());
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(Peer(peer));
            // What follows is meant for the far end of a tunnel that is not there: it is no request to us.
            let wants_tunnel = request.method() == Method::CONNECT;
            let answer = router.clone().oneshot(request);
            let stopping = stopping.clone();
            async move {
                let mut answer = answer.await;
                if let Ok(answer) = &mut answer
                    && (wants_tunnel || *stopping.borrow())
                {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                answer
            }
        });
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A client that goes away or breaks the protocol is its own affair.
            let _ = connection.await;
            drop(permit);
        });
    };
    let closing = async move {
        // The sender lives as long as the server; without it there is nobody to wait for.
        let _ = stop.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(CLOSE_AFTER).await;
    };
    tokio::pin!(closing);
    loop {
        let permit = tokio::select! {
            permit = permits.clone().acquire_owned() => permit.expect("the semaphore is never closed"),
            () = &mut closing => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors or memory: wait for connections to end instead of spinning.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut closing => break,
        };
        take(stream, peer, permit);
    }
    // Who connected a moment ago is still answered.
    while let Ok(permit) = permits.clone().try_acquire_owned()
        && let Some(Ok((stream, peer))) = listener.accept().now_or_never()
    {
        take(stream, peer, permit);
    }
    drop(listener);
    tokio::time::sleep(FIRST_REQUEST).await;
    if tokio::time::timeout(options.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(seconds = options.drain.as_secs(), "some requests did not end in time");
    }
    Ok(())
}
