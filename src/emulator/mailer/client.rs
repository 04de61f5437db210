//! Hands mail to an SMTP server, written as a mail service would write it.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;

/// Longest wait for a mail to be taken: the server is on this machine, and an API call waits.
const SMTP_SECONDS_MAX: u64 = 10;
/// Longest wait for the answer to the farewell.
const FAREWELL_SECONDS_MAX: u64 = 1;
/// Connections kept open between mails: as many as requests that are commonly in flight.
const IDLE_CONNECTIONS_MAX: usize = 32;
/// How long an unused connection is kept: less than servers commonly wait before they close one.
const IDLE_SECONDS_MAX: u64 = 20;
/// How long an unused connection is taken to work without asking: under load, asking would cost
/// one more round trip for each mail.
const TRUSTED_SECONDS_MAX: u64 = 1;

/// A mail before it is written as MIME.
#[derive(Debug)]
pub(crate) struct Mail {
    /// The From line: an address, or a name and an address in angle brackets.
    pub(crate) from: String,
    /// The address for answers, if it is another.
    pub(crate) reply_to: Option<String>,
    /// The one recipient.
    pub(crate) to: String,
    /// The subject; encoded where it is not ASCII (RFC 2047).
    pub(crate) subject: String,
    /// The body. Cognito's templates are HTML, and a text without markup is sent as HTML too.
    pub(crate) html: String,
    /// The Date line.
    pub(crate) date: Timestamp,
    /// The Message-ID, in its angle brackets.
    pub(crate) message_id: String,
}

/// Why a mail was not handed over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailerError {
    /// An address that mail cannot have.
    #[error("`{text}` cannot stand in a mail's {line} line: {source}")]
    Address {
        /// `From`, `Reply-To` or `To`.
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

/// A client of one SMTP server that keeps its connections.
///
/// The dialogue is lettre's; connecting is not, because its sockets wait for the peer's delayed
/// acknowledgement, 40 milliseconds, before they send the last line of a mail.
pub(crate) struct Mailer {
    smtp: SocketAddr,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: AsyncSmtpConnection,
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

    /// Writes the mail and hands it over; it was accepted when this returns.
    ///
    /// # Errors
    /// [`MailerError`] if an address is wrong or the server did not take the mail in time.
    pub(crate) async fn send(&self, mail: Mail) -> Result<(), MailerError> {
        let message = message(mail)?;
        let sending = async {
            let mut connection = self.connection().await?;
            // After a refusal, lettre closes the connection; only a good one is kept.
            connection
                .send(message.envelope(), &message.formatted())
                .await?;
            self.keep(connection);
            Ok(())
        };
        let limit = Duration::from_secs(SMTP_SECONDS_MAX);
        tokio::time::timeout(limit, sending)
            .await
            .unwrap_or(Err(MailerError::TimedOut))
    }

    /// Takes leave of the server on the connections that are idle.
    pub(crate) async fn close(&self) {
        while let Some(mut idle) = self.take() {
            // A server that has gone already needs no farewell.
            let farewell = idle.connection.quit();
            let _ = tokio::time::timeout(Duration::from_secs(FAREWELL_SECONDS_MAX), farewell).await;
        }
    }

    /// A connection that works: one that was used a moment ago, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, MailerError> {
        while let Some(mut idle) = self.take() {
            let age = idle.since.elapsed();
            let fresh = age < Duration::from_secs(TRUSTED_SECONDS_MAX);
            let kept = age < Duration::from_secs(IDLE_SECONDS_MAX);
            if fresh || (kept && idle.connection.test_connected().await) {
                return Ok(idle.connection);
            }
        }
        let stream = TcpStream::connect(self.smtp)
            .await
            .map_err(MailerError::Unreachable)?;
        stream.set_nodelay(true).map_err(MailerError::Unreachable)?;
        let name = ClientId::Domain("localhost".to_owned());
        Ok(AsyncSmtpConnection::connect_with_transport(Box::new(stream), &name).await?)
    }

    fn take(&self) -> Option<Idle> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_CONNECTIONS_MAX {
            let since = Instant::now();
            idle.push(Idle { connection, since });
        }
    }
}

/// One part, `text/html` in UTF-8; that AWS writes it so is a guess (COGNITO.md 5.4 \[U\]).
fn message(mail: Mail) -> Result<Message, MailerError> {
    let mut builder = Message::builder()
        .message_id(Some(mail.message_id))
        .date(SystemTime::from(mail.date))
        .from(mailbox("From", mail.from)?)
        .to(mailbox("To", mail.to)?)
        .subject(mail.subject)
        .header(ContentType::TEXT_HTML);
    if let Some(reply_to) = mail.reply_to {
        builder = builder.reply_to(mailbox("Reply-To", reply_to)?);
    }
    Ok(builder.body(mail.html)?)
}

fn mailbox(line: &'static str, text: String) -> Result<Mailbox, MailerError> {
    text.parse()
        .map_err(|source| MailerError::Address { line, text, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            from: "Prüfer <no-reply@example.com>".to_owned(),
            reply_to: Some("help@example.com".to_owned()),
            to: "ada+tag@example.com".to_owned(),
            subject: "Dein Prüfcode".to_owned(),
            html: "<b>012345</b> grüßt".to_owned(),
            date: Timestamp::UNIX_EPOCH,
            message_id: "<1@email.amazonses.com>".to_owned(),
        }
    }

    #[test]
    fn writes_the_headers_of_a_mail_service() {
        let text = String::from_utf8(message(mail()).unwrap().formatted()).unwrap();
        for line in [
            "Message-ID: <1@email.amazonses.com>\r\n",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n",
            "To: ada+tag@example.com\r\n",
            "Reply-To: help@example.com\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
            "Subject: Dein =?utf-8?b?",
        ] {
            assert!(text.contains(line), "no `{line}` in\n{text}");
        }
        assert!(text.is_ascii(), "{text}");
    }

    #[test]
    fn refuses_an_address_that_mail_cannot_have() {
        let error = message(Mail {
            to: "ada".to_owned(),
            ..mail()
        })
        .unwrap_err()
        .to_string();
        assert!(
            error.contains("`ada` cannot stand in a mail's To line"),
            "{error}"
        );
    }
}
