//! What is in the inbox, and what the receiving server refused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Source;
use crate::model::MailboxQuota;

/// Everything that was asked of the receiving side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InboxEvidence {
    /// Mails of the time of the case that are to the address, or may be, in all folders.
    pub mails: Source<Vec<FoundMail>>,
    /// Mails that the receiving server refused.
    pub rejected: Source<Vec<RejectedMail>>,
    /// How full the mailbox is.
    pub quota: Source<MailboxQuota>,
    /// How many messages were stored since the position and were gone before the checker read them.
    pub vanished: Source<u64>,
    /// Whether a mail of the checker's own arrived where it looks.
    pub probe_arrived: Source<bool>,
}

/// A mail that is in some folder.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent facts about a mail, not states"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundMail {
    /// The folder's name.
    pub folder: String,
    /// What the folder is for.
    pub place: Place,
    /// When the server stored it.
    pub at: Timestamp,
    /// Whether it lies after the position that was noted before the request.
    pub after_position: bool,
    /// Whether it is to the address, to another form of it, or to somebody else.
    pub recipient: Recipient,
    /// The sender.
    pub from: String,
    /// The subject, without codes.
    pub subject: String,
    /// `Message-ID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// What is in it.
    pub content: Content,
    /// Whether the scenario took it for the awaited mail.
    #[serde(default)]
    pub used: bool,
    /// Whether it is the mail of an earlier request: the same message or the same code.
    #[serde(default)]
    pub repeats_earlier: bool,
    /// Whether the watch that waited saw it; a new connection may see more.
    #[serde(default = "yes")]
    pub seen_by_watch: bool,
    /// Whether it follows the pool's own template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows_template: Option<bool>,
    /// The receiver's verdict on DMARC: `pass`, `fail` or another word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<String>,
}

fn yes() -> bool {
    true
}

/// What a folder is for (RFC 6154).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The folder that is watched.
    Watched,
    /// Junk.
    Junk,
    /// Trash.
    Trash,
    /// Any other.
    Other,
}

/// Whom a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipient {
    /// The address of the case.
    Exact,
    /// The same mailbox in another form: without its tag, without its dots.
    Rewritten,
    /// Somebody else.
    Other,
}

/// What was found in a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// One code.
    Code,
    /// A confirmation link.
    Link,
    /// Neither.
    Nothing,
    /// Several numbers that could each be the code.
    Ambiguous,
}

/// A mail that the receiving server refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedMail {
    /// When.
    pub at: Timestamp,
    /// Its envelope recipient.
    pub to: String,
    /// The answer, such as `550 5.1.1 user unknown`.
    pub answer: String,
}

impl FoundMail {
    /// Whether it is for the address, in whatever form, and came after the request.
    pub fn is_awaited(&self) -> bool {
        self.after_position && self.recipient != Recipient::Other && !self.repeats_earlier
    }
}
