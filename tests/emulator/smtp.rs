//! The receiving end of the emulator's mails: just enough of SMTP to accept them.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use mailparse::MailHeaderMap;
use reverify::emulator::{MailSummary, MailView};
use reverify::model::EmailAddress;

/// A recipient that the server refuses, so that a test sees a failing delivery.
pub(crate) const REFUSED: &str = "refused@example.com";

/// A server that keeps what it receives.
#[derive(Clone, Default)]
pub(crate) struct Smtp {
    mails: Arc<Mutex<Vec<Received>>>,
}

#[derive(Clone)]
struct Received {
    to: String,
    bytes: Arc<[u8]>,
}

impl Smtp {
    /// Listens on a free port, on threads that end with the test's process.
    pub(crate) fn start() -> (Self, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let smtp = Self::default();
        let server = smtp.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = server.clone();
                std::thread::spawn(move || server.dialogue(stream));
            }
        });
        (smtp, address)
    }

    /// How many mails arrived.
    pub(crate) fn mails_count(&self) -> usize {
        self.mails.lock().unwrap().len()
    }

    fn dialogue(&self, mut stream: TcpStream) -> Option<()> {
        let mut lines = BufReader::new(stream.try_clone().ok()?);
        let mut to = String::new();
        stream.set_nodelay(true).ok()?;
        stream.write_all(b"220 localhost\r\n").ok()?;
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let verb = line.get(..4).unwrap_or_default().to_uppercase();
            let reply = match verb.as_str() {
                "RCPT" => {
                    line.split(['<', '>'])
                        .nth(1)
                        .unwrap_or_default()
                        .clone_into(&mut to);
                    if to == REFUSED {
                        "550 no such mailbox"
                    } else {
                        "250 ok"
                    }
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").ok()?;
                    let bytes = data(&mut lines)?;
                    self.mails.lock().unwrap().push(Received {
                        to: to.clone(),
                        bytes,
                    });
                    "250 accepted"
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").ok()?;
                    return None;
                }
                _ => "250 ok",
            };
            stream.write_all(format!("{reply}\r\n").as_bytes()).ok()?;
        }
    }
}

fn data(lines: &mut impl BufRead) -> Option<Arc<[u8]>> {
    let mut bytes = Vec::new();
    loop {
        let start = bytes.len();
        if lines.read_until(b'\n', &mut bytes).ok()? == 0 {
            return None;
        }
        if &bytes[start..] == b".\r\n" {
            bytes.truncate(start);
            return Some(bytes.into());
        }
        if bytes[start] == b'.' {
            bytes.remove(start);
        }
    }
}

impl MailView for Smtp {
    fn mails(&self, to: Option<&EmailAddress>, latest: bool) -> Vec<MailSummary> {
        let mails = self.mails.lock().unwrap();
        let numbered = mails.iter().enumerate();
        let wanted = |mail: &Received| {
            to.is_none_or(|to| {
                mail.to
                    .parse()
                    .is_ok_and(|address| to.same_mailbox(&address))
            })
        };
        let mut shown: Vec<_> = numbered
            .filter(|(_, mail)| wanted(mail))
            .map(|(index, mail)| summary(index, mail))
            .collect();
        if latest && shown.len() > 1 {
            shown.drain(..shown.len() - 1);
        }
        shown
    }

    fn raw(&self, id: &str) -> Option<Arc<[u8]>> {
        let index: usize = id.parse().ok()?;
        self.mails
            .lock()
            .unwrap()
            .get(index)
            .map(|mail| Arc::clone(&mail.bytes))
    }

    fn forget(&self) {
        self.mails.lock().unwrap().clear();
    }
}

fn summary(index: usize, mail: &Received) -> MailSummary {
    let parsed = mailparse::parse_mail(&mail.bytes).unwrap();
    let header = |name: &str| parsed.headers.get_first_value(name).unwrap_or_default();
    let html = parsed.get_body().unwrap();
    // Six digits, and eight where a code is the first factor (COGNITO.md 4).
    let digits = html
        .split(|c: char| !c.is_ascii_digit())
        .find(|run| matches!(run.len(), 6 | 8));
    MailSummary {
        id: index.to_string(),
        to: mail.to.clone(),
        from: header("From"),
        subject: header("Subject"),
        text: None,
        received_at: Timestamp::UNIX_EPOCH,
        code: digits.map(str::to_owned),
        html: Some(html),
    }
}
