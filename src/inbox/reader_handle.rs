//! The way to the thread that reads an inbox.

use std::io;
use std::sync::Arc;
use std::thread;

use super::requests::{Request, Requests, StopOnDrop};
use super::waiters::Waiters;
use super::{InboxError, MailSummary, MailboxFacts, Position, Watch};
use crate::model::EmailAddress;

/// A handle to the thread that reads an inbox for all who wait. Clones share the thread, which ends
/// with the last of them.
#[derive(Clone)]
pub(super) struct ReaderHandle {
    requests: Arc<Requests>,
    waiters: Waiters,
    _stop: Arc<StopOnDrop>,
}

impl ReaderHandle {
    /// Starts a thread of this name, which reads until the requests say that it shall stop.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(
        name: &str,
        read: impl FnOnce(Arc<Requests>, Waiters) + Send + 'static,
    ) -> io::Result<Self> {
        let (requests, waiters) = (Arc::new(Requests::default()), Waiters::default());
        let handle = Self {
            requests: Arc::clone(&requests),
            waiters: waiters.clone(),
            _stop: Arc::new(StopOnDrop(Arc::clone(&requests))),
        };
        let builder = thread::Builder::new().name(name.to_owned());
        builder.spawn(move || read(requests, waiters))?;
        Ok(handle)
    }

    /// See [`Inbox::watch`](super::Inbox::watch).
    pub(super) async fn watch(&self, recipient: &EmailAddress) -> Result<Watch, InboxError> {
        // First the registration, then the position: nothing falls between.
        let registration = self.waiters.register(recipient)?;
        let starts = self.requests.ask(Request::Look).await?;
        let (recipient, reader) = (recipient.clone(), Arc::<Requests>::clone(&self.requests));
        Ok(Watch::pulling(recipient, starts, registration, reader))
    }

    /// See [`Inbox::watch_since`](super::Inbox::watch_since).
    pub(super) async fn watch_since(
        &self,
        recipient: &EmailAddress,
        start: Position,
    ) -> Result<Watch, InboxError> {
        let registration = self.waiters.register(recipient)?;
        let request = |reply| Request::Since {
            recipient: recipient.clone(),
            start,
            reply,
        };
        let (starts, backlog) = self.requests.ask(request).await?;
        let (recipient, reader) = (recipient.clone(), Arc::<Requests>::clone(&self.requests));
        let watch = Watch::pulling(recipient, starts, registration, reader);
        Ok(watch.with_backlog(backlog))
    }

    /// See [`Inbox::mailbox_since`](super::Inbox::mailbox_since).
    pub(super) async fn mailbox_since(&self, start: Position) -> Result<MailboxFacts, InboxError> {
        let request = |reply| Request::Mailbox { start, reply };
        self.requests.ask(request).await
    }

    /// See [`Browse::position`](super::Browse::position).
    pub(super) async fn position(&self) -> Result<Position, InboxError> {
        Ok(self.requests.ask(Request::Look).await?.inbox)
    }

    /// See [`Browse::newest`](super::Browse::newest).
    pub(super) async fn newest(&self, count: usize) -> Result<Vec<MailSummary>, InboxError> {
        let request = |reply| Request::Newest { count, reply };
        self.requests.ask(request).await
    }

    /// See [`Browse::mail`](super::Browse::mail).
    pub(super) async fn mail(&self, position: Position) -> Result<Option<Arc<[u8]>>, InboxError> {
        let request = |reply| Request::Mail { position, reply };
        self.requests.ask(request).await
    }
}
