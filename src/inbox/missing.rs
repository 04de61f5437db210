//! What is known when the awaited mail is not there.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::{Arrival, Folder, InboxError, Position};
use crate::model::EmailAddress;

/// How many of the other mails a [`Missing`] names: enough to recognise a mix-up, and one screen.
pub const MISSING_GLIMPSES_MAX: usize = 5;

/// How far into a mail its headers are looked for. Trace headers come first and are long.
const HEADER_SEARCH_BYTES_MAX: usize = 16 * 1024;

/// How much of a header is shown, in characters.
const HEADER_CHARS_MAX: usize = 80;

/// Shortest run of digits that may be a code and is therefore not shown.
const CODE_DIGITS_MIN: usize = 4;

/// A mail for somebody else, as a failure message shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glimpse {
    /// Its envelope recipient.
    pub envelope_to: EmailAddress,
    /// Its `From` header as it was sent, shortened.
    pub from: Option<String>,
    /// When the inbox accepted it.
    pub received_at: Timestamp,
    /// Its subject as it was sent, shortened and with every run of digits hidden that could be a
    /// code.
    pub subject: Option<String>,
    /// The folder in which it lies.
    pub folder: Folder,
    /// Its place in that folder.
    pub position: Position,
    /// Whether an earlier wait was for this recipient: then it is a late mail of ours.
    pub was_awaited: bool,
}

impl Glimpse {
    pub(super) fn of(arrival: &Arrival, was_awaited: bool) -> Self {
        Self {
            envelope_to: arrival.envelope_to.clone(),
            from: header_line(&arrival.raw, b"from:"),
            received_at: arrival.received_at,
            subject: header_line(&arrival.raw, b"subject:"),
            folder: arrival.folder.clone(),
            position: arrival.position,
            was_awaited,
        }
    }
}

/// Why a wait ended without a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitEnd {
    /// The deadline passed.
    DeadlinePassed,
    /// The inbox stopped, so nothing more can arrive and silence proves nothing.
    InboxStopped,
    /// The inbox could not be read to the end of the wait, so silence proves nothing.
    Unreadable(InboxError),
    /// The watch did not fetch its mails for so long that the inbox had to drop some.
    Overrun {
        /// How many mails for this recipient were dropped.
        lost: u64,
    },
}

/// No mail for the recipient came: for how long, since where, and what came instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Missing {
    /// Who was expected to get a mail.
    pub recipient: EmailAddress,
    /// The position from which mails counted.
    pub since: Position,
    /// How long this wait took.
    pub waited: Duration,
    /// How many mails this watch had yielded before.
    pub yielded: u64,
    /// How many mails for other recipients arrived since the watch began.
    pub others: u64,
    /// The latest of them, oldest first, at most [`MISSING_GLIMPSES_MAX`].
    pub glimpses: Vec<Glimpse>,
    /// Mails for the recipient that lie in another folder than the inbox: sent, but not arrived.
    pub elsewhere: Vec<Glimpse>,
    /// How many further copies of mails that the recipient had got before were left aside.
    pub duplicates: u64,
    /// Why the wait ended.
    pub end: WaitEnd,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waited = self.waited.as_secs_f64();
        let another = if self.yielded == 0 { "" } else { "further " };
        match &self.end {
            WaitEnd::DeadlinePassed => {
                write!(
                    f,
                    "no {another}message to {} after {waited:.1} s",
                    self.recipient
                )?;
            }
            WaitEnd::InboxStopped => write!(
                f,
                "the inbox stopped after {waited:.1} s of waiting for a message to {}",
                self.recipient
            )?,
            WaitEnd::Unreadable(error) => write!(
                f,
                "whether a message to {} came within {waited:.1} s is unknown: {error}",
                self.recipient
            )?,
            WaitEnd::Overrun { lost } => write!(
                f,
                "{lost} messages to {} were dropped because none was fetched for too long",
                self.recipient
            )?,
        }
        for glimpse in &self.elsewhere {
            write!(f, "; one lies in {}", glimpse.folder)?;
            if let Some(subject) = &glimpse.subject {
                write!(f, " ({subject:?})")?;
            }
        }
        match self.duplicates {
            0 => Ok(()),
            1 => f.write_str("; a further copy of a message that had come before"),
            copies => write!(
                f,
                "; {copies} further copies of messages that had come before"
            ),
        }?;
        match self.others {
            0 => f.write_str("; no message for another address either"),
            1 => f.write_str("; 1 message for another address"),
            others => write!(f, "; {others} messages for other addresses"),
        }?;
        for (index, glimpse) in self.glimpses.iter().enumerate() {
            f.write_str(if index == 0 { ": " } else { ", " })?;
            write!(f, "{}", glimpse.envelope_to)?;
            if glimpse.was_awaited {
                f.write_str(", awaited earlier")?;
            }
            if let Some(subject) = &glimpse.subject {
                write!(f, " ({subject:?})")?;
            }
        }
        Ok(())
    }
}

