//! Delivers mail into Dovecot over LMTP (RFC 2033).

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use super::server::{USER, loopback};
use crate::PATIENCE;

pub(crate) struct Lmtp {
    stream: BufReader<TcpStream>,
}

impl Lmtp {
    pub(crate) fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut lmtp = Self {
            stream: BufReader::new(stream),
        };
        lmtp.expect("220");
        lmtp.say("LHLO test", "250");
        lmtp
    }

    /// Stores a mail in a mailbox; on return it is there.
    pub(crate) fn store(&mut self, mailbox: &str, mail: &str) {
        self.say("MAIL FROM:<app@example.com>", "250");
        self.say(&format!("RCPT TO:<{mailbox}>"), "250");
        self.say("DATA", "354");
        let stuffed = mail.replace("\r\n.", "\r\n..");
        self.say(&format!("{stuffed}\r\n."), "250");
    }

    /// Stores a verification mail for `recipient` in the usual mailbox.
    pub(crate) fn code(&mut self, recipient: &str, code: &str) {
        self.store(USER, &mail(recipient, code));
    }

    fn say(&mut self, line: &str, expected: &str) {
        let stream = self.stream.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        self.expect(expected);
    }

    fn expect(&mut self, expected: &str) {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            assert!(line.starts_with(expected), "{line:?}, not {expected}");
            if line.as_bytes()[3] == b' ' {
                return;
            }
        }
    }
}

/// A verification mail with a message id of its own.
pub(crate) fn mail(recipient: &str, code: &str) -> String {
    format!(
        "From: app@example.com\r\nTo: {recipient}\r\nSubject: Verify\r\n\
         Message-ID: <{code}.{recipient}>\r\n\r\nYour verification code is {code}.\r\n"
    )
}

/// LMTP for a client that speaks SMTP: for one recipient the two differ in the greeting only
/// (RFC 2033 §4.1). Answers where; without the server behind it connections end at once.
pub(crate) fn smtp_to_lmtp(lmtp: u16) -> SocketAddr {
    let listener = TcpListener::bind(loopback(0)).unwrap();
    let place = listener.local_addr().unwrap();
    // Ends with the process.
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(server) = TcpStream::connect(loopback(lmtp)) else {
                continue;
            };
            let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || copy(back.0, back.1, |bytes| bytes));
            thread::spawn(move || {
                copy(client, server, |bytes| {
                    // The client waits for the answer before it says more.
                    if bytes.starts_with(b"EHLO ") {
                        bytes[..4].copy_from_slice(b"LHLO");
                    }
                    bytes
                })
            });
        }
    });
    place
}

fn copy(
    mut from: TcpStream,
    mut to: TcpStream,
    change: impl Fn(&mut [u8]) -> &mut [u8],
) -> io::Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut bytes)?;
        if count == 0 {
            return to.shutdown(Shutdown::Write);
        }
        to.write_all(change(&mut bytes[..count]))?;
    }
}
