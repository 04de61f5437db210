//! Every exception of CloudWatch Logs that this emulator throws: name and message in one table.

use axum::http::StatusCode;
use serde::Serialize;

use super::insights::CompileError;

/// An exception of the service. Texts are AWS's where a comment does not say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exception {
    #[error("The specified log group does not exist.")]
    GroupNotFound,
    #[error("The specified log stream does not exist.")]
    StreamNotFound,
    /// The text is a guess.
    #[error("The specified query does not exist.")]
    QueryNotFound,
    #[error("The specified log group already exists")]
    GroupExists,
    #[error("The specified log stream already exists")]
    StreamExists,
    #[error("{0}")]
    InvalidParameter(String),
    /// The texts are guesses.
    #[error("{0}")]
    LimitExceeded(String),
    #[error(transparent)]
    Malformed(CompileError),
    /// Not AWS's: the emulator's word for what it does not do.
    #[error("{0} is not implemented by this emulator.")]
    NotImplemented(String),
    /// A request that is not of its operation's shape. The text is a guess.
    #[error("{0}")]
    Serialization(String),
    /// IAM denies the call; status 400 (recorded in public logs of the AWS CLI).
    #[error("{0}")]
    AccessDenied(String),
    /// The service fails; the text is a guess.
    #[error("The service cannot complete the request.")]
    ServiceUnavailable,
    #[error("Rate exceeded")]
    Throttling,
    /// The emulator's own fault.
    #[error("{0}")]
    Internal(String),
}

/// The error's body: `__type` first, and what a client may read besides the message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(rename = "__type")]
    name: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_compile_error: Option<QueryCompileError<'a>>,
}

/// `QueryCompileError`.
#[derive(Serialize)]
struct QueryCompileError<'a> {
    location: Location,
    message: &'a str,
}

/// `QueryCompileErrorLocation`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    start_char_offset: usize,
    end_char_offset: usize,
}

impl Exception {
    /// An `InvalidParameterException` with this message.
    pub(super) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::InvalidParameter(message.into())
    }

    /// The exception's name, as in `__type`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::GroupNotFound | Self::StreamNotFound | Self::QueryNotFound => {
                "ResourceNotFoundException"
            }
            Self::GroupExists | Self::StreamExists => "ResourceAlreadyExistsException",
            Self::InvalidParameter(_) => "InvalidParameterException",
            Self::LimitExceeded(_) => "LimitExceededException",
            Self::Malformed(_) => "MalformedQueryException",
            Self::NotImplemented(_) => "NotImplementedException",
            Self::Serialization(_) => "SerializationException",
            Self::AccessDenied(_) => "AccessDeniedException",
            Self::ServiceUnavailable => "ServiceUnavailableException",
            Self::Throttling => "ThrottlingException",
            Self::Internal(_) => "InternalFailure",
        }
    }

    /// The answer's status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotImplemented(_) => StatusCode::NOT_IMPLEMENTED,
            Self::ServiceUnavailable | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The answer's body.
    pub(crate) fn body(&self) -> Vec<u8> {
        let message = self.to_string();
        let query_compile_error = match self {
            Self::Malformed(error) => Some(QueryCompileError {
                location: Location {
                    start_char_offset: error.location.start,
                    end_char_offset: error.location.end,
                },
                message: &error.message,
            }),
            _ => None,
        };
        let body = Body {
            name: self.name(),
            message: &message,
            query_compile_error,
        };
        // Names, messages and numbers always have a JSON form.
        serde_json::to_vec(&body).unwrap_or_default()
    }
}

impl From<CompileError> for Exception {
    fn from(error: CompileError) -> Self {
        if error.is_missing_here {
            Self::NotImplemented(error.message)
        } else {
            Self::Malformed(error)
        }
    }
}
