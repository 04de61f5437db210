//! The headers that say who sent what to whom, and when.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use mailparse::{MailAddr, MailHeader, SingleInfo};
use memchr::memmem;

use super::encoded_words::decode_header;
use super::message::MessageProblem;
use super::text::plain_text;
use crate::model::EmailAddress;

/// Longest header value that is decoded, in bytes. RFC 5322 §2.1.1 allows lines of 998.
pub(super) const HEADER_BYTES_MAX: usize = 16 * 1024;

/// A name and an address, as headers have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The display name, decoded.
    pub name: Option<String>,
    /// The address.
    pub address: EmailAddress,
}

pub(super) fn first<'a>(headers: &'a [MailHeader<'a>], name: &str) -> Option<&'a MailHeader<'a>> {
    let header = headers.iter().find(|header| is_named(header, name))?;
    (header.get_value_raw().len() <= HEADER_BYTES_MAX).then_some(header)
}

pub(super) fn is_named(header: &MailHeader<'_>, name: &str) -> bool {
    header.get_key_raw().eq_ignore_ascii_case(name.as_bytes())
}

/// The value of a header that needs no decoding, as most do: printable ASCII on one line without
/// encoded words.
fn as_it_is<'a>(header: &'a MailHeader<'a>) -> Option<&'a str> {
    let raw = header.get_value_raw();
    let is_plain =
        raw.iter().all(|byte| (b' '..=b'~').contains(byte)) && memmem::find(raw, b"=?").is_none();
    let text = std::str::from_utf8(raw).ok().filter(|_| is_plain)?;
    Some(text.trim())
}

/// The decoded value of a header.
pub(super) fn value<'a>(header: &'a MailHeader<'a>) -> Cow<'a, str> {
    as_it_is(header).map_or_else(|| header.get_value().into(), Cow::Borrowed)
}

/// The decoded subject.
pub(super) fn subject(
    headers: &[MailHeader<'_>],
    problems: &mut Vec<MessageProblem>,
) -> Option<String> {
    let header = first(headers, "Subject")?;
    if let Some(subject) = as_it_is(header) {
        return Some(subject.to_owned());
    }
    let (subject, problem) = decode_header(header.get_value_raw());
    problems.extend(problem);
    Some(plain_text(&subject))
}

/// The mailboxes of an address header.
pub(super) fn mailboxes(
    headers: &[MailHeader<'_>],
    name: &'static str,
    problems: &mut Vec<MessageProblem>,
) -> Vec<Mailbox> {
    let Some(header) = first(headers, name) else {
        return Vec::new();
    };
    if let Some(mailbox) = as_it_is(header).and_then(single_mailbox) {
        return vec![mailbox];
    }
    let listed = mailparse::addrparse_header(header).map(mailparse::MailAddrList::into_inner);
    let singles = listed
        .unwrap_or_default()
        .into_iter()
        .flat_map(|address| match address {
            MailAddr::Single(single) => vec![single],
            MailAddr::Group(group) => group.addrs,
        });
    let mailbox = |single: SingleInfo| {
        let address = single.addr.parse().ok()?;
        let name = single.display_name.filter(|name| !name.is_empty());
        Some(Mailbox { name, address })
    };
    let mailboxes: Option<Vec<Mailbox>> = singles.map(mailbox).collect();
    if mailboxes.as_ref().is_none_or(Vec::is_empty) {
        problems.push(MessageProblem::BadAddress(name));
    }
    mailboxes.unwrap_or_default()
}

/// Reads one mailbox in the forms that most mails have, `ada@example.com` and `Ada L
/// <ada@example.com>`; nothing where it takes a parser to read it.
fn single_mailbox(value: &str) -> Option<Mailbox> {
    let (name, address) = match value.split_once('<') {
        Some((name, rest)) => (name.trim_end(), rest.strip_suffix('>')?),
        None => ("", value),
    };
    let needs_parser = |c: char| r#"<>()[]:;,"\"#.contains(c);
    if name.contains(needs_parser) || address.contains(needs_parser) || name.contains("  ") {
        return None;
    }
    Some(Mailbox {
        name: (!name.is_empty()).then(|| name.to_owned()),
        address: address.parse().ok()?,
    })
}

/// The message id without its angle brackets.
pub(super) fn message_id(headers: &[MailHeader<'_>]) -> Option<String> {
    let value = value(first(headers, "Message-ID")?);
    let value = value.trim();
    let bare = value
        .strip_prefix('<')
        .and_then(|rest| rest.split_once('>'));
    Some(bare.map_or(value, |(id, _)| id).to_owned())
}

/// When the mail was written.
pub(super) fn date(headers: &[MailHeader<'_>]) -> Option<Timestamp> {
    timestamp(&value(first(headers, "Date")?))
}

pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    const PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    PARSER.parse_timestamp(text.trim()).ok()
}

/// Whether a program wrote the mail in answer to another: an absence notice (RFC 3834), or a
/// bounce that is not in the form of a report.
pub(super) fn is_answer(headers: &[MailHeader<'_>]) -> bool {
    let starts = |name, with: &[&str]| {
        first(headers, name).is_some_and(|header| {
            let value = header.get_value_raw().trim_ascii_start();
            let start = |with: &&str| value.get(..with.len());
            with.iter().any(|with| {
                start(with).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
            })
        })
    };
    starts("Auto-Submitted", &["auto-replied"])
        || first(headers, "X-Failed-Recipients").is_some()
        || first(headers, "X-Autoreply").is_some()
        || first(headers, "From").is_some_and(|from| {
            let from = from.get_value_raw();
            memchr::memchr_iter(b'@', from).any(|at| {
                let name = from[..at].last_chunk::<DAEMON_BYTES>();
                name.is_some_and(|name| name.eq_ignore_ascii_case(DAEMON))
            })
        })
}

/// Who writes bounces, before the `@`.
const DAEMON: &[u8; DAEMON_BYTES] = b"mailer-daemon";
const DAEMON_BYTES: usize = 13;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_reads_what_the_parser_reads() {
        let cases = [
            ("ada@example.com", true),
            ("<ada@example.com>", true),
            ("Ada <ada@example.com>", true),
            ("Ada Q. L'Ovelace <ada+1@example.com>", true),
            ("no-reply<ada@example.com>", true),
            ("\"Ada, Q.\" <ada@example.com>", false),
            ("Ada (Q) <ada@example.com>", false),
            ("ada@example.com, bob@example.com", false),
            ("all: ada@example.com;", false),
            ("Ada <ada@example.com> x", false),
            ("Ada  L <ada@example.com>", false),
            ("Ada <nobody>", false),
            ("Ada", false),
            ("", false),
        ];
        for (text, is_short) in cases {
            let short = single_mailbox(text);
            assert_eq!(short.is_some(), is_short, "{text}");
            let Some(short) = short else { continue };
            let parsed = mailparse::addrparse(text).unwrap().extract_single_info();
            let parsed = parsed.unwrap();
            assert_eq!(short.address.as_str(), parsed.addr, "{text}");
            assert_eq!(short.name, parsed.display_name, "{text}");
        }
    }
}
