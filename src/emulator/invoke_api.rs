//! Lambda's Invoke request, so that a function can be tried as it would be on AWS:
//! `aws lambda invoke --endpoint-url ...`.
//!
//! <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>. `LogType: Tail`, qualifiers and
//! client contexts are ignored; an event may be as large as any body here, which is less than on AWS.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use super::caller::user_arn;
use super::cognito::Cognito;
use super::event_queue::{self, NotQueued};
use super::gate::{self, Asked, Cut};
use super::lambda::{
    FunctionError, FunctionName, InvokeRefusal, Outcome, PayloadPart, TIMEOUT_MAX_SECONDS,
};
use super::service::Service;

const EXECUTED_VERSION: HeaderName = HeaderName::from_static("x-amz-executed-version");
const FUNCTION_ERROR: HeaderName = HeaderName::from_static("x-amz-function-error");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const INVOCATION_TYPE: &str = "x-amz-invocation-type";

/// How an invocation is answered.
#[derive(Debug)]
pub(super) struct Invoked {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Bytes,
}

/// An error of Invoke itself, before or instead of the function.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Refusal<'a> {
    r#type: &'a str,
    message: &'a str,
}

/// The error document of a function.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorDocument {
    error_message: String,
    error_type: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stack_trace: Vec<String>,
}

/// Invokes a function as the headers say, if faults let it: waiting for it, in the background, or not at
/// all.
///
/// # Errors
/// [`Cut`] if a fault cuts the connection.
pub(super) async fn invoke(
    cognito: &Cognito,
    name: &str,
    headers: &HeaderMap,
    event: Bytes,
) -> Result<Invoked, Cut> {
    let asked = || {
        let function = FunctionName::parse(name);
        let resource = function.map_or_else(
            |_| "*".to_owned(),
            |function| cognito.triggers.host.arn(&function),
        );
        let user = user_arn(&cognito.account_id, headers);
        // IAM's action has another name than the operation.
        let mut asked = Asked::of(Service::Lambda, "InvokeFunction", user, Some(resource));
        asked.operations.push("Invoke".to_owned());
        asked
    };
    let passed = gate::pass(cognito, asked, async |_| {
        Ok(invoke_now(cognito, name, headers, event).await)
    });
    gate::answered(passed.await)
}

async fn invoke_now(cognito: &Cognito, name: &str, headers: &HeaderMap, event: Bytes) -> Invoked {
    let Ok(name) = FunctionName::parse(name) else {
        let message = format!("{name} is neither a function's name nor its ARN");
        return Invoked::refused(
            StatusCode::BAD_REQUEST,
            "InvalidParameterValueException",
            &message,
        );
    };
    let host = &cognito.triggers.host;
    let event = if event.is_empty() { "{}".into() } else { event };
    // A function has its own, shorter limit; this one only bounds the wait for a free environment.
    let limit = Duration::from_secs(TIMEOUT_MAX_SECONDS);
    let kind = headers.get(INVOCATION_TYPE).map(HeaderValue::as_bytes);
    match kind {
        None | Some(b"RequestResponse") => {
            let outcome = host.invoke(&name, event, limit).await;
            answer(outcome, &host.arn(&name))
        }
        Some(_) if !host.has(&name) => not_found(&host.arn(&name)),
        // Nobody waits for it; what becomes of it stands in the function's log.
        Some(b"Event") => match event_queue::add(cognito, &name, event) {
            Ok(()) => done(StatusCode::ACCEPTED, Bytes::new()),
            Err(NotQueued::NoSuchFunction(_)) => not_found(&host.arn(&name)),
            Err(full @ NotQueued::Full) => Invoked::refused(
                StatusCode::TOO_MANY_REQUESTS,
                "TooManyRequestsException",
                &full.to_string(),
            ),
        },
        Some(b"DryRun") => done(StatusCode::NO_CONTENT, Bytes::new()),
        Some(_) => {
            let message = "X-Amz-Invocation-Type is not RequestResponse, Event or DryRun";
            Invoked::refused(
                StatusCode::BAD_REQUEST,
                "InvalidParameterValueException",
                message,
            )
        }
    }
}

fn answer(outcome: Outcome, arn: &str) -> Invoked {
    if let Some(error) = outcome.function_error() {
        return failed(error);
    }
    match outcome {
        Outcome::Returned(body) => done(StatusCode::OK, body),
        Outcome::Refused(InvokeRefusal::NoSuchFunction) => not_found(arn),
        Outcome::Refused(InvokeRefusal::TooManyRequests) => Invoked::refused(
            StatusCode::TOO_MANY_REQUESTS,
            "TooManyRequestsException",
            "Rate Exceeded.",
        ),
        Outcome::TooLarge(PayloadPart::Request) => Invoked::refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestTooLargeException",
            "the event is too large",
        ),
        Outcome::CouldNotStart { why } => {
            Invoked::refused(StatusCode::BAD_GATEWAY, "InvalidRuntimeException", &why)
        }
        other => {
            let message = format!("{other:?}");
            Invoked::refused(
                StatusCode::INTERNAL_SERVER_ERROR,
                "ServiceException",
                &message,
            )
        }
    }
}

fn not_found(arn: &str) -> Invoked {
    let message = format!("Function not found: {arn}");
    Invoked::refused(StatusCode::NOT_FOUND, "ResourceNotFoundException", &message)
}

fn done(status: StatusCode, body: Bytes) -> Invoked {
    let version = HeaderValue::from_static("$LATEST");
    Invoked {
        status,
        headers: vec![(EXECUTED_VERSION, version)],
        body,
    }
}

fn failed(error: FunctionError) -> Invoked {
    let document = ErrorDocument {
        error_message: error.error_message,
        error_type: error.error_type,
        stack_trace: error.stack_trace,
    };
    let mut invoked = done(StatusCode::OK, json(&document));
    let unhandled = HeaderValue::from_static("Unhandled");
    invoked.headers.push((FUNCTION_ERROR, unhandled));
    invoked
}

impl Invoked {
    /// A refusal of Invoke itself.
    pub(super) fn refused(status: StatusCode, name: &'static str, message: &str) -> Self {
        let r#type = if status.is_server_error() {
            "Service"
        } else {
            "User"
        };
        Self {
            status,
            headers: vec![(ERROR_TYPE, HeaderValue::from_static(name))],
            body: json(&Refusal { r#type, message }),
        }
    }
}

fn json(value: &impl Serialize) -> Bytes {
    // Texts always have a JSON form.
    serde_json::to_vec(value).unwrap_or_default().into()
}
