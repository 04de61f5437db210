//! Where a command line or a mail ends in the client's bytes.
//!
//! Lines end with CR LF and with nothing else (RFC 5321 §2.3.8). A server that also takes a bare
//! LF, or ends the data at `LF . LF`, can be made to see two mails where the one before it saw one.

use std::sync::LazyLock;

use memchr::memmem::Finder;

static LINE_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\r\n"));
static DOT_LINE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\r\n."));

/// What a buffer begins with, when lines are expected.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// A whole line without its CR LF, and how many bytes it took.
    Whole { line: &'a [u8], taken: usize },
    /// No line end yet.
    Partial,
    /// More than the limit without a line end: the line's rest has to be skipped.
    Overlong,
}

/// Finds the first line of `buffer`, of at most `bytes_max` with its line end.
pub(super) fn next_line(buffer: &[u8], bytes_max: usize) -> Line<'_> {
    match LINE_END.find(&buffer[..buffer.len().min(bytes_max)]) {
        Some(end) => Line::Whole {
            line: &buffer[..end],
            taken: end + 2,
        },
        None if buffer.len() >= bytes_max => Line::Overlong,
        None => Line::Partial,
    }
}

/// How many bytes of an overlong line's rest to drop, and whether its end was among them.
pub(super) fn skip_line(buffer: &[u8]) -> (usize, bool) {
    match LINE_END.find(buffer) {
        Some(end) => (end + 2, true),
        // A trailing CR may be the first half of the line's end.
        None => (
            buffer.len() - usize::from(buffer.last() == Some(&b'\r')),
            false,
        ),
    }
}

/// The data of one mail, taken off the connection piece by piece.
#[derive(Debug)]
pub(super) struct DataReader {
    mail: Vec<u8>,
    bytes_max: usize,
    /// Whether nothing of the data was taken yet, so that it stands at the beginning of a line.
    at_start: bool,
    overflowed: bool,
}

/// How a mail's data ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Data {
    /// The mail, dots unstuffed, with its last line end.
    Mail(Vec<u8>),
    /// The mail was larger than allowed; its bytes are dropped.
    TooLarge,
}

impl DataReader {
    /// Reads a mail of at most `bytes_max` bytes. `bytes_expected` is what the client announced.
    pub(super) fn new(bytes_max: usize, bytes_expected: usize) -> Self {
        Self {
            mail: Vec::with_capacity(bytes_expected.clamp(1_024, 64 * 1_024)),
            bytes_max,
            at_start: true,
            overflowed: false,
        }
    }

