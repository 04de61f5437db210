//! The numbers of a text that could be a code, before anything is said about their meaning.

mod noise;

use super::lines::Lines;
use super::text::head;
use noise::without_noise;

/// How many candidates of a text are looked at. A mail with more is a table of numbers.
const CANDIDATES_MAX: usize = 256;

/// How much of a line is searched at once. What is noise can begin anywhere and end far away, so
/// that the search costs up to the square of this.
const PIECE_BYTES_MAX: usize = 1024;

/// Lengths that a code may have without a template to say so.
pub(super) const DIGITS_MIN: usize = 4;
const DIGITS_MAX: usize = 10;

/// A number that has the shape of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) digits: String,
    /// The line it begins on.
    pub(super) line: usize,
    /// Its bytes in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether nothing else stands on its line.
    pub(super) alone: bool,
    /// Whether it has a letter or a hash before it, as names of things have: `A-123456`.
    pub(super) named: bool,
}

/// Finds the candidates of a text, line by line.
pub(super) fn find(lines: &Lines) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut column = Column::default();
    for index in 0..lines.count() {
        let line = lines.line(index);
        column.add(index, lines, &mut candidates);
        let mut rest = line;
        while !rest.is_empty() && candidates.len() < CANDIDATES_MAX {
            let (piece, after) = rest.split_at(piece_length(rest));
            if piece.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MIN {
                let start = line.len() - rest.len();
                in_piece(lines, index, start, piece, &mut candidates);
            }
            rest = after;
        }
    }
    column.finish(&mut candidates);
    candidates.truncate(CANDIDATES_MAX);
    candidates
}

/// How much of a line is searched next: up to a space, where there is one.
fn piece_length(line: &str) -> usize {
    if line.len() <= PIECE_BYTES_MAX {
        return line.len();
    }
    let piece = head(line, PIECE_BYTES_MAX);
    piece.rfind(' ').map_or(piece.len(), |space| space + 1)
}

/// A run of digits in a line, in bytes.
#[derive(Debug, Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
}

impl Group {
    fn len(self) -> usize {
        self.end - self.start
    }
}

/// Finds the candidates of a piece that begins at `offset` in its line.
fn in_piece(
    lines: &Lines,
    index: usize,
    offset: usize,
    piece: &str,
    candidates: &mut Vec<Candidate>,
) {
    let clear = without_noise(piece);
    let start_of_line = lines.bounds(index).start;
    for chain in chains(&clear) {
        for part in numbers(&clear, &chain) {
            let (start, end) = (part[0].start, part[part.len() - 1].end);
            let named = named(&clear, start, end);
            if !(named || stands_free(&clear, start, end)) {
                continue;
            }
            let digits: String = part
                .iter()
                .map(|group| &clear[group.start..group.end])
                .collect();
            if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) || is_year(&digits) {
                continue;
            }
            let (start, end) = (offset + start, offset + end);
            let line = lines.line(index);
            let rest = [&line[..start], &line[end..]];
            candidates.push(Candidate {
                alone: rest
                    .iter()
                    .all(|rest| !rest.contains(char::is_alphanumeric)),
                named,
                digits,
                line: index,
                start: start_of_line + start,
                end: start_of_line + end,
            });
        }
    }
}

/// The runs of digits of a text, together where what is between them lets them be one number.
fn chains(text: &str) -> Vec<Vec<Group>> {
    let bytes = text.as_bytes();
    let mut chains: Vec<Vec<Group>> = Vec::new();
    let mut at = 0;
    while let Some(distance) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + distance;
        let length = bytes[start..].iter().take_while(|b| b.is_ascii_digit());
        let group = Group {
            start,
            end: start + length.count(),
        };
        at = group.end;
        match chains.last_mut() {
            Some(chain)
                if chain
                    .last()
                    .is_some_and(|last| separator(&text[last.end..start])) =>
            {
                chain.push(group);
            }
            _ => chains.push(vec![group]),
        }
    }
    chains
}

/// Whether two runs of digits with this between them may belong together.
fn separator(between: &str) -> bool {
    matches!(between, " " | "\t" | "-" | "." | "/" | " - ")
}

/// The numbers that a chain of runs makes: one, when it is split as codes are split for reading;
/// none, when it looks like a telephone number or another reference; else each run its own.
fn numbers<'a>(line: &str, chain: &'a [Group]) -> Vec<&'a [Group]> {
    let [first, rest @ ..] = chain else {
        return Vec::new();
    };
    if rest.is_empty() {
        return vec![chain];
    }
    let total: usize = chain.iter().map(|group| group.len()).sum();
    let even = rest.iter().all(|group| group.len() == first.len());
    let blank = chain
        .windows(2)
        .all(|pair| line[pair[0].end..pair[1].start].trim().is_empty());
    let hyphen = chain
        .windows(2)
        .all(|pair| &line[pair[0].end..pair[1].start] == "-");
    let as_code = match first.len() {
        1 => (DIGITS_MIN..=8).contains(&total),
        2 | 3 => total == 6 || total == 8,
        4 => total == 8,
        _ => false,
    };
    // An area code, and what one dials after it.
    let dialled = line[first.start..].starts_with('0') && first.len() > 2;
    if even && as_code && (blank || hyphen) {
        vec![chain]
    } else if !blank || dialled || (total > 8 && chain.iter().all(|group| group.len() < 6)) {
        Vec::new()
    } else {
        chain.iter().map(std::slice::from_ref).collect()
    }
}

