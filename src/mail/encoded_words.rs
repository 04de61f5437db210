//! Header texts with encoded words (RFC 2047).
//!
//! The library decodes each word by itself. Here the bytes of neighbouring words are joined first,
//! since senders cut in the middle of a character, and no charset is left undecoded.

use std::iter::Peekable;
use std::slice::Iter;

use super::charsets::decode;
use super::message::MessageProblem;
use super::part::salvaged_base64;

/// Longest name of a charset in an encoded word, in bytes.
const LABEL_BYTES_MAX: usize = 40;

/// Decodes a header's raw value, which may be folded.
pub(super) fn decode_header(raw: &[u8]) -> (String, Option<MessageProblem>) {
    let mut header = Header::default();
    let mut rest = raw;
    while !rest.is_empty() {
        let start = memchr::memmem::find(rest, b"=?").unwrap_or(rest.len());
        if let Some((word, after)) = rest.get(start..).and_then(Word::parse) {
            header.plain(&rest[..start]);
            header.word(word);
            rest = after;
        } else {
            let end = (start + 2).min(rest.len());
            header.plain(&rest[..end]);
            rest = &rest[end..];
        }
    }
    header.flush_word();
    header.flush_plain();
    (header.text.trim().to_owned(), header.problem)
}

/// An encoded word's charset and bytes.
struct Word {
    label: String,
    bytes: Vec<u8>,
}

impl Word {
    /// Reads a word at the beginning of `raw`, and answers what follows it.
    fn parse(raw: &[u8]) -> Option<(Self, &[u8])> {
        let raw = raw.strip_prefix(b"=?")?;
        let label_end = raw.iter().take(LABEL_BYTES_MAX).position(|&b| b == b'?')?;
        let label = std::str::from_utf8(&raw[..label_end]).ok()?;
        let known = |c: char| c.is_ascii_alphanumeric() || "-_:.*+()".contains(c);
        if label.is_empty() || !label.chars().all(known) {
            return None;
        }
        let [encoding, b'?', text @ ..] = &raw[label_end + 1..] else {
            return None;
        };
        let end = (0..text.len()).find(|&at| text[at..].starts_with(b"?="))?;
        let (text, after) = (&text[..end], &text[end + 2..]);
        let bytes = match encoding {
            b'b' | b'B' => salvaged_base64(text),
            b'q' | b'Q' => unquoted(text),
            _ => return None,
        };
        // RFC 2231 §5 lets a language follow.
        let label = label.split('*').next().unwrap_or(label);
        let label = label.to_ascii_lowercase();
        Some((Self { label, bytes }, after))
    }
}

fn unquoted(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().peekable();
    let hex = |rest: &mut Peekable<Iter<'_, u8>>| {
        let digit = rest.next_if(|byte| byte.is_ascii_hexdigit())?;
        char::from(*digit).to_digit(16)
    };
    while let Some(&byte) = rest.next() {
        match byte {
            b'_' => bytes.push(b' '),
            b'=' => match (hex(&mut rest), hex(&mut rest)) {
                (Some(high), Some(low)) => bytes.extend(u8::try_from(high * 16 + low)),
                _ => bytes.push(b'='),
            },
            // A word that was folded although it must not be.
            b'\r' | b'\n' => {}
            _ => bytes.push(byte),
        }
    }
    bytes
}

/// What was read of a header so far.
#[derive(Default)]
struct Header {
    text: String,
    plain: Vec<u8>,
    word: Option<Word>,
    problem: Option<MessageProblem>,
}

impl Header {
    fn plain(&mut self, raw: &[u8]) {
        self.plain.extend_from_slice(raw);
    }

    fn word(&mut self, word: Word) {
        let between = self.plain.iter().all(u8::is_ascii_whitespace);
        match &mut self.word {
            // White space between two words is not shown.
            Some(open) if between && open.label == word.label => {
                self.plain.clear();
                open.bytes.extend(word.bytes);
                return;
            }
            Some(_) if between => self.plain.clear(),
            _ => {}
        }
        self.flush_word();
        self.flush_plain();
        self.word = Some(word);
    }

    fn flush_word(&mut self) {
        if let Some(word) = self.word.take() {
            let (text, problem) = decode(&word.bytes, Some(&word.label));
            self.text.push_str(&text);
            self.problem = self.problem.take().or(problem);
        }
    }

    fn flush_plain(&mut self) {
        let raw = std::mem::take(&mut self.plain);
        if raw.is_empty() {
            return;
        }
        // Header lines of bare UTF-8 are allowed since RFC 6532.
        let (text, _) = decode(&raw, None);
        let mut lines = text.split('\n');
        self.text
            .push_str(lines.next().unwrap_or_default().trim_end_matches('\r'));
        for line in lines {
            self.text.push(' ');
            self.text.push_str(line.trim());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_senders_write() {
        let cases = [
            ("plain  text", "plain  text"),
            ("folded\r\n\tline", "folded line"),
            ("=?utf-8?q?Caf=C3=A9_123456?=", "Café 123456"),
            ("=?UTF-8?B?Q2Fmw6k=?= 1", "Café 1"),
            ("a =?utf-8?q?b?=\r\n =?utf-8?q?c?= d", "a bc d"),
            // One character in two words, and padding in the middle.
            ("=?utf-8?q?Caf=C3?= =?utf-8?q?=A9?=", "Café"),
            ("=?utf-8?b?Q2Fmww==?= =?utf-8?b?qQ==?=", "Café"),
            ("=?utf-8*de?q?=C3=BC?=", "ü"),
            ("=?iso-8859-1?q?=FC?= =?utf-8?q?=C3=BC?=", "üü"),
            ("=?x-none?q?caf=C3=A9?=", "café"),
            ("=?utf-8?q?two words?=", "two words"),
            ("=?ISO-2022-JP?B?GyRCJTMhPCVJGyhC?=", "コード"),
            ("=?utf-8?x?no?= =?", "=?utf-8?x?no?= =?"),
            ("Код", "Код"),
            ("", ""),
        ];
        for (raw, expected) in cases {
            assert_eq!(decode_header(raw.as_bytes()).0, expected, "{raw}");
        }
    }
}
