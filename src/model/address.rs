//! An e-mail address, as RFC 5321 §4.1.2 has it and as Cognito accepts it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest address that a mail system must carry: RFC 5321 §4.5.3.1.3 less the angle brackets.
const ADDRESS_BYTES_MAX: usize = 254;
/// Longest local part: RFC 5321 §4.5.3.1.1.
const LOCAL_PART_BYTES_MAX: usize = 64;

/// An e-mail address with one `@`, a local part and a domain.
///
/// The text is kept as it was written: in a case-sensitive user pool `Ada@example.com` and
/// `ada@example.com` are two users. A mailbox does not make that difference, see
/// [`EmailAddress::same_mailbox`].
///
/// ```
/// use reverify::model::EmailAddress;
///
/// let ada: EmailAddress = "Ada@Example.com".parse()?;
/// assert_eq!(ada.domain(), "Example.com");
/// assert!(ada.same_mailbox(&"ada@example.com".parse()?));
/// assert_eq!(ada.tagged("7f3c").as_str(), "Ada+7f3c@Example.com");
/// # Ok::<(), reverify::model::InvalidAddress>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    text: String,
    at: usize,
}

impl EmailAddress {
    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        &self.text[..self.at]
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// The same mailbox with `tag` added to its local part after a plus sign.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> Self {
        let text = format!("{}+{}@{}", self.local_part(), tag, self.domain());
        Self {
            at: self.at + 1 + tag.len(),
            text,
        }
    }

    /// The address without its `+tag`; itself if it has none.
    #[must_use]
    pub fn untagged(&self) -> Self {
        let (local, domain) = (self.local_part(), self.domain());
        let bare = local.split_once('+').map(|(bare, _)| bare);
        let bare = bare.and_then(|bare| format!("{bare}@{domain}").parse().ok());
        bare.unwrap_or_else(|| self.clone())
    }

    /// Whether mail for the two addresses lands in the same mailbox, capitals aside.
    pub fn same_mailbox(&self, other: &Self) -> bool {
        self.mailbox_key() == other.mailbox_key()
    }

    /// The address in small letters: the key under which mail for it is filed.
    ///
    /// RFC 5321 §2.4 leaves the local part's capitals to the receiving host; every host in use
    /// ignores them.
    pub fn mailbox_key(&self) -> String {
        self.text.to_lowercase()
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = |reason| InvalidAddress {
            text: text.to_owned(),
            reason,
        };
        if text.len() > ADDRESS_BYTES_MAX {
            return Err(invalid("it is longer than 254 bytes"));
        }
        let at = text.rfind('@').ok_or_else(|| invalid("it has no `@`"))?;
        let (local, domain) = (&text[..at], &text[at + 1..]);
        if local.is_empty() {
            return Err(invalid("nothing stands before the `@`"));
        }
        if local.len() > LOCAL_PART_BYTES_MAX {
            return Err(invalid(
                "what stands before the `@` is longer than 64 bytes",
            ));
        }
        if domain.is_empty() {
            return Err(invalid("nothing stands after the `@`"));
        }
        if local.contains('@') {
            return Err(invalid("it has more than one `@`"));
        }
        let forbidden =
            |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c);
        if text.contains(forbidden) {
            return Err(invalid("it has a character that an address cannot have"));
        }
        let empty_label = |part: &str| part.split('.').any(str::is_empty);
        if empty_label(domain) || empty_label(local) {
            return Err(invalid("a full stop stands at an end or twice in a row"));
        }
        Ok(Self {
            at,
            text: text.to_owned(),
        })
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.text
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// A text that is not an e-mail address, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an e-mail address: {reason}")]
pub struct InvalidAddress {
    text: String,
    reason: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_why_a_text_is_no_address() {
        let cases = [
            ("ada", "no `@`"),
            ("@example.com", "before the `@`"),
            ("ada@", "after the `@`"),
            ("ada@b@example.com", "more than one"),
            ("ada @example.com", "character"),
            ("ada@example..com", "full stop"),
            (".ada@example.com", "full stop"),
            ("<ada@example.com>", "character"),
        ];
        for (text, expected) in cases {
            let error = text.parse::<EmailAddress>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        assert!(long.parse::<EmailAddress>().is_err());
    }

    #[test]
    fn keeps_the_text_and_finds_the_parts() {
        let address: EmailAddress = "Ada+tag@Example.COM".parse().unwrap();
        assert_eq!(address.as_str(), "Ada+tag@Example.COM");
        assert_eq!(address.local_part(), "Ada+tag");
        assert_eq!(address.tagged("x").local_part(), "Ada+tag+x");
        assert_eq!(address.tagged("x").domain(), "Example.COM");
    }
}
