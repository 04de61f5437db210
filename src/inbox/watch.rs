//! The trait of all inboxes, and waiting for the mail of one recipient.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::time::Instant;

use super::imap::ImapError;
use super::pull::{Pull, PullWait};
use super::waiters::Registration;
use super::{
    Arrival, Duplicate, Folder, Glimpse, MailboxFacts, Missing, Position, RefusedMail, Unexpected,
    WaitEnd,
};
use crate::model::EmailAddress;

/// A mailbox that can be watched for the mail of a recipient.
pub trait Inbox: Send + Sync {
    /// What and where the inbox is, for messages: `SMTP sink on 127.0.0.1:2525`.
    fn describe(&self) -> String;

    /// Notes how far the inbox has come and begins to collect what arrives for `recipient`.
    ///
    /// Call it before the request that causes the mail: only what arrives after it counts.
    ///
    /// # Errors
    /// [`InboxError`] when the inbox cannot be read.
    fn watch<'a>(&'a self, recipient: &'a EmailAddress)
    -> BoxFuture<'a, Result<Watch, InboxError>>;

    /// Collects what arrived for `recipient` at `start` or later, what is there already included.
    ///
    /// # Errors
    /// [`InboxError`] when the inbox cannot be read, or `start` is of an earlier generation.
    fn watch_since<'a>(
        &'a self,
        recipient: &'a EmailAddress,
        start: Position,
    ) -> BoxFuture<'a, Result<Watch, InboxError>>;

    /// The latest mails for `recipient` that the receiving server refused, oldest first; nothing where
    /// the inbox is not that server, and cannot know.
    fn refused(&self, recipient: &EmailAddress) -> Option<Vec<RefusedMail>> {
        let _ = recipient;
        None
    }

    /// What the mailbox as a whole tells: its quota, and what vanished from it since `start`; nothing
    /// where the inbox cannot know.
    ///
    /// # Errors
    /// [`InboxError`] when the mailbox cannot be read.
    fn mailbox_since(&self, start: Position) -> BoxFuture<'_, Result<MailboxFacts, InboxError>> {
        let _ = start;
        Box::pin(async { Ok(MailboxFacts::default()) })
    }
}

/// Why an inbox cannot be watched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InboxError {
    /// The inbox was stopped, or its thread ended.
    #[error("the inbox has stopped, so no mail can arrive in it")]
    Stopped,
    /// The inbox was asked and did not answer.
    #[error("the inbox was asked for new mail and did not answer within {} s", .waited.as_secs_f64())]
    Slow {
        /// How long it was given.
        waited: Duration,
    },
    /// A position of another generation was given: mails cannot be told to be older or newer.
    #[error(
        "{given} is no position in {inbox}, whose present one is {present}: the mailbox was made \
         anew since, or it is another one; note a position again"
    )]
    OtherGeneration {
        /// What was given.
        given: Position,
        /// How far the inbox has come.
        present: Position,
        /// The inbox.
        inbox: String,
    },
    /// A mailbox cannot be read.
    #[error("{inbox} cannot be read: {reason}")]
    Unreadable {
        /// Which one.
        inbox: String,
        /// What happened, and what to do.
        reason: String,
    },
    /// An IMAP mailbox cannot be read.
    #[error(transparent)]
    Imap(#[from] ImapError),
}

/// A wait for the mails of one recipient, from a noted position on.
///
/// Addresses are compared by [`EmailAddress::mailbox_key`]. Several watches of one recipient each
/// get every mail.
///
/// ```
/// use std::net::TcpListener;
/// use std::time::Duration;
/// use reverify::inbox::{Inbox, SmtpSink, sink::SinkSettings};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sink = SmtpSink::start(TcpListener::bind("127.0.0.1:0")?, SinkSettings::default())?;
/// let mut watch = sink.inbox().watch(&"ada@example.com".parse()?).await?;
/// // Here the request is made that sends the mail; without one the deadline passes.
/// let deadline = tokio::time::Instant::now() + Duration::from_millis(5);
/// let missing = watch.next(deadline).await.unwrap_err();
/// assert_eq!(missing.others, 0);
/// sink.stop()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Watch {
    recipient: EmailAddress,
    starts: Starts,
    last: Option<Position>,
    yielded: u64,
    elsewhere: Vec<Glimpse>,
    /// What was there when the watch began; it comes before what the registration brings.
    backlog: VecDeque<Arrival>,
    registration: Registration,
    reader: Option<Arc<dyn Pull>>,
}

