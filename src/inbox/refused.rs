//! Mails that a receiving server did not take.

use jiff::Timestamp;

use crate::model::EmailAddress;

/// A mail for one recipient that was refused, for now or for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedMail {
    /// When it was refused.
    pub at: Timestamp,
    /// Its envelope recipient.
    pub to: EmailAddress,
    /// The server's answer, such as `550 5.1.1 nobody here`.
    pub answer: String,
}
