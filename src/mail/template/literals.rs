//! A template's literal texts, found again in a mail's text.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

use crate::mail::text::{head, plain_text, tail};

/// What a code is put in for.
pub(super) const CODE: &str = "{####}";

/// The lengths that a [`ConfirmationCode`] may have.
const CODE_DIGITS_MIN: usize = 4;
const CODE_DIGITS_MAX: usize = 12;

/// How much of the text before and after a code is compared when the whole does not fit.
const CONTEXT_BYTES_MAX: usize = 16;
/// How much of it is enough to know the place by.
const CONTEXT_BYTES_MIN: usize = 10;

/// A text without white space that knows where there was some.
#[derive(Debug)]
pub(super) struct Compact {
    pub(super) text: String,
    /// Byte offsets before which white space stood, in order.
    gaps: Vec<usize>,
}

impl Compact {
    pub(super) fn new(text: &str) -> Self {
        let mut compact = Self {
            text: String::with_capacity(text.len()),
            gaps: Vec::new(),
        };
        let text = plain_text(text);
        let text: Cow<'_, str> = if text.is_ascii() {
            text.into()
        } else {
            text.nfkc().collect()
        };
        for word in text.split_whitespace() {
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
pub(super) struct Pattern {
    literals: Vec<String>,
}

impl Pattern {
    pub(super) fn new(template: &str) -> Self {
        let compact = Compact::new(template).text;
        Self {
            literals: compact.split(CODE).map(str::to_owned).collect(),
        }
    }

    pub(super) fn has_code(&self) -> bool {
        self.literals.len() > 1
    }

    /// The pattern with only the text close to the code, for mails in which something was put
    /// between or taken away; nothing if that is not less, or too little to know the place by.
    pub(super) fn near(&self) -> Option<Self> {
        let (first, rest) = self.literals.split_first()?;
        let (last, between) = rest.split_last()?;
        let before = tail(first, CONTEXT_BYTES_MAX);
        let after = head(last, CONTEXT_BYTES_MAX);
        let less = before.len() < first.len() || after.len() < last.len();
        let enough = before.len() + after.len() >= CONTEXT_BYTES_MIN;
        let middle = between.iter().map(String::as_str);
        let literals = [before].into_iter().chain(middle).chain([after]);
        (less && enough).then(|| Self {
            literals: literals.map(str::to_owned).collect(),
        })
    }

    /// The codes of all places where the pattern fits, each once.
    pub(super) fn codes<'a>(&self, text: &'a Compact) -> Vec<&'a str> {
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
