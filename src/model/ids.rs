//! Identifiers: of AWS's things and of ours.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the identifier as a service or a person gave it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The identifier's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A user pool's identifier, such as `us-east-1_AbCdEfGhI`.
    UserPoolId
}

text_id! {
    /// An app client's identifier: 26 small letters and digits.
    AppClientId
}

impl UserPoolId {
    /// The pool's region, which stands before the `_`; a text without one is taken whole.
    ///
    /// ```
    /// use reverify::model::UserPoolId;
    ///
    /// assert_eq!(UserPoolId::new("us-east-1_AbCdEfGhI").region(), "us-east-1");
    /// ```
    pub fn region(&self) -> &str {
        let id = self.as_str();
        id.split_once('_').map_or(id, |(region, _)| region)
    }
}

/// Of the form that the service model demands (COGNITO.md 1.5).
impl FromStr for UserPoolId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
        let region = |part: &str| part.split('-').all(word);
        match text.split_once('_') {
            Some((before, after)) if region(before) && word(after) && text.len() <= 55 => {
                Ok(Self::new(text))
            }
            _ => Err(InvalidId(
                "a pool id is a region, `_` and letters or digits: us-east-1_AbCdEfGhI",
            )),
        }
    }
}

/// Of the form that the service model demands (COGNITO.md 1.5).
impl FromStr for AppClientId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'+';
        if (1..=128).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self::new(text))
        } else {
            Err(InvalidId(
                "a client id has 1 to 128 letters, digits, `_` or `+`",
            ))
        }
    }
}

/// A text that no service would take for such an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidId(&'static str);

text_id! {
    /// A user's `sub`: given by Cognito at sign-up and never given twice.
    ///
    /// It has the shape of a UUID, but its version bits mean nothing (COGNITO.md 2.3).
    UserSub
}

text_id! {
    /// One run of the tool: four to eight hexadecimal digits, unique enough to name a folder.
    RunId
}

/// A scenario's place: the feature file and the line on which the scenario, or the outline's row,
/// stands; where a run repeats it, also which repetition, as in `features/sign_up.feature:12#2`.
///
/// ```
/// use reverify::model::ScenarioId;
///
/// let id: ScenarioId = "features/sign_up.feature:12".parse()?;
/// assert_eq!((id.feature(), id.line()), ("features/sign_up.feature", 12));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScenarioId {
    feature: String,
    line: usize,
    /// From 1; none where a run does not repeat its scenarios.
    repetition: Option<NonZeroU32>,
}

impl ScenarioId {
    /// Names the scenario at `line` (from 1) of `feature`.
    pub fn new(feature: impl Into<String>, line: usize) -> Self {
        Self {
            feature: feature.into(),
            line,
            repetition: None,
        }
    }

    /// The same scenario's repetition with this number, from 1; the scenario itself for 0.
    #[must_use]
    pub fn repeated(&self, number: u32) -> Self {
        Self {
            repetition: NonZeroU32::new(number),
            ..self.clone()
        }
    }

    /// Which repetition, from 1, where the run repeats its scenarios.
    pub fn repetition(&self) -> Option<u32> {
        self.repetition.map(NonZeroU32::get)
    }

    /// The feature file's path, relative where it can be.
    pub fn feature(&self) -> &str {
        &self.feature
    }

    /// The line, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for ScenarioId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.feature, self.line)?;
        match self.repetition {
            Some(number) => write!(f, "#{number}"),
            None => Ok(()),
        }
    }
}

impl FromStr for ScenarioId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || format!("`{text}` is not of the form PATH:LINE or PATH:LINE#NUMBER");
        let (feature, place) = text.rsplit_once(':').ok_or_else(invalid)?;
        let (line, repetition) = match place.split_once('#') {
            Some((line, number)) => (line, Some(number.parse().map_err(|_| invalid())?)),
            None => (place, None),
        };
        Ok(Self {
            repetition,
            ..Self::new(feature, line.parse().map_err(|_| invalid())?)
        })
    }
}

impl TryFrom<String> for ScenarioId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ScenarioId> for String {
    fn from(id: ScenarioId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_named_as_it_is_read() {
        for text in ["a.feature:3", "a:b.feature:3", "a#b.feature:3#12"] {
            assert_eq!(text.parse::<ScenarioId>().unwrap().to_string(), text);
        }
        let second = ScenarioId::new("a.feature", 3).repeated(2);
        assert_eq!(second.to_string(), "a.feature:3#2");
        assert_eq!(second.repeated(0), ScenarioId::new("a.feature", 3));
        for bad in ["a.feature", "a.feature:x", "a.feature:3#", "a.feature:3#0"] {
            assert!(bad.parse::<ScenarioId>().is_err(), "{bad}");
        }
    }
}
