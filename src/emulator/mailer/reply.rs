//! What an SMTP server said.

use std::error::Error as _;
use std::fmt;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;

/// The reply to a mail: a code of three digits and a text (RFC 5321 §4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SmtpReply {
    pub(crate) code: u16,
    /// All lines of the reply in one.
    pub(crate) text: String,
}

impl SmtpReply {
    /// A reply of this code and text.
    pub(crate) fn new(code: u16, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { code, text }
    }

    /// The reply by which the server took the mail.
    pub(super) fn accepting(response: &Response) -> Self {
        let lines: Vec<_> = response.message().collect();
        Self::new(u16::from(response.code()), lines.join(" "))
    }

    /// The reply by which the server refused, if there was one.
    pub(super) fn refusing(refusal: &Error) -> Option<Self> {
        let code = refusal.status()?;
        let text = refusal.source().map(ToString::to_string);
        let text = text.unwrap_or_default();
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        Some(Self::new(u16::from(code), lines.join(" ")))
    }

    /// Whether the server will not take this mail later either.
    pub(crate) fn is_permanent(&self) -> bool {
        self.code >= 500
    }

    /// The enhanced status code at the text's beginning, such as `5.1.1` (RFC 3463), or the general
    /// one of the code's class.
    pub(crate) fn status(&self) -> String {
        let first = self.text.split_whitespace().next().unwrap_or_default();
        let class = self.code / 100;
        let parts: Vec<_> = first.split('.').collect();
        let numeric =
            |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if parts.len() == 3 && parts.iter().all(numeric) && parts[0] == class.to_string() {
            first.to_owned()
        } else {
            format!("{class}.0.0")
        }
    }
}

impl fmt::Display for SmtpReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_enhanced_status() {
        let cases = [
            (550, "5.1.1 user unknown", "5.1.1"),
            (550, "no such mailbox", "5.0.0"),
            (451, "4.7.1 greylisted, try later", "4.7.1"),
            (450, "5.1.1 of another class", "4.0.0"),
            (250, "2.0.0 ok", "2.0.0"),
            (552, "1.2.3.4 is not welcome", "5.0.0"),
            (421, "", "4.0.0"),
        ];
        for (code, text, status) in cases {
            assert_eq!(SmtpReply::new(code, text).status(), status, "{code} {text}");
        }
    }
}
