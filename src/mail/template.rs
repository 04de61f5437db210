//! The pool's own message template, turned around: from the mail that it made to what it put in.
//!
//! Template and mail go through the same rendering and are compared without white space, so that
//! neither transfer encodings nor line breaks matter. Text before and after the template's own,
//! as gateways add it, does not matter either. (MAIL.md 2, COGNITO.md 5.2.)

mod literals;

use super::html;
use super::link::{ConfirmLink, layers};
use super::message::Message;
use crate::model::ConfirmationCode;
use literals::{CODE, Compact, Pattern};

const LINK_START: &str = "{##";
const LINK_END: &str = "##}";

/// Longest body template that Cognito stores, in characters (COGNITO.md 5.2).
const BODY_CHARS_MAX: usize = 20_000;
/// Longest subject template that Cognito stores, in characters (COGNITO.md 5.2).
const SUBJECT_CHARS_MAX: usize = 140;

/// A message template of a user pool, ready to be matched against mails.
///
/// ```
/// use reverify::mail::{Message, Template, TemplateMatch};
///
/// let template = Template::new(Some("Welcome"), "Your code is <b>{####}</b>.")?;
/// let mail = Message::parse(b"Subject: Welcome\r\n\r\nYour code is 123456.\r\nSent by Ada");
/// let Ok(TemplateMatch::Code { code, .. }) = template.apply(&mail) else { panic!() };
/// assert_eq!(code.expose(), "123456");
/// # Ok::<(), reverify::mail::InvalidTemplate>(())
/// ```
#[derive(Debug, Clone)]
pub struct Template {
    subject: Option<Pattern>,
    bodies: Bodies,
}

#[derive(Debug, Clone)]
enum Bodies {
    Code {
        /// The template read as HTML and, where that differs, as plain text.
        texts: Vec<Pattern>,
        /// The addresses of its links that have the code in them.
        links: Vec<Pattern>,
    },
    /// The text that the link has.
    Link { anchor: String },
}

/// Where a template's code stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the body.
    Body,
    /// In the subject.
    Subject,
    /// In the address of a link.
    Link,
}

/// What a template had put into a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateMatch {
    /// A code.
    Code {
        /// The code.
        code: ConfirmationCode,
        /// Where it stood.
        place: Place,
    },
    /// A confirmation link.
    Link(ConfirmLink),
}

/// Why a mail was not made from a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateMismatch {
    /// The mail's text is another, as when a custom message function wrote it.
    #[error("the mail does not follow the pool's template: is a custom message function at work?")]
    TextDiffers,
    /// The template fits in several places, with different codes.
    #[error("the pool's template fits the mail in several ways")]
    Ambiguous {
        /// The codes.
        candidates: Vec<ConfirmationCode>,
    },
    /// The template has a link, and the mail has no confirmation link with its text.
    #[error("the mail has no confirmation link, but the pool's template has one")]
    LinkMissing,
}

/// A text that is not a message template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTemplate {
    /// Nothing marks the place of a code or a link.
    #[error("the template has neither {{####}} nor {{##link text##}}")]
    NoPlaceholder,
    /// The body is longer than Cognito stores.
    #[error("the template is longer than {BODY_CHARS_MAX} characters")]
    BodyTooLong,
    /// The subject is longer than Cognito stores.
    #[error("the subject template is longer than {SUBJECT_CHARS_MAX} characters")]
    SubjectTooLong,
}

impl Template {
    /// Reads a template as the pool has it: `{####}` for the code, or `{##text##}` for the link.
    ///
    /// # Errors
    /// [`InvalidTemplate`] when there is no placeholder, or a text is longer than Cognito stores.
    pub fn new(subject: Option<&str>, body: &str) -> Result<Self, InvalidTemplate> {
        if body.chars().count() > BODY_CHARS_MAX {
            return Err(InvalidTemplate::BodyTooLong);
        }
        let subject = subject.unwrap_or_default();
        if subject.chars().count() > SUBJECT_CHARS_MAX {
            return Err(InvalidTemplate::SubjectTooLong);
        }
        let subject = subject.contains(CODE).then(|| Pattern::new(subject));
        let bodies = if body.contains(CODE) || subject.is_some() {
            let visible = html::visible(body);
            let rendered = Pattern::new(&visible.text);
            let plain = Pattern::new(body);
            let mut texts = vec![rendered];
            if texts[0] != plain {
                texts.push(plain);
            }
            texts.retain(Pattern::has_code);
            let hrefs = visible.links.iter().map(|link| Pattern::new(&link.href));
            let links = hrefs.filter(Pattern::has_code).collect();
            Bodies::Code { texts, links }
        } else {
            let anchor = link_text(body).ok_or(InvalidTemplate::NoPlaceholder)?;
            Bodies::Link {
                anchor: Compact::new(&html::visible(anchor).text).text,
            }
        };
        Ok(Self { subject, bodies })
    }

