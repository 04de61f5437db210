//! Why a query cannot be run.

use std::ops::Range;

/// Where a query breaks the language, and in AWS's words how.
///
/// The words of an unexpected symbol were recorded in the tests of Grafana's CloudWatch plugin, those
/// of a wrong command in boto/boto3#3450; other texts are guesses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct CompileError {
    /// What is wrong.
    pub(crate) message: String,
    /// Where, in characters from the start of the query.
    pub(crate) location: Range<usize>,
    /// Whether AWS would run the query, and only this emulator does not.
    pub(crate) is_missing_here: bool,
}

impl CompileError {
    /// A mistake at these bytes of the query.
    pub(super) fn new(query: &str, bytes: Range<usize>, message: impl Into<String>) -> Self {
        let characters = |offset: usize| query.get(..offset).map_or(0, |part| part.chars().count());
        Self {
            message: message.into(),
            location: characters(bytes.start)..characters(bytes.end),
            is_missing_here: false,
        }
    }

    /// Something that cannot stand at these bytes of the query.
    pub(super) fn unexpected(query: &str, bytes: Range<usize>) -> Self {
        let symbol = query.get(bytes.clone()).unwrap_or_default();
        let symbol = if symbol.is_empty() { "<EOF>" } else { symbol };
        let before = query.get(..bytes.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let position = before.chars().rev().take_while(|c| *c != '\n').count();
        let message =
            format!("unexpected symbol found {symbol} at line {line} and position {position}");
        Self::new(query, bytes, message)
    }

    /// A range of time in which no group has events, in milliseconds; the text is AWS's as people
    /// print it.
    pub(in crate::emulator::logs) fn outside(start: i64, end: i64) -> Self {
        let (start, end) = (start / 1_000, end / 1_000 - 1);
        Self {
            message: format!(
                "end date and time is either before the log groups creation time or exceeds the \
                 log groups log retention settings ([{start},{end}])"
            ),
            location: 0..0,
            is_missing_here: false,
        }
    }

    /// A part of the language that this emulator does not have.
    pub(super) fn missing_here(query: &str, bytes: Range<usize>) -> Self {
        let name = query.get(bytes.clone()).unwrap_or_default();
        Self {
            is_missing_here: true,
            ..Self::new(query, bytes.clone(), format!("Logs Insights' `{name}`"))
        }
    }
}
