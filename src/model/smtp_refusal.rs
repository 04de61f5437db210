//! The reply of a mail server that does not take a mail.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest reply, without the end of its line: RFC 5321 §4.5.3.1.5.
const REPLY_BYTES_MAX: usize = 510;

/// A `4xx` or `5xx` reply of one line: the code, and a text that may begin with an enhanced status
/// code (RFC 3463).
///
/// ```
/// use reverify::model::SmtpRefusal;
///
/// let full: SmtpRefusal = "552 5.2.2 the mailbox is full".parse()?;
/// assert!(full.is_permanent());
/// assert!("250 2.0.0 ok".parse::<SmtpRefusal>().is_err());
/// # Ok::<(), reverify::model::InvalidRefusal>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SmtpRefusal(String);

/// A text that is no refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a refusal in ASCII such as `451 4.7.1 try again later` or `550 5.1.1 nobody here`"
)]
pub struct InvalidRefusal(String);

impl SmtpRefusal {
    /// The reply without the end of its line.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is for good, so that the sender does not try again.
    pub fn is_permanent(&self) -> bool {
        self.0.starts_with('5')
    }
}

impl FromStr for SmtpRefusal {
    type Err = InvalidRefusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // 4yz and 5yz, y from 0 to 5 (RFC 5321 §4.2).
        let is_code = |code: &str| matches!(code.as_bytes(), [b'4' | b'5', b'0'..=b'5', z] if z.is_ascii_digit());
        let is_text = |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        match text.split_once(' ') {
            Some((code, rest))
                if is_code(code)
                    && !rest.is_empty()
                    && is_text(rest)
                    && text.len() <= REPLY_BYTES_MAX =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(InvalidRefusal(text.chars().take(80).collect())),
        }
    }
}

impl TryFrom<String> for SmtpRefusal {
    type Error = InvalidRefusal;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SmtpRefusal> for String {
    fn from(refusal: SmtpRefusal) -> Self {
        refusal.0
    }
}

impl fmt::Display for SmtpRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_one_line_with_a_code_that_refuses() {
        for good in [
            "450 x",
            "552 5.2.2 the mailbox is full",
            "421 4.3.2 closing",
        ] {
            assert!(good.parse::<SmtpRefusal>().is_ok(), "{good}");
        }
        let long = format!("550 {}", "x".repeat(REPLY_BYTES_MAX));
        for bad in [
            "",
            "550",
            "550 ",
            "250 ok",
            "354 go on",
            "560 x",
            "5500 x",
            "550-x",
            "550 a\r\n250 b",
            "550 é",
            &long,
        ] {
            assert!(bad.parse::<SmtpRefusal>().is_err(), "{bad}");
        }
    }
}
