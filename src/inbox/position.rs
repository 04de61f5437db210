//! How far an inbox had come at a moment.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::InboxError;

/// A place in an inbox's order of arrivals: every mail has one, and a request's mail has one at or
/// after the position noted before the request.
///
/// Two positions can be compared only within one generation of an inbox. An IMAP server starts a
/// new generation when it changes UIDVALIDITY (RFC 9051 §2.3.1.1); the embedded sink never does.
///
/// ```
/// use reverify::inbox::Position;
///
/// let (before, after): (Position, Position) = ("1:7".parse()?, "1:9".parse()?);
/// assert!(before < after);
/// let renewed: Position = "2:1".parse()?;
/// assert_eq!(before.partial_cmp(&renewed), None);
/// # Ok::<(), reverify::inbox::InvalidPosition>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    generation: u64,
    offset: u64,
}

impl Position {
    /// The place `offset` of the inbox's `generation`.
    pub(crate) const fn new(generation: u64, offset: u64) -> Self {
        Self { generation, offset }
    }

    /// The number within its generation; in IMAP the UID (RFC 9051 §2.3.1.1).
    pub(crate) const fn offset(self) -> u64 {
        self.offset
    }

    /// Whether this position can be compared with the `present` one of the described inbox.
    ///
    /// # Errors
    /// [`InboxError::OtherGeneration`] when it cannot.
    pub(crate) fn in_generation_of(
        self,
        present: Self,
        describe: impl FnOnce() -> String,
    ) -> Result<(), InboxError> {
        if self.generation == present.generation {
            return Ok(());
        }
        Err(InboxError::OtherGeneration {
            given: self,
            present,
            inbox: describe(),
        })
    }

    /// Whether a mail at this position arrived at or after `start`, in the same generation.
    pub fn reached(&self, start: Self) -> bool {
        *self >= start
    }
}

impl PartialOrd for Position {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.generation == other.generation).then(|| self.offset.cmp(&other.offset))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.generation, self.offset)
    }
}

impl FromStr for Position {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (generation, offset) = text.split_once(':').ok_or(InvalidPosition)?;
        let number = |digits: &str| digits.parse().map_err(|_| InvalidPosition);
        Ok(Self::new(number(generation)?, number(offset)?))
    }
}

/// A text that is not an inbox position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an inbox position has the form GENERATION:OFFSET, such as 1:42")]
pub struct InvalidPosition;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_positions_of_one_generation_have_an_order() {
        let start = Position::new(1, 5);
        assert!(Position::new(1, 5).reached(start));
        assert!(!Position::new(1, 4).reached(start));
        assert!(!Position::new(2, 9).reached(start));
    }

    #[test]
    fn is_written_and_read_alike() {
        let position = Position::new(3, 42);
        assert_eq!(position.to_string().parse(), Ok(position));
        for bad in ["", "7", "a:b", "1:", ":1", "1:-1"] {
            assert_eq!(bad.parse::<Position>(), Err(InvalidPosition), "{bad}");
        }
    }
}
