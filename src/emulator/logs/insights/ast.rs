//! A query as it was written: commands and expressions, each with its place in the text.

use std::ops::Range;

use regex::Regex;

use super::functions::Function;
use super::glob::Glob;
use super::period::Period;
use super::stats::Aggregate;

/// One command between two pipes.
#[derive(Debug)]
pub(super) enum Command {
    Fields(Vec<Column>),
    Display(Vec<Column>),
    Filter(Expression),
    Parse(Parse),
    Stats {
        columns: Vec<Column>,
        by: Vec<Column>,
    },
    Sort(Vec<SortKey>),
    Dedup(Vec<Expression>),
    Limit(usize),
}

/// An expression and the name of its value.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) expression: Expression,
    /// The alias, or the expression as it was written.
    pub(super) name: String,
    /// The expression as it was written.
    pub(super) text: String,
    /// Whether the name was given with `as`.
    pub(super) has_alias: bool,
    pub(super) bytes: Range<usize>,
}

/// `parse`: fields out of a text.
#[derive(Debug)]
pub(super) struct Parse {
    pub(super) source: Expression,
    pub(super) pattern: ParsePattern,
    /// One name for each part of the pattern.
    pub(super) names: Vec<String>,
    pub(super) bytes: Range<usize>,
}

#[derive(Debug)]
pub(super) enum ParsePattern {
    Glob(Box<Glob>),
    /// The groups of the expression that the names stand for.
    Regex(Regex, Vec<usize>),
}

#[derive(Debug)]
pub(super) struct SortKey {
    pub(super) expression: Expression,
    /// The expression as it was written.
    pub(super) text: String,
    pub(super) is_descending: bool,
}

/// A value to compute.
#[derive(Debug)]
pub(super) enum Expression {
    Field {
        name: String,
        bytes: Range<usize>,
    },
    Number(f64),
    Text(String),
    Boolean(bool),
    Negated(Box<Self>),
    Arithmetic(Arithmetic, Box<Self>, Box<Self>),
    Compared(Comparison, Box<Self>, Box<Self>),
    Not(Box<Self>),
    /// Two or more; a list, so that a long chain is not a deep tree.
    All(Vec<Self>),
    Any(Vec<Self>),
    Contains(Box<Self>, String),
    Matches(Box<Self>, Regex),
    In(Box<Self>, Vec<Self>),
    Call(Function, Vec<Self>),
    /// `bin`, `datefloor` and `dateceil`: the last says whether it rounds up.
    Rounded(Box<Self>, Period, bool),
    Aggregated(Aggregate, Option<Box<Self>>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
