//! The sink's thread: accepting connections, starting and stopping.

use std::any::Any;
use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use futures::future::{BoxFuture, ready};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinSet};

use super::filing::FilingDesk;
use super::mailstore::Mailstore;
use super::session::Session;
use super::settings::SinkSettings;
use crate::inbox::{Inbox, InboxError, Position, RefusedMail, Watch};
use crate::model::EmailAddress;

/// Rest after a failed accept: the usual reason is that all file descriptors are in use, and only
/// time frees them.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A running SMTP server that keeps every mail; dropping it stops it.
///
/// ```
/// use std::net::TcpListener;
/// use reverify::inbox::{SmtpSink, sink::SinkSettings};
///
/// let listener = TcpListener::bind("127.0.0.1:0")?;
/// let sink = SmtpSink::start(listener, SinkSettings::default())?;
/// assert_ne!(sink.address().port(), 0);
/// assert!(sink.mails().is_empty());
/// sink.stop()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SmtpSink {
    address: SocketAddr,
    store: Mailstore,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), SinkError>>>,
}

/// Why a sink did not start, or how it ended.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// The listening socket could not be used.
    #[error("the SMTP sink cannot listen: {0}")]
    Listen(#[source] std::io::Error),
    /// The thread or its runtime could not be made.
    #[error("the SMTP sink cannot start its thread: {0}")]
    Thread(#[source] std::io::Error),
    /// The sink's own code panicked, which is a defect of this program.
    #[error("the SMTP sink panicked, please report it: {message}")]
    Panicked {
        /// What the panic said.
        message: String,
    },
}

impl SmtpSink {
    /// Serves `listener` on a thread of its own; on return the sink accepts connections.
    ///
    /// # Errors
    /// [`SinkError`] when the socket or the thread cannot be set up.
    pub fn start(listener: TcpListener, settings: SinkSettings) -> Result<Self, SinkError> {
        let address = listener.local_addr().map_err(SinkError::Listen)?;
        listener.set_nonblocking(true).map_err(SinkError::Listen)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(SinkError::Thread)?;
        let listener = {
            let _context = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(SinkError::Listen)?
        };
        let store = Mailstore::new(settings.limits.stored_bytes_max);
        let (stop, stopped) = oneshot::channel();
        let closing = CloseOnDrop(store.clone());
        let clock = Arc::clone(&settings.clock);
        let desk = FilingDesk::new(store.clone(), clock, settings.limits.stored_bytes_max);
        let server = Server {
            listener,
            settings: Arc::new(settings),
            desk,
        };
        let thread = std::thread::Builder::new()
            .name("reverify-smtp-sink".to_owned())
            .spawn(move || {
                // Waiting ends with the thread, also when it panics.
                let _closing = closing;
                runtime.block_on(server.run(stopped))
            })
            .map_err(SinkError::Thread)?;
        Ok(Self {
            address,
            store,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The mails it was given.
    pub fn mails(&self) -> Mailstore {
        self.store.clone()
    }

    /// The sink as an inbox that can be watched; clones watch the same sink.
    pub fn inbox(&self) -> SinkInbox {
        SinkInbox {
            address: self.address,
            store: self.store.clone(),
        }
    }

    /// Closes all connections and waits for the thread to end.
    ///
    /// # Errors
    /// [`SinkError::Panicked`] when the sink had ended by itself.
    pub fn stop(mut self) -> Result<(), SinkError> {
        self.join()
    }

    fn join(&mut self) -> Result<(), SinkError> {
        // An error means that the thread has ended already; joining it tells why.
        let _ = self.stop.take().map(|stop| stop.send(()));
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(panic)) => Err(panicked(panic.as_ref())),
            None => Ok(()),
        }
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        // Nobody is left to tell; `stop` is the way to hear of a panic.
        let _ = self.join();
    }
}

/// A sink, watched as an inbox.
#[derive(Clone)]
pub struct SinkInbox {
    address: SocketAddr,
    store: Mailstore,
}

impl Inbox for SinkInbox {
    fn describe(&self) -> String {
        format!("SMTP sink on {}", self.address)
    }

    fn watch<'a>(
        &'a self,
        recipient: &'a EmailAddress,
    ) -> BoxFuture<'a, Result<Watch, InboxError>> {
        Box::pin(ready(self.store.watch(recipient)))
    }

    fn watch_since<'a>(
        &'a self,
        recipient: &'a EmailAddress,
        start: Position,
    ) -> BoxFuture<'a, Result<Watch, InboxError>> {
        let checked = start.in_generation_of(self.store.position(), || self.describe());
        Box::pin(ready(
            checked.and_then(|()| self.store.watch_since(recipient, start)),
        ))
    }

    fn refused(&self, recipient: &EmailAddress) -> Option<Vec<RefusedMail>> {
        Some(self.store.refused(recipient))
    }
}

impl fmt::Debug for SinkInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SinkInbox").field(&self.address).finish()
    }
}

struct CloseOnDrop(Mailstore);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
    }
}

struct Server {
    listener: tokio::net::TcpListener,
    settings: Arc<SinkSettings>,
    desk: FilingDesk,
}

impl Server {
    async fn run(self, mut stopped: oneshot::Receiver<()>) -> Result<(), SinkError> {
        let mut sessions = JoinSet::new();
        loop {
            tokio::select! {
                // A dropped sender stops the server as well.
                _ = &mut stopped => break,
                Some(ended) = sessions.join_next(), if !sessions.is_empty() => {
                    session_end(ended)?;
                }
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) if sessions.len() >= self.settings.limits.connections_max => {
                        self.turn_away(stream).await;
                    }
                    Ok((stream, _)) => {
                        let (settings, desk) = (Arc::clone(&self.settings), self.desk.clone());
                        sessions.spawn(Session::new(stream, settings, desk).serve());
                    }
                    Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
                }
            }
        }
        // A session that panicked just before must be heard of; the others end with the set.
        while let Some(ended) = sessions.try_join_next() {
            session_end(ended)?;
        }
        Ok(())
    }

    async fn turn_away(&self, mut stream: TcpStream) {
        let text = format!(
            "421 4.3.2 {} has too many connections\r\n",
            self.settings.host_name
        );
        // An empty socket buffer takes this line at once; a client that is gone needs no answer.
        let _ = stream.write_all(text.as_bytes()).await;
    }
}

/// A broken connection is the client's affair; a panic ends the sink.
fn session_end(ended: Result<std::io::Result<()>, JoinError>) -> Result<(), SinkError> {
    match ended.map_err(JoinError::try_into_panic) {
        Err(Ok(panic)) => Err(panicked(panic.as_ref())),
        Ok(_) | Err(Err(_)) => Ok(()),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> SinkError {
    let text = panic.downcast_ref::<&str>().copied();
    let message = text
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
        .to_owned();
    SinkError::Panicked { message }
}
