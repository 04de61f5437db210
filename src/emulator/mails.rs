//! What the emulator lets its users read of the mails that arrived at the SMTP server.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::EmailAddress;

/// The received mails, as whoever runs the SMTP server shows them to the emulator.
///
/// The emulator sends mail over SMTP and knows nothing of what happens to it there. The one who
/// starts both implements this trait over the server that it runs.
pub trait MailView: Send + Sync {
    /// The mails that arrived, oldest first: those for `to`, or all; the newest alone if `latest`.
    fn mails(&self, to: Option<&EmailAddress>, latest: bool) -> Vec<MailSummary>;

    /// The received bytes of one mail, or nothing if there is no mail with this id.
    fn raw(&self, id: &str) -> Option<Arc<[u8]>>;

    /// Forgets every mail that arrived up to now.
    fn forget(&self);
}

/// One received mail in the words of the control interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
