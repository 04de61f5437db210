//! Which word of a text speaks of a number.

use std::ops::Range;

use crate::mail::candidates::{self, Candidate};
use crate::mail::cues::{self, Cue, Found};
use crate::mail::lines::Lines;
use crate::mail::text::{head, tail};

/// How far before and after a number a cue is looked for, in bytes.
const CUE_BEFORE_BYTES_MAX: usize = 120;
const CUE_AFTER_BYTES_MAX: usize = 80;

/// How far behind a word the number of its own may stand, in bytes: "code is: 123456".
const OWN_BYTES_MAX: usize = 16;

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
const OFFERS: [&str; 22] = [
    "promo",
    " off",
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

/// A text with numbers in it, and its words.
pub(super) struct Weighed {
    pub(super) lines: Lines,
    pub(super) candidates: Vec<Candidate>,
    cues: Vec<Found>,
}

impl Weighed {
    /// Nothing if the text has no number that could be a code.
    pub(super) fn new(text: &str) -> Option<Self> {
        let mut digits = text.bytes().filter(u8::is_ascii_digit);
        digits.nth(candidates::DIGITS_MIN - 1)?;
        let lines = Lines::new(text);
        let candidates = candidates::find(&lines);
        let around = around(&lines, &candidates)?;
        let mut cues = cues::find(lines.text().get(around.clone())?);
        for cue in &mut cues {
            cue.start += around.start;
            cue.end += around.start;
        }
        Some(Self {
            lines,
            candidates,
            cues,
        })
    }

    /// Whether the words around a number offer it as the code for a discount.
    pub(super) fn is_offered(&self, candidate: &Candidate) -> bool {
        let line = self.lines.bounds(candidate.line);
        let before = tail(
            self.between(line.start, candidate.start),
            CUE_BEFORE_BYTES_MAX,
        );
        let after = head(self.between(candidate.end, line.end), CUE_AFTER_BYTES_MAX);
        let mut offers = OFFERS.iter();
        offers.any(|word| before.contains(word) || after.contains(word))
    }

    /// Which of the known numbers stand in this text as well.
    pub(super) fn digits_among(&self, known: &[&str]) -> Vec<String> {
        let digits = self.candidates.iter().map(|found| &found.digits);
        let repeated = digits.filter(|digits| known.contains(&digits.as_str()));
        repeated.cloned().collect()
    }

    /// The cue that speaks of a candidate, and what its place is worth: before it on its line, else
    /// after it, else above it, else below it.
    pub(super) fn nearest_cue(&self, index: usize, candidate: &Candidate) -> Option<(Cue, i32)> {
        let other = index.checked_sub(1).and_then(|i| self.candidates.get(i));
        let next = self.candidates.get(index + 1);
        self.cue_before(candidate, other)
            .or_else(|| self.cue_after(candidate, next))
            .or_else(|| self.cue_of_column(candidate))
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
        let other = other.filter(|other| other.start >= found.end);
        // "code for customer 7788990: 123456": the other number is another word's.
        let owned =
            |other: &&Candidate| before[index + 1..].iter().any(|cue| cue.end <= other.start);
        let Some(other) = other.filter(|other| !owned(other)) else {
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

    fn cue_after(&self, candidate: &Candidate, next: Option<&Candidate>) -> Option<(Cue, i32)> {
        let line = self.lines.bounds(candidate.line);
        let to = (candidate.end + CUE_AFTER_BYTES_MAX).min(line.end);
        // "123456 to verify your order": after the number, another thing's word says nothing of it.
        let found = self.cues_in(candidate.end, to).first();
        let found = found.filter(|found| found.cue != Cue::Other)?;
        // "call 123456 if the code 654321 fails": the word has a number of its own.
        let has_own = next.is_some_and(|next| {
            let between = self.between(found.end, next.start);
            next.start >= found.end
                && between.len() <= OWN_BYTES_MAX
                && !between.contains('\n')
                && !ends_sentence(between)
        });
        let far = found.start - candidate.end > CUE_AFTER_BYTES_MAX / 2;
        let apart = ends_sentence(self.between(candidate.end, found.start));
        let place = if far { 2 } else { 3 } - if apart { 2 } else { 0 };
        (!has_own).then_some((found.cue, place))
    }

    /// The cue in the same column of the line above, for the row of a table.
    fn cue_of_column(&self, candidate: &Candidate) -> Option<(Cue, i32)> {
        let row = self.lines.bounds(candidate.line);
        let cells_before = self
            .between(row.start, candidate.start)
            .matches('\t')
            .count();
        let head = (candidate.line.checked_sub(1)?..candidate.line)
            .map(|line| self.lines.bounds(line))
            .next()?;
        let text = self.between(head.start, head.end);
        if !text.contains('\t') || !self.between(row.start, row.end).contains('\t') {
            return None;
        }
        let cell = text.split('\t').nth(cells_before)?;
        let start = head.start
            + text
                .split('\t')
                .take(cells_before)
                .map(|c| c.len() + 1)
                .sum::<usize>();
        let found = self.cues_in(start, start + cell.len()).last()?;
        Some((found.cue, 3))
    }

    fn cue_above(&self, candidate: &Candidate) -> Option<(Cue, i32)> {
        let written = |line: &usize| !self.lines.line(*line).is_empty();
        let above = (0..candidate.line).rev().filter(written);
        // A number that is not alone may still go on with the sentence of the line above.
        let goes_on = !candidate.alone && {
            let line = self.lines.bounds(candidate.line);
            let above = candidate
                .line
                .checked_sub(1)
                .map(|line| self.lines.line(line));
            candidate.start - line.start <= CUE_BEFORE_BYTES_MAX / 2
                && !ends_sentence(self.between(line.start, candidate.start))
                && above.is_some_and(|above| !above.ends_with(['.', '!', '?', '\t']))
        };
        let above = above.take(match (candidate.alone, goes_on) {
            (true, _) => LINES_ABOVE_MAX,
            (false, goes_on) => usize::from(goes_on),
        });
        let mut lines = (0..).zip(above.map(|line| self.lines.bounds(line)));
        lines.find_map(|(distance, line)| {
            let from = (line.end.saturating_sub(CUE_BEFORE_BYTES_MAX)).max(line.start);
            let found = self.cues_in(from, line.end).last()?;
            let rest = found.end..line.end;
            let has_own = self.candidates.iter().any(|own| rest.contains(&own.start));
            let apart = has_own || ends_sentence(self.between(rest.start, rest.end));
            (candidate.alone || !apart).then_some((found.cue, 3 - distance))
        })
    }

    fn cue_below(&self, candidate: &Candidate) -> Option<(Cue, i32)> {
        let line = self.lines.bounds(candidate.line);
        let rest = self.between(candidate.end, line.end);
        let goes_on = !(ends_sentence(rest) || rest.ends_with(['.', '!', '?']));
        let written = |line: &usize| !self.lines.line(*line).is_empty();
        let mut below = candidate.line + 1..self.lines.count();
        let below = if candidate.alone {
            below.find(written)
        } else {
            below.next().filter(|line| goes_on && written(line))
        };
        let line = self.lines.bounds(below?);
        let to = (line.start + CUE_AFTER_BYTES_MAX).min(line.end);
        let found = self.cues_in(line.start, to).first()?;
        let apart = !candidate.alone && ends_sentence(self.between(line.start, found.start));
        // What stands below and is something else speaks of something else.
        let place = if candidate.alone { 1 } else { 2 };
        (found.cue != Cue::Other && !apart).then_some((found.cue, place))
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

/// The part of a text in which a cue may speak of a number: from the lines above the first one to
/// the line below the last one, and a line more on each side, as a cue may belong to the one before
/// it. Nothing without a number.
fn around(lines: &Lines, candidates: &[Candidate]) -> Option<Range<usize>> {
    let first = candidates.iter().map(|number| number.line).min()?;
    let end = candidates.iter().map(|number| number.end).max()?;
    let written = |line: &usize| !lines.line(*line).is_empty();
    let above = (0..first).rev().filter(written).nth(LINES_ABOVE_MAX);
    let below = (first..lines.count()).skip_while(|line| lines.bounds(*line).start <= end);
    let below = below.filter(written).nth(1);
    let start = above.map_or(0, |line| lines.bounds(line).start);
    let end = below.map_or(lines.text().len(), |line| lines.bounds(line).end);
    Some(start..end)
}

fn ends_sentence(text: &str) -> bool {
    [". ", "! ", "? ", "; ", "。", "！"]
        .iter()
        .any(|end| text.contains(end))
}
