//! A mailbox as a whole.

use crate::model::MailboxQuota;

/// What an inbox knows of its mailbox beside the mails that arrive in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MailboxFacts {
    /// Its quota; of several resources the one that is nearest to its limit.
    pub quota: Option<MailboxQuota>,
    /// How many mails were stored since a position and were gone before this inbox read them.
    pub vanished: Option<u64>,
}
