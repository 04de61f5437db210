//! The readable parts of a MIME tree, decoded.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use charset::Charset;
use mailparse::body::Body;
use mailparse::{DispositionType, MailHeaderMap as _, ParsedMail};

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
        let attached = part.get_content_disposition().disposition == DispositionType::Attachment;
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
            "text/html" if !attached => {
                let html = parts.decoded(part);
                append(&mut parts.html, html);
            }
            "message/rfc822" | "message/global" => parts.nest(part, depth),
            _ => {}
        }
    }
    parts
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
        let (text, problem) = decode(&bytes, parameter(part, "charset").as_deref());
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
            _ => Cow::Borrowed(raw),
        }
    }
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

fn parameter(part: &ParsedMail<'_>, name: &str) -> Option<String> {
    // The library fills in a charset that was not declared, so the declared ones are read here.
    part.headers.get_first_value("Content-Type")?;
    let declared = name != "charset" || {
        let header = part
            .headers
            .get_first_value("Content-Type")
            .unwrap_or_default();
        header.to_ascii_lowercase().contains("charset")
    };
    let value = part.ctype.params.get(name).filter(|_| declared)?;
    Some(value.trim().to_ascii_lowercase())
}

/// Decodes bytes in the declared charset; where that cannot be right, as UTF-8.
fn decode(bytes: &[u8], declared: Option<&str>) -> (String, Option<MessageProblem>) {
    let utf8 = std::str::from_utf8(bytes);
    let known = declared.and_then(|label| Charset::for_label_no_replacement(label.as_bytes()));
    match (declared, known, utf8) {
        // Senders that declare ASCII or nothing and send UTF-8 are common.
        (None | Some("us-ascii" | "ascii"), _, Ok(text)) => {
            let problem = (!text.is_ascii()).then_some(MessageProblem::UndeclaredUtf8);
            (text.to_owned(), problem)
        }
        (Some(label), Some(charset), _) => {
            let (text, used, bad) = charset.decode(bytes);
            if bad && used.name() == "UTF-8" {
                let problem = MessageProblem::WrongCharset(label.to_owned());
                return (charset::decode_latin1(bytes).into_owned(), Some(problem));
            }
            (
                text.into_owned(),
                bad.then(|| MessageProblem::WrongCharset(label.to_owned())),
            )
        }
        (Some(label), None, utf8) => {
            let text = utf8.map_or_else(|_| latin1(bytes), str::to_owned);
            (text, Some(MessageProblem::UnknownCharset(label.to_owned())))
        }
        (None, _, Err(_)) => (latin1(bytes), Some(MessageProblem::UndeclaredCharset)),
    }
}

fn latin1(bytes: &[u8]) -> String {
    charset::decode_latin1(bytes).into_owned()
}

/// Decodes what base64 there is: what is not of its alphabet is dropped, and a lost end too.
fn salvaged_base64(raw: &[u8]) -> Vec<u8> {
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
    fn decodes_what_is_declared_wrongly() {
        use MessageProblem::{UndeclaredCharset, UndeclaredUtf8, UnknownCharset, WrongCharset};
        type Case = (
            &'static [u8],
            Option<&'static str>,
            &'static str,
            Option<MessageProblem>,
        );
        let cases: [Case; 8] = [
            (b"abc", None, "abc", None),
            ("é".as_bytes(), None, "é", Some(UndeclaredUtf8)),
            ("é".as_bytes(), Some("us-ascii"), "é", Some(UndeclaredUtf8)),
            (b"\xe9", None, "é", Some(UndeclaredCharset)),
            (b"\xe9", Some("iso-8859-1"), "é", None),
            (
                b"\xe9",
                Some("utf-8"),
                "é",
                Some(WrongCharset("utf-8".to_owned())),
            ),
            (
                "é".as_bytes(),
                Some("x-foo"),
                "é",
                Some(UnknownCharset("x-foo".to_owned())),
            ),
            (b"\x83R\x81[\x83h", Some("shift_jis"), "コード", None),
        ];
        for (bytes, declared, text, problem) in cases {
            assert_eq!(
                decode(bytes, declared),
                (text.to_owned(), problem),
                "{declared:?}"
            );
        }
    }

    #[test]
    fn salvages_broken_base64() {
        assert_eq!(salvaged_base64(b"aGVs\n*bG8="), b"hello");
        assert_eq!(salvaged_base64(b"aGVsbG8gd"), b"hello ");
    }
}
