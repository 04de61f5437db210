//! The inbox that stands for a polled store.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::maildir::Maildir;
use super::mailpit::{Mailpit, MailpitUrl};
use super::reader::Reader;
use super::store::Store;
use crate::inbox::pull::Pull;
use crate::inbox::requests::{Request, Requests, StopOnDrop};
use crate::inbox::waiters::Waiters;
use crate::inbox::{Browse, Inbox, InboxError, MailSummary, Position, Watch};
use crate::model::{EmailAddress, SharedClock};

/// A Maildir or a Mailpit, listed by a thread of its own.
///
/// Clones share the thread; it ends with the last of them.
///
/// ```
/// use std::sync::Arc;
/// use reverify::inbox::{Browse as _, Inbox as _, PolledInbox};
/// use reverify::model::SystemClock;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// for name in ["cur", "new", "tmp"] {
///     std::fs::create_dir(folder.path().join(name))?;
/// }
/// let inbox = PolledInbox::maildir(folder.path(), Arc::new(SystemClock))?;
/// assert!(inbox.newest(10).await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PolledInbox {
    name: String,
    requests: Arc<Requests>,
    waiters: Waiters,
    _stop: Arc<StopOnDrop>,
}

impl PolledInbox {
    /// The Maildir in a folder, of which `new` and `cur` are read.
    ///
    /// # Errors
    /// When the system gives no thread, here and below. Whether there is a Maildir shows when it
    /// is read.
    pub fn maildir(folder: &Path, clock: SharedClock) -> io::Result<Self> {
        let name = format!("Maildir {}", folder.display());
        Self::start(Maildir::new(folder.to_owned()), clock, name)
    }

    /// The Mailpit behind a URL.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn mailpit(url: MailpitUrl, clock: SharedClock) -> io::Result<Self> {
        let name = format!("Mailpit at {url}");
        Self::start(Mailpit::new(url), clock, name)
    }

    fn start(store: impl Store + 'static, clock: SharedClock, name: String) -> io::Result<Self> {
        let (requests, waiters) = (Arc::new(Requests::default()), Waiters::default());
        let inbox = Self {
            name: name.clone(),
            requests: Arc::clone(&requests),
            waiters: waiters.clone(),
            _stop: Arc::new(StopOnDrop(Arc::clone(&requests))),
        };
        std::thread::Builder::new()
            .name("reverify-inbox".to_owned())
            .spawn(move || Reader::new(store, requests, waiters, clock, name).run())?;
        Ok(inbox)
    }

    fn reader(&self) -> Arc<dyn Pull> {
        Arc::<Requests>::clone(&self.requests)
    }
}

impl Inbox for PolledInbox {
    fn describe(&self) -> String {
        self.name.clone()
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
}

impl Browse for PolledInbox {
    fn position(&self) -> BoxFuture<'_, Result<Position, InboxError>> {
        Box::pin(async { Ok(self.requests.ask(Request::Look).await?.inbox) })
    }

    /// Mails have no numbers of their own here; ours are those of one process.
    fn keeps_positions(&self) -> bool {
        false
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

impl fmt::Debug for PolledInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PolledInbox").field(&self.name).finish()
    }
}
