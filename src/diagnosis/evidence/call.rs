//! The run's own calls to the user pool.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{AppClientId, UserPoolId, UserSub};

/// A call, as far as the diagnosis cares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The operation's name at AWS, such as `SignUp`.
    pub operation: String,
    /// When it was answered, by the server's clock where it told.
    pub at: Timestamp,
    /// `x-amzn-requestid` of the answer: the key to CloudTrail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The username that was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The pool that it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_pool_id: Option<UserPoolId>,
    /// The app client that it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<AppClientId>,
    /// Whether it asked for a mail, where it has a choice: `AdminCreateUser` sends none with
    /// `MessageAction` SUPPRESS, and an SMS without `DesiredDeliveryMediums`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_for_mail: Option<bool>,
    /// How it was answered.
    #[serde(flatten)]
    pub reply: Reply,
}

/// How a call was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub enum Reply {
    /// With success.
    Accepted {
        /// The user's identifier, where the operation tells it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sub: Option<UserSub>,
        /// `UserConfirmed` of a sign-up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_confirmed: Option<bool>,
        /// Where a code is said to go; empty when none is.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        deliveries: Vec<Delivery>,
    },
    /// With an exception.
    Refused {
        /// Its name, such as `UsernameExistsException`.
        code: String,
        /// Its message.
        message: String,
    },
    /// Not at all.
    Unanswered {
        /// What went wrong on the way.
        reason: String,
    },
}

/// `CodeDeliveryDetails` of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// `email` or `phone_number`.
    pub attribute: String,
    /// `EMAIL` or `SMS`.
    pub medium: String,
    /// The masked destination, such as `a***@e***`.
    pub destination: String,
}

/// An exception that a call was answered with.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'a> {
    /// The call.
    pub call: &'a Call,
    /// The exception's name.
    pub code: &'a str,
    /// Its message.
    pub message: &'a str,
}

impl Call {
    /// The exception, if that is how it was answered.
    pub fn refusal(&self) -> Option<Refusal<'_>> {
        match &self.reply {
            Reply::Refused { code, message } => Some(Refusal {
                call: self,
                code,
                message,
            }),
            _ => None,
        }
    }

    /// Whether it was answered with success.
    pub fn is_accepted(&self) -> bool {
        matches!(self.reply, Reply::Accepted { .. })
    }

    /// Where its answer says that a code goes.
    pub fn deliveries(&self) -> &[Delivery] {
        match &self.reply {
            Reply::Accepted { deliveries, .. } => deliveries,
            _ => &[],
        }
    }

    /// The user that its answer names.
    pub fn sub(&self) -> Option<&UserSub> {
        match &self.reply {
            Reply::Accepted { sub, .. } => sub.as_ref(),
            _ => None,
        }
    }

    /// `UserConfirmed` of its answer.
    pub fn user_confirmed(&self) -> Option<bool> {
        match &self.reply {
            Reply::Accepted { user_confirmed, .. } => *user_confirmed,
            _ => None,
        }
    }

    /// Whether a call of this name can make Cognito send a message (CAUSES.md, query Q5).
    pub fn may_send(&self) -> bool {
        MAY_SEND.contains(&self.operation.as_str())
    }
}

/// Operations that can make Cognito send a message (CAUSES.md, query Q5).
pub const MAY_SEND: [&str; 8] = [
    "SignUp",
    "ResendConfirmationCode",
    "ForgotPassword",
    "AdminCreateUser",
    "AdminResetUserPassword",
    "GetUserAttributeVerificationCode",
    "UpdateUserAttributes",
    "AdminUpdateUserAttributes",
];

impl Refusal<'_> {
    /// Whether it is this exception.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// Whether its message has this text, capitals aside.
    pub fn says(&self, text: &str) -> bool {
        let message = self.message.to_lowercase();
        message.contains(&text.to_lowercase())
    }
}

/// Whether a masked destination can stand for an address: the first letters of its local part and
/// of its domain are kept (COGNITO.md 2.5).
///
/// ```
/// use reverify::diagnosis::mask_fits;
///
/// assert!(mask_fits("a***@e***", &"ada@example.com".parse()?));
/// assert!(!mask_fits("u***@y***", &"ada@example.com".parse()?));
/// # Ok::<(), reverify::model::InvalidAddress>(())
/// ```
pub fn mask_fits(mask: &str, address: &crate::model::EmailAddress) -> bool {
    let first = |text: &str| text.chars().next().map(|c| c.to_ascii_lowercase());
    match mask.split_once('@') {
        Some((local, domain)) => {
            first(local) == first(address.local_part()) && first(domain) == first(address.domain())
        }
        None => false,
    }
}