    /// Takes what can be decided from `buffer`: how many bytes to drop from it, and the mail when
    /// its end was found.
    ///
    /// Four bytes at most stay behind: the beginning of what may be the end.
    pub(super) fn take(&mut self, buffer: &[u8]) -> (usize, Option<Data>) {
        let mut taken = 0;
        if self.at_start {
            match buffer {
                [] | b"." | b".\r" => return (0, None),
                [b'.', b'\r', b'\n', ..] => return (3, Some(self.finish())),
                [b'.', ..] => taken = 1,
                _ => {}
            }
            self.at_start = false;
        }
        loop {
            let rest = &buffer[taken..];
            let Some(found) = DOT_LINE.find(rest) else {
                let kept = possible_beginning(rest);
                self.keep(&rest[..rest.len() - kept]);
                return (buffer.len() - kept, None);
            };
            let (line_end, dot) = (found + 2, found + 3);
            match &rest[dot..] {
                [] | b"\r" => {
                    self.keep(&rest[..found]);
                    return (taken + found, None);
                }
                [b'\r', b'\n', ..] => {
                    self.keep(&rest[..line_end]);
                    return (taken + dot + 2, Some(self.finish()));
                }
                // The dot was added by the client (RFC 5321 §4.5.2).
                _ => {
                    self.keep(&rest[..line_end]);
                    taken += dot;
                }
            }
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.mail.len() + bytes.len() > self.bytes_max {
            self.overflowed = true;
            self.mail = Vec::new();
        }
        if !self.overflowed {
            self.mail.extend_from_slice(bytes);
        }
    }

    fn finish(&mut self) -> Data {
        if self.overflowed {
            Data::TooLarge
        } else {
            Data::Mail(std::mem::take(&mut self.mail))
        }
    }
}

/// How many bytes at the end of `rest` may belong to a `CR LF .` that is not complete.
fn possible_beginning(rest: &[u8]) -> usize {
    match rest {
        [.., b'\r', b'\n'] => 2,
        [.., b'\r'] => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `input` in pieces of `step` bytes and returns the mail and what follows it.
    fn read(input: &[u8], step: usize, bytes_max: usize) -> Option<(Data, Vec<u8>)> {
        let mut reader = DataReader::new(bytes_max, 0);
        let mut buffer = Vec::new();
        let mut pieces = input.chunks(step);
        loop {
            let (taken, data) = reader.take(&buffer);
            buffer.drain(..taken);
            if let Some(data) = data {
                buffer.extend(pieces.flatten());
                return Some((data, buffer));
            }
            buffer.extend_from_slice(pieces.next()?);
        }
    }

    #[test]
    fn data_ends_at_a_dot_between_two_line_ends_and_nowhere_else() {
        let cases: [(&str, Option<(&str, &str)>); 15] = [
            (".\r\nQUIT", Some(("", "QUIT"))),
            ("a\r\n.\r\n", Some(("a\r\n", ""))),
            ("a\r\n..\r\n.\r\n", Some(("a\r\n.\r\n", ""))),
            ("..a\r\n.\r\n", Some((".a\r\n", ""))),
            ("a\r\n.b\r\n.\r\nc", Some(("a\r\nb\r\n", "c"))),
            ("\r\n.\r\n", Some(("\r\n", ""))),
            ("a\r\n\r\n\r\n.\r\n", Some(("a\r\n\r\n\r\n", ""))),
            ("a\n.\nb\r\n.\r\n", Some(("a\n.\nb\r\n", ""))),
            ("a\n.\r\nb\r\n.\r\n", Some(("a\n.\r\nb\r\n", ""))),
            ("a\r\n.\nb\r\n.\r\n", Some(("a\r\n\nb\r\n", ""))),
            ("a\r\n.\rb\r\n.\r\n", Some(("a\r\n\rb\r\n", ""))),
            ("a\r.\rb\r\n.\r\n", Some(("a\r.\rb\r\n", ""))),
            ("a\r\r\n.\r\r\n.\r\n", Some(("a\r\r\n\r\r\n", ""))),
            ("a\n.\n", None),
            ("a\r\n.", None),
        ];
        for (input, expected) in cases {
            for step in [1, 2, 3, 5, 100] {
                let expected = expected.map(|(mail, rest)| {
                    (
                        Data::Mail(mail.as_bytes().to_vec()),
                        rest.as_bytes().to_vec(),
                    )
                });
                assert_eq!(
                    read(input.as_bytes(), step, 100),
                    expected,
                    "{input:?} by {step}"
                );
            }
        }
    }

    #[test]
    fn a_mail_beyond_the_limit_is_read_to_its_end_and_dropped() {
        let (data, rest) = read(b"12345\r\n.\r\nQUIT", 3, 6).unwrap();
        assert_eq!((data, rest), (Data::TooLarge, b"QUIT".to_vec()));
        let (data, _) = read(b"12345\r\n.\r\n", 3, 7).unwrap();
        assert_eq!(data, Data::Mail(b"12345\r\n".to_vec()));
    }

    #[test]
    fn lines_end_with_both_characters() {
        let whole = |line, taken| Line::Whole { line, taken };
        assert_eq!(next_line(b"NOOP\r\nQUIT", 10), whole(b"NOOP", 6));
        assert_eq!(next_line(b"a\nb\r\n", 10), whole(b"a\nb", 5));
        assert_eq!(next_line(b"NOOP\n", 10), Line::Partial);
        assert_eq!(next_line(b"0123456789\r\n", 10), Line::Overlong);
        assert_eq!(next_line(b"01234567\r\n", 10), whole(b"01234567", 10));
        assert_eq!(skip_line(b"rest\r\nQUIT"), (6, true));
        assert_eq!(skip_line(b"rest\r"), (4, false));
    }
}
