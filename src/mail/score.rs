//! What the words around a number say of it.

use super::candidates::{self, Candidate};
use super::cues::{self, Cue, Found};
use super::lines::Lines;
use super::message::Message;
use crate::model::ConfirmationCode;

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

/// The numbers of a mail that could each be its code, likeliest first: one, if the words are clear.
pub(super) fn codes(message: &Message) -> Vec<ConfirmationCode> {
    let mut scores: Vec<(i32, String)> = Vec::new();
    score_message(message, &mut scores);
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

/// Scores the numbers of all readable texts; a number that stands in several keeps its best score.
fn score_message(message: &Message, scores: &mut Vec<(i32, String)>) {
    if message.is_report() {
        return;
    }
    let subject = message.subject().unwrap_or_default();
    let texts = [message.text(), message.visible_html(), Some(subject)];
    // No text without numbers is searched for words.
    let weighed: Vec<Weighed> = texts
        .into_iter()
        .flatten()
        .filter_map(Weighed::new)
        .collect();
    if !weighed.is_empty() {
        let about = subject_score(subject);
        for text in &weighed {
            text.score(about, scores);
        }
    }
    for nested in message.nested() {
        score_message(nested, scores);
    }
}

fn subject_score(subject: &str) -> i32 {
    let lines = Lines::new(subject);
    let cues = cues::find(lines.text());
    let has = |cue| cues.iter().any(|found| found.cue == cue);
    if has(Cue::Strong) {
        2
    } else {
        i32::from(has(Cue::Weak))
    }
}

/// A text with numbers in it, and its words.
struct Weighed {
    lines: Lines,
    candidates: Vec<Candidate>,
    cues: Vec<Found>,
}

impl Weighed {
    /// Nothing if the text has no number that could be a code.
    fn new(text: &str) -> Option<Self> {
        let lines = Lines::new(text);
        let candidates = candidates::find(&lines);
        let cues = (!candidates.is_empty()).then(|| cues::find(lines.text()))?;
        Some(Self {
            lines,
            candidates,
            cues,
        })
    }

    fn score(&self, about: i32, scores: &mut Vec<(i32, String)>) {
        for candidate in &self.candidates {
            let Some(score) = score(candidate, self.nearest_cue(candidate), about) else {
                continue;
            };
            match scores
                .iter_mut()
                .find(|(_, digits)| *digits == candidate.digits)
            {
                Some(known) => known.0 = known.0.max(score),
                None => scores.push((score, candidate.digits.clone())),
            }
        }
    }

    /// The cue that speaks of a candidate, and what its place is worth: before it on its line, else
    /// after it, else above it, else below it.
    fn nearest_cue(&self, candidate: &Candidate) -> Option<(Cue, i32)> {
        let line = self.lines.bounds(candidate.line);
        let from = (candidate.start.saturating_sub(CUE_BEFORE_BYTES_MAX)).max(line.start);
        // "order 558211 is 123456": a word that has its own number does not speak of the next.
        let taken = |found: &Found| {
            let between = self.lines.text().as_bytes().get(found.end..candidate.start);
            found.cue == Cue::Other
                && between.is_some_and(|between| between.iter().any(u8::is_ascii_digit))
        };
        let before = self.cues_in(from, candidate.start);
        if let Some(found) = before.iter().rfind(|found| !taken(found)) {
            let far = candidate.start - found.end > CUE_BEFORE_BYTES_MAX / 2;
            return Some((found.cue, if far { 3 } else { 4 }));
        }
        let to = (candidate.end + CUE_AFTER_BYTES_MAX).min(line.end);
        // "123456 to verify your order": after the number, another thing's word says nothing of it.
        let after = self.cues_in(candidate.end, to).first();
        if let Some(found) = after.filter(|found| found.cue != Cue::Other) {
            let far = found.start - candidate.end > CUE_AFTER_BYTES_MAX / 2;
            return Some((found.cue, if far { 2 } else { 3 }));
        }
        if !candidate.alone {
            return None;
        }
        let written = |line: &usize| !self.lines.line(*line).is_empty();
        let above = (0..candidate.line).rev().filter(written);
        for (distance, line) in (0..).zip(above.take(LINES_ABOVE_MAX)) {
            let line = self.lines.bounds(line);
            let from = (line.end.saturating_sub(CUE_BEFORE_BYTES_MAX)).max(line.start);
            if let Some(found) = self.cues_in(from, line.end).last() {
                return Some((found.cue, 3 - distance));
            }
        }
        let below = (candidate.line + 1..self.lines.count()).find(written)?;
        let line = self.lines.bounds(below);
        let to = (line.start + CUE_AFTER_BYTES_MAX).min(line.end);
        let found = self.cues_in(line.start, to).first()?;
        // What stands below and is something else speaks of something else.
        (found.cue != Cue::Other).then_some((found.cue, 1))
    }

    /// The cues that lie wholly between two places of the text.
    fn cues_in(&self, from: usize, to: usize) -> &[Found] {
        let first = self.cues.partition_point(|found| found.start < from);
        let end = self.cues.partition_point(|found| found.end <= to);
        self.cues.get(first..end).unwrap_or_default()
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
    let date = if candidates::is_date(&candidate.digits) {
        -3
    } else {
        0
    };
    Some(near + length + date + about + i32::from(candidate.alone))
}
