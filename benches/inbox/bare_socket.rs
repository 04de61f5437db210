//! What the protocol allows: NOOP without a pause, and FETCH when there is something new.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Instant;

use crate::dovecot::server::{Dovecot, PASSWORD, USER};
use crate::table::Row;
use crate::{PATIENCE, code, recipient};

/// Reads mails over a plain socket and measures each.
pub(crate) fn measure(dovecot: &Dovecot, mails: usize) -> Row {
    let mut imap = Imap::open(dovecot.ports.imap);
    let mut lmtp = dovecot.lmtp();
    let (sender, found) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for _ in 0..mails {
            sender.send((imap.next_code(), Instant::now())).unwrap();
        }
    });
    let mut times = Vec::new();
    for step in 0..mails {
        let expected = (100_000 + step).to_string();
        lmtp.code(&recipient(step), &expected);
        let stored = Instant::now();
        let (code, at) = found.recv_timeout(PATIENCE).unwrap();
        assert_eq!(code, expected);
        times.push(at.saturating_duration_since(stored));
    }
    reader.join().unwrap();
    Row::new("bare socket that polls", times)
}

struct Imap {
    stream: BufReader<TcpStream>,
    exists: u32,
}

impl Imap {
    fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut imap = Self {
            stream: BufReader::new(stream),
            exists: 0,
        };
        imap.stream.read_line(&mut String::new()).unwrap();
        imap.say(&format!("LOGIN {USER} {PASSWORD}"));
        imap.say("EXAMINE INBOX");
        imap
    }

    fn next_code(&mut self) -> String {
        let known = self.exists;
        while self.exists == known {
            self.say("NOOP");
        }
        let mail = self.say(&format!("FETCH {} BODY.PEEK[]", self.exists));
        code(&mail)
    }

    /// Sends a command and answers the literal of its answer, if there is one.
    fn say(&mut self, command: &str) -> Vec<u8> {
        let text = format!("x {command}\r\n");
        self.stream.get_mut().write_all(text.as_bytes()).unwrap();
        let mut literal = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            if line.starts_with("x ") {
                assert!(line.starts_with("x OK"), "{command}: {line}");
                return literal;
            }
            let mut words = line.split_ascii_whitespace();
            if let (Some("*"), Some(count), Some("EXISTS")) =
                (words.next(), words.next(), words.next())
            {
                self.exists = count.parse().unwrap();
            }
            if let Some((_, size)) = line.trim_end().rsplit_once('{') {
                literal = vec![0; size.trim_end_matches('}').parse().unwrap()];
                self.stream.read_exact(&mut literal).unwrap();
            }
        }
    }
}
