//! A regular expression that a person gives for the codes of their mails.

use std::str::FromStr;

use regex::{Regex, RegexBuilder};

use super::message::Message;
use crate::model::ConfirmationCode;

/// How large a pattern may become when it is compiled, in bytes.
const COMPILED_BYTES_MAX: usize = 1024 * 1024;

/// A regular expression for the code of a mail: its first group, or all of it, is the code.
///
/// It is matched against the readable text and the subject; blanks and hyphens in the code do not
/// count.
///
/// ```
/// use reverify::mail::{CodePattern, Extraction, Message, extract_by_pattern};
///
/// let pattern: CodePattern = r"Kennwort: (\d{3} \d{3})".parse()?;
/// let mail = Message::parse(b"Subject: x\r\n\r\n111111. Kennwort: 123 456\r\n");
/// let Extraction::Code { code, .. } = extract_by_pattern(&mail, &pattern) else { panic!() };
/// assert_eq!(code.expose(), "123456");
/// # Ok::<(), reverify::mail::InvalidPattern>(())
/// ```
#[derive(Debug, Clone)]
pub struct CodePattern(Regex);

/// A text that cannot be used as a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPattern {
    /// It is not a regular expression, or one that is too large.
    #[error("not a usable regular expression: {0}")]
    Syntax(String),
    /// It has several groups, and nothing says which of them is the code.
    #[error("the pattern has {0} groups; put the code in one, and write the others as (?:...)")]
    SeveralGroups(usize),
}

impl FromStr for CodePattern {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let regex = RegexBuilder::new(text)
            .size_limit(COMPILED_BYTES_MAX)
            .dfa_size_limit(COMPILED_BYTES_MAX)
            .build()
            .map_err(|error| InvalidPattern::Syntax(error.to_string()))?;
        match regex.captures_len() - 1 {
            0 | 1 => Ok(Self(regex)),
            groups => Err(InvalidPattern::SeveralGroups(groups)),
        }
    }
}

impl CodePattern {
    /// The codes of all places where it fits, each once.
    pub(super) fn codes(&self, message: &Message) -> Vec<ConfirmationCode> {
        let mut codes: Vec<ConfirmationCode> = Vec::new();
        let text = message.readable_text();
        for text in [text.as_str(), message.subject().unwrap_or_default()] {
            for captures in self.0.captures_iter(text) {
                let found = captures.get(captures.len() - 1);
                let digits = found.map_or("", |found| found.as_str());
                let digits = digits.replace([' ', '\t', '\n', '-'], "");
                codes.extend(digits.parse().ok().filter(|code| !codes.contains(code)));
            }
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_cannot_be_used() {
        let refusal = |text: &str| text.parse::<CodePattern>().unwrap_err();
        assert!(matches!(refusal("("), InvalidPattern::Syntax(_)));
        assert!(matches!(refusal(r"\w{9000}{9}"), InvalidPattern::Syntax(_)));
        assert_eq!(refusal("(a)(b)"), InvalidPattern::SeveralGroups(2));
    }

    #[test]
    fn finds_each_code_once() {
        let pattern: CodePattern = r"\b\d{6}\b".parse().unwrap();
        let codes = |mail: &[u8]| pattern.codes(&Message::parse(mail)).len();
        assert_eq!(codes(b"Subject: 123456\n\n123456"), 1);
        assert_eq!(codes(b"Subject: 123456\n\n654321"), 2);
        assert_eq!(codes(b"Subject: x\n\nNothing"), 0);
    }
}
