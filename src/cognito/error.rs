//! What a call can come back with instead of an answer.

use super::CallFacts;

/// A call that was refused, or not answered.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CognitoError {
    /// The service answered with an exception.
    #[error("{} was refused with {code}: {message}", .call.operation)]
    Refused {
        /// The exception's name, such as `UsernameExistsException`.
        code: String,
        /// The service's own words.
        message: String,
        /// The call.
        call: CallFacts,
    },
    /// No answer came, or none that makes sense.
    #[error("{} was not answered: {reason}", .call.operation)]
    Unanswered {
        /// What went wrong on the way.
        reason: String,
        /// The call.
        call: CallFacts,
    },
}

impl CognitoError {
    /// The call that this is about.
    pub fn call(&self) -> &CallFacts {
        match self {
            Self::Refused { call, .. } | Self::Unanswered { call, .. } => call,
        }
    }

    /// The exception's name, if the service refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            Self::Unanswered { .. } => None,
        }
    }

    /// Whether it is certain that a sign-up which ended so left no user behind.
    ///
    /// The exceptions here are decided before the user is created. The others are not: when a mail
    /// cannot be sent, or a quota of mails is used up, the user exists all the same
    /// (COGNITO.md 2.7), and after a 5xx or no answer nobody knows.
    pub fn leaves_no_user(&self) -> bool {
        const BEFORE_CREATION: [&str; 5] = [
            "InvalidPasswordException",
            "NotAuthorizedException",
            "ResourceNotFoundException",
            "TooManyRequestsException",
            "UsernameExistsException",
        ];
        /// Of a message that cannot be made, for want of a domain or of a text that can be sent:
        /// the user exists by then (CAUSES.md, link-mode-no-domain).
        const OF_THE_MESSAGE: [&str; 3] = [
            "does not exist a valid use",
            "emailbody",
            "message is empty",
        ];
        match self {
            Self::Refused { code, message, .. } if code == "InvalidParameterException" => {
                let message = message.to_lowercase();
                !OF_THE_MESSAGE.iter().any(|words| message.contains(words))
            }
            Self::Refused { code, .. } => BEFORE_CREATION.contains(&code.as_str()),
            Self::Unanswered { .. } => false,
        }
    }

    /// Whether the request came too soon after others: it did nothing, and may be sent again later.
    ///
    /// `LimitExceededException` means it only beyond a rate; beyond a user's attempts in an hour, or the
    /// mails of a day, no pause of a run helps (COGNITO.md 9).
    pub fn is_throttling(&self) -> bool {
        const CODES: [&str; 4] = [
            "RequestLimitExceeded",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
        ];
        match self {
            Self::Refused { code, message, .. } => {
                CODES.contains(&code.as_str())
                    || (code == "LimitExceededException" && message.contains("Rate exceeded"))
            }
            Self::Unanswered { .. } => false,
        }
    }

    /// Whether nobody knows if the request did what it asks for: no answer came, or the service's own
    /// error.
    pub fn leaves_open(&self) -> bool {
        const CODES: [&str; 4] = [
            "InternalErrorException",
            "InternalFailure",
            "InternalServerException",
            "ServiceUnavailable",
        ];
        match self {
            Self::Refused { code, .. } => CODES.contains(&code.as_str()),
            Self::Unanswered { .. } => true,
        }
    }

    /// Whether it is certain that the request caused no mail: it was refused, and not while the mail
    /// was handed over.
    pub fn sent_no_mail(&self) -> bool {
        let refused = matches!(self, Self::Refused { .. }) && !self.leaves_open();
        refused && !self.is("CodeDeliveryFailureException")
    }

    /// Whether the service refused with this exception.
    pub fn is(&self, exception: &str) -> bool {
        self.code() == Some(exception)
    }
}
