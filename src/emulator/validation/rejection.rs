//! Why a request was refused before its operation ran, in AWS's words.

use std::fmt;

/// A request that the operation never sees.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Rejection {
    /// The body is not JSON: `SerializationException` without a text. The absence is a guess
    /// (COGNITO.md 1.4).
    #[error("the request body is not JSON")]
    NotJson,
    /// A member has another JSON type than its shape: `SerializationException`.
    #[error("{0}")]
    WrongType(WrongType),
    /// Members break the constraints of their shapes: `InvalidParameterException`.
    #[error("{0}")]
    Constraints(Violations),
}

impl Rejection {
    /// The name of the exception as `__type` gives it.
    ///
    /// The body of a `SerializationException` spells the text's key `Message`, with a capital,
    /// unlike the modelled exceptions (recorded in aws-amplify/amplify-js#4738).
    pub(crate) fn error_type(&self) -> &'static str {
        match self {
            Self::NotJson | Self::WrongType(_) => "SerializationException",
            Self::Constraints(_) => "InvalidParameterException",
        }
    }

    /// The text that the caller sees, if AWS gives one.
    pub(crate) fn message(&self) -> Option<String> {
        match self {
            Self::NotJson => None,
            Self::WrongType(_) | Self::Constraints(_) => Some(self.to_string()),
        }
    }
}

/// A JSON value of a type that its shape does not take.
///
/// `Expected map or null` and `Start of structure or map found where not expected.` are recorded for
/// Cognito, `NUMBER_VALUE can not be converted to a String`, `Expected list or null`, `Expected null`
/// and `Start of list found where not expected` for other services with the same front end. That a
/// text is no integer or Boolean, and a fraction no integer, is a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongType {
    pub(super) found: Found,
    pub(super) expected: Expected,
}

/// The kind of a JSON value as the refusal names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Text,
    Number,
    True,
    False,
    List,
    Object,
}

/// The kind of value that a shape takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Text,
    Integer,
    Boolean,
    Blob,
    List,
    Map,
    Structure,
}

impl fmt::Display for WrongType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = match self.found {
            Found::Object => {
                return f.write_str("Start of structure or map found where not expected.");
            }
            Found::List => return f.write_str("Start of list found where not expected"),
            Found::Text => "STRING_VALUE",
            Found::Number => "NUMBER_VALUE",
            Found::True => "TRUE_VALUE",
            Found::False => "FALSE_VALUE",
        };
        let expected = match self.expected {
            Expected::List => return f.write_str("Expected list or null"),
            Expected::Map => return f.write_str("Expected map or null"),
            Expected::Structure => return f.write_str("Expected null"),
            Expected::Text => "a String",
            Expected::Integer => "an Integer",
            Expected::Boolean => "a Boolean",
            Expected::Blob => "a Blob",
        };
        write!(f, "{found} can not be converted to {expected}")
    }
}

/// The constraints that a request breaks, in the order in which they are reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Violations(Vec<String>);

impl Violations {
    /// How many violations one refusal lists. AWS's own bound is not known; this one keeps a body of
    /// many broken elements from growing into an answer many times its size.
    pub(super) const MAX_LISTED: usize = 100;

    /// Adds one, already worded, unless the list is full.
    pub(super) fn push(&mut self, item: String) {
        if self.0.len() < Self::MAX_LISTED {
            self.0.push(item);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "{} validation error{plural} detected: ", self.0.len())?;
        for (index, item) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "; " })?;
            f.write_str(item)?;
        }
        Ok(())
    }
}
