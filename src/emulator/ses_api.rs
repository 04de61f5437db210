//! SES's requests and answers over HTTP: REST JSON, errors by header and `message`.
//!
//! <https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html>. Names and statuses are
//! the service model's.

use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use super::caller::{UNNAMED, access_key, is_signed, user_arn};
use super::cloudtrail::Witness;
use super::cognito::Cognito;
use super::gate::{self, Asked, Cut, Stopped};
use super::service::Service;
use super::ses::{self, ApiRequest, Caller, Route, SesException};

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
/// Where all of SES v2 is.
const PREFIX: &str = "/v2/email/";
/// Every client is on this machine, or comes through a forwarder on it.
const SOURCE_IP: &str = "127.0.0.1";

/// How a request is answered.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Vec<u8>,
    /// The exception's name and message.
    pub(super) error: Option<(&'static str, String)>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    message: &'a str,
}

/// Runs the operation that a request asks for, if faults let it, and tells the witness which one it is.
/// An unsigned request is refused as other services with REST JSON do it.
///
/// # Errors
/// [`Cut`] if a fault cuts the connection.
pub(super) async fn answer(
    cognito: &Cognito,
    head: &Parts,
    body: &[u8],
    witness: &mut Witness,
) -> Result<Answered, Cut> {
    let path = head.uri.path();
    let route = match Route::read(&head.method, path.strip_prefix(PREFIX).unwrap_or(path)) {
        Ok(route) => route,
        Err(exception) => return Ok(exception.into()),
    };
    if route.is_management() {
        witness.saw_other(Service::Ses, route.name());
    }
    if !is_signed(&head.headers, head.uri.query()) {
        let name = "MissingAuthenticationTokenException";
        return Ok(refused(
            StatusCode::FORBIDDEN,
            name,
            "Missing Authentication Token",
        ));
    }
    let request = ApiRequest {
        query: head.uri.query(),
        body,
        caller: Caller {
            identity: access_key(&head.headers).unwrap_or(UNNAMED).to_owned(),
            ip: SOURCE_IP.to_owned(),
        },
    };
    let asked = {
        let (ses, route) = (&cognito.ses, route.clone());
        move || {
            let user = user_arn(&cognito.account_id, &head.headers);
            Asked::of(Service::Ses, route.name(), user, Some(ses.resource(&route)))
        }
    };
    let passed = gate::pass(cognito, asked, async |_| {
        let answer = ses::call(&cognito.ses, route, request).await;
        answer.map(Answered::ok)
    });
    gate::answered(passed.await.map_err(|stopped| match stopped {
        Stopped::Refused(exception) => Stopped::Refused(Answered::from(exception)),
        Stopped::Cut(cut) => Stopped::Cut(cut),
    }))
}

impl Answered {
    fn ok(body: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK,
            headers: Vec::new(),
            body,
            error: None,
        }
    }
}

impl From<SesException> for Answered {
    fn from(exception: SesException) -> Self {
        let status = StatusCode::from_u16(exception.status());
        refused(
            status.unwrap_or(StatusCode::BAD_REQUEST),
            exception.name(),
            &exception.to_string(),
        )
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
