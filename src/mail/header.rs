//! The headers that say who sent what to whom, and when.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use mailparse::{MailAddr, MailHeader, SingleInfo};

use super::message::MessageProblem;
use super::text::plain_text;
use crate::model::EmailAddress;

/// Longest header value that is decoded, in bytes. RFC 5322 §2.1.1 allows lines of 998.
const HEADER_BYTES_MAX: usize = 16 * 1024;

/// A name and an address, as headers have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The display name, decoded.
    pub name: Option<String>,
    /// The address.
    pub address: EmailAddress,
}

/// One `Received` header: a host that passed the mail on (RFC 5321 §4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedHop {
    /// The host that sent it, as it named itself.
    pub from: Option<String>,
    /// The host that took it.
    pub by: Option<String>,
    /// When it was taken, by that host's clock.
    pub at: Option<Timestamp>,
}

fn first<'a>(headers: &'a [MailHeader<'a>], name: &str) -> Option<&'a MailHeader<'a>> {
    let header = headers.iter().find(|header| is_named(header, name))?;
    (header.get_value_raw().len() <= HEADER_BYTES_MAX).then_some(header)
}

fn is_named(header: &MailHeader<'_>, name: &str) -> bool {
    header.get_key_raw().eq_ignore_ascii_case(name.as_bytes())
}

/// The decoded subject; encoded words in an unknown charset are read as UTF-8.
pub(super) fn subject(
    headers: &[MailHeader<'_>],
    problems: &mut Vec<MessageProblem>,
) -> Option<String> {
    let value = first(headers, "Subject")?.get_value();
    let Some(label) = undecoded_charset(&value) else {
        return Some(plain_text(&value));
    };
    problems.push(MessageProblem::UnknownCharset(label.to_owned()));
    let relabelled = value.replace(&format!("=?{label}?"), "=?utf-8?");
    let line = format!("Subject: {relabelled}");
    let again = mailparse::parse_header(line.as_bytes());
    let value = again.map_or_else(|_| value.clone(), |(header, _)| header.get_value());
    Some(plain_text(&value))
}

/// The charset of the first encoded word that was left as it is.
fn undecoded_charset(value: &str) -> Option<&str> {
    let (_, word) = value.split_once("=?")?;
    let (label, rest) = word.split_once('?')?;
    let encoded = ["q?", "Q?", "b?", "B?"]
        .iter()
        .any(|encoding| rest.starts_with(encoding));
    (encoded && rest.contains("?=") && !label.eq_ignore_ascii_case("utf-8")).then_some(label)
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

fn timestamp(text: &str) -> Option<Timestamp> {
    const PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    PARSER.parse_timestamp(text.trim()).ok()
}

/// The trace that the hosts left.
pub(super) fn received(headers: &[MailHeader<'_>]) -> Vec<ReceivedHop> {
    headers
        .iter()
        .filter(|header| is_named(header, "Received"))
        .filter(|header| header.get_value_raw().len() <= HEADER_BYTES_MAX)
        .map(|header| hop(&header.get_value()))
        .collect()
}

fn hop(value: &str) -> ReceivedHop {
    let (trace, when) = value.rsplit_once(';').unwrap_or((value, ""));
    let mut words = trace.split_ascii_whitespace();
    let (mut from, mut by) = (None, None);
    while let Some(word) = words.next() {
        let part = match word.to_ascii_lowercase().as_str() {
            "from" => &mut from,
            "by" => &mut by,
            _ => continue,
        };
        if part.is_none() {
            *part = words.next().map(str::to_owned);
        }
    }
    ReceivedHop {
        from,
        by,
        at: timestamp(when),
    }
}
