//! Expressions whose names are resolved, and their values for one row.

use memchr::memmem::Finder;
use regex::Regex;

use super::ast::{Arithmetic, Comparison};
use super::functions::Function;
use super::period::Period;
use super::value::Value;

/// A place in a row.
pub(super) type Slot = usize;

/// The values of a row; absent where there is none.
pub(super) type Values<'a> = Vec<Option<Value<'a>>>;

/// An expression over the places of a row.
#[derive(Debug)]
pub(super) enum Term {
    Slot(Slot),
    Number(f64),
    Text(String),
    Boolean(bool),
    Negated(Box<Self>),
    Arithmetic(Arithmetic, Box<Self>, Box<Self>),
    Compared(Comparison, Box<Self>, Box<Self>),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Contains(Box<Self>, Box<Finder<'static>>),
    Matches(Box<Self>, Regex),
    In(Box<Self>, Vec<Self>),
    Call(Function, Vec<Self>),
    Rounded(Box<Self>, Period, bool),
}

impl Term {
    /// Whether it reads a place of which this is true.
    pub(super) fn reads(&self, is_meant: &dyn Fn(Slot) -> bool) -> bool {
        match self {
            Self::Slot(slot) => is_meant(*slot),
            Self::Number(_) | Self::Text(_) | Self::Boolean(_) => false,
            Self::Negated(term)
            | Self::Not(term)
            | Self::Contains(term, _)
            | Self::Matches(term, _)
            | Self::Rounded(term, ..) => term.reads(is_meant),
            Self::Arithmetic(_, left, right) | Self::Compared(_, left, right) => {
                left.reads(is_meant) || right.reads(is_meant)
            }
            Self::In(term, list) => {
                term.reads(is_meant) || list.iter().any(|other| other.reads(is_meant))
            }
            Self::Call(_, terms) | Self::All(terms) | Self::Any(terms) => {
                terms.iter().any(|other| other.reads(is_meant))
            }
        }
    }

    /// Its value for a row; `now` is the moment at which the query began, in seconds.
    pub(super) fn value<'a>(&'a self, row: &Values<'a>, now: f64) -> Option<Value<'a>> {
        match self {
            Self::Slot(slot) => row.get(*slot)?.clone(),
            Self::Number(number) => Some(Value::Number(*number)),
            Self::Text(text) => Some(Value::text(text)),
            Self::Boolean(is_true) => Some(Value::Boolean(*is_true)),
            Self::Negated(term) => Value::number(-term.value(row, now)?.as_number()?),
            Self::Arithmetic(operator, left, right) => {
                let left = left.value(row, now)?.as_number()?;
                let right = right.value(row, now)?.as_number()?;
                Value::number(operator.apply(left, right))
            }
            Self::Call(function, arguments) => {
                let values: Values<'a> = arguments
                    .iter()
                    .map(|argument| argument.value(row, now))
                    .collect();
                function.apply(&values, now)
            }
            Self::Rounded(term, period, is_up) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a cast of floats saturates"
                )]
                let at = term.value(row, now)?.as_number()? as i64;
                Some(Value::Timestamp(if *is_up {
                    period.ceil(at)
                } else {
                    period.floor(at)
                }))
            }
            condition => Some(Value::Boolean(condition.holds(row, now))),
        }
    }

    /// Whether it holds as a condition.
    ///
    /// With an absent value, `=`, `<`, `like` and `in` do not hold, and so `!=`, `not like` and
    /// `not in` do: a guess.
    pub(super) fn holds<'a>(&'a self, row: &Values<'a>, now: f64) -> bool {
        match self {
            Self::Compared(comparison, left, right) => {
                match (left.value(row, now), right.value(row, now)) {
                    (Some(left), Some(right)) => left.compares(*comparison, &right),
                    _ => *comparison == Comparison::NotEqual,
                }
            }
            Self::Not(term) => !term.holds(row, now),
            Self::All(terms) => terms.iter().all(|term| term.holds(row, now)),
            Self::Any(terms) => terms.iter().any(|term| term.holds(row, now)),
            Self::Contains(term, text) => term
                .value(row, now)
                .is_some_and(|value| text.find(value.as_text().as_bytes()).is_some()),
            Self::Matches(term, regex) => term
                .value(row, now)
                .is_some_and(|value| regex.is_match(&value.as_text())),
            Self::In(term, list) => term.value(row, now).is_some_and(|value| {
                list.iter().any(|other| {
                    other
                        .value(row, now)
                        .is_some_and(|other| value.compares(Comparison::Equal, &other))
                })
            }),
            other => other.value(row, now).is_some_and(|value| value.is_true()),
        }
    }
}

impl Arithmetic {
    fn apply(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Remainder => left % right,
            Self::Power => left.powf(right),
        }
    }
}