/// From where on mails count, in each folder that is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Starts {
    /// In the inbox proper.
    pub(crate) inbox: Position,
    /// In the other folders.
    pub(crate) elsewhere: Vec<(Folder, Position)>,
}

impl Starts {
    fn include(&self, arrival: &Arrival) -> bool {
        let mut others = self.elsewhere.iter();
        let start = if arrival.folder == Folder::Inbox {
            Some(self.inbox)
        } else {
            let own = others.find(|(folder, _)| *folder == arrival.folder);
            own.map(|(_, position)| *position)
        };
        // A folder that came into being later has nothing old in it.
        start.is_none_or(|start| arrival.position.reached(start))
    }
}

/// What came first: the mail in one of the folders, or the end of the wait.
enum Came {
    Here(Arrival),
    Elsewhere(Arrival),
}

impl Watch {
    /// Joins a registration and the position that was noted after it, in an inbox that hears of
    /// arrivals by itself.
    pub(crate) fn new(
        recipient: EmailAddress,
        start: Position,
        mut registration: Registration,
    ) -> Self {
        registration.count_from_now();
        let starts = Starts {
            inbox: start,
            elsewhere: Vec::new(),
        };
        Self {
            recipient,
            starts,
            last: None,
            yielded: 0,
            elsewhere: Vec::new(),
            backlog: VecDeque::new(),
            registration,
            reader: None,
        }
    }

    /// The same for an inbox whose reader has to be told to look.
    pub(crate) fn pulling(
        recipient: EmailAddress,
        starts: Starts,
        registration: Registration,
        reader: Arc<dyn Pull>,
    ) -> Self {
        let start = starts.inbox;
        Self {
            starts,
            reader: Some(reader),
            ..Self::new(recipient, start, registration)
        }
    }

    /// Adds what was stored before the registration, in the order of arrival.
    pub(crate) fn with_backlog(mut self, backlog: Vec<Arrival>) -> Self {
        self.backlog = backlog.into();
        self
    }

    /// The position that was noted when the watch began.
    pub fn position(&self) -> Position {
        self.starts.inbox
    }

    /// Whose mail is waited for.
    pub fn recipient(&self) -> &EmailAddress {
        &self.recipient
    }

    /// Further copies of mails that the recipient had got before, each once. They are never
    /// yielded.
    pub fn take_duplicates(&mut self) -> Vec<Duplicate> {
        self.registration.take_duplicates()
    }

    /// Says that nobody waits for these mails any more, though they are still collected: to other
    /// watches they are those of an earlier wait.
    pub fn retire(&mut self) {
        self.registration.retire();
    }

    /// The next mail in the inbox for the recipient, each once and in the order of arrival.
    ///
    /// A mail that is there already is returned even when `deadline` has passed. One that lies in
    /// another folder has not arrived: [`Missing::elsewhere`] names it.
    ///
    /// # Errors
    /// [`Missing`], with what arrived instead, when none came.
    pub async fn next(&mut self, deadline: Instant) -> Result<Arrival, Missing> {
        let began = Instant::now();
        loop {
            match self.any(began, deadline).await? {
                Came::Here(arrival) => return Ok(arrival),
                // Where the mails of strangers lie does not matter, and ours are few.
                Came::Elsewhere(arrival) => self.elsewhere.push(Glimpse::of(&arrival, false)),
            }
        }
    }

