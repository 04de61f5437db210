//! The readable parts of a MIME tree, decoded.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use mailparse::ParsedMail;
use mailparse::body::Body;
use memchr::memmem;

use super::charsets::{declared_in_html, decode};
use super::header;
use super::message::{MESSAGE_BYTES_MAX, Message, MessageProblem};
use super::text::unflow;

/// How much of each readable part is read, as it was encoded; a
/// verification mail has some 2 KB.
pub const TEXT_BYTES_MAX: usize = 2 * 1024 * 1024;

/// What a MIME tree has to read.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
    pub(super) nested: Vec<Message>,
    pub(super) problems: Vec<MessageProblem>,
}

/// Collects the readable parts. `depth` counts the messages around this one.
pub(super) fn collect(root: &ParsedMail<'_>, depth: usize) -> Parts {
    let mut parts = Parts::default();
    // The library bounds the tree's depth at 100, and the iterator keeps its own stack.
    for part in root.parts() {
        let attached = is_attached(part);
        match part.ctype.mimetype.as_str() {
            "text/plain" if !attached => {
                let text = parts.decoded(part);
                let flowed = parameter(part, "format").is_some_and(|value| value == "flowed");
                let delete_space = parameter(part, "delsp").is_some_and(|value| value == "yes");
                let text = if flowed {
                    unflow(&text, delete_space)
                } else {
                    text
                };
                append(&mut parts.text, text);
            }
            "text/html" | "text/enriched" | "text/richtext" | "application/xhtml+xml"
                if !attached =>
            {
                let html = parts.decoded(part);
                append(&mut parts.html, html);
            }
            "message/rfc822" | "message/global" => parts.nest(part, depth),
            _ => {}
        }
    }
    parts
}

/// Whether a part says that it is an attachment (RFC 2183 §2.2).
fn is_attached(part: &ParsedMail<'_>) -> bool {
    let header = header::first(&part.headers, "Content-Disposition");
    header.is_some_and(|header| {
        let value = header::value(header);
        let kind = value.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("attachment")
    })
}

impl Parts {
    fn nest(&mut self, part: &ParsedMail<'_>, depth: usize) {
        let bytes = self.body_bytes(part, MESSAGE_BYTES_MAX);
        match Message::parse_at(&bytes, depth + 1) {
            Some(message) => self.nested.push(message),
            None => self.problems.push(MessageProblem::NestedTooDeeply),
        }
    }

    fn decoded(&mut self, part: &ParsedMail<'_>) -> String {
        let bytes = self.body_bytes(part, TEXT_BYTES_MAX);
        let mut declared = declared_charset(part);
        if declared.is_none() && part.ctype.mimetype == "text/html" {
            declared = declared_in_html(&bytes);
        }
        let (text, problem) = decode(&bytes, declared.as_deref());
        self.problems.extend(problem);
        text
    }

    /// The body without its transfer encoding, of which `bytes_max` are read.
    fn body_bytes<'a>(&mut self, part: &'a ParsedMail<'a>, bytes_max: usize) -> Cow<'a, [u8]> {
        let (raw, encoding) = match part.get_body_encoded() {
            Body::Base64(body) => (body.get_raw(), Some("base64")),
            Body::QuotedPrintable(body) => (body.get_raw(), Some("quoted-printable")),
            Body::SevenBit(body) | Body::EightBit(body) => (body.get_raw(), None),
            Body::Binary(body) => (body.get_raw(), None),
        };
        let raw = raw.get(..bytes_max).map_or(raw, |head| {
            self.problems.push(MessageProblem::TextTruncated);
            head
        });
        match Body::new(raw, &part.ctype, &encoding.map(str::to_owned)) {
            Body::Base64(body) => Cow::Owned(body.get_decoded().unwrap_or_else(|_| {
                self.problems.push(MessageProblem::BadTransferEncoding);
                salvaged_base64(raw)
            })),
            Body::QuotedPrintable(body) => Cow::Owned(body.get_decoded().unwrap_or_else(|_| {
                self.problems.push(MessageProblem::BadTransferEncoding);
                raw.to_vec()
            })),
            _ if is_quoted_printable(raw) => {
                let encoding = Some("quoted-printable".to_owned());
                let Body::QuotedPrintable(body) = Body::new(raw, &part.ctype, &encoding) else {
                    return Cow::Borrowed(raw);
                };
                self.problems.push(MessageProblem::BadTransferEncoding);
                body.get_decoded().map_or(Cow::Borrowed(raw), Cow::Owned)
            }
            _ => Cow::Borrowed(raw),
        }
    }
}

/// Whether a body that is declared as it is is quoted-printable all the same: it has both a line
/// that goes on after `=` and the `=3D` that an equals sign becomes.
fn is_quoted_printable(raw: &[u8]) -> bool {
    let has = |mark: &[u8]| memmem::find(raw, mark).is_some();
    memchr::memchr(b'=', raw).is_some() && has(b"=3D") && (has(b"=\n") || has(b"=\r\n"))
}

fn append(whole: &mut Option<String>, part: String) {
    match whole {
        None => *whole = Some(part),
        Some(whole) if whole.len() + part.len() <= TEXT_BYTES_MAX => {
            whole.push('\n');
            whole.push_str(&part);
        }
        Some(_) => {}
    }
}

/// A parameter of a part's content type, in lower case.
fn parameter(part: &ParsedMail<'_>, name: &str) -> Option<String> {
    let value = part.ctype.params.get(name)?;
    Some(value.trim().to_ascii_lowercase())
}

/// The charset that a part declares; the library fills in one where there is none.
fn declared_charset(part: &ParsedMail<'_>) -> Option<String> {
    let mut headers = part.headers.iter();
    let header = headers.find(|header| header::is_named(header, "Content-Type"))?;
    let raw = header.get_value_raw();
    let declared = memchr::memchr2_iter(b'c', b'C', raw).any(|at| {
        let name = raw.get(at..at + b"charset".len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(b"charset"))
    });
    parameter(part, "charset").filter(|_| declared)
}

/// Decodes what base64 there is: what is not of its alphabet is dropped, and a lost end too.
pub(super) fn salvaged_base64(raw: &[u8]) -> Vec<u8> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    let in_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let end = raw
        .iter()
        .position(|&byte| byte == b'=')
        .unwrap_or(raw.len());
    let mut kept: Vec<u8> = raw[..end].iter().copied().filter(in_alphabet).collect();
    if kept.len() % 4 == 1 {
        kept.pop();
    }
    engine.decode(kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salvages_broken_base64() {
        assert_eq!(salvaged_base64(b"aGVs\n*bG8="), b"hello");
        assert_eq!(salvaged_base64(b"aGVsbG8gd"), b"hello ");
    }
}
