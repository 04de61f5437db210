//! The headers that say who sent what to whom, and when.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use mailparse::{MailAddr, MailHeader, SingleInfo};

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

/// The decoded subject.
pub(super) fn subject(
    headers: &[MailHeader<'_>],
    problems: &mut Vec<MessageProblem>,
) -> Option<String> {
    let (subject, problem) = decode_header(first(headers, "Subject")?.get_value_raw());
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

/// The message id without its angle brackets.
pub(super) fn message_id(headers: &[MailHeader<'_>]) -> Option<String> {
    let value = first(headers, "Message-ID")?.get_value();
    let value = value.trim();
    let bare = value
        .strip_prefix('<')
        .and_then(|rest| rest.split_once('>'));
    Some(bare.map_or(value, |(id, _)| id).to_owned())
}

/// When the mail was written.
pub(super) fn date(headers: &[MailHeader<'_>]) -> Option<Timestamp> {
    timestamp(&first(headers, "Date")?.get_value())
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
            let from = from.get_value_raw().to_ascii_lowercase();
            memchr::memmem::find(&from, b"mailer-daemon@").is_some()
        })
}
