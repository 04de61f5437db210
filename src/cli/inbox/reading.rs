//! What a mail says, in words for a person and for a program.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use crate::inbox::Position;
use crate::mail::{Extraction, How, Mailbox, Message, extract};
use crate::model::{ConfirmationCode, EmailAddress};

/// A mail in a list.
#[derive(Debug, Serialize)]
pub(super) struct Outline {
    position: String,
    date: Option<Timestamp>,
    from: Option<String>,
    to: Vec<EmailAddress>,
    subject: Option<String>,
}

impl Outline {
    pub(super) fn of(position: Position, message: &Message) -> Self {
        let address = |mailbox: &Mailbox| mailbox.address.clone();
        Self {
            position: position.to_string(),
            date: message.date(),
            from: message.from().first().map(|from| from.address.to_string()),
            to: message.to().iter().map(address).collect(),
            subject: message.subject().map(str::to_owned),
        }
    }

    /// One line; control characters of a subject have no place on a terminal.
    pub(super) fn line(&self) -> String {
        let date = self
            .date
            .map_or_else(|| "-".to_owned(), |date| date.to_string());
        let to = self.to.first().map_or("-", EmailAddress::as_str);
        let subject = self.subject.as_deref().unwrap_or_default();
        let subject: String = subject.chars().filter(|c| !c.is_control()).collect();
        format!("{}  {date}  {to}  {subject}\n", self.position)
    }
}

/// A mail that was waited for, as `--json` prints it.
#[derive(Debug, Serialize)]
pub(super) struct Reading<'a> {
    kind: &'static str,
    value: Option<&'a str>,
    how: Option<&'static str>,
    candidates: Vec<&'a str>,
    position: String,
    to: &'a EmailAddress,
    from: Option<String>,
    subject: Option<&'a str>,
    message_id: Option<&'a str>,
    received_at: Timestamp,
}

impl<'a> Reading<'a> {
    pub(super) fn of(
        arrival: &'a crate::inbox::Arrival,
        message: &'a Message,
        extraction: &'a Extraction,
    ) -> Self {
        let (kind, value, how) = match extraction {
            Extraction::Code { code, how } => ("code", Some(code.expose()), Some(how)),
            Extraction::Link { link, how } => ("link", Some(link.expose_url()), Some(how)),
            Extraction::None => ("none", None, None),
            Extraction::Ambiguous { .. } => ("ambiguous", None, None),
        };
        let candidates = match extraction {
            Extraction::Ambiguous { candidates } => {
                candidates.iter().map(ConfirmationCode::expose).collect()
            }
            _ => Vec::new(),
        };
        Self {
            kind,
            value,
            how: how.copied().map(named),
            candidates,
            position: arrival.position.to_string(),
            to: &arrival.envelope_to,
            from: message.from().first().map(|from| from.address.to_string()),
            subject: message.subject(),
            message_id: message.message_id(),
            received_at: arrival.received_at,
        }
    }
}

fn named(how: How) -> &'static str {
    match how {
        How::Template(_) => "template",
        How::Cues => "cues",
        How::LinkForm => "link form",
        How::Pattern => "pattern",
    }
}

/// Finds what a reader would use. No pool is known here, so there is no template.
pub(super) fn read(raw: &[u8]) -> (Message, Extraction) {
    let message = Message::parse(raw);
    let extraction = extract(&message, &[]);
    (message, extraction)
}

/// A mail for a person: its headers, what its reader sees, and what was found in it.
pub(super) fn whole(position: Position, raw: &[u8]) -> String {
    let (message, extraction) = read(raw);
    let outline = Outline::of(position, &message);
    let mut text = String::new();
    let to: Vec<_> = outline.to.iter().map(EmailAddress::as_str).collect();
    let date = outline.date.map(|date| date.to_string());
    let lines = [
        ("From", outline.from),
        ("To", Some(to.join(", "))),
        ("Date", date),
        ("Subject", outline.subject),
        ("Message-ID", message.message_id().map(str::to_owned)),
        ("Found", Some(found(&extraction))),
    ];
    for (name, value) in lines {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "{name}: {}", value.unwrap_or_default());
    }
    for problem in message.problems() {
        let _ = writeln!(text, "Problem: {problem}");
    }
    let _ = writeln!(text, "\n{}", message.readable_text());
    let shown = |c: &char| !c.is_control() || *c == '\n' || *c == '\t';
    text.chars().filter(shown).collect()
}

/// What was found, in words.
pub(super) fn found(extraction: &Extraction) -> String {
    match extraction {
        Extraction::Code { code, .. } => format!("code {}", code.expose()),
        Extraction::Link { link, .. } => format!("link {}", link.expose_url()),
        Extraction::None => "neither code nor link".to_owned(),
        Extraction::Ambiguous { candidates } => {
            let all: Vec<_> = candidates.iter().map(ConfirmationCode::expose).collect();
            format!("several numbers that could be the code: {}", all.join(", "))
        }
    }
}
