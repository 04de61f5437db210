//! The refusals of the front door, as COGNITO.md 1.3 and 1.4 put them on the wire.

use axum::http::StatusCode;
use serde::Serialize;

use super::bodies::Unreadable;
use super::cloudtrail;
use super::cognito::Exception;
use super::gate::{Cut, Stopped};
use super::kms;
use super::logs;
use super::validation;

/// An error of the front door, before any operation runs, or an operation's exception.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error(transparent)]
    Operation(#[from] Exception),
    #[error(transparent)]
    Logs(#[from] logs::Exception),
    #[error(transparent)]
    Kms(#[from] kms::Exception),
    #[error(transparent)]
    CloudTrail(#[from] cloudtrail::Exception),
    /// COGNITO.md 1.4 \[R\]; the status is a guess.
    #[error("Missing Authentication Token")]
    Unsigned,
    /// COGNITO.md 1.4 \[U\]: without a message.
    #[error("")]
    UnknownOperation,
    /// A guess; AWS's limit is not known.
    #[error("Request size exceeded {0} bytes")]
    TooLarge(usize),
    /// A guess.
    #[error("The request's body did not arrive in time")]
    TooSlow,
    /// A fault cuts the connection; nobody is answered.
    #[error("")]
    Severed(Cut),
    /// A guess that nobody reads: the client is gone.
    #[error("The request's body ended early")]
    Cut,
}

impl From<Unreadable> for Refusal {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::TooLarge(max) => Self::TooLarge(max),
            Unreadable::TooSlow => Self::TooSlow,
            Unreadable::Cut => Self::Cut,
        }
    }
}

impl<E: Into<Refusal>> From<Stopped<E>> for Refusal {
    fn from(stopped: Stopped<E>) -> Self {
        match stopped {
            Stopped::Refused(exception) => exception.into(),
            Stopped::Cut(cut) => Self::Severed(cut),
        }
    }
}

impl Refusal {
    /// The exception's name.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Operation(exception) => exception.name(),
            Self::Logs(exception) => exception.name(),
            Self::Kms(exception) => exception.name(),
            Self::CloudTrail(exception) => exception.name(),
            Self::Unsigned => "MissingAuthenticationTokenException",
            Self::UnknownOperation => "UnknownOperationException",
            Self::TooLarge(_) => "RequestEntityTooLargeException",
            Self::TooSlow | Self::Cut | Self::Severed(_) => "RequestTimeoutException",
        }
    }

    /// The HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            // An honest status of its own, so that no client takes it for an answer of AWS.
            Self::Operation(Exception::NotImplemented(_)) => StatusCode::NOT_IMPLEMENTED,
            Self::Operation(exception) => validation::error_status(exception.name())
                .and_then(|status| StatusCode::from_u16(status).ok())
                .unwrap_or(StatusCode::BAD_REQUEST),
            Self::Logs(exception) => exception.status(),
            Self::Kms(exception) => exception.status(),
            Self::CloudTrail(exception) => exception.status(),
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow | Self::Cut | Self::Severed(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Unsigned | Self::UnknownOperation => StatusCode::BAD_REQUEST,
        }
    }

    /// The answer's body, with the message that the refusal displays.
    pub(super) fn body(&self, message: &str) -> Vec<u8> {
        match self {
            Self::Logs(exception) => exception.body(),
            Self::Kms(exception) => exception.body(),
            // A name and a message always have a JSON form.
            other => serde_json::to_vec(&ErrorBody::new(other.name(), message)).unwrap_or_default(),
        }
    }

    /// Whether no further request can come on the connection: part of this one may still be on it.
    pub(super) fn ends_connection(&self) -> bool {
        matches!(self, Self::TooLarge(_) | Self::TooSlow | Self::Cut)
    }
}

/// The error's body: `__type` first, no message member when there is none (COGNITO.md 1.3).
#[derive(Serialize)]
struct ErrorBody<'a> {
    #[serde(rename = "__type")]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    /// The message of a `SerializationException`, whose key has a capital (recorded in
    /// aws-amplify/amplify-js#4738).
    #[serde(rename = "Message", skip_serializing_if = "str::is_empty")]
    serialization_message: &'a str,
}

impl<'a> ErrorBody<'a> {
    fn new(name: &'a str, text: &'a str) -> Self {
        let (message, serialization_message) = match name {
            "SerializationException" => ("", text),
            _ => (text, ""),
        };
        Self {
            name,
            message,
            serialization_message,
        }
    }
}
