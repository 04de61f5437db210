//! The mailbox as an inbox.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::super::reader_handle::ReaderHandle;
use super::super::{Browse, Inbox, InboxError, MailSummary, MailboxFacts, Position, Watch};
use super::reader::Reader;
use super::server_address::ServerAddress;
use super::settings::ImapSettings;
use crate::model::EmailAddress;

/// A mailbox on an IMAP server, read by a thread of its own over one connection.
///
/// Clones share the mailbox; the thread ends with the last of them. It connects when it is first
/// asked for something, and again when the connection breaks.
///
/// ```
/// use std::sync::Arc;
/// use reverify::inbox::{Inbox as _, ImapInbox};
/// use reverify::inbox::imap::{ImapSettings, Login, LoginMethod};
/// use reverify::model::Secret;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let secret = Arc::new(Secret::new("correct horse".to_owned()));
/// let login = Login { method: LoginMethod::Password, secret };
/// // Nothing listens at this port.
/// let server = "imap://qa@127.0.0.1:1/INBOX".parse()?;
/// let inbox = ImapInbox::open(ImapSettings::new(server, login))?;
/// let refused = inbox.watch(&"ada@example.com".parse()?).await.unwrap_err();
/// assert!(refused.to_string().contains("127.0.0.1:1 cannot be reached"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ImapInbox {
    server: ServerAddress,
    reader: ReaderHandle,
}

impl ImapInbox {
    /// Starts the mailbox's thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open(settings: ImapSettings) -> std::io::Result<Self> {
        let server = settings.server.clone();
        let reader = ReaderHandle::start("reverify-imap", |requests, waiters| {
            Reader::new(settings, requests, waiters).run();
        })?;
        Ok(Self { server, reader })
    }
}

impl Inbox for ImapInbox {
    fn describe(&self) -> String {
        format!("IMAP mailbox of {}", self.server)
    }

    fn watch<'a>(
        &'a self,
        recipient: &'a EmailAddress,
    ) -> BoxFuture<'a, Result<Watch, InboxError>> {
        Box::pin(self.reader.watch(recipient))
    }

    fn watch_since<'a>(
        &'a self,
        recipient: &'a EmailAddress,
        start: Position,
    ) -> BoxFuture<'a, Result<Watch, InboxError>> {
        Box::pin(self.reader.watch_since(recipient, start))
    }

    fn mailbox_since(&self, start: Position) -> BoxFuture<'_, Result<MailboxFacts, InboxError>> {
        Box::pin(self.reader.mailbox_since(start))
    }
}

impl Browse for ImapInbox {
    fn position(&self) -> BoxFuture<'_, Result<Position, InboxError>> {
        Box::pin(self.reader.position())
    }

    fn newest(&self, count: usize) -> BoxFuture<'_, Result<Vec<MailSummary>, InboxError>> {
        Box::pin(self.reader.newest(count))
    }

    fn mail(&self, position: Position) -> BoxFuture<'_, Result<Option<Arc<[u8]>>, InboxError>> {
        Box::pin(self.reader.mail(position))
    }
}

impl fmt::Debug for ImapInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ImapInbox").field(&self.server).finish()
    }
}
