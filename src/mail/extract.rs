//! From a message to its code or link.

use super::link::{self, ConfirmLink};
use super::message::Message;
use super::pattern::CodePattern;
use super::score;
use super::template::{Place, Template, TemplateMatch, TemplateMismatch};
use crate::model::ConfirmationCode;

/// What a mail holds for the user who signs up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extraction {
    /// A code to type.
    Code {
        /// The code.
        code: ConfirmationCode,
        /// How it was found.
        how: How,
    },
    /// A link to open.
    Link {
        /// The link.
        link: ConfirmLink,
        /// How it was found.
        how: How,
    },
    /// Nothing that can be told to be a code or a link.
    None,
    /// More than one that could be it. None of them is used.
    Ambiguous {
        /// The codes, likeliest first.
        candidates: Vec<ConfirmationCode>,
    },
}

impl Extraction {
    /// Every code that the mail showed: all of them are secrets, also those that are not used.
    pub fn codes(&self) -> impl Iterator<Item = &ConfirmationCode> {
        let (one, more): (Option<&ConfirmationCode>, &[ConfirmationCode]) = match self {
            Self::Code { code, .. } => (Some(code), &[]),
            Self::Link { link, .. } => (Some(&link.code), &[]),
            Self::None => (None, &[]),
            Self::Ambiguous { candidates } => (None, candidates),
        };
        one.into_iter().chain(more)
    }
}

/// How a code or a link was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By the pool's own template: exact.
    Template(Place),
    /// By the words around it; the mail follows none of the given templates.
    Cues,
    /// By its form: a confirmation link of Cognito, or a link that hands a code over.
    LinkForm,
    /// By the person's own regular expression.
    Pattern,
}

/// Finds the code or the link of a mail: by the pool's templates, else by its form or by the words
/// around it, and otherwise not at all.
///
/// ```
/// use reverify::mail::{Extraction, How, Message, extract};
///
/// let mail = Message::parse(b"Subject: Welcome\r\n\r\nYour verification code is 123456.\r\n");
/// let Extraction::Code { code, how } = extract(&mail, &[]) else { panic!() };
/// assert_eq!((code.expose(), how), ("123456", How::Cues));
/// ```
pub fn extract(message: &Message, templates: &[Template]) -> Extraction {
    for template in templates {
        match template.apply(message) {
            Ok(TemplateMatch::Code { code, place }) => {
                let how = How::Template(place);
                return Extraction::Code { code, how };
            }
            Ok(TemplateMatch::Link(link)) => {
                let how = How::Template(Place::Body);
                return Extraction::Link { link, how };
            }
            Err(TemplateMismatch::Ambiguous { candidates }) => {
                return Extraction::Ambiguous { candidates };
            }
            Err(TemplateMismatch::TextDiffers | TemplateMismatch::LinkMissing) => {}
        }
    }
    match confirm_links(message) {
        links if links.is_empty() => by_cues(message),
        mut links if links.len() == 1 => Extraction::Link {
            link: links.remove(0),
            how: How::LinkForm,
        },
        links => Extraction::Ambiguous {
            candidates: links.into_iter().map(|link| link.code).collect(),
        },
    }
}

/// The confirmation links of the mail and of the messages inside it, each once.
fn confirm_links(message: &Message) -> Vec<ConfirmLink> {
    let hrefs = message.links().iter().map(|link| link.href.as_str());
    let text = message.text().unwrap_or_default();
    let has_any = memchr::memmem::find(text.as_bytes(), link::PATH.as_bytes()).is_some();
    let words = if has_any { text } else { "" }.split_whitespace();
    let in_text = words.filter(|word| word.contains(link::PATH)).map(|word| {
        let start = word.find("http").unwrap_or(0);
        word[start..].trim_end_matches(['>', ')', ']', '.', ',', ';', '"'])
    });
    let mut links: Vec<ConfirmLink> = Vec::new();
    let own = hrefs.chain(in_text).filter_map(ConfirmLink::parse);
    let nested = message.nested().iter().filter(|_| !message.is_report());
    for link in own.chain(nested.flat_map(confirm_links)) {
        let same =
            |known: &ConfirmLink| (&known.code, &known.user_name) == (&link.code, &link.user_name);
        match links.iter_mut().find(|known| same(known)) {
            // The plain one of two is nearer to what the pool wrote.
            Some(known) if known.tracked && !link.tracked => *known = link,
            Some(_) => {}
            None => links.push(link),
        }
    }
    links
}

fn by_cues(message: &Message) -> Extraction {
    match score::codes(message) {
        codes if codes.is_empty() => of(linked_codes(message), How::LinkForm),
        codes => of(codes, How::Cues),
    }
}

/// The codes that links hand over to applications, each once.
fn linked_codes(message: &Message) -> Vec<ConfirmationCode> {
    let hrefs = message.links().iter().map(|link| link.href.as_str());
    let words = message.text().unwrap_or_default().split_whitespace();
    let in_text = words.filter(|word| word.starts_with("http"));
    let mut codes: Vec<ConfirmationCode> = Vec::new();
    for code in hrefs.chain(in_text).filter_map(link::code_parameter) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// Finds the code of a mail by a regular expression of the person's own, and not otherwise.
pub fn extract_by_pattern(message: &Message, pattern: &CodePattern) -> Extraction {
    of(pattern.codes(message), How::Pattern)
}

fn of(mut codes: Vec<ConfirmationCode>, how: How) -> Extraction {
    match codes.len() {
        0 => Extraction::None,
        1 => Extraction::Code {
            code: codes.remove(0),
            how,
        },
        _ => Extraction::Ambiguous { candidates: codes },
    }
}

#[cfg(test)]
mod tests;
