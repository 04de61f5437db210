//! CloudWatch Logs Insights: a query is read (`lexer`, `parser`, `expression` into `ast`), its names
//! are resolved (`plan`), and events run through it (`evaluate`, `pipeline`).
//!
//! The language is that of
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html>, without the
//! commands `pattern`, `diff`, `anomaly`, `unnest`, `lookup`, `join`, `filterIndex`, `addtotals`,
//! `source` and `search`, which are refused by name.
//!
//! The cost of a query is linear in the events that it reads. It stops when it is told to, and ends
//! with [`Stopped::TooLarge`] where it would need too much memory.

mod ast;
mod error;
mod evaluate;
mod expression;
mod fields;
mod functions;
mod glob;
mod grouping;
mod lambda_line;
mod lexer;
mod network;
mod parse_command;
mod parser;
mod period;
mod pipeline;
mod plan;
mod results;
mod sorter;
mod stats;
mod term;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use error::CompileError;
pub(super) use evaluate::{Input, Progress, Statistics, run};
pub(super) use parser::ROWS_MAX;
pub(super) use plan::Plan;
pub(super) use results::{ResultRow, Results, Stopped};
