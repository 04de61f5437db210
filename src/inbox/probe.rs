//! A mail of the checker's own, to see whether the inbox that is watched is the address's.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::time::Instant;
use url::Url;

use super::{Inbox, InboxError};
use crate::model::EmailAddress;

/// The port of mail between servers (RFC 5321 §4.5.4.2).
const SMTP_PORT: u16 = 25;
/// Longest wait for the mail server to take the mail.
const HANDOVER_SECONDS_MAX: u64 = 20;
/// A domain that nobody owns (RFC 2606), in the sender's address and the message's id.
const SENDER_DOMAIN: &str = "reverify.invalid";

/// Why it is not known whether a probe arrives.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Not a mail server.
    #[error("`{0}` is no mail server; write smtp://HOST[:PORT]")]
    Server(String),
    /// The mail cannot be written to such an address.
    #[error("no mail can be written to {to}: {reason}")]
    Address {
        /// The recipient.
        to: String,
        /// What is wrong.
        reason: String,
    },
    /// The server did not take the mail.
    #[error("{server} did not take the mail: {reason}")]
    Refused {
        /// The server.
        server: String,
        /// Its words.
        reason: String,
    },
    /// The inbox cannot be read.
    #[error(transparent)]
    Inbox(#[from] InboxError),
}

/// Sends a mail to an address by a mail server and waits for it in the inbox; answers whether it
/// came.
///
/// `id` makes the message's id unique. The mail goes over plain SMTP: it holds no secret, and servers
/// that take mail for their own domains ask for no password.
///
/// # Errors
///
/// When the server does not take the mail or the inbox cannot be read.
pub async fn probe(
    inbox: &dyn Inbox,
    to: &EmailAddress,
    server: &Url,
    id: &str,
    wait: Duration,
) -> Result<bool, ProbeError> {
    let message = message(to, id)?;
    let mut watch = inbox.watch(to).await?;
    send(server, message).await?;
    let deadline = Instant::now() + wait;
    let expected = format!("{id}@{SENDER_DOMAIN}");
    while let Ok(arrival) = watch.next(deadline).await {
        let raw = String::from_utf8_lossy(&arrival.raw);
        if raw.contains(&expected) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn message(to: &EmailAddress, id: &str) -> Result<Message, ProbeError> {
    let wrong = |reason: String| ProbeError::Address {
        to: to.to_string(),
        reason,
    };
    let recipient: Mailbox = to
        .as_str()
        .parse()
        .map_err(|error: lettre::address::AddressError| wrong(error.to_string()))?;
    let sender = lettre::Address::new("probe", SENDER_DOMAIN);
    let sender = sender.map_err(|error| wrong(error.to_string()))?;
    Message::builder()
        .from(Mailbox::new(Some("reverify".to_owned()), sender))
        .to(recipient)
        .message_id(Some(format!("<{id}@{SENDER_DOMAIN}>")))
        .subject("A mail to see whether this inbox is the right one")
        .body("It was sent by `reverify doctor` and needs no answer.\n".to_owned())
        .map_err(|error| wrong(error.to_string()))
}

async fn send(server: &Url, message: Message) -> Result<(), ProbeError> {
    let host = server.host_str().filter(|_| server.scheme() == "smtp");
    let host = host.ok_or_else(|| ProbeError::Server(server.to_string()))?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(server.port().unwrap_or(SMTP_PORT))
        .timeout(Some(Duration::from_secs(HANDOVER_SECONDS_MAX)))
        .build();
    let sent = transport.send(message).await;
    sent.map(drop).map_err(|error| ProbeError::Refused {
        server: server.to_string(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::inbox::{SmtpSink, sink::SinkSettings};

    #[tokio::test]
    async fn a_probe_arrives_or_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sink = SmtpSink::start(listener, SinkSettings::default()).unwrap();
        let (inbox, wait) = (sink.inbox(), Duration::from_secs(10));
        let ada = "ada@example.com".parse().unwrap();
        let server = Url::parse(&format!("smtp://{}", sink.address())).unwrap();
        assert!(probe(&inbox, &ada, &server, "1", wait).await.unwrap());
        let web = Url::parse("http://127.0.0.1").unwrap();
        let error = probe(&inbox, &ada, &web, "2", wait).await.unwrap_err();
        assert!(error.to_string().contains("smtp://HOST"), "{error}");
        sink.stop().unwrap();
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = nobody.local_addr().unwrap();
        drop(nobody);
        let other = SmtpSink::start(
            TcpListener::bind("127.0.0.1:0").unwrap(),
            SinkSettings::default(),
        );
        let other = other.unwrap();
        let server = Url::parse(&format!("smtp://{closed}")).unwrap();
        let error = probe(&other.inbox(), &ada, &server, "3", wait)
            .await
            .unwrap_err();
        assert!(matches!(error, ProbeError::Refused { .. }), "{error}");
        other.stop().unwrap();
    }
}
