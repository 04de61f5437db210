//! Accepts connections and bounds what each may cost.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinError, JoinSet};

use super::cloudtrail::Peer;
use super::limits::Limits;
use super::panics::Panics;
use super::slow_reader::SlowReader;

/// Largest head of a request that is buffered.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Time for requests in progress when the emulator stops.
const GRACE_SECONDS_MAX: u64 = 2;
/// Pause after a failed accept: it fails when files run out, and retrying at once would spin.
const ACCEPT_PAUSE_MILLISECONDS: u64 = 50;

/// Serves until `stop` changes, then lets requests in progress finish for a bounded time.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    (mut stop, panics): (watch::Receiver<bool>, Arc<Panics>),
    limits: Limits,
) {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let slot = tokio::select! {
            _ = stop.changed() => break,
            Ok(slot) = Arc::clone(&slots).acquire_owned() => slot,
            Some(ended) = connections.join_next() => {
                report(ended, &panics);
                continue;
            }
        };
        let accepted = tokio::select! {
            _ = stop.changed() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MILLISECONDS)).await;
            continue;
        };
        let client = (stream, Peer(peer.ip()));
        let connection = connection(client, router.clone(), stop.clone(), limits.patience);
        connections.spawn(async move {
            connection.await;
            drop(slot);
        });
    }
    drop(listener);
    while let Some(ended) = connections.join_next().await {
        report(ended, &panics);
    }
}

/// Serves one connection until its client closes it, is too slow, or the emulator stops.
async fn connection(
    (stream, peer): (TcpStream, Peer),
    router: Router,
    mut stop: watch::Receiver<bool>,
    patience: Duration,
) {
    // Without it, answers wait for the client's acknowledgement of the one before. It is a matter
    // of speed alone, so a refusal by the system is no failure.
    let _ = stream.set_nodelay(true);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(HEAD_BYTES_MAX);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        let answering = router.call(request);
        async move {
            let Ok(response) = answering.await;
            // Instead of an answer, an error ends the connection.
            match response.extensions().get::<Severed>() {
                Some(severed) => Err(*severed),
                None => Ok(response),
            }
        }
    });
    let mut serving =
        pin!(http.serve_connection(TokioIo::new(SlowReader::new(stream, patience)), service));
    // A connection that ends in an error was cut or too slow: nothing that could be answered.
    tokio::select! {
        _ = serving.as_mut() => {}
        _ = stop.changed() => {
            serving.as_mut().graceful_shutdown();
            let grace = Duration::from_secs(GRACE_SECONDS_MAX);
            let _ = tokio::time::timeout(grace, serving).await;
        }
    }
}

/// Marks a response that is not sent: the connection is cut in its place.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a fault cuts the connection")]
struct Severed;

/// The response that cuts the connection.
pub(super) fn severed() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Severed);
    response
}

fn report(ended: Result<(), JoinError>, panics: &Panics) {
    if let Err(error) = ended
        && let Ok(panic) = error.try_into_panic()
    {
        panics.record(panic.as_ref());
    }
}
