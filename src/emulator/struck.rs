//! What a fault refuses, in each service's own shape and words.
//!
//! Names and statuses are the service models'; AWS's messages for a failing service are not known, and
//! SDKs look at name and status alone.

use axum::http::StatusCode;

use super::cloudtrail;
use super::cognito::Exception;
use super::confirm_page::Page;
use super::faults::Strike;
use super::invoke_api::Invoked;
use super::kms;
use super::logs;
use super::ses::SesException;

impl From<Strike> for Exception {
    fn from(strike: Strike) -> Self {
        match strike {
            Strike::InternalError => Self::InternalError("Internal server error".to_owned()),
            Strike::Throttled => Self::TooManyRequests,
            Strike::AttemptLimit => Self::LimitExceeded,
            Strike::Blocked => Self::Forbidden,
            Strike::Denied(denial) => Self::AccessDenied(denial.to_string()),
        }
    }
}

impl From<Strike> for logs::Exception {
    fn from(strike: Strike) -> Self {
        match strike {
            Strike::InternalError => Self::ServiceUnavailable,
            Strike::Throttled | Strike::AttemptLimit | Strike::Blocked => Self::Throttling,
            Strike::Denied(denial) => Self::AccessDenied(denial.to_string()),
        }
    }
}

impl From<Strike> for cloudtrail::Exception {
    fn from(strike: Strike) -> Self {
        match strike {
            Strike::InternalError => Self::Internal("Internal server error".to_owned()),
            Strike::Throttled | Strike::AttemptLimit | Strike::Blocked => Self::Throttling,
            Strike::Denied(denial) => Self::AccessDenied(denial.to_string()),
        }
    }
}

impl From<Strike> for kms::Exception {
    fn from(strike: Strike) -> Self {
        match strike {
            Strike::InternalError => Self::Internal("Internal server error"),
            Strike::Throttled | Strike::AttemptLimit | Strike::Blocked => Self::Throttling,
            Strike::Denied(denial) => Self::AccessDenied(denial.to_string()),
        }
    }
}

impl From<Strike> for SesException {
    fn from(strike: Strike) -> Self {
        match strike {
            Strike::InternalError => Self::InternalService,
            Strike::Throttled | Strike::AttemptLimit | Strike::Blocked => Self::Throttled,
            Strike::Denied(denial) => Self::AccessDenied(denial.to_string()),
        }
    }
}

impl From<Strike> for Invoked {
    fn from(strike: Strike) -> Self {
        let (status, name, message) = match strike {
            Strike::InternalError => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "ServiceException",
                "Internal server error".to_owned(),
            ),
            Strike::Throttled | Strike::AttemptLimit | Strike::Blocked => (
                StatusCode::TOO_MANY_REQUESTS,
                "TooManyRequestsException",
                "Rate Exceeded.".to_owned(),
            ),
            Strike::Denied(denial) => (
                StatusCode::FORBIDDEN,
                "AccessDeniedException",
                denial.to_string(),
            ),
        };
        Self::refused(status, name, &message)
    }
}

/// A page has the exception's words; its status is a guess.
impl From<Strike> for Page {
    fn from(strike: Strike) -> Self {
        let status = match strike {
            Strike::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::failed(status, &Exception::from(strike).to_string())
    }
}
