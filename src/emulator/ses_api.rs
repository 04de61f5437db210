//! SES's requests and answers over HTTP: REST JSON, errors by header and `message`.
//!
//! <https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html>. Names and statuses are
//! the service model's.

use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use super::ses::{self, ApiRequest, Caller, Ses};

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
/// Where all of SES v2 is.
const PREFIX: &str = "/v2/email/";
/// Every client is on this machine, or comes through a forwarder on it.
const SOURCE_IP: &str = "127.0.0.1";
/// What events call a caller whose signature names no key.
const UNNAMED_CALLER: &str = "unknown";

/// How a request is answered.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Vec<u8>,
    /// The exception's name and message.
    pub(super) error: Option<(&'static str, String)>,
}

/// The operation that a request asks for, if it is one that CloudTrail records.
pub(super) fn recorded_operation(head: &Parts) -> Option<&'static str> {
    let path = head.uri.path();
    ses::management_operation(&head.method, path.strip_prefix(PREFIX).unwrap_or(path))
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    message: &'a str,
}

/// Runs the operation that a request asks for. An unsigned request is refused as other services
/// with REST JSON do it.
pub(super) async fn answer(ses: &Arc<Ses>, head: &Parts, body: &[u8], is_signed: bool) -> Answered {
    if !is_signed {
        let name = "MissingAuthenticationTokenException";
        return refused(StatusCode::FORBIDDEN, name, "Missing Authentication Token");
    }
    let path = head.uri.path();
    let request = ApiRequest {
        method: &head.method,
        path: path.strip_prefix(PREFIX).unwrap_or(path),
        query: head.uri.query(),
        body,
        caller: Caller {
            identity: access_key(&head.headers)
                .unwrap_or(UNNAMED_CALLER)
                .to_owned(),
            ip: SOURCE_IP.to_owned(),
        },
    };
    match ses::call(ses, request).await {
        Ok(body) => Answered {
            status: StatusCode::OK,
            headers: Vec::new(),
            body,
            error: None,
        },
        Err(exception) => {
            let status = StatusCode::from_u16(exception.status());
            refused(
                status.unwrap_or(StatusCode::BAD_REQUEST),
                exception.name(),
                &exception.to_string(),
            )
        }
    }
}

fn refused(status: StatusCode, name: &'static str, message: &str) -> Answered {
    Answered {
        status,
        headers: vec![(ERROR_TYPE, HeaderValue::from_static(name))],
        // Texts always have a JSON form.
        body: serde_json::to_vec(&ErrorBody { message }).unwrap_or_default(),
        error: Some((name, message.to_owned())),
    }
}

/// The access key that a signature names: this emulator has no users, and so no names of theirs.
fn access_key(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (_, credential) = authorization.split_once("Credential=")?;
    let end = credential.find(['/', ',', ' ']).unwrap_or(credential.len());
    Some(&credential[..end]).filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_access_key() {
        let cases = [
            (
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/ses/aws4_request, \
                 SignedHeaders=host",
                Some("AKIDEXAMPLE"),
            ),
            ("AWS4-HMAC-SHA256 Credential=test", Some("test")),
            ("AWS4-HMAC-SHA256 Credential=, Signature=0", None),
            ("Basic dGVzdA==", None),
        ];
        for (value, expected) in cases {
            let value = HeaderValue::from_static(value);
            let headers = HeaderMap::from_iter([(AUTHORIZATION, value)]);
            assert_eq!(access_key(&headers), expected);
        }
    }
}
