//! IDLE (RFC 2177), spoken on the wire itself.
//!
//! The `imap` crate takes the first line after IDLE for the server's consent. A server may send
//! `* 23 EXISTS` before it, and the crate then waits for ever for an answer that only DONE brings.

use std::io;
use std::time::{Duration, Instant};

use super::wire::Wire;

/// How often an idle connection looks up from the wire, to see whether something is asked of it.
const LOOK_UP_INTERVAL: Duration = Duration::from_millis(20);

/// The tag of our own commands: the crate's begin with `a`.
const TAG: &str = "idle";

/// How an IDLE ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdleEnd {
    /// The server told of a change.
    Changed,
    /// The time passed, or something is asked of the connection.
    Quiet,
    /// The server does not want it.
    Refused,
}

/// Idles until the server tells of new mail, `until` passes or `is_wanted` says so.
///
/// # Errors
/// When the server falls silent in the exchange around it for `time_max`, or ends the connection.
pub(super) fn idle(
    wire: &Wire,
    until: Instant,
    time_max: Duration,
    reply_bytes_max: usize,
    is_wanted: impl Fn() -> bool,
) -> io::Result<IdleEnd> {
    wire.begin(time_max, reply_bytes_max);
    wire.say(&format!("{TAG} IDLE"))?;
    let mut changed = false;
    loop {
        match Said::of(&wire.line()?) {
            Said::Consent => break,
            Said::NewMail => changed = true,
            Said::Ended => return Ok(IdleEnd::Refused),
            Said::Bye => return Err(io::ErrorKind::ConnectionAborted.into()),
            Said::Other => {}
        }
    }
    while !changed && Instant::now() < until && !is_wanted() {
        let look_up = until.min(Instant::now() + LOOK_UP_INTERVAL);
        match wire.line_until(look_up)?.as_deref().map(Said::of) {
            Some(Said::NewMail) => changed = true,
            Some(Said::Bye) => return Err(io::ErrorKind::ConnectionAborted.into()),
            // An end that nobody asked for: the next command tells.
            Some(Said::Ended) => return Ok(IdleEnd::Quiet),
            Some(Said::Consent | Said::Other) | None => {}
        }
    }
    wire.begin(time_max, reply_bytes_max);
    wire.say("DONE")?;
    loop {
        match Said::of(&wire.line()?) {
            Said::Ended => break,
            Said::NewMail => changed = true,
            Said::Bye => return Err(io::ErrorKind::ConnectionAborted.into()),
            Said::Consent | Said::Other => {}
        }
    }
    Ok(if changed {
        IdleEnd::Changed
    } else {
        IdleEnd::Quiet
    })
}

/// What a line means to who idles.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Consent,
    NewMail,
    Ended,
    Bye,
    Other,
}

impl Said {
    fn of(line: &[u8]) -> Self {
        let line = String::from_utf8_lossy(line);
        let mut words = line.split_ascii_whitespace();
        let (first, second, third) = (words.next(), words.next(), words.next());
        match (first, second) {
            (Some(tag), _) if tag == TAG => Self::Ended,
            (Some(plus), _) if plus.starts_with('+') => Self::Consent,
            (Some("*"), Some(bye)) if bye.eq_ignore_ascii_case("BYE") => Self::Bye,
            (Some("*"), Some(_)) if third.is_some_and(|t| t.eq_ignore_ascii_case("EXISTS")) => {
                Self::NewMail
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{TcpListener, TcpStream};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    /// Idles against a server that says `first` after IDLE and `last` after DONE, if it is told
    /// DONE.
    fn idle_with(
        first: &'static [u8],
        last: &'static [u8],
        quiet: Duration,
    ) -> io::Result<IdleEnd> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let server = std::thread::spawn(move || {
            let mut server = BufReader::new(listener.accept().unwrap().0);
            let mut line = String::new();
            server.read_line(&mut line).unwrap();
            assert_eq!(line, "idle IDLE\r\n");
            server.get_mut().write_all(first).unwrap();
            line.clear();
            if server.read_line(&mut line).is_ok_and(|count| count > 0) {
                assert_eq!(line, "DONE\r\n");
                server.get_mut().write_all(last).unwrap();
            }
        });
        let wire = Wire::new(client);
        let end = idle(&wire, Instant::now() + quiet, PATIENCE, 10_000, || false);
        drop(wire);
        server.join().unwrap();
        end
    }

    #[test]
    fn news_before_the_consent_is_heard() {
        let end = idle_with(b"* 1 EXISTS\r\n+ idling\r\n", b"idle OK\r\n", PATIENCE);
        assert_eq!(end.unwrap(), IdleEnd::Changed);
    }

    #[test]
    fn news_at_any_moment_is_heard() {
        let quiet = Duration::from_millis(1);
        let done = b"idle OK Idle completed\r\n";
        let cases: [(&[u8], &[u8], IdleEnd); 5] = [
            (b"+ idling\r\n* 1 EXISTS\r\n", done, IdleEnd::Changed),
            (b"+\r\n", b"* 1 EXISTS\r\nidle OK\r\n", IdleEnd::Changed),
            (b"+ idling\r\n* OK Still here\r\n", done, IdleEnd::Quiet),
            (b"+ idling\r\n* 3 EXPUNGE\r\n", done, IdleEnd::Quiet),
            (b"idle BAD no\r\n", b"", IdleEnd::Refused),
        ];
        for (first, last, expected) in cases {
            let quiet = if first.ends_with(b"EXISTS\r\n") {
                PATIENCE
            } else {
                quiet
            };
            assert_eq!(idle_with(first, last, quiet).unwrap(), expected);
        }
    }

    #[test]
    fn the_end_of_the_connection_is_an_error() {
        for (first, last) in [
            (&b"* BYE\r\n"[..], &b""[..]),
            (b"+ idling\r\n* BYE shutting down\r\n", b""),
            (b"+ idling\r\n", b"* 1 EXI"),
        ] {
            assert!(idle_with(first, last, Duration::from_millis(1)).is_err());
        }
    }

    #[test]
    fn what_is_wanted_ends_the_idling() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let mut server = listener.accept().unwrap().0;
        server.write_all(b"+ idling\r\nidle OK\r\n").unwrap();
        let until = Instant::now() + PATIENCE;
        let end = idle(&Wire::new(client), until, PATIENCE, 10_000, || true);
        assert_eq!(end.unwrap(), IdleEnd::Quiet);
        assert!(Instant::now() < until);
    }
}
