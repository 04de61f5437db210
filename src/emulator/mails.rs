//! What the emulator lets its users read of the mails that arrived at the SMTP server.

use std::sync::Arc;

pub use crate::control::MailSummary;
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
