//! Every exception that this emulator's SES throws: name, status and message in one table.

/// An exception of SES v2: the service model's names, and those that all services of AWS share.
///
/// The `Display` text is the message. The API reference describes the exceptions and not their
/// messages; a text is recorded in public issues where a source is named, and a guess otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SesException {
    /// IAM denies the call (recorded in HHS/simpler-grants-gov#6013).
    #[error("{0}")]
    AccessDenied(String),
    /// Something of this name is there already. `Email identity NAME already exist.` is recorded
    /// in anomalyco/sst#4556; the others are written like it.
    #[error("{0} already exist.")]
    AlreadyExists(String),
    /// A request that the operation refuses.
    #[error("{0}")]
    BadRequest(String),
    /// `PutAccountDetails` while an earlier request is under review.
    #[error("{0}")]
    Conflict(String),
    /// The service fails; the text is a guess.
    #[error("Internal service error")]
    InternalService,
    /// `ListSuppressedDestinations` with a token that was not given out; the text is a guess.
    #[error("The specified request includes an invalid or expired token.")]
    InvalidNextToken,
    /// A quota on the number of things.
    #[error("The maximum number of {things} is {max}.")]
    LimitExceeded {
        /// What there are too many of.
        things: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// An identity whose MAIL FROM domain has no MX record, and that wants mail refused then; the text
    /// is a guess.
    #[error("The MAIL FROM domain {0} is not verified.")]
    MailFromDomainNotVerified(String),
    /// Sender or recipients that may not be used, in AWS's recorded words.
    #[error(
        "Email address is not verified. The following identities failed the check in region {}: {}",
        region.to_uppercase(),
        identities.join(", ")
    )]
    NotVerified {
        region: String,
        /// What was checked, as the request says it; never empty.
        identities: Vec<String>,
        /// Whether the sender is among them.
        sender: bool,
    },
    /// Something that does not exist; the message names it.
    #[error("{0}")]
    NotFound(String),
    /// Not AWS's: the emulator's word for what it does not do.
    #[error("{0} is not implemented by this emulator.")]
    NotImplemented(String),
    /// The account or the configuration set does not send.
    #[error("{0}")]
    SendingPaused(String),
    /// A body that is not the operation's JSON; the text is a guess.
    #[error("{0}")]
    Serialization(String),
    /// The rate of the API's calls is exceeded; the text is a guess.
    #[error("Rate exceeded")]
    Throttled,
    /// A sending quota that is used up.
    #[error(transparent)]
    TooManyRequests(#[from] QuotaExceeded),
}

/// The sending quota that a mail exceeds.
///
/// Recorded are the first with `TooManyRequestsException` and status 429
/// (pm-pmaas/etailors_amazon_ses#117), and both with `Throttling` of the older API (AWS's page on the
/// errors of sending quotas). That the second has the same name in v2 is a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QuotaExceeded {
    #[error("Maximum sending rate exceeded.")]
    Rate,
    #[error("Daily message quota exceeded.")]
    Daily,
}

impl SesException {
    /// The exception's name, as in the header `x-amzn-ErrorType`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::AccessDenied(_) => "AccessDeniedException",
            Self::AlreadyExists(_) => "AlreadyExistsException",
            Self::BadRequest(_) => "BadRequestException",
            Self::Conflict(_) => "ConflictException",
            Self::InternalService => "InternalServiceErrorException",
            Self::InvalidNextToken => "InvalidNextTokenException",
            Self::LimitExceeded { .. } => "LimitExceededException",
            Self::MailFromDomainNotVerified(_) => "MailFromDomainNotVerifiedException",
            Self::NotVerified { .. } => "MessageRejected",
            Self::NotFound(_) => "NotFoundException",
            Self::NotImplemented(_) => "NotImplementedException",
            Self::SendingPaused(_) => "SendingPausedException",
            Self::Serialization(_) => "SerializationException",
            Self::Throttled | Self::TooManyRequests(_) => "TooManyRequestsException",
        }
    }

    /// The HTTP status that the service model gives the exception.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::AccessDenied(_) => 403,
            Self::Conflict(_) => 409,
            Self::InternalService => 500,
            Self::NotFound(_) => 404,
            Self::Throttled | Self::TooManyRequests(_) => 429,
            // An honest status of its own, so that no client takes it for an answer of AWS.
            Self::NotImplemented(_) => 501,
            _ => 400,
        }
    }

    /// A `BadRequestException` with this message.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::BadRequest(message.into())
    }

    /// A member that has to be there. The wording is that of other services; a guess for SES.
    pub(super) fn missing(member: &str) -> Self {
        Self::bad_request(format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: \
             Member must not be null"
        ))
    }

    /// An identity that does not exist, worded like the recorded `already exist`.
    pub(super) fn no_identity(name: &str) -> Self {
        Self::NotFound(format!("Email identity {name} does not exist."))
    }

    /// A configuration set that does not exist, in the words of the older API (recorded).
    pub(super) fn no_configuration_set(name: &str) -> Self {
        Self::NotFound(format!("Configuration set <{name}> does not exist."))
    }

    /// An address that is not on the suppression list (recorded in public scripts and clients).
    pub(super) fn not_suppressed(address: &str) -> Self {
        Self::NotFound(format!(
            "Email address {address} does not exist on your suppression list."
        ))
    }
}