/// Why "no mail arrives" does not hold.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unexpected {
    /// A mail arrived.
    #[error("a message to {} arrived although none was expected", .0.envelope_to)]
    Arrived(Box<Arrival>),
    /// The wait was cut short, so that its silence proves nothing.
    #[error("it is unknown whether a message arrived: {0}")]
    Unknown(Box<Missing>),
}

/// The text of the first header of a name, not decoded: this runs for every mail that passes while
/// somebody waits, and it is for a person's eye.
fn header_line(raw: &[u8], name: &[u8]) -> Option<String> {
    let head = &raw[..raw.len().min(HEADER_SEARCH_BYTES_MAX)];
    let line = head
        .split(|&byte| byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .take_while(|line| !line.is_empty())
        .find(|line| line.len() > name.len() && line[..name.len()].eq_ignore_ascii_case(name))?;
    let text = String::from_utf8_lossy(&line[name.len()..]);
    Some(
        without_codes(text.trim())
            .chars()
            .take(HEADER_CHARS_MAX)
            .collect(),
    )
}

fn without_codes(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let length = from.bytes().take_while(u8::is_ascii_digit).count();
        shown.push_str(before);
        if length < CODE_DIGITS_MIN {
            shown.push_str(&from[..length]);
        } else {
            shown.extend(std::iter::repeat_n('•', length));
        }
        rest = &from[length..];
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_subject_in_the_headers_only() {
        let cases: [(&[u8], Option<&str>); 5] = [
            (b"From: a\r\nSUBJECT:  Hello \r\n\r\nbody", Some("Hello")),
            (b"From: a\nSubject: Hi\n\nbody", Some("Hi")),
            (b"From: a\r\n\r\nSubject: in the body", None),
            (
                b"Subject: 123456 is your code, 2 of 3\n",
                Some("•••••• is your code, 2 of 3"),
            ),
            (b"", None),
        ];
        for (raw, expected) in cases {
            assert_eq!(
                header_line(raw, b"subject:").as_deref(),
                expected,
                "{raw:?}"
            );
        }
    }

    #[test]
    fn says_what_came_instead() {
        let address = |text: &str| text.parse::<EmailAddress>().unwrap();
        let mut missing = Missing {
            recipient: address("ada@example.com"),
            since: Position::new(1, 0),
            waited: Duration::from_secs(10),
            yielded: 0,
            others: 0,
            glimpses: Vec::new(),
            elsewhere: Vec::new(),
            duplicates: 0,
            end: WaitEnd::DeadlinePassed,
        };
        assert_eq!(
            missing.to_string(),
            "no message to ada@example.com after 10.0 s; no message for another address either"
        );
        missing.others = 2;
        missing.glimpses = vec![Glimpse {
            envelope_to: address("bob@example.com"),
            from: None,
            received_at: Timestamp::UNIX_EPOCH,
            subject: Some("Hello".to_owned()),
            folder: Folder::Inbox,
            position: Position::new(1, 3),
            was_awaited: true,
        }];
        assert_eq!(
            missing.to_string(),
            "no message to ada@example.com after 10.0 s; 2 messages for other addresses: \
             bob@example.com, awaited earlier (\"Hello\")"
        );
        let mut junk = missing.glimpses.remove(0);
        junk.folder = Folder::Junk("Spam".to_owned());
        (missing.elsewhere, missing.others, missing.duplicates) = (vec![junk], 0, 1);
        assert_eq!(
            missing.to_string(),
            "no message to ada@example.com after 10.0 s; one lies in the junk folder `Spam` \
             (\"Hello\"); a further copy of a message that had come before; no message for another \
             address either"
        );
    }
}
