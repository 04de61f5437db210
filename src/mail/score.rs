//! What the words around a number say of it.

use super::candidates::{self, Candidate};
use super::cues::{self, Cue, Found};
use super::lines::Lines;
use super::message::Message;
use super::text::{head, tail};
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

/// Words between a thing and a number that make the number the value of what the sentence is
/// about: "the code for your order is 123456".
const COPULAS: [&str; 18] = [
    "is", "are", "ist", "lautet", "est", "es", "e", "sao", "jest", "to", "ar", "er", "on", "je",
    "este", "adalah", "la", "=",
];

/// Words between two numbers that put both in the same place: "123456 or 654321".
const CONJUNCTIONS: [&str; 20] = [
    "or",
    "and",
    "oder",
    "und",
    "ou",
    "et",
    "o",
    "y",
    "e",
    "i",
    "lub",
    "или",
    "и",
    "veya",
    "ve",
    "または",
    "或",
    ",",
    "/",
    "&",
];

/// Parts of words that offer a discount, folded.
const OFFERS: [&str; 20] = [
    "checkout",
    "discount",
    "% off",
    "basket",
    " cart",
    "shipping",
    "rabatt",
    "warenkorb",
    "remise",
    "panier",
    "descuento",
    "carrito",
    "sconto",
    "carrello",
    "korting",
    "desconto",
    "rabat",
    "alennus",
    "割引",
    "优惠",
];

/// Words that stand in invitations to a meeting, which has a code of its own.
const MEETINGS: [&str; 3] = ["meeting id", "webinar id", "conference id"];

/// What makes the name of a thing the name of its number.
const NUMBER_WORDS: [&str; 10] = [
    "number",
    "nummer",
    "numero",
    "num",
    "nr",
    "no",
    "id",
    "ref",
    "номер",
    "番号",
];

