//! Places between events, as tokens.

use super::super::chunk::Stamp;

/// Digits of a token, as of AWS's.
const TOKEN_DIGITS: usize = 56;
const ID_DIGITS: usize = 20;

/// The place of an event in the order of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) at: i64,
    pub(super) id: u64,
}

impl Position {
    pub(super) fn of(stamp: Stamp) -> Self {
        Self {
            at: stamp.at,
            id: stamp.id,
        }
    }

    /// The place in digits, which is also an event's id.
    pub(super) fn digits(self) -> String {
        let at = self.at.max(0);
        let width = TOKEN_DIGITS - ID_DIGITS;
        format!("{at:0width$}{:0ID_DIGITS$}", self.id)
    }

    /// Reads such digits.
    pub(super) fn from_digits(digits: &str) -> Option<Self> {
        if digits.len() != TOKEN_DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (at, id) = digits.split_at(TOKEN_DIGITS - ID_DIGITS);
        Some(Self {
            at: at.parse().ok()?,
            id: id.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_through_digits() {
        let position = Position {
            at: 1_795_251_600_000,
            id: u64::MAX,
        };
        assert_eq!(position.digits().len(), TOKEN_DIGITS);
        assert_eq!(Position::from_digits(&position.digits()), Some(position));
        for wrong in ["", "1", &"9".repeat(56), &"+".repeat(56)] {
            assert_eq!(Position::from_digits(wrong), None);
        }
    }
}
