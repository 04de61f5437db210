//! The mailbox as an inbox.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::super::pull::Pull;
use super::super::requests::{Request, Requests, StopOnDrop};
use super::super::waiters::Waiters;
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
    requests: Arc<Requests>,
    waiters: Waiters,
    _stop: Arc<StopOnDrop>,
}

impl ImapInbox {
    /// Starts the mailbox's thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open(settings: ImapSettings) -> std::io::Result<Self> {
        let (requests, waiters) = (Arc::new(Requests::default()), Waiters::default());
        let inbox = Self {
            server: settings.server.clone(),
            requests: Arc::clone(&requests),
            waiters: waiters.clone(),
            _stop: Arc::new(StopOnDrop(Arc::clone(&requests))),
        };
        std::thread::Builder::new()
            .name("reverify-imap".to_owned())
            .spawn(move || Reader::new(settings, requests, waiters).run())?;
        Ok(inbox)
    }

    fn reader(&self) -> Arc<dyn Pull> {
        Arc::<Requests>::clone(&self.requests)
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
        Box::pin(async move {
            // First the registration, then the position: nothing falls between.
            let registration = self.waiters.register(recipient)?;
            let starts = self.requests.ask(Request::Look).await?;
            let recipient = recipient.clone();
            Ok(Watch::pulling(
                recipient,
                starts,
                registration,
                self.reader(),
            ))
        })
    }

    fn watch_since<'a>(
        &'a self,
        recipient: &'a EmailAddress,
        start: Position,
    ) -> BoxFuture<'a, Result<Watch, InboxError>> {
        Box::pin(async move {
            let registration = self.waiters.register(recipient)?;
            let request = |reply| Request::Since {
                recipient: recipient.clone(),
                start,
                reply,
            };
            let (starts, backlog) = self.requests.ask(request).await?;
            let recipient = recipient.clone();
            let watch = Watch::pulling(recipient, starts, registration, self.reader());
            Ok(watch.with_backlog(backlog))
        })
    }

    fn mailbox_since(&self, start: Position) -> BoxFuture<'_, Result<MailboxFacts, InboxError>> {
        let request = move |reply| Request::Mailbox { start, reply };
        Box::pin(self.requests.ask(request))
    }
}

impl Browse for ImapInbox {
    fn position(&self) -> BoxFuture<'_, Result<Position, InboxError>> {
        Box::pin(async { Ok(self.requests.ask(Request::Look).await?.inbox) })
    }

    fn newest(&self, count: usize) -> BoxFuture<'_, Result<Vec<MailSummary>, InboxError>> {
        let request = move |reply| Request::Newest { count, reply };
        Box::pin(self.requests.ask(request))
    }

    fn mail(&self, position: Position) -> BoxFuture<'_, Result<Option<Arc<[u8]>>, InboxError>> {
        let request = move |reply| Request::Mail { position, reply };
        Box::pin(self.requests.ask(request))
    }
}

impl fmt::Debug for ImapInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ImapInbox").field(&self.server).finish()
    }
}
