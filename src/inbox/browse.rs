//! Looking at the mails of an inbox, whoever they are for.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::{Inbox, InboxError, Position};

/// A mailbox whose mails can be listed and read.
pub trait Browse: Inbox {
    /// How far the inbox has come: mail that comes later has this position or one behind it.
    ///
    /// # Errors
    /// When the mailbox cannot be read, here and below.
    fn position(&self) -> BoxFuture<'_, Result<Position, InboxError>>;

    /// Whether a position means the same to another process: it does where the mailbox numbers its
    /// mails itself, as in IMAP.
    fn keeps_positions(&self) -> bool {
        true
    }

    /// The newest `count` mails, oldest first.
    ///
    /// # Errors
    /// When the mailbox cannot be read.
    fn newest(&self, count: usize) -> BoxFuture<'_, Result<Vec<MailSummary>, InboxError>>;

    /// The bytes of the mail at a position, if there is one.
    ///
    /// # Errors
    /// When the mailbox cannot be read.
    fn mail(&self, position: Position) -> BoxFuture<'_, Result<Option<Arc<[u8]>>, InboxError>>;
}

/// A mail in a list of an inbox's mails.
#[derive(Clone)]
pub struct MailSummary {
    /// Its place.
    pub position: Position,
    /// Its size as the inbox counts it.
    pub size_bytes: u64,
    /// Its headers, and the empty line after them.
    pub headers: Arc<[u8]>,
}

/// Shows the size instead of the headers, which may hold a code in the subject.
impl fmt::Debug for MailSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSummary")
            .field("position", &self.position)
            .field("size_bytes", &self.size_bytes)
            .finish_non_exhaustive()
    }
}
