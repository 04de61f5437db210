//! The trait of all inboxes, and waiting for the mail of one recipient.

use futures::future::BoxFuture;
use tokio::time::Instant;

use super::waiters::Registration;
use super::{Arrival, Missing, Position, Unexpected, WaitEnd};
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
}

/// Why an inbox cannot be watched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InboxError {
    /// The inbox was stopped, or its thread ended.
    #[error("the inbox has stopped, so no mail can arrive in it")]
    Stopped,
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
    start: Position,
    last: Option<Position>,
    yielded: u64,
    registration: Registration,
}

impl Watch {
    /// Joins a registration and the position that was noted after it.
    pub(crate) fn new(
        recipient: EmailAddress,
        start: Position,
        registration: Registration,
    ) -> Self {
        Self {
            recipient,
            start,
            last: None,
            yielded: 0,
            registration,
        }
    }

    /// The position that was noted when the watch began.
    pub fn position(&self) -> Position {
        self.start
    }

    /// Whose mail is waited for.
    pub fn recipient(&self) -> &EmailAddress {
        &self.recipient
    }

    /// The next mail for the recipient, each once and in the order of arrival.
    ///
    /// A mail that is there already is returned even when `deadline` has passed.
    ///
    /// # Errors
    /// [`Missing`], with what arrived instead, when none came.
    pub async fn next(&mut self, deadline: Instant) -> Result<Arrival, Missing> {
        let began = Instant::now();
        loop {
            let lost = self.registration.lost();
            if lost > 0 {
                return Err(self.missing(began, WaitEnd::Overrun { lost }));
            }
            match tokio::time::timeout_at(deadline, self.registration.arrivals.recv()).await {
                Ok(Some(arrival)) if self.is_new(&arrival) => {
                    self.last = Some(arrival.position);
                    self.yielded += 1;
                    return Ok(arrival);
                }
                Ok(Some(_)) => {}
                Ok(None) => return Err(self.missing(began, WaitEnd::InboxStopped)),
                Err(_) => return Err(self.missing(began, WaitEnd::DeadlinePassed)),
            }
        }
    }

    /// Waits until `deadline` and holds only if nothing for the recipient arrives.
    ///
    /// # Errors
    /// [`Unexpected`] as soon as a mail arrives, or when the inbox stops before the deadline.
    pub async fn expect_none_until(&mut self, deadline: Instant) -> Result<(), Unexpected> {
        match self.next(deadline).await {
            Ok(arrival) => Err(Unexpected::Arrived(Box::new(arrival))),
            Err(missing) if missing.end == WaitEnd::DeadlinePassed => Ok(()),
            Err(missing) => Err(Unexpected::Unknown(Box::new(missing))),
        }
    }

    fn is_new(&self, arrival: &Arrival) -> bool {
        arrival.position.reached(self.start) && self.last.is_none_or(|last| arrival.position > last)
    }

    fn missing(&self, began: Instant, end: WaitEnd) -> Missing {
        Missing {
            recipient: self.recipient.clone(),
            since: self.start,
            waited: began.elapsed(),
            yielded: self.yielded,
            others: self.registration.seen().saturating_sub(self.yielded),
            glimpses: self.registration.glimpses(self.start),
            end,
        }
    }
}
