//! Texts with wildcards.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest pattern in bytes: an address has at most 254.
const PATTERN_BYTES_MAX: usize = 512;

/// An address, an operation or a log group, or with `*` a family of them.
///
/// A `*` stands for any text, none included. Capitals make no difference.
///
/// ```
/// use reverify::control::Pattern;
///
/// let tagged: Pattern = "ada+*@mail.test".parse()?;
/// assert!(tagged.matches("Ada+7@mail.test"));
/// assert!(!tagged.matches("ada@mail.test"));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    text: String,
    lowered: Box<[u8]>,
}

impl Pattern {
    /// Whether the text belongs to the family.
    pub fn matches(&self, text: &str) -> bool {
        wildcard(&self.lowered, text.to_lowercase().as_bytes(), None)
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Whether a text fits a pattern in which `*` stands for any text, and `one`, if it is something, for
/// any single byte.
///
/// On a mismatch only the last `*` takes one byte more, so that the time is bounded by the product of
/// the two lengths.
pub(crate) fn wildcard(pattern: &[u8], text: &[u8], one: Option<u8>) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut last_star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                last_star = Some((p, t));
                p += 1;
            }
            Some(&byte) if byte == text[t] || Some(byte) == one => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((star, taken)) = last_star else {
                    return false;
                };
                last_star = Some((star, taken + 1));
                p = star + 1;
                t = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err("an empty pattern matches nothing; leave it out to match all".to_owned());
        }
        if text.len() > PATTERN_BYTES_MAX {
            return Err(format!("a pattern has at most {PATTERN_BYTES_MAX} bytes"));
        }
        Ok(Self {
            lowered: text.to_lowercase().into_bytes().into(),
            text: text.to_owned(),
        })
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.text
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let cases = [
            ("ada@mail.test", "ADA@mail.test", true),
            ("ada@mail.test", "ada@mail.test.example", false),
            ("*@mail.test", "@mail.test", true),
            ("*@mail.test", "ada@mail.tes", false),
            ("ada+*@*.test", "ada+1@a.b.test", true),
            ("ada+*@*.test", "ada@a.test", false),
            ("*", "", true),
            ("**a*", "bab", true),
            ("Admin*User", "AdminGetUser", true),
            ("Admin*User", "AdminGetUserX", false),
            ("É*", "été", true),
        ];
        for (pattern, text, expected) in cases {
            let pattern: Pattern = pattern.parse().unwrap();
            assert_eq!(pattern.matches(text), expected, "{pattern} {text}");
        }
        assert!("".parse::<Pattern>().is_err());
        assert!("a".repeat(513).parse::<Pattern>().is_err());
    }
}