/// Whether a number has one letter and a hyphen before it, or a hash, and nothing after it. Some
/// senders write codes like this; it is the words that tell them from other names.
fn named(line: &str, start: usize, end: usize) -> bool {
    let mut before = line[..start].chars().rev();
    let name = match before.next() {
        Some('#') => true,
        Some('-') => before.next().is_some_and(|c| c.is_ascii_lowercase()),
        _ => false,
    };
    let free = before
        .next()
        .is_none_or(|c| !c.is_alphanumeric() && c != '-');
    let rest = &line[end..];
    name && free && !rest.starts_with(|c: char| c.is_alphanumeric() || "-_/@".contains(c))
}

/// Whether a number is not a part of a longer word, name or path.
fn stands_free(line: &str, start: usize, end: usize) -> bool {
    let before = line[..start].chars().next_back();
    let after = line[end..].chars().next();
    let joins = |c: char| joined_letter(c) || "/\\+=&$@%~^\u{1}".contains(c);
    // `A_123456` is a name, and `_123456_` is how plain text shows what stands out.
    if (before == Some('_')) != (after == Some('_')) {
        return false;
    }
    if before.is_some_and(joins) || after.is_some_and(joins) {
        return false;
    }
    // `INV-123456` and `123456-A` are names; a dash with a space at a side is not.
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || joined_letter(c));
    let mut further_before = line[..start].chars().rev().skip(1);
    let mut further_after = line[end..].chars().skip(1);
    let hyphen_before = before == Some('-') && word(further_before.next());
    let hyphen_after = after == Some('-') && word(further_after.next());
    !(hyphen_before || hyphen_after)
}

/// Whether a letter next to a digit makes one word with it; Chinese, Japanese, Korean and Thai are
/// written without spaces.
fn joined_letter(c: char) -> bool {
    let unspaced = c >= '\u{1100}' || ('\u{0e00}'..='\u{0eff}').contains(&c);
    c.is_alphabetic() && !unspaced
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

/// Whether eight digits can be read as a date, in either order.
pub(super) fn is_date(digits: &str) -> bool {
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|d| d.parse().ok());
    let date = |year: Option<u32>, month: Option<u32>, day: Option<u32>| {
        year.is_some_and(|year| (1900..2100).contains(&year))
            && month.is_some_and(|month| (1..=12).contains(&month))
            && day.is_some_and(|day| (1..=31).contains(&day))
    };
    digits.len() == 8
        && (date(number(0..4), number(4..6), number(6..8))
            || date(number(4..8), number(2..4), number(0..2))
            || date(number(4..8), number(0..2), number(2..4)))
}

/// Digits below each other, one on each line: a code whose boxes are blocks.
#[derive(Debug, Default)]
struct Column {
    digits: String,
    line: usize,
    start: usize,
}

impl Column {
    fn add(&mut self, index: usize, lines: &Lines, candidates: &mut Vec<Candidate>) {
        match lines.line(index).as_bytes() {
            [] => {}
            [digit] if digit.is_ascii_digit() => {
                if self.digits.is_empty() {
                    self.line = index;
                    self.start = lines.bounds(index).start;
                }
                self.digits.push(char::from(*digit));
            }
            _ => self.finish(candidates),
        }
    }

    fn finish(&mut self, candidates: &mut Vec<Candidate>) {
        let digits = std::mem::take(&mut self.digits);
        // The numbers of a list are not a code.
        let counts = "1234567890".starts_with(&digits);
        if !counts && (DIGITS_MIN..=8).contains(&digits.len()) {
            candidates.push(Candidate {
                digits,
                line: self.line,
                start: self.start,
                end: self.start + 1,
                alone: true,
                named: false,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_has_the_shape_of_a_code() {
        let cases: [(&str, &[&str]); 28] = [
            ("Your code is 123456.", &["123456"]),
            ("(123456)", &["123456"]),
            ("code:123456,", &["123456"]),
            ("验证码123456，5分钟", &["123456"]),
            ("123 456", &["123456"]),
            ("123-456", &["123456"]),
            ("1\t2\t3\t4\t5\t6", &["123456"]),
            ("12 34 56", &["123456"]),
            ("9\n8\n7\n6\n5\n4", &["987654"]),
            ("1\n2\n3\n4\n5", &[]),
            ("123456 10 minutes", &["123456"]),
            ("800-531-8722", &[]),
            ("+49 30 123456", &[]),
            ("(555) 123-4567", &[]),
            ("0800 555 1234", &[]),
            ("$1234 and 123456 EUR and €99999", &[]),
            ("#12ab34 and #abc123 and a/#123456/", &[]),
            ("G-123456, #654321", &["123456", "654321"]),
            ("_123456_ A_654321", &["123456"]),
            ("INV-123456, AB123456, 123456X", &[]),
            ("https://a.example/123456?c=654321", &[]),
            ("user123456@b.example 123456@b.example", &[]),
            ("2024-01-15 12:30 15.01.2024", &[]),
            ("192.168.100.200 and 1,234,567", &[]),
            ("in 2024 and 1999", &[]),
            ("2024年", &[]),
            ("12345678901", &[]),
            ("123456%", &[]),
        ];
        for (text, expected) in cases {
            let found = find(&Lines::new(text));
            let digits: Vec<&str> = found.iter().map(|found| found.digits.as_str()).collect();
            assert_eq!(digits, expected, "{text}");
        }
    }

    #[test]
    fn hostile_text_is_searched_up_to_the_bounds() {
        for hostile in ["1%", "1 ", "123456 ", "a.", "(1)"] {
            let text = hostile.repeat(500_000);
            assert!(
                find(&Lines::new(&text)).len() <= CANDIDATES_MAX,
                "{hostile}"
            );
        }
    }

    #[test]
    fn sees_dates_in_eight_digits() {
        assert!(is_date("20240115") && is_date("31122024") && is_date("12312024"));
        assert!(!is_date("20241315") && !is_date("48213377") && !is_date("2024011"));
    }
}
