//! Every exception of CloudTrail that this emulator throws.

use axum::http::StatusCode;

/// An exception of the service. Names are those of the service model, whose documentation says when
/// each occurs; the texts are guesses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exception {
    #[error("{0}")]
    InvalidLookupAttributes(String),
    #[error("{0}")]
    InvalidTimeRange(&'static str),
    #[error("MaxResults must be between 1 and {max}, and is {given}.")]
    InvalidMaxResults { given: i64, max: usize },
    #[error("The token is not valid, or was given out to a request with other parameters.")]
    InvalidNextToken,
    #[error("{0} is not an event category that can be looked up.")]
    InvalidEventCategory(String),
    /// IAM denies the call; the message names no resource (recorded in public logs of the AWS CLI).
    #[error("{0}")]
    AccessDenied(String),
    #[error("Rate exceeded")]
    Throttling,
    /// A request that is not of its operation's shape.
    #[error("{0}")]
    Serialization(String),
    /// Not AWS's: the emulator's word for what it does not do.
    #[error("The operation {0} of CloudTrail is not implemented by this emulator.")]
    NotImplemented(String),
    /// The emulator's own fault.
    #[error("{0}")]
    Internal(String),
}

impl Exception {
    /// The exception's name, as in `__type`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::InvalidLookupAttributes(_) => "InvalidLookupAttributesException",
            Self::InvalidTimeRange(_) => "InvalidTimeRangeException",
            Self::InvalidMaxResults { .. } => "InvalidMaxResultsException",
            Self::InvalidNextToken => "InvalidNextTokenException",
            Self::InvalidEventCategory(_) => "InvalidEventCategoryException",
            Self::AccessDenied(_) => "AccessDeniedException",
            Self::Throttling => "ThrottlingException",
            Self::Serialization(_) => "SerializationException",
            Self::NotImplemented(_) => "NotImplementedException",
            Self::Internal(_) => "InternalFailure",
        }
    }

    /// The answer's status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotImplemented(_) => StatusCode::NOT_IMPLEMENTED,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}
