//! One connection to an SMTP server, and the way of one mail over it.

use std::fmt::{self, Display};
use std::net::SocketAddr;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use memchr::memmem;
use tokio::net::TcpStream;

use super::MailerError;

/// The name that the emulator gives itself.
const HELLO_NAME: &str = "localhost";

/// A connection over which mails go one after the other.
///
/// The dialogue is lettre's; connecting is not, because its sockets wait for the peer's delayed
/// acknowledgement, 40 milliseconds, before they send the last line of a mail. Neither is the
/// grouping of commands: lettre waits for each reply, and on one machine the waits are most of what
/// a mail costs.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    /// Whether the server reads commands ahead (RFC 2920).
    pipelining: bool,
}

impl Connection {
    /// Connects and greets, unencrypted.
    ///
    /// # Errors
    /// [`MailerError`] if nobody answers or the answers are refusals.
    pub(super) async fn open(address: SocketAddr) -> Result<Self, MailerError> {
        let stream = TcpStream::connect(address).await;
        let stream = stream.map_err(MailerError::Unreachable)?;
        stream.set_nodelay(true).map_err(MailerError::Unreachable)?;
        let name = ClientId::Domain(HELLO_NAME.to_owned());
        let mut smtp = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &name).await?;
        // lettre greets too, but tells only of the extensions that it uses. A second greeting is
        // allowed and changes nothing (RFC 5321 §4.1.4).
        let extensions = smtp.command(Ehlo::new(name)).await?;
        let pipelining = extensions
            .message()
            .any(|line| line.trim().eq_ignore_ascii_case("PIPELINING"));
        Ok(Self { smtp, pipelining })
    }

    /// Hands a mail over, and tells what the server said to it; after an error the connection is of
    /// no use.
    ///
    /// # Errors
    /// The server's first refusal, or what broke the connection.
    pub(super) async fn send(
        &mut self,
        envelope: &Envelope,
        mail: &[u8],
    ) -> Result<Response, Error> {
        let mut addresses = envelope.from().into_iter().chain(envelope.to());
        let plain = mail.is_ascii() && addresses.all(|address| address.to_string().is_ascii());
        match (envelope.to(), std::str::from_utf8(mail)) {
            ([to], Ok(text)) if self.pipelining && plain => {
                let from = Mail::new(envelope.from().cloned(), Vec::new());
                let to = Rcpt::new(to.clone(), Vec::new());
                self.send_pipelined(&from, &to, text).await
            }
            // What needs an extension or has several recipients is rare, and lettre's.
            _ => self.smtp.send(envelope, mail).await,
        }
    }

    /// Whether the server still answers.
    pub(super) async fn works(&mut self) -> bool {
        self.smtp.test_connected().await
    }

    /// Takes leave.
    pub(super) async fn quit(&mut self) {
        // A server that has gone already needs no farewell.
        let _ = self.smtp.quit().await;
    }

    /// Two round trips instead of four: the envelope up to DATA in one write, all replies to it
    /// (RFC 2920 §3.1), then the mail with its final dot in one write.
    async fn send_pipelined(
        &mut self,
        from: &Mail,
        to: &Rcpt,
        mail: &str,
    ) -> Result<Response, Error> {
        let group = format!("{from}{to}{Data}");
        let sender = answered(self.smtp.command(group).await)?;
        let recipient = answered(self.smtp.read_response().await)?;
        let data = answered(self.smtp.read_response().await)?;
        let awaits_data = data.is_none();
        if let Some(refusal) = sender.or(recipient).or(data) {
            if awaits_data {
                // For nobody; RFC 2920 §3.1 asks for an empty mail then.
                let _ = self.smtp.command(".\r\n").await;
            }
            self.smtp.abort().await;
            return Err(refusal);
        }
        self.smtp.command(WithFinalDot(mail)).await
    }
}

/// A server's refusal, or nothing if it agreed.
///
/// # Errors
/// What broke the connection, so that no further answer will come.
fn answered<T>(reply: Result<T, Error>) -> Result<Option<Error>, Error> {
    match reply {
        Ok(_) => Ok(None),
        Err(error) if error.is_permanent() || error.is_transient() => Ok(Some(error)),
        Err(broken) => Err(broken),
    }
}

/// A mail as DATA takes it: another dot before each that begins a line, and one alone at the end
/// (RFC 5321 §4.5.2).
struct WithFinalDot<'a>(&'a str);

impl Display for WithFinalDot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.0;
        if lines.starts_with('.') {
            f.write_str(".")?;
        }
        while let Some(found) = memmem::find(lines.as_bytes(), b"\r\n.") {
            let (line, rest) = lines.split_at(found + 2);
            f.write_str(line)?;
            f.write_str("..")?;
            lines = &rest[1..];
        }
        f.write_str(lines)?;
        f.write_str(if self.0.ends_with("\r\n") {
            ".\r\n"
        } else {
            "\r\n.\r\n"
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::{JoinHandle, spawn};

    use super::*;

    /// Answers each group of bytes that arrives with the next reply, and tells all that arrived.
    fn server(replies: &'static [&'static str]) -> (SocketAddr, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serving = spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut arrived = Vec::new();
            for reply in replies {
                stream.write_all(reply.as_bytes()).unwrap();
                let mut bytes = [0; 4_096];
                let read = stream.read(&mut bytes).unwrap();
                arrived.push(String::from_utf8_lossy(&bytes[..read]).into_owned());
            }
            arrived
        });
        (address, serving)
    }

    const GREETINGS: [&str; 3] = ["220 x\r\n", "250-x\r\n250 PIPELINING\r\n", ""];

    /// Sends one mail to a server that reads ahead and answers the envelope so.
    fn send(replies: &'static [&'static str]) -> (Result<(), String>, Vec<String>) {
        let (address, serving) = server(replies);
        let envelope = Envelope::new(
            Some("a@example.com".parse().unwrap()),
            vec!["b@example.com".parse().unwrap()],
        )
        .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let sent = runtime.block_on(async {
            let mut connection = Connection::open(address).await.unwrap();
            connection.send(&envelope, b".hi\r\n.\r\nthere").await
        });
        (
            sent.map(drop).map_err(|error| error.to_string()),
            serving.join().unwrap(),
        )
    }

    #[test]
    fn the_envelope_goes_in_one_write_and_the_mail_in_another() {
        let (sent, arrived) = send(&[
            GREETINGS[0],
            GREETINGS[1],
            GREETINGS[1],
            "250 a\r\n250 b\r\n354 c\r\n",
            "250 kept\r\n",
        ]);
        assert_eq!(sent, Ok(()));
        let envelope = "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n";
        assert_eq!(arrived[2..4], [envelope, "..hi\r\n..\r\nthere\r\n.\r\n"]);
    }

    #[test]
    fn a_refusal_is_told_and_nobody_gets_the_mail() {
        let cases: [(&'static [&'static str], &str, &str); 2] = [
            (
                &[
                    GREETINGS[0],
                    GREETINGS[1],
                    GREETINGS[1],
                    "250 a\r\n550 nobody\r\n503 no\r\n",
                ],
                "nobody",
                "QUIT\r\n",
            ),
            (
                &[
                    GREETINGS[0],
                    GREETINGS[1],
                    GREETINGS[1],
                    "250 a\r\n550 nobody\r\n354 go\r\n",
                    "554 none\r\n",
                ],
                "nobody",
                ".\r\n",
            ),
        ];
        for (replies, reason, last) in cases {
            let (sent, arrived) = send(replies);
            assert!(sent.clone().unwrap_err().contains(reason), "{sent:?}");
            assert_eq!(arrived[3], last);
        }
    }
}
