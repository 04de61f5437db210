//! Runs over time: what became of each scenario, and whether it got worse.
//!
//! - [`PastRun`] is a run as the history keeps it, folded from the entries of a record.
//! - [`History`] is the file that keeps them, `history.sqlite`. A run is taken in whole or not at
//!   all, and any number of times.
//! - [`ScenarioPast`] tells of one scenario over the runs: how often it passes, whether it is flaky,
//!   since when it fails, how long its mails take.
//! - [`compare`] weighs a run against earlier ones: regressions, what passes again, what is new.
//! - [`Retention`] chooses the runs that may go; [`csv()`] and [`page()`] show all of them elsewhere.
//!
//! # The file
//!
//! One SQLite file with the tables `runs`, `results` and `deliveries`, which a person may query. Its
//! version is SQLite's `user_version`: a newer one is refused and not touched. It has a rollback
//! journal, not a write-ahead log: it is written once a run, stays one file that a CI server can
//! cache, and can be read where nothing may be written.

mod comparison;
mod csv;
mod deliveries;
mod error;
mod page;
mod past_run;
mod retention;
mod scenario_past;
mod store;
pub(crate) mod words;

pub use comparison::{Baseline, Change, Comparison, Difference, Thresholds, baseline, compare};
pub use csv::{csv, csv_heading};
pub use deliveries::Deliveries;
pub use error::{HistoryError, NotARun, UnknownRun};
pub use page::page;
pub use past_run::{Counts, PastOutcome, PastResult, PastRun};

pub use retention::Retention;
pub use scenario_past::{Point, ScenarioPast};
pub use store::{History, Taken};
