//! The regular expressions of the service model, which are written for Java.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::Regex;

/// A pattern that a whole value has to match, compiled when it is first needed.
///
/// Compiling all of them would cost more than the start of the emulator may take, because the
/// Unicode classes are large; one process needs a handful.
#[derive(Debug)]
pub(super) struct Pattern {
    java: Cow<'static, str>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) fn new(java: Cow<'static, str>) -> Self {
        Self {
            java,
            compiled: OnceLock::new(),
        }
    }

    /// The pattern as the service model spells it, which is how a refusal quotes it.
    pub(super) fn source(&self) -> &str {
        &self.java
    }

    /// Whether the whole text matches, in time linear in its length.
    ///
    /// A pattern that could not be compiled would accept everything; a test compiles all of them.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex().is_none_or(|regex| regex.is_match(text))
    }

    pub(super) fn regex(&self) -> Option<&Regex> {
        self.compiled
            .get_or_init(|| Regex::new(&translate(&self.java)).ok())
            .as_ref()
    }
}

/// What Java's `\w`, `\s` and `\d` mean without its Unicode flag: ASCII only.
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r" \t\n\x0B\x0C\r";
const DIGIT: &str = "0-9";

/// What Java's `.` stands for: anything but its line terminators, of which it knows five.
const ANY_BUT_LINE_END: &str = r"[^\n\r\x{85}\x{2028}\x{2029}]";

/// Rewrites a Java pattern for the `regex` crate, so that it matches whole values only.
///
/// `\p{..}`, escapes, quantifiers and groups mean the same in both and are kept.
fn translate(java: &str) -> String {
    let dot_matches_all = java.starts_with("(?s)");
    let mut classes_open = 0_usize;
    let mut out = String::with_capacity(java.len() + 16);
    out.push_str(r"\A(?:");
    let mut chars = java.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(chars.next(), classes_open > 0, &mut out),
            '.' if classes_open == 0 && !dot_matches_all => out.push_str(ANY_BUT_LINE_END),
            _ => {
                match c {
                    '[' => classes_open += 1,
                    ']' => classes_open = classes_open.saturating_sub(1),
                    _ => {}
                }
                out.push(c);
            }
        }
    }
    out.push_str(r")\z");
    out
}

fn escape(letter: Option<char>, in_class: bool, out: &mut String) {
    let (members, negated) = match letter {
        Some('w') => (WORD, false),
        Some('W') => (WORD, true),
        Some('s') => (SPACE, false),
        Some('S') => (SPACE, true),
        Some('d') => (DIGIT, false),
        Some('D') => (DIGIT, true),
        other => {
            out.push('\\');
            out.extend(other);
            return;
        }
    };
    if in_class && !negated {
        out.push_str(members);
    } else {
        out.push_str(if negated { "[^" } else { "[" });
        out.push_str(members);
        out.push(']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(java: &'static str, text: &str) -> bool {
        let pattern = Pattern::new(Cow::Borrowed(java));
        assert!(pattern.regex().is_some(), "{java}");
        pattern.matches(text)
    }

    #[test]
    fn means_what_java_means() {
        let rows = [
            (r"[\w+]+", "abc_9+", true),
            (r"[\w+]+", "é", false),
            (r"\d", "٣", false),
            (r"\W", "é", true),
            (r"[\S]+", "with\u{a0}no-break", true),
            (r"[\S]+", "with space", false),
            (r"[\S]+", "with\u{b}tab", false),
            (r"[\w-]+_[0-9a-zA-Z]+", "us-east-1_AbC", true),
            (r"[\w-]+_[0-9a-zA-Z]+", "us-east-1_AbC ", false),
            (r"[A-Za-z0-9-_=.]+", "a-b_c=.", true),
            (r"[A-Za-z0-9-_=.]+", "a+b", false),
            (r".*\{####\}.*", "code {####}.", true),
            (r".*\{####\}.*", "code\n{####}", false),
            (r".*\{####\}.*", "code\u{2028}{####}", false),
            (r"(?s).*", "two\nlines", true),
            (r"^[0-9a-fA-F]+$", "00ff\n", false),
            (r"^[\w\- ]+$", "a-b c", true),
            (r"[\x21\x23-\x5B\x5D-\x7E]+", "a\"b", false),
            (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "Zoë😀+1@example.com", true),
            (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "a b", false),
            ("[^_\\p{Z}][a-z][^_\\p{Z}]+", "abc", true),
        ];
        for (java, text, expected) in rows {
            assert_eq!(matches(java, text), expected, "{java} on {text:?}");
        }
    }

    #[test]
    fn takes_part_of_a_value_for_no_match() {
        assert!(!matches("a|b", "ab"));
        assert!(!matches("[0-9]+", "12a"));
    }
}
