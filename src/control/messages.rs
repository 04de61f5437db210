//! Mails and text messages as the interface shows them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One received mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSummary {
    /// The mail's name in the control interface, as in `mails/ID/raw`.
    pub id: String,
    /// The recipient, as the SMTP envelope had it.
    pub to: String,
    /// The sender's address.
    pub from: String,
    /// The subject, decoded.
    pub subject: String,
    /// What a person reads: the plain text part, or else the HTML part's visible text.
    pub text: Option<String>,
    /// The HTML part, decoded.
    pub html: Option<String>,
    /// When the server accepted the mail.
    pub received_at: Timestamp,
    /// The confirmation code that the mail carries, if it carries one.
    pub code: Option<String>,
}

/// One text message that the emulator would have sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsMessage {
    /// The message's number, counted from 0 since the last reset.
    pub id: String,
    /// The phone number that it was sent to.
    pub to: String,
    /// What it says.
    pub text: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// The code in it; none in an invitation, which has a password.
    pub code: Option<String>,
}
