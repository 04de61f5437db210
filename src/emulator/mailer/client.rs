//! The connections to a mail server, kept between mails.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::Address;
use lettre::address::Envelope;

use super::SmtpReply;
use super::dialogue::Connection;
use super::mail::Outgoing;

/// Longest wait for a mail to be taken: the server is on this machine, and an API call waits.
pub(super) const SMTP_SECONDS_MAX: u64 = 10;
/// Longest wait for the answer to the farewell.
pub(super) const FAREWELL_SECONDS_MAX: u64 = 1;
/// Connections kept open between mails: as many as requests that are commonly in flight.
const IDLE_CONNECTIONS_MAX: usize = 32;
/// How long an unused connection is kept: less than servers commonly wait before they close one.
const IDLE_SECONDS_MAX: u64 = 20;
/// How long an unused connection is taken to work without asking: under load, asking would cost
/// one more round trip for each mail.
const TRUSTED_SECONDS_MAX: u64 = 1;

/// Why a mail was not handed over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailerError {
    /// An address that mail cannot have.
    #[error("`{text}` cannot stand in a mail's {line} line: {source}")]
    Address {
        /// `From`, `Reply-To` or `To`, or `MAIL FROM` or `RCPT TO` of the envelope.
        line: &'static str,
        /// What was given.
        text: String,
        /// Why not.
        source: lettre::address::AddressError,
    },
    /// The mail could not be written.
    #[error("the mail could not be written: {0}")]
    Format(#[from] lettre::error::Error),
    /// Nobody answers at the server's address.
    #[error("the mail server cannot be reached: {0}")]
    Unreachable(io::Error),
    /// The server refused the mail, or broke the dialogue off.
    #[error("the mail server did not take the mail: {0}")]
    Refused(#[from] lettre::transport::smtp::Error),
    /// The server did not answer in time.
    #[error("the mail server did not take the mail within {SMTP_SECONDS_MAX} seconds")]
    TimedOut,
}

impl MailerError {
    /// What the server said when it refused; none if it said nothing, or was not there.
    pub(crate) fn reply(&self) -> Option<SmtpReply> {
        match self {
            Self::Refused(refusal) => SmtpReply::refusing(refusal),
            _ => None,
        }
    }

    /// Whether the server was there and broke the dialogue off, so that it may go better later.
    pub(crate) fn is_broken_off(&self) -> bool {
        match self {
            Self::Refused(error) => {
                error.status().is_none() && !error.is_client() && !error.is_timeout()
            }
            _ => false,
        }
    }
}

/// A client of one SMTP server that keeps its connections.
pub(crate) struct Mailer {
    smtp: SocketAddr,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

impl Mailer {
    /// Prepares to mail through the server at `smtp`, unencrypted: it is on loopback.
    pub(crate) const fn new(smtp: SocketAddr) -> Self {
        Self {
            smtp,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Hands a mail over; it was accepted when this returns.
    ///
    /// # Errors
    /// [`MailerError`] if the server did not take the mail in time.
    pub(crate) async fn send(&self, mail: &Outgoing) -> Result<(), MailerError> {
        let message = mail.message();
        let bytes = message.formatted();
        self.hand_over(message.envelope(), &bytes).await.map(drop)
    }

    /// Hands a written mail over to one recipient, and tells what the server said to it.
    ///
    /// # Errors
    /// [`MailerError`] if the server did not take the mail in time.
    pub(crate) async fn deliver(
        &self,
        from: Address,
        to: Address,
        mail: &[u8],
    ) -> Result<SmtpReply, MailerError> {
        let envelope = Envelope::new(Some(from), vec![to])?;
        self.hand_over(&envelope, mail).await
    }

    async fn hand_over(&self, envelope: &Envelope, mail: &[u8]) -> Result<SmtpReply, MailerError> {
        let sending = async {
            let mut connection = self.connection().await?;
            // After a refusal the connection is closed; only a good one is kept.
            let reply = connection.send(envelope, mail).await?;
            self.keep(connection);
            Ok(SmtpReply::accepting(&reply))
        };
        let limit = Duration::from_secs(SMTP_SECONDS_MAX);
        tokio::time::timeout(limit, sending)
            .await
            .unwrap_or(Err(MailerError::TimedOut))
    }

    /// Takes leave of the server on the connections that are idle.
    pub(crate) async fn close(&self) {
        while let Some(mut idle) = self.take() {
            let farewell = idle.connection.quit();
            let _ = tokio::time::timeout(Duration::from_secs(FAREWELL_SECONDS_MAX), farewell).await;
        }
    }

    /// A connection that works: one that was used a moment ago, or a new one.
    async fn connection(&self) -> Result<Connection, MailerError> {
        while let Some(mut idle) = self.take() {
            let age = idle.since.elapsed();
            let fresh = age < Duration::from_secs(TRUSTED_SECONDS_MAX);
            let kept = age < Duration::from_secs(IDLE_SECONDS_MAX);
            if fresh || (kept && idle.connection.works().await) {
                return Ok(idle.connection);
            }
        }
        Connection::open(self.smtp).await
    }

    fn take(&self) -> Option<Idle> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_CONNECTIONS_MAX {
            let since = Instant::now();
            idle.push(Idle { connection, since });
        }
    }
}