    /// Waits until `deadline` and holds only if nothing for the recipient arrives in any folder.
    ///
    /// # Errors
    /// [`Unexpected`] as soon as a mail arrives, or when the inbox stops before the deadline.
    pub async fn expect_none_until(&mut self, deadline: Instant) -> Result<(), Unexpected> {
        match self.any(Instant::now(), deadline).await {
            Ok(Came::Here(arrival) | Came::Elsewhere(arrival)) => {
                Err(Unexpected::Arrived(Box::new(arrival)))
            }
            Err(missing) if missing.end == WaitEnd::DeadlinePassed => Ok(()),
            Err(missing) => Err(Unexpected::Unknown(Box::new(missing))),
        }
    }

    /// The next mail in any folder.
    async fn any(&mut self, began: Instant, deadline: Instant) -> Result<Came, Missing> {
        while let Some(arrival) = self.backlog.pop_front() {
            if let Some(came) = self.take(arrival) {
                return Ok(came);
            }
        }
        let _waiting = self.reader.as_ref().map(PullWait::begin);
        let received = tokio::time::timeout_at(deadline, self.receive()).await;
        let end = match received {
            Ok(Ok(came)) => return Ok(came),
            Ok(Err(end)) => end,
            Err(_) => match self.last_look().await {
                Ok(came) => return Ok(came),
                Err(end) => end,
            },
        };
        Err(self.missing(began, end))
    }

    async fn receive(&mut self) -> Result<Came, WaitEnd> {
        loop {
            let lost = self.registration.lost();
            if lost > 0 {
                return Err(WaitEnd::Overrun { lost });
            }
            let Some(arrival) = self.registration.arrivals.recv().await else {
                return Err(self.ended());
            };
            if let Some(came) = self.take(arrival) {
                return Ok(came);
            }
        }
    }

    /// The mail that was stored before the deadline and not seen yet.
    async fn last_look(&mut self) -> Result<Came, WaitEnd> {
        if let Some(reader) = self.reader.clone() {
            reader.look().await.map_err(WaitEnd::Unreadable)?;
        }
        loop {
            match self.registration.arrivals.try_recv() {
                Ok(arrival) => {
                    if let Some(came) = self.take(arrival) {
                        return Ok(came);
                    }
                }
                Err(TryRecvError::Empty) => return Err(WaitEnd::DeadlinePassed),
                Err(TryRecvError::Disconnected) => return Err(self.ended()),
            }
        }
    }

    fn ended(&self) -> WaitEnd {
        let failure = self.registration.failure();
        failure.map_or(WaitEnd::InboxStopped, WaitEnd::Unreadable)
    }

    /// Takes an arrival that counts and that was not yielded before.
    fn take(&mut self, arrival: Arrival) -> Option<Came> {
        if !self.starts.include(&arrival) {
            return None;
        }
        if arrival.folder != Folder::Inbox {
            let mut known = self.elsewhere.iter();
            let again = known.any(|glimpse| {
                (&glimpse.folder, glimpse.position) == (&arrival.folder, arrival.position)
            });
            return (!again).then_some(Came::Elsewhere(arrival));
        }
        // What was read twice, after a break, has a place that was passed already.
        if self.last.is_some_and(|last| arrival.position <= last) {
            return None;
        }
        self.last = Some(arrival.position);
        self.yielded += 1;
        Some(Came::Here(arrival))
    }

    fn missing(&self, began: Instant, end: WaitEnd) -> Missing {
        let duplicates = self.registration.duplicates();
        let own = self.yielded + duplicates + self.elsewhere.len() as u64;
        Missing {
            recipient: self.recipient.clone(),
            since: self.starts.inbox,
            waited: began.elapsed(),
            yielded: self.yielded,
            others: self.registration.seen().saturating_sub(own),
            glimpses: self.registration.glimpses(self.starts.inbox),
            elsewhere: self.elsewhere.clone(),
            duplicates,
            end,
        }
    }
}
