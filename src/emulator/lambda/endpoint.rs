//! A function that is invoked over HTTP, by the request of AWS's Invoke API.
//!
//! <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::function::{FunctionName, InvalidFunction};
use super::outcome::{FunctionError, InvokeRefusal, Outcome, PayloadPart};
use super::runtime_api::{Unread, read};

/// Where a function's Invoke endpoint is: `http://host:port`, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    host: String,
    port: u16,
    remote_allowed: bool,
}

impl Endpoint {
    /// An endpoint on this machine.
    ///
    /// # Errors
    ///
    /// [`InvalidFunction::RemoteEndpoint`] if the host is not `localhost` or a loopback address;
    /// [`InvalidFunction::EndpointUrl`] if the text is no URL that can be called.
    pub fn loopback(url: &str) -> Result<Self, InvalidFunction> {
        let endpoint = Self::remote(url)?;
        let is_loopback = endpoint.host == "localhost"
            || endpoint
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        if !is_loopback {
            return Err(InvalidFunction::RemoteEndpoint(url.to_owned()));
        }
        Ok(Self {
            remote_allowed: false,
            ..endpoint
        })
    }

    /// An endpoint anywhere: events, which have users' attributes in them, leave this machine
    /// unencrypted.
    ///
    /// # Errors
    ///
    /// [`InvalidFunction::EndpointUrl`] if the text is no URL that can be called.
    pub fn remote(url: &str) -> Result<Self, InvalidFunction> {
        let invalid = || InvalidFunction::EndpointUrl(url.to_owned());
        let uri: Uri = url.parse().map_err(|_| invalid())?;
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        if uri.scheme_str() != Some("http") || host.is_empty() || uri.path() != "/" {
            return Err(invalid());
        }
        let port = uri.port_u16().unwrap_or(80);
        Ok(Self {
            host: host.to_owned(),
            port,
            remote_allowed: true,
        })
    }
}

/// Sends one Invoke request. The limit is the function's; whoever calls may stop waiting before.
pub(super) async fn invoke(
    endpoint: &Endpoint,
    name: &FunctionName,
    payload: Bytes,
    limit: Duration,
) -> Outcome {
    match timeout(limit, exchange(endpoint, name, payload)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => {
            let why = format!("http://{}:{}: {error}", endpoint.host, endpoint.port);
            Outcome::Refused(InvokeRefusal::Unreachable { why })
        }
        Err(_) => Outcome::NoAnswer { waited: limit },
    }
}

async fn exchange(endpoint: &Endpoint, name: &FunctionName, payload: Bytes) -> io::Result<Outcome> {
    let stream = TokioIo::new(connect(endpoint).await?);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream)
        .await
        .map_err(io::Error::other)?;
    let request = Request::post(format!("/2015-03-31/functions/{name}/invocations"))
        .header("host", format!("{}:{}", endpoint.host, endpoint.port))
        .header("content-type", "application/json")
        .header("x-amz-invocation-type", "RequestResponse")
        .body(Body::from(payload))
        .map_err(io::Error::other)?;
    let answer = async {
        let response = sender
            .send_request(request)
            .await
            .map_err(io::Error::other)?;
        let (head, body) = response.into_parts();
        match read(Body::new(body)).await {
            Ok(body) => Ok(outcome(head.status, &head.headers, body)),
            Err(Unread::TooLarge) => Ok(Outcome::TooLarge(PayloadPart::Response)),
            Err(Unread::Broken) => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    };
    tokio::pin!(answer, connection);
    tokio::select! {
        biased;
        answer = &mut answer => answer,
        // The connection ends first where the answer has no length; the rest is then buffered.
        _ended = &mut connection => answer.await,
    }
}

async fn connect(endpoint: &Endpoint) -> io::Result<TcpStream> {
    let mut refused = io::Error::other("the host has no address on loopback");
    for address in lookup_host((endpoint.host.as_str(), endpoint.port)).await? {
        if !endpoint.remote_allowed && !address.ip().is_loopback() {
            continue;
        }
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// What an answer of Invoke means.
fn outcome(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Outcome {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !status.is_success() {
        let words = status.canonical_reason().unwrap_or("unknown status");
        let error = header("x-amzn-errortype").and_then(|value| value.split(':').next());
        let error = error.unwrap_or(words).to_owned();
        return Outcome::Refused(InvokeRefusal::Endpoint {
            status: status.as_u16(),
            error,
        });
    }
    match header("x-amz-function-error") {
        Some(_) => Outcome::Failed(FunctionError::from_payload(&body, None)),
        None => Outcome::Returned(body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Outcome {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        outcome(
            StatusCode::from_u16(status).unwrap(),
            &headers,
            Bytes::from(body.to_owned()),
        )
    }

    #[test]
    fn endpoints() {
        for url in [
            "http://127.0.0.1:8080",
            "http://localhost:9000/",
            "http://[::1]:1",
        ] {
            assert!(Endpoint::loopback(url).is_ok(), "{url}");
        }
        let remote = "http://192.0.2.7:9000";
        assert_eq!(
            Endpoint::loopback(remote),
            Err(InvalidFunction::RemoteEndpoint(remote.to_owned()))
        );
        assert!(Endpoint::remote(remote).is_ok());
        for url in [
            "https://localhost:1",
            "localhost",
            "http://",
            "http://localhost/path",
        ] {
            assert_eq!(
                Endpoint::loopback(url),
                Err(InvalidFunction::EndpointUrl(url.to_owned()))
            );
        }
    }

    #[test]
    fn answers_of_invoke() {
        assert_eq!(
            meaning(200, &[], "{}"),
            Outcome::Returned(Bytes::from_static(b"{}"))
        );
        assert_eq!(
            meaning(
                200,
                &[("x-amz-function-error", "Unhandled")],
                r#"{"errorMessage":"no","errorType":"E"}"#
            ),
            Outcome::Failed(FunctionError::new("E", "no"))
        );
        let refusal = |status, error: &str| {
            Outcome::Refused(InvokeRefusal::Endpoint {
                status,
                error: error.to_owned(),
            })
        };
        assert_eq!(
            meaning(
                429,
                &[("x-amzn-errortype", "TooManyRequestsException:http://x")],
                ""
            ),
            refusal(429, "TooManyRequestsException")
        );
        assert_eq!(meaning(502, &[], "<html>"), refusal(502, "Bad Gateway"));
    }
}
