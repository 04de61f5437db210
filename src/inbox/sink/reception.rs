//! What becomes of the mail for a recipient, decided when the client names it.

use std::fmt::Debug;
use std::time::Duration;

use crate::model::{EmailAddress, SmtpRefusal};

/// Decides about recipients, as the filters of a receiving server do.
///
/// [`SinkFaults`](super::SinkFaults) is one whose decisions are a list of faults.
pub trait Reception: Debug + Send + Sync {
    /// What becomes of the mail from `sender`, which is `None` for the null path, to `recipient`.
    fn treat(&self, sender: Option<&EmailAddress>, recipient: &EmailAddress) -> Treatment;
}

/// What becomes of the mail for one recipient; by default it is taken and filed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Treatment {
    /// How long the answer to RCPT is held back, in real time.
    pub tarpit: Duration,
    /// The refusal, and at which command; at the data it is for all recipients of the mail, since
    /// SMTP has one answer for them.
    pub refusal: Option<(RefusedAt, SmtpRefusal)>,
    /// Where the connection is cut, before any refusal at that command.
    pub cut: Option<CutAt>,
    /// How the mail is filed if it is taken.
    pub filing: Filing,
}

/// At which command a mail is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedAt {
    /// RCPT.
    Recipient,
    /// The end of the data, as content filters do.
    Data,
}

/// Where a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutAt {
    /// Instead of the answer to RCPT.
    Recipient,
    /// Within the data, of which nothing is kept.
    Data,
    /// After the mail was kept, before its sender hears of it; senders then try again, and the
    /// recipient gets it twice (RFC 1047).
    Answer,
}

/// How a mail is filed.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent, and several may hold"
)]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filing {
    /// In the junk folder.
    pub junk: bool,
    /// How many more times than once.
    pub copies: usize,
    /// How much later, in real time.
    pub delay: Duration,
    /// Nowhere, as by a filter that keeps what it took from the mailbox.
    pub discarded: bool,
    /// In the mailbox without the tag of the recipient's address, whose own stays empty.
    pub untagged: bool,
    /// Behind the next mail to the same recipient, or after [`BEHIND_TIME_MAX`] if none comes.
    pub behind_next: bool,
}

/// How long a mail is held back for a later one.
pub const BEHIND_TIME_MAX: Duration = Duration::from_mins(1);
