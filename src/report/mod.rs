//! Folds of a record, made for people and machines to read.
//!
//! A report sees [records](crate::record) and nothing else, so it can be made during a run or years
//! later.

mod terminal;

pub use terminal::{
    ScenarioEnding, ScenarioEndings, Style, Terminal, TerminalOptions, verdict_lines,
};
