//! A part of a run that several machines share.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

/// How scenarios are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartitionScheme {
    /// By a hash of what a scenario is known by: it stays in its part, whatever is added beside it.
    Hash,
    /// In turn, in the order of the files: parts of the same size.
    Slice,
}

/// One of several parts of a run, written as `hash:2/4` or `slice:2/4`.
///
/// Some schedulers count from zero and cannot add: for them `hash:1+1/4` is `hash:2/4`.
///
/// ```
/// use reverify::model::Partition;
///
/// let second: Partition = "hash:2/4".parse()?;
/// assert_eq!((second.number(), second.of()), (2, 4));
/// assert_eq!("hash:1+1/4".parse(), Ok(second));
/// assert!("hash:5/4".parse::<Partition>().is_err());
/// # Ok::<(), reverify::model::InvalidPartition>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    scheme: PartitionScheme,
    of: NonZeroU32,
    /// From 1.
    number: NonZeroU32,
}

impl Partition {
    /// The part with a number from 1 to `of`; `None` where there is no such part.
    pub fn new(scheme: PartitionScheme, number: u32, of: u32) -> Option<Self> {
        let (number, of) = (NonZeroU32::new(number)?, NonZeroU32::new(of)?);
        (number <= of).then_some(Self { scheme, of, number })
    }

    /// How scenarios are divided.
    pub fn scheme(self) -> PartitionScheme {
        self.scheme
    }

    /// Which part, from 1.
    pub fn number(self) -> u32 {
        self.number.get()
    }

    /// How many parts there are.
    pub fn of(self) -> u32 {
        self.of.get()
    }

    /// Whether the part takes the scenario with this hash, at this place of the order, from 0.
    pub fn takes(self, hash: u64, place: u64) -> bool {
        let number = match self.scheme {
            PartitionScheme::Hash => hash,
            PartitionScheme::Slice => place,
        };
        number % u64::from(self.of()) == u64::from(self.number() - 1)
    }
}

impl fmt::Display for PartitionScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hash => "hash",
            Self::Slice => "slice",
        })
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.scheme, self.number, self.of)
    }
}

impl FromStr for Partition {
    type Err = InvalidPartition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidPartition(text.to_owned());
        let (scheme, part) = text.split_once(':').ok_or_else(invalid)?;
        let scheme = match scheme {
            "hash" => PartitionScheme::Hash,
            "slice" => PartitionScheme::Slice,
            _ => return Err(invalid()),
        };
        let (number, of) = part.split_once('/').ok_or_else(invalid)?;
        let of = digits(of).ok_or_else(invalid)?;
        let number = match number.strip_suffix("+1") {
            Some(number) => digits(number).and_then(|number| number.checked_add(1)),
            None => digits(number),
        };
        let number = number.ok_or_else(invalid)?;
        Self::new(scheme, number, of).ok_or_else(invalid)
    }
}

/// `parse` alone would take a sign, too.
fn digits(text: &str) -> Option<u32> {
    let all = text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

/// A text that names no part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no part of a run; write `hash:1/4` or `slice:1/4`, counted from 1")]
pub struct InvalidPartition(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_written_as_it_is_read() {
        for text in ["hash:1/1", "hash:4/4", "slice:2/3"] {
            assert_eq!(text.parse::<Partition>().unwrap().to_string(), text);
        }
        let from_zero: Partition = "slice:0+1/4".parse().unwrap();
        assert_eq!(from_zero.to_string(), "slice:1/4");
        for bad in [
            "",
            "hash",
            "hash:1",
            "hash:0/4",
            "hash:5/4",
            "hash:4+1/4",
            "hash:1/0",
            "hash:+1/4",
            "hash:1+2/4",
            "count:1/4",
            "hash:-1/4",
            "hash:1/4/4",
            "hash:4294967295+1/4",
        ] {
            assert!(bad.parse::<Partition>().is_err(), "{bad}");
        }
    }

    #[test]
    fn each_scenario_is_in_one_part() {
        for scheme in [PartitionScheme::Hash, PartitionScheme::Slice] {
            let parts: Vec<_> = (1..=3)
                .map(|number| Partition::new(scheme, number, 3).unwrap())
                .collect();
            for place in 0..10 {
                let taken = parts.iter().filter(|part| part.takes(place * 7, place));
                assert_eq!(taken.count(), 1, "{scheme} {place}");
            }
        }
    }
}
