//! From a message to its code or link.

use super::candidates::{self, Candidate};
use super::cues::{self, Cue, Found};
use super::link::ConfirmLink;
use super::message::Message;
use super::template::{Place, Template, TemplateMatch, TemplateMismatch};
use super::text::{head, tail};
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

/// How a code or a link was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By the pool's own template: exact.
    Template(Place),
    /// By the words around it; the mail follows none of the given templates.
    Cues,
    /// By its form: a confirmation link of Cognito.
    LinkForm,
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
    let words = message.text().unwrap_or_default().split_whitespace();
    let in_text = words
        .filter(|word| word.contains("confirmUser"))
        .map(|word| {
            let start = word.find("http").unwrap_or(0);
            word[start..].trim_end_matches(['>', ')', ']', '.', ',', ';', '"'])
        });
    let mut links: Vec<ConfirmLink> = Vec::new();
    let own = hrefs.chain(in_text).filter_map(ConfirmLink::parse);
    let nested = message.nested().iter().filter(|_| !message.is_report());
    for link in own.chain(nested.flat_map(confirm_links)) {
        let same =
            |known: &ConfirmLink| (&known.code, &known.user_name) == (&link.code, &link.user_name);
        if !links.iter().any(same) {
            links.push(link);
        }
    }
    links
}

/// Least score that makes a candidate the code. A number of six digits needs a cue, whether near
/// it or, when it stands alone on its line, in the subject.
const SCORE_MIN: i32 = 6;

/// How much better than the next one the code must be.
const LEAD_MIN: i32 = 2;

/// How far before and after a number a cue is looked for, in bytes.
const CUE_BEFORE_BYTES_MAX: usize = 120;
const CUE_AFTER_BYTES_MAX: usize = 80;

/// How many lines with text above a number are looked at.
const LINES_ABOVE_MAX: usize = 3;

fn by_cues(message: &Message) -> Extraction {
    let mut scores: Vec<(i32, String)> = Vec::new();
    score_message(message, &mut scores);
    scores.retain(|(score, _)| *score >= SCORE_MIN);
    scores.sort_by(|a, b| b.cmp(a));
    let best = scores.first().map_or(0, |(score, _)| *score);
    let rivals = scores
        .into_iter()
        .take_while(|(score, _)| best - score < LEAD_MIN);
    let mut codes: Vec<ConfirmationCode> = rivals
        .filter_map(|(_, digits)| digits.parse().ok())
        .collect();
    match codes.len() {
        0 => Extraction::None,
        1 => Extraction::Code {
            code: codes.remove(0),
            how: How::Cues,
        },
        _ => Extraction::Ambiguous { candidates: codes },
    }
}

/// Scores the numbers of all readable texts; a number that stands in several keeps its best score.
fn score_message(message: &Message, scores: &mut Vec<(i32, String)>) {
    if message.is_report() {
        return;
    }
    let subject = message.subject().unwrap_or_default();
    let about = subject_score(subject);
    for text in [message.text(), message.visible_html(), Some(subject)]
        .into_iter()
        .flatten()
    {
        let lines: Vec<&str> = text.lines().collect();
        for candidate in candidates::find(text) {
            let Some(score) = score(&candidate, &lines, about) else {
                continue;
            };
            match scores
                .iter_mut()
                .find(|(_, digits)| *digits == candidate.digits)
            {
                Some(known) => known.0 = known.0.max(score),
                None => scores.push((score, candidate.digits)),
            }
        }
    }
    for nested in message.nested() {
        score_message(nested, scores);
    }
}

fn subject_score(subject: &str) -> i32 {
    let cues = cues::find(subject);
    let has = |cue| cues.iter().any(|found| found.cue == cue);
    if has(Cue::Strong) {
        2
    } else {
        i32::from(has(Cue::Weak))
    }
}

/// How likely a candidate is the code; `None` when the words say that it is something else.
fn score(candidate: &Candidate, lines: &[&str], about: i32) -> Option<i32> {
    let near = match nearest_cue(candidate, lines) {
        Some((Cue::Other, _)) => return None,
        Some((Cue::Strong, where_from)) => 2 + where_from,
        Some((Cue::Weak, where_from)) => where_from,
        None => 0,
    };
    let length = match candidate.digits.len() {
        6 => 3,
        8 => 2,
        4 | 5 | 7 => 1,
        _ => 0,
    };
    let date = if candidates::is_date(&candidate.digits) {
        -3
    } else {
        0
    };
    Some(near + length + date + about + i32::from(candidate.alone))
}

/// The cue that speaks of a candidate, and what its place is worth: before it on its line, else
/// after it, else above it, else below it.
fn nearest_cue(candidate: &Candidate, lines: &[&str]) -> Option<(Cue, i32)> {
    let line = lines.get(candidate.line)?;
    let before = tail(&line[..candidate.start], CUE_BEFORE_BYTES_MAX);
    // "order 558211 is 123456": a word that has its own number does not speak of the next.
    let taken = |found: &Found| {
        found.cue == Cue::Other
            && before[found.end..]
                .bytes()
                .any(|byte| byte.is_ascii_digit())
    };
    if let Some(found) = cues::find(before).into_iter().rfind(|found| !taken(found)) {
        let far = before.len() - found.end > CUE_BEFORE_BYTES_MAX / 2;
        return Some((found.cue, if far { 3 } else { 4 }));
    }
    let after = head(&line[candidate.end..], CUE_AFTER_BYTES_MAX);
    // "123456 to verify your order": after the number, another thing's word says nothing of it.
    if let Some(found) = cues::find(after)
        .first()
        .filter(|found| found.cue != Cue::Other)
    {
        let far = found.start > CUE_AFTER_BYTES_MAX / 2;
        return Some((found.cue, if far { 2 } else { 3 }));
    }
    if !candidate.alone {
        return None;
    }
    let above = lines[..candidate.line]
        .iter()
        .rev()
        .filter(|line| !line.trim().is_empty());
    for (distance, line) in (0..).zip(above.take(LINES_ABOVE_MAX)) {
        if let Some(found) = cues::find(tail(line, CUE_BEFORE_BYTES_MAX)).pop() {
            return Some((found.cue, 3 - distance));
        }
    }
    let mut below = lines[candidate.line + 1..]
        .iter()
        .filter(|line| !line.trim().is_empty());
    let found = *cues::find(head(below.next()?, CUE_AFTER_BYTES_MAX)).first()?;
    // What stands below and is something else speaks of something else.
    (found.cue != Cue::Other).then_some((found.cue, 1))
}

#[cfg(test)]
mod tests;
