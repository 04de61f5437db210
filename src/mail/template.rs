//! The pool's own message template, turned around: from the mail that it made to what it put in.
//!
//! Template and mail go through the same rendering and are compared without white space, so that
//! neither transfer encodings nor line breaks matter. Text before and after the template's own,
//! as gateways add it, does not matter either. (MAIL.md 2, COGNITO.md 5.2.)

use super::html;
use super::link::ConfirmLink;
use super::message::Message;
use super::text::plain_text;
use crate::model::ConfirmationCode;

const CODE: &str = "{####}";
const LINK_START: &str = "{##";
const LINK_END: &str = "##}";

/// Longest body template that Cognito stores, in characters (COGNITO.md 5.2).
const BODY_CHARS_MAX: usize = 20_000;
/// Longest subject template that Cognito stores, in characters (COGNITO.md 5.2).
const SUBJECT_CHARS_MAX: usize = 140;

/// The lengths that a [`ConfirmationCode`] may have.
const CODE_DIGITS_MIN: usize = 4;
const CODE_DIGITS_MAX: usize = 12;

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
    /// The template read as HTML and, where that differs, as plain text.
    Code(Vec<Pattern>),
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
            let rendered = Pattern::new(&html::visible(body).text);
            let plain = Pattern::new(body);
            let mut patterns = vec![rendered];
            if patterns[0] != plain {
                patterns.push(plain);
            }
            patterns.retain(Pattern::has_code);
            Bodies::Code(patterns)
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
            Bodies::Code(patterns) => self.code(patterns, message),
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
        message: &Message,
    ) -> Result<TemplateMatch, TemplateMismatch> {
        let texts = [message.visible_html(), message.text()]
            .into_iter()
            .flatten();
        let texts: Vec<Compact> = texts.map(Compact::new).collect();
        let subject = Compact::new(message.subject().unwrap_or_default());
        let in_body = texts
            .iter()
            .flat_map(|text| patterns.iter().map(move |pattern| pattern.codes(text)));
        let mut codes = in_body
            .into_iter()
            .find(|codes| !codes.is_empty())
            .unwrap_or_default();
        let place = if codes.is_empty() {
            Place::Subject
        } else {
            Place::Body
        };
        if let Some(pattern) = &self.subject {
            // What stands in the subject as well must be the same.
            codes.extend(pattern.codes(&subject));
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

/// A text without white space that knows where there was some.
#[derive(Debug)]
struct Compact {
    text: String,
    /// Byte offsets before which white space stood, in order.
    gaps: Vec<usize>,
}

impl Compact {
    fn new(text: &str) -> Self {
        let mut compact = Self {
            text: String::with_capacity(text.len()),
            gaps: Vec::new(),
        };
        for word in plain_text(text).split_whitespace() {
            compact.gaps.push(compact.text.len());
            compact.text.push_str(word);
        }
        compact
    }

    fn has_gap(&self, at: usize) -> bool {
        at == self.text.len() || self.gaps.binary_search(&at).is_ok()
    }

    /// How many digits stand at `at` without white space between them.
    fn digits(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = at;
        while end < bytes.len() && bytes[end].is_ascii_digit() && (end == at || !self.has_gap(end))
        {
            end += 1;
        }
        end - at
    }

    /// Whether a run of digits may begin at `at`.
    fn starts_number(&self, at: usize) -> bool {
        at == 0 || self.has_gap(at) || !self.text.as_bytes()[at - 1].is_ascii_digit()
    }
}

/// A template's literal texts; a code stands between each two.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    literals: Vec<String>,
}

impl Pattern {
    fn new(template: &str) -> Self {
        let compact = Compact::new(template).text;
        Self {
            literals: compact.split(CODE).map(str::to_owned).collect(),
        }
    }

    fn has_code(&self) -> bool {
        self.literals.len() > 1
    }

    /// The codes of all places where the pattern fits, each once.
    fn codes<'a>(&self, text: &'a Compact) -> Vec<&'a str> {
        let first = self.literals[0].as_str();
        let mut codes: Vec<&str> = text
            .text
            .match_indices(first)
            .map(|(start, _)| start + first.len())
            .filter(|&at| !first.is_empty() || text.starts_number(at))
            .filter_map(|at| self.code_at(text, at))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The code at `at`, if everything after it follows the pattern too. The longest wins.
    fn code_at<'a>(&self, text: &'a Compact, at: usize) -> Option<&'a str> {
        let digits = text.digits(at);
        let longest = digits.min(CODE_DIGITS_MAX);
        (CODE_DIGITS_MIN..=longest).rev().find_map(|length| {
            let code = &text.text[at..at + length];
            self.fits(text, at, code).then_some(code)
        })
    }

    fn fits(&self, text: &Compact, at: usize, code: &str) -> bool {
        let mut rest = at;
        for literal in &self.literals[1..] {
            if !text.text[rest..].starts_with(code) {
                return false;
            }
            rest += code.len();
            let followed = text.text[rest..].starts_with(literal.as_str());
            let ends = !literal.is_empty() || text.has_gap(rest) || text.digits(rest) == 0;
            if !(followed && ends) {
                return false;
            }
            rest += literal.len();
        }
        true
    }
}

#[cfg(test)]
mod tests;
