//! Folds of a record, made for people and machines to read.
//!
//! A report sees [records](crate::record) and nothing else, so it can be made during a run or years
//! later. [`Terminal`] follows a run entry by entry; the others start from a [`RunReport`], which
//! is the whole run with its attempts, and are made when the run is over:
//!
//! - [`junit()`] for CI servers;
//! - [`json()`] for programs;
//! - [`annotations`] and [`step_summary`] for GitHub;
//! - [`html()`] for people: one file that needs nothing but a browser.
//!
//! Secrets are no concern here: they were taken out before an entry was written.

mod again;
mod counts;
mod differences;
mod folding;
mod github;
mod html;
mod json;
mod junit;
mod run_report;
mod terminal;
#[cfg(test)]
mod tests;
mod text;

pub use counts::{Counts, Delivery, Status};
pub use differences::{Difference, differences};
pub use github::{annotations, step_summary};
pub use html::{PastOutcome, PastRun, html};
pub use json::{JSON_FORMAT, json};
pub use junit::junit;
pub use run_report::{
    AttemptReport, Ended, Mail, Moment, ReportError, RunReport, ScenarioReport, StepReport,
};
pub use terminal::{
    ScenarioEnding, ScenarioEndings, Style, Terminal, TerminalOptions, verdict_lines,
};
pub(crate) use text::{no_command, one_line};
