//! Inboxes as their users see them: mail over SMTP, watches, and the corpus of mails.

#![expect(
    clippy::unwrap_used,
    reason = "clippy exempts test functions only, not what they call"
)]

#[expect(dead_code, reason = "tests/cli uses the rest of it")]
#[path = "../cli/command.rs"]
mod command;
mod corpus;
mod delivery_facts;
mod dovecot;
mod emulated;
mod expected;
#[path = "../common/installed.rs"]
mod installed;
mod polled;
mod properties;
mod runs;
mod senders;
#[path = "../common/skipped.rs"]
mod skipped;
mod smtp_client;
mod smtp_faults;
mod smtp_tls;
mod smtp_wire;
mod watches;
mod xoauth2;

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use reverify::inbox::SmtpSink;
use reverify::inbox::sink::{SinkLimits, SinkSettings};
use reverify::model::EmailAddress;

/// A broken test ends after this time instead of hanging.
const PATIENCE: Duration = Duration::from_secs(20);

fn sink_with(limits: SinkLimits) -> SmtpSink {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = SinkSettings {
        limits,
        ..SinkSettings::default()
    };
    SmtpSink::start(listener, settings).unwrap()
}

fn sink() -> SmtpSink {
    sink_with(SinkLimits::default())
}

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

/// A client that says exactly what it is told.
struct Wire<S = TcpStream> {
    stream: BufReader<S>,
}

impl Wire {
    /// Connects and reads the greeting.
    fn connect(sink: &SmtpSink) -> Self {
        let mut wire = Self::connect_silently(sink);
        assert!(wire.reply().starts_with("220 "));
        wire
    }

    fn connect_silently(sink: &SmtpSink) -> Self {
        Self::connect_to(sink.address())
    }

    fn connect_to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::new(stream),
        }
    }
}

impl<S: Read + Write> Wire<S> {
    fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).unwrap();
        self.stream.get_mut().flush().unwrap();
    }

    /// The next line of a reply.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        assert!(line.ends_with("\r\n"), "no whole reply: {line:?}");
        line.trim_end().to_owned()
    }

    /// The last line of the next reply.
    fn reply(&mut self) -> String {
        loop {
            let line = self.line();
            if line.as_bytes()[3] == b' ' {
                return line;
            }
        }
    }

    /// Sends a line and returns the reply's code.
    fn say(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n").as_bytes());
        self.reply()[..3].to_owned()
    }

    /// Everything until the server closes.
    fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.stream.read_to_string(&mut rest).unwrap();
        rest
    }

    /// Delivers one mail whose data is sent as it is.
    fn deliver(&mut self, recipient: &str, data: &[u8]) -> String {
        self.send(b"MAIL FROM:<app@example.com>\r\n");
        self.send(format!("RCPT TO:<{recipient}>\r\nDATA\r\n").as_bytes());
        for expected in ["250", "250", "354"] {
            assert!(self.reply().starts_with(expected));
        }
        self.send(data);
        self.reply()
    }
}
