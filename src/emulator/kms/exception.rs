//! Every exception of KMS that this emulator throws: name and message in one table.

use axum::http::StatusCode;
use serde::Serialize;

/// An exception of the service.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html> and the errors of each
/// operation there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exception {
    #[error("Key '{arn}' does not exist")]
    KeyNotFound { arn: String },
    #[error("Alias {arn} is not found.")]
    AliasNotFound { arn: String },
    #[error("Invalid keyId '{0}'")]
    InvalidKeyId(String),
    #[error("{arn} is disabled.")]
    Disabled { arn: String },
    /// AWS says no more than the name.
    #[error("")]
    InvalidCiphertext,
    #[error("The key ID in the request does not identify a CMK that can perform this operation.")]
    IncorrectKey,
    #[error("An alias with the name {arn} already exists")]
    AliasExists { arn: String },
    #[error("Alias must start with the prefix \"alias/\". Please see {ALIAS_HELP}")]
    AliasPrefix,
    /// A name that AWS keeps for itself; AWS says no more than the exception's name.
    #[error("")]
    AliasReserved,
    /// The text is a guess.
    #[error("The account has no room for more {0}.")]
    LimitExceeded(&'static str),
    #[error("{0}")]
    Validation(String),
    #[error("Rate exceeded")]
    Throttling,
    #[error("{0}")]
    AccessDenied(String),
    /// Not AWS's: the emulator's word for what it does not do.
    #[error("{0} is not implemented by this emulator.")]
    NotImplemented(String),
    /// A request that is not of its operation's shape. The text is a guess.
    #[error("{0}")]
    Serialization(String),
    /// The emulator's own fault.
    #[error("{0}")]
    Internal(&'static str),
}

/// Where the text of a misnamed alias points to.
const ALIAS_HELP: &str = "http://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html";

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "__type")]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
}

impl Exception {
    /// The refusal of a member's value by the service model, in the words that all services of AWS
    /// share (COGNITO.md 1.5).
    pub(super) fn constraint(member: &str, rule: &str) -> Self {
        Self::Validation(format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: \
             Member must {rule}"
        ))
    }

    /// The exception's name, as in `__type`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::KeyNotFound { .. } | Self::AliasNotFound { .. } | Self::InvalidKeyId(_) => {
                "NotFoundException"
            }
            Self::Disabled { .. } => "DisabledException",
            Self::InvalidCiphertext => "InvalidCiphertextException",
            Self::IncorrectKey => "IncorrectKeyException",
            Self::AliasExists { .. } => "AlreadyExistsException",
            Self::AliasPrefix | Self::Validation(_) => "ValidationException",
            Self::AliasReserved => "NotAuthorizedException",
            Self::LimitExceeded(_) => "LimitExceededException",
            Self::Throttling => "ThrottlingException",
            Self::AccessDenied(_) => "AccessDeniedException",
            Self::NotImplemented(_) => "NotImplementedException",
            Self::Serialization(_) => "SerializationException",
            Self::Internal(_) => "KMSInternalException",
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

    /// The answer's body.
    pub(crate) fn body(&self) -> Vec<u8> {
        let message = self.to_string();
        let name = self.name();
        let message = &*message;
        // A name and a message always have a JSON form.
        serde_json::to_vec(&Body { name, message }).unwrap_or_default()
    }
}
