//! One request and its answer over HTTP, on loopback.

use std::fmt;
use std::io;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};

use super::Route;

/// Largest answer: the mails that an embedded inbox keeps, and as much again for their JSON.
const ANSWER_BYTES_MAX: usize = 512 * 1024 * 1024;

/// Where an emulator listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// `localhost` or a loopback address.
    pub(super) host: String,
    pub(super) port: u16,
}

impl Place {
    /// Asks on a connection of its own; whoever calls sets the limit of time.
    ///
    /// # Errors
    /// The system's, or what is wrong with the HTTP of the answer.
    pub(super) async fn exchange(
        &self,
        route: &Route,
        body: Bytes,
    ) -> io::Result<(StatusCode, Bytes)> {
        let stream = self.connect().await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        let request = Request::builder()
            .method(route.method())
            .uri(route.path())
            .header("host", self.to_string())
            .header("content-type", "application/json")
            .body(Full::new(body))
            .map_err(io::Error::other)?;
        let answer = async {
            let response = sender.send_request(request).await;
            let response = response.map_err(io::Error::other)?;
            let status = response.status();
            let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect();
            Ok((status, body.await.map_err(io::Error::other)?.to_bytes()))
        };
        tokio::pin!(answer, connection);
        tokio::select! {
            biased;
            answer = &mut answer => answer,
            // The connection may end first; the rest of the answer is buffered then.
            _ended = &mut connection => answer.await,
        }
    }

    /// A name like `localhost` may have several addresses; no other than loopback is asked.
    async fn connect(&self) -> io::Result<TcpStream> {
        let mut refused = io::Error::other("the host has no address on loopback");
        for address in lookup_host((self.host.as_str(), self.port)).await? {
            if !address.ip().is_loopback() {
                continue;
            }
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}
