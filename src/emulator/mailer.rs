//! Hands mail to an SMTP server, written as a mail service would write it.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// Longest wait for one command of the SMTP dialogue: the server is on this machine, and an API
/// call waits for it.
const SMTP_COMMAND_SECONDS_MAX: u64 = 10;
/// Connections kept open between mails: as many as requests that are commonly in flight.
const IDLE_CONNECTIONS_MAX: u32 = 32;
/// How long an unused connection is kept: less than servers commonly wait before they close one.
const IDLE_SECONDS_MAX: u64 = 30;

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
    /// The server could not be reached, or refused the mail.
    #[error("the mail server did not take the mail: {0}")]
    Refused(#[from] lettre::transport::smtp::Error),
}

/// A client of one SMTP server; its connections are pooled.
///
/// The pool belongs to the runtime on which the first mail is sent, and must be dropped there.
pub(crate) struct Mailer {
    smtp: SocketAddr,
    transport: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
}

impl Mailer {
    /// Prepares to mail through the server at `smtp`, unencrypted: it is on loopback.
    pub(crate) const fn new(smtp: SocketAddr) -> Self {
        Self {
            smtp,
            transport: OnceLock::new(),
        }
    }

    /// Writes the mail and hands it over; it was accepted when this returns.
    ///
    /// # Errors
    /// [`MailerError`] if an address is wrong or the server did not take the mail.
    pub(crate) async fn send(&self, mail: Mail) -> Result<(), MailerError> {
        let transport = self.transport.get_or_init(|| transport(self.smtp));
        transport.send(message(mail)?).await?;
        Ok(())
    }

    /// Closes the connections that are idle.
    pub(crate) async fn close(&self) {
        if let Some(transport) = self.transport.get() {
            transport.shutdown().await;
        }
    }
}

fn transport(smtp: SocketAddr) -> AsyncSmtpTransport<Tokio1Executor> {
    let pool = PoolConfig::new()
        .max_size(IDLE_CONNECTIONS_MAX)
        .idle_timeout(Duration::from_secs(IDLE_SECONDS_MAX));
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(smtp.ip().to_string())
        .port(smtp.port())
        .hello_name(ClientId::Domain("localhost".to_owned()))
        .timeout(Some(Duration::from_secs(SMTP_COMMAND_SECONDS_MAX)))
        .pool_config(pool)
        .build()
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
