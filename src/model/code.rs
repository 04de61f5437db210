//! The code that a verification mail carries.

use std::fmt;
use std::str::FromStr;

/// A code as a user would type it: 4 to 12 ASCII digits.
///
/// Cognito's sign-up codes have 6 digits and its one-time passwords 8 (COGNITO.md 4); custom
/// senders choose their own length. A code is a secret until it was used, so it has no `Display`
/// and its `Debug` shows the last two digits only.
///
/// ```
/// use reverify::model::ConfirmationCode;
///
/// let code: ConfirmationCode = "012345".parse()?;
/// assert_eq!(code.expose(), "012345");
/// assert_eq!(format!("{code:?}"), "ConfirmationCode(••••45)");
/// # Ok::<(), reverify::model::InvalidCode>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ConfirmationCode(String);

impl ConfirmationCode {
    /// The digits themselves.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The code with all but its last two digits hidden.
    pub fn masked(&self) -> String {
        let shown = self.0.len() - 2;
        format!("{}{}", "•".repeat(shown), &self.0[shown..])
    }

    /// A different code of the same length, for steps that type a wrong one.
    #[must_use]
    pub fn altered(&self) -> Self {
        let rotated = |b: u8| char::from(b'0' + (b - b'0' + 1) % 10);
        Self(self.0.bytes().map(rotated).collect())
    }
}

impl FromStr for ConfirmationCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if digits && (4..=12).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidCode)
        }
    }
}

impl fmt::Debug for ConfirmationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConfirmationCode({})", self.masked())
    }
}

/// A text that is not a confirmation code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a confirmation code has 4 to 12 digits")]
pub struct InvalidCode;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_digits_only() {
        for bad in ["", "123", "12345a", "1234567890123", "１２３４５６"] {
            assert!(bad.parse::<ConfirmationCode>().is_err(), "{bad}");
        }
        let code: ConfirmationCode = "099999".parse().unwrap();
        assert_eq!(code.altered().expose(), "100000");
        assert_ne!(code.altered(), code);
    }
}