    /// The texts that Cognito sends for a pool without its own (COGNITO.md 5.1, a guess there: a
    /// mail that differs is still read by the words around its code).
    pub fn of_cognito() -> Vec<Self> {
        let texts = [
            ("Your verification code", "Your confirmation code is {####}"),
            (
                "Your password reset code",
                "Your password reset code is {####}",
            ),
            (
                "Your authentication code",
                "Your authentication code is {####}",
            ),
        ];
        let templates = texts.map(|(subject, body)| Self::new(Some(subject), body));
        templates.into_iter().flatten().collect()
    }

    /// Finds what the template put into the mail, or into a message inside it.
    ///
    /// # Errors
    /// [`TemplateMismatch`] when the mail was not made from this template.
    pub fn apply(&self, message: &Message) -> Result<TemplateMatch, TemplateMismatch> {
        let own = match &self.bodies {
            Bodies::Code { texts, links } => self.code(texts, links, message),
            Bodies::Link { anchor } => link(anchor, message),
        };
        if message.is_report() {
            return own;
        }
        own.or_else(|mismatch| {
            let mut nested = message.nested().iter();
            nested
                .find_map(|inner| self.apply(inner).ok())
                .ok_or(mismatch)
        })
    }

    fn code(
        &self,
        patterns: &[Pattern],
        links: &[Pattern],
        message: &Message,
    ) -> Result<TemplateMatch, TemplateMismatch> {
        let texts = [message.visible_html(), message.text()];
        let texts: Vec<Compact> = texts.into_iter().flatten().map(Compact::new).collect();
        let subject = Compact::new(message.subject().unwrap_or_default());
        let find = |patterns: &[Pattern]| {
            let pairs = texts
                .iter()
                .flat_map(|text| patterns.iter().map(move |pattern| (text, pattern)));
            let mut codes = pairs.map(|(text, pattern)| pattern.codes(text));
            let codes = codes.find(|codes| !codes.is_empty()).unwrap_or_default();
            codes.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let mut codes = find(patterns);
        let mut place = Place::Body;
        if codes.is_empty() {
            codes = find(
                &patterns
                    .iter()
                    .filter_map(Pattern::near)
                    .collect::<Vec<_>>(),
            );
        }
        if codes.is_empty() && !links.is_empty() {
            codes = linked_codes(links, message);
            place = Place::Link;
        }
        if codes.is_empty() {
            place = Place::Subject;
        }
        if let Some(pattern) = &self.subject {
            // What stands in the subject as well must be the same.
            codes.extend(pattern.codes(&subject).into_iter().map(str::to_owned));
        }
        codes.sort_unstable();
        codes.dedup();
        let mut codes: Vec<ConfirmationCode> = codes
            .iter()
            .filter_map(|digits| digits.parse().ok())
            .collect();
        match codes.len() {
            0 => Err(TemplateMismatch::TextDiffers),
            1 => Ok(TemplateMatch::Code {
                code: codes.remove(0),
                place,
            }),
            _ => Err(TemplateMismatch::Ambiguous { candidates: codes }),
        }
    }
}

/// The codes in the addresses of links, also of those that lie inside a link that counts clicks.
fn linked_codes(patterns: &[Pattern], message: &Message) -> Vec<String> {
    let addresses = message.links().iter().flat_map(|link| layers(&link.href));
    let mut codes = Vec::new();
    for address in addresses {
        let address = Compact::new(&address);
        let found = patterns.iter().flat_map(|pattern| pattern.codes(&address));
        codes.extend(found.map(str::to_owned));
    }
    codes
}

fn link(anchor: &str, message: &Message) -> Result<TemplateMatch, TemplateMismatch> {
    let links = message.links().iter();
    let mut named = links.filter(|link| Compact::new(&link.text).text == anchor);
    let found = named.find_map(|link| ConfirmLink::parse(&link.href));
    found
        .map(TemplateMatch::Link)
        .ok_or(TemplateMismatch::LinkMissing)
}

/// What stands between `{##` and `##}`.
fn link_text(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once(LINK_START)?;
    let (text, _) = rest.split_once(LINK_END)?;
    Some(text)
}

#[cfg(test)]
mod tests;
