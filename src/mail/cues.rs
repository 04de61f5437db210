//! The words that say whether a number is a code, by language.

mod languages;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::lines::{fold, is_word};
use languages::LANGUAGES;

/// What a cue says of the number near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// It is a code for confirming: "verification code".
    Strong,
    /// It is some code: "code".
    Weak,
    /// It is something else: "order number".
    Other,
}

/// A cue and where it stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) cue: Cue,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a word of the automaton means, and how it may stand in a text.
struct Word {
    cue: Cue,
    /// Whether it is written with spaces around it, so that it must not be a part of another word.
    spaced: bool,
    any_ending: bool,
}

struct Lexicon {
    automaton: AhoCorasick,
    words: Vec<Word>,
}

/// Built at the first number that is weighed: a mail that follows its template needs no words.
static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

impl Lexicon {
    #[expect(
        clippy::expect_used,
        reason = "the words are constants, and a test builds the automaton"
    )]
    fn new() -> Self {
        let mut words = Vec::new();
        let mut stems = Vec::new();
        for language in &LANGUAGES {
            let lists = [
                (Cue::Strong, language.strong),
                (Cue::Other, language.other),
                (Cue::Weak, language.weak),
            ];
            for (cue, list) in lists {
                for entry in list.split('|').filter(|entry| !entry.is_empty()) {
                    let stem = entry.strip_suffix('*');
                    let any_ending = stem.is_some();
                    let stem = fold(stem.unwrap_or(entry));
                    let spaced = stem.chars().all(is_spaced);
                    words.push(Word {
                        cue,
                        spaced,
                        any_ending,
                    });
                    stems.push(stem);
                }
            }
        }
        // A table of all transitions would be some ten times as large, and no faster for a mail.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .build(&stems)
            .expect("the lexicon is far below the limits of an automaton");
        Self { automaton, words }
    }

    /// The word that matched, if it is not a part of another.
    fn found(&self, text: &str, word: usize, start: usize, end: usize) -> Option<Found> {
        let Word {
            cue,
            spaced,
            any_ending,
        } = *self.words.get(word)?;
        if !spaced {
            return Some(Found { cue, start, end });
        }
        // Words of addresses and names of files are none: `/src/code.rs`, `?code=1`.
        let before = text[..start].chars().next_back();
        if before.is_some_and(|c| is_word(c) || "/\\=&?@#.".contains(c)) {
            return None;
        }
        let ending = text[end..].find(|c| !is_word(c));
        let ending = ending.unwrap_or(text.len() - end);
        let mut after = text[end + ending..].chars();
        let named = match after.next() {
            Some('.') => after.next().is_some_and(is_word),
            after => after.is_some_and(|c| "/=@\\".contains(c)),
        };
        ((any_ending || ending == 0) && !named).then_some(Found {
            cue,
            start,
            end: end + ending,
        })
    }
}

/// All cues of a folded text, in order. Of two that overlap the first counts, and of two that
/// begin together the longer.
pub(super) fn find(text: &str) -> Vec<Found> {
    let matches = LEXICON.automaton.find_overlapping_iter(text);
    let mut found: Vec<Found> = matches
        .filter_map(|found| {
            let word = found.pattern().as_usize();
            LEXICON.found(text, word, found.start(), found.end())
        })
        .collect();
    found.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
    let mut apart: Vec<Found> = Vec::with_capacity(found.len());
    for found in found {
        let Some(last) = apart.last_mut() else {
            apart.push(found);
            continue;
        };
        if found.start < last.end {
            continue;
        }
        let adjacent = text[last.end..found.start].trim().is_empty();
        match (last.cue, found.cue) {
            // "order verification code": the last word says what it is.
            (Cue::Other, Cue::Strong) if adjacent => *last = found,
            // "reference code": the first word says whose code it is.
            (Cue::Other, Cue::Weak) if adjacent => last.end = found.end,
            _ => apart.push(found),
        }
    }
    apart
}

/// Whether a character's script has spaces between its words.
fn is_spaced(c: char) -> bool {
    c < '\u{1100}' && !('\u{0e00}'..='\u{0eff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_words_and_phrases() {
        let cases: [(&str, &[Cue]); 14] = [
            ("Your VERIFICATION Code is", &[Cue::Strong]),
            ("Your code is", &[Cue::Weak]),
            ("barcode encoded", &[]),
            ("pin codec", &[Cue::Weak]),
            (
                "Order 1, promo code 2, code 3",
                &[Cue::Other, Cue::Other, Cue::Weak],
            ),
            ("Ihr Bestätigungscode lautet", &[Cue::Strong]),
            ("您的验证码是", &[Cue::Strong]),
            ("Votre code de vérification", &[Cue::Strong]),
            ("VOTRE CODE DE VERIFICATION", &[Cue::Strong]),
            ("code postal", &[Cue::Other]),
            ("Your order verification code", &[Cue::Strong]),
            ("Your reference code", &[Cue::Other]),
            ("/src/code.rs?code=1&x=code/ code.", &[Cue::Weak]),
            ("код подтверждения: заказа", &[Cue::Strong, Cue::Other]),
        ];
        for (text, expected) in cases {
            let cues: Vec<Cue> = find(&fold(text)).iter().map(|found| found.cue).collect();
            assert_eq!(cues, expected, "{text}");
        }
    }

    #[test]
    fn hostile_text_costs_linear_time() {
        let text = "code de code-".repeat(5_000);
        assert_eq!(find(&text).len(), 10_000);
    }
}