/// The numbers of a mail that could each be its code, likeliest first: one, if the words are clear.
pub(super) fn codes(message: &Message) -> Vec<ConfirmationCode> {
    let mut scores = Scores::default();
    scores.message(message);
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
    /// Scores the numbers of all readable texts.
    fn message(&mut self, message: &Message) {
        if message.is_report() {
            return;
        }
        let subject = message.subject().unwrap_or_default();
        let in_subject = Weighed::new(subject);
        let texts = [message.text(), message.visible_html()];
        // No text without numbers is searched for words.
        let texts: Vec<Weighed> = texts
            .into_iter()
            .flatten()
            .filter_map(Weighed::new)
            .collect();
        let about = if texts.is_empty() && in_subject.is_none() {
            0
        } else {
            subject_score(subject)
        };
        for text in &texts {
            text.score(about, self);
        }
        if let Some(in_subject) = &in_subject {
            let repeated: Vec<&str> = self.0.iter().map(|(_, digits)| digits.as_str()).collect();
            let repeated = in_subject.digits_among(&repeated);
            in_subject.score(about, self);
            // Few numbers are worth repeating.
            for (score, _) in self.0.iter_mut().filter(|(_, d)| repeated.contains(d)) {
                *score += 1;
            }
        }
        for nested in message.nested() {
            self.message(nested);
        }
    }

    fn add(&mut self, score: i32, digits: &str) {
        match self.0.iter_mut().find(|(_, known)| known == digits) {
            Some(known) => known.0 = known.0.max(score),
            None => self.0.push((score, digits.to_owned())),
        }
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

    fn score(&self, about: i32, scores: &mut Scores) {
        let meets = MEETINGS
            .iter()
            .any(|words| self.lines.text().contains(words));
        for (index, candidate) in self.candidates.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|i| self.candidates.get(i));
            let near = self.nearest_cue(candidate, before);
            // A bare "code" is a shop's or a meeting's where that is what the text speaks of.
            let weak = near.is_some_and(|(cue, _)| cue == Cue::Weak);
            if weak && (meets || self.is_offered(candidate)) {
                continue;
            }
            if let Some(score) = score(candidate, near, about) {
                let quoted = self.lines.line(candidate.line).starts_with('>');
                scores.add(score - if quoted { 3 } else { 0 }, &candidate.digits);
            }
        }
    }

    /// Whether the words around a number offer it as the code for a discount.
    fn is_offered(&self, candidate: &Candidate) -> bool {
        let line = self.lines.bounds(candidate.line);
        let before = tail(
            self.between(line.start, candidate.start),
            CUE_BEFORE_BYTES_MAX,
        );
        let after = head(self.between(candidate.end, line.end), CUE_AFTER_BYTES_MAX);
        let mut offers = OFFERS.iter();
        offers.any(|word| before.contains(word) || after.contains(word))
    }

    fn digits_among(&self, known: &[&str]) -> Vec<String> {
        let digits = self.candidates.iter().map(|found| &found.digits);
        let repeated = digits.filter(|digits| known.contains(&digits.as_str()));
        repeated.cloned().collect()
    }

    /// The cue that speaks of a candidate, and what its place is worth: before it on its line, else
    /// after it, else above it, else below it. `other` is the candidate before.
    fn nearest_cue(&self, candidate: &Candidate, other: Option<&Candidate>) -> Option<(Cue, i32)> {
        self.cue_before(candidate, other)
            .or_else(|| self.cue_after(candidate))
            .or_else(|| self.cue_above(candidate))
            .or_else(|| self.cue_below(candidate))
    }

    fn cue_before(&self, candidate: &Candidate, other: Option<&Candidate>) -> Option<(Cue, i32)> {
        let line = self.lines.bounds(candidate.line);
        let from = (candidate.start.saturating_sub(CUE_BEFORE_BYTES_MAX)).max(line.start);
        // "order 558211 is 123456": a word that has its own number does not speak of the next.
        let taken = |found: &Found| {
            found.cue == Cue::Other
                && self
                    .between(found.end, candidate.start)
                    .contains(|c: char| c.is_ascii_digit())
        };
        let before = self.cues_in(from, candidate.start);
        let index = before.iter().rposition(|found| !taken(found))?;
        let found = before[index];
        let far = candidate.start - found.end > CUE_BEFORE_BYTES_MAX / 2;
        let place = if far { 3 } else { 4 };
        if found.cue == Cue::Other {
            let strong = before[..index].iter().rfind(|cue| cue.cue == Cue::Strong);
            let meant = strong.is_some_and(|strong| self.asks_for(*strong, found, candidate.start));
            return Some((if meant { Cue::Strong } else { Cue::Other }, place - 1));
        }
        // "code 123456. Building 654321": the word has its number already.
        let Some(other) = other.filter(|other| other.start >= found.end) else {
            let apart = ends_sentence(self.between(found.end, candidate.start));
            return Some((found.cue, if apart { place - 2 } else { place }));
        };
        let between = self.between(other.end, candidate.start);
        if CONJUNCTIONS.contains(&between.trim()) {
            return Some((found.cue, place));
        }
        (!ends_sentence(between)).then_some((found.cue, place - 2))
    }

    /// Whether a number is what a strong cue asks for although another thing is named between the
    /// two: "the verification code for your order is 123456", and not "verification code, order
    /// number 123456".
    fn asks_for(&self, strong: Found, thing: Found, number: usize) -> bool {
        let value = self.between(thing.end, number).trim();
        let copula = value.ends_with([':', '：', '='])
            || COPULAS.contains(&value.split_whitespace().last().unwrap_or_default());
        let name = self.between(thing.start, thing.end);
        let first = value.split(' ').next().unwrap_or_default();
        let first = first.trim_end_matches([':', '.', '：']);
        let numbered =
            NUMBER_WORDS.iter().any(|word| name.ends_with(word)) || NUMBER_WORDS.contains(&first);
        copula && !numbered && !ends_sentence(self.between(strong.end, number))
    }

    fn cue_after(&self, candidate: &Candidate) -> Option<(Cue, i32)> {
        let line = self.lines.bounds(candidate.line);
        let to = (candidate.end + CUE_AFTER_BYTES_MAX).min(line.end);
        // "123456 to verify your order": after the number, another thing's word says nothing of it.
        let found = self.cues_in(candidate.end, to).first();
        let found = found.filter(|found| found.cue != Cue::Other)?;
        let far = found.start - candidate.end > CUE_AFTER_BYTES_MAX / 2;
        Some((found.cue, if far { 2 } else { 3 }))
    }

    fn cue_above(&self, candidate: &Candidate) -> Option<(Cue, i32)> {
        let written = |line: &usize| !self.lines.line(*line).is_empty();
        let above = (0..candidate.line).rev().filter(written);
        let above = above.take(if candidate.alone { LINES_ABOVE_MAX } else { 0 });
        let mut lines = (0..).zip(above.map(|line| self.lines.bounds(line)));
        lines.find_map(|(distance, line)| {
            let from = (line.end.saturating_sub(CUE_BEFORE_BYTES_MAX)).max(line.start);
            let found = self.cues_in(from, line.end).last()?;
            Some((found.cue, 3 - distance))
        })
    }

    fn cue_below(&self, candidate: &Candidate) -> Option<(Cue, i32)> {
        let written = |line: &usize| !self.lines.line(*line).is_empty();
        let below = (candidate.line + 1..self.lines.count()).find(written);
        let line = self.lines.bounds(below.filter(|_| candidate.alone)?);
        let to = (line.start + CUE_AFTER_BYTES_MAX).min(line.end);
        let found = self.cues_in(line.start, to).first()?;
        // What stands below and is something else speaks of something else.
        (found.cue != Cue::Other).then_some((found.cue, 1))
    }

    fn between(&self, from: usize, to: usize) -> &str {
        self.lines.text().get(from..to).unwrap_or_default()
    }

    /// The cues that lie wholly between two places of the text.
    fn cues_in(&self, from: usize, to: usize) -> &[Found] {
        let first = self.cues.partition_point(|found| found.start < from);
        let end = self.cues.partition_point(|found| found.end <= to);
        self.cues.get(first..end).unwrap_or_default()
    }
}

fn ends_sentence(text: &str) -> bool {
    [". ", "! ", "? ", "; ", "。", "！"]
        .iter()
        .any(|end| text.contains(end))
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
