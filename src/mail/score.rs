//! What the words around a number say of it.

mod nearest;

use std::cell::LazyCell;

use super::candidates::{self, Candidate};
use super::cues::{self, Cue};
use super::lines::Lines;
use super::message::Message;
use crate::model::ConfirmationCode;
use nearest::Weighed;

/// Least score that makes a candidate the code. A number of six digits needs a cue, whether near
/// it or, when it stands alone on its line, in the subject.
const SCORE_MIN: i32 = 6;

/// How much better than the next one the code must be.
const LEAD_MIN: i32 = 2;

/// Words that stand in invitations to a meeting, which has a code of its own.
const MEETINGS: [&str; 5] = [
    "meeting id",
    "webinar id",
    "conference id",
    "conference pin",
    "dial-in",
];

/// The numbers of a mail that could each be its code, likeliest first: one, if the words are clear.
pub(super) fn codes(message: &Message) -> Vec<ConfirmationCode> {
    let mut scores = Scores::default();
    scores.message(message, false);
    if !scores.has_likely() {
        scores.message(message, true);
    }
    let Scores(mut scores) = scores;
    scores.retain(|(score, _)| *score >= SCORE_MIN);
    scores.sort_by(|a, b| b.cmp(a));
    let best = scores.first().map_or(0, |(score, _)| *score);
    let rivals = scores
        .into_iter()
        .take_while(|(score, _)| best - score < LEAD_MIN);
    rivals
        .filter_map(|(_, digits)| digits.parse().ok())
        .collect()
}

/// The numbers seen so far, each with its best score.
#[derive(Default)]
struct Scores(Vec<(i32, String)>);

impl Scores {
    fn has_likely(&self) -> bool {
        self.0.iter().any(|(score, _)| *score >= SCORE_MIN)
    }

    /// Scores the numbers of all readable texts, or of what is hidden in them.
    fn message(&mut self, message: &Message, hidden: bool) {
        if message.is_report() {
            return;
        }
        let subject = message.subject().unwrap_or_default();
        if hidden {
            if let Some(text) = Weighed::new(message.unshown_html()) {
                text.score(0, self);
            }
        } else {
            self.texts(message, subject);
        }
        for nested in message.nested() {
            self.message(nested, hidden);
        }
    }

    fn texts(&mut self, message: &Message, subject: &str) {
        let in_subject = Weighed::new(subject);
        let readable = [message.text(), message.visible_html()];
        // No text without numbers is searched for words.
        let texts = readable.into_iter().flatten();
        let texts: Vec<Weighed> = texts.filter_map(Weighed::new).collect();
        if texts.is_empty() && in_subject.is_none() {
            return;
        }
        let about = about(subject);
        for text in &texts {
            text.score(about, self);
        }
        let Some(in_subject) = &in_subject else {
            return;
        };
        let known: Vec<&str> = self.0.iter().map(|(_, digits)| digits.as_str()).collect();
        let repeated = in_subject.digits_among(&known);
        // "The code is in the subject": the body speaks of it.
        let elsewhere = readable.into_iter().flatten().map(about_elsewhere).max();
        let elsewhere = elsewhere.filter(|_| texts.is_empty()).unwrap_or_default();
        in_subject.score(about.max(elsewhere), self);
        // Few numbers are worth repeating.
        for (score, _) in self.0.iter_mut().filter(|(_, d)| repeated.contains(d)) {
            *score += 1;
        }
    }

    fn add(&mut self, score: i32, digits: &str) {
        match self.0.iter_mut().find(|(_, known)| known == digits) {
            Some(known) => known.0 = known.0.max(score),
            None => self.0.push((score, digits.to_owned())),
        }
    }
}

impl Weighed {
    fn score(&self, about: i32, scores: &mut Scores) {
        let text = self.lines.text();
        // Few mails have a weak cue, so that few are searched for these words.
        let meets = LazyCell::new(|| MEETINGS.iter().any(|words| text.contains(words)));
        for (index, candidate) in self.candidates.iter().enumerate() {
            let near = self.nearest_cue(index, candidate);
            // A bare "code" is a shop's or a meeting's where that is what the text speaks of.
            let weak = near.is_some_and(|(cue, _)| cue == Cue::Weak);
            if weak && (*meets || self.is_offered(candidate)) {
                continue;
            }
            if let Some(score) = score(candidate, near, about) {
                let quoted = self.lines.line(candidate.line).starts_with('>');
                scores.add(score - if quoted { 3 } else { 0 }, &candidate.digits);
            }
        }
    }
}

/// What a subject is worth to the numbers of its mail.
fn about(subject: &str) -> i32 {
    let lines = Lines::new(subject);
    let cues = cues::find(lines.text());
    let has = |cue| cues.iter().any(|found| found.cue == cue);
    if has(Cue::Strong) {
        2
    } else {
        i32::from(has(Cue::Weak))
    }
}

/// What a body without numbers is worth to the numbers of its subject.
fn about_elsewhere(text: &str) -> i32 {
    let lines = Lines::new(text);
    let cues = cues::find(lines.text());
    if cues.iter().any(|found| found.cue == Cue::Strong) {
        3
    } else {
        0
    }
}

/// How likely a candidate is the code; `None` when the words say that it is something else.
fn score(candidate: &Candidate, nearest: Option<(Cue, i32)>, about: i32) -> Option<i32> {
    let near = match nearest {
        Some((Cue::Other, _)) => return None,
        Some((Cue::Strong, place)) => 2 + place,
        Some((Cue::Weak, place)) => place,
        None => 0,
    };
    let length = match candidate.digits.len() {
        6 => 3,
        8 => 2,
        4 | 5 | 7 => 1,
        _ => 0,
    };
    let date = i32::from(candidates::is_date(&candidate.digits)) * -3;
    let named = i32::from(candidate.named) * -2;
    Some(near + length + date + named + about + i32::from(candidate.alone))
}
