//! Chooses scenarios, checks them, runs them, and says how they ended.
//!
//! [`Suite`] is the way in. A run has three parts, and each needs less of the world than the next:
//!
//! 1. [`Source`]s are read: the features that ship with the tool, or files.
//! 2. A [`Plan`] is made of them: parsed, selected, every step matched exactly once. All that can be
//!    said about a feature file without running it is said here, with file, line and column.
//!
//!    [`Check`] says the same of features as a whole, and what is doubtful about them.
//! 3. The plan is run: cucumber finds the step functions, and each attempt of a scenario has a
//!    [`Session`](crate::steps::Session) of its own. [`RunOptions`] say how many run at once, and
//!    whether one that did not pass is tried again.

mod attempt;
mod check;
mod descriptions;
mod error;
mod executor;
mod groups;
mod hooks;
mod language;
mod lines;
mod mail_cost;
mod options;
mod panics;
mod parse;
mod plan;
mod preflight;
mod retry;
mod run;
mod schedule;
mod select;
mod source;
mod suggest;
mod tables;
mod tags;
mod world;

pub use check::{Check, CheckedFeature};
pub use error::{FeatureProblem, SuiteError};
pub use groups::Groups;
pub use options::{Override, RunOptions};
pub use plan::Plan;
pub use retry::{Backoff, RetryPolicy};
pub use run::{Cancel, Run, Suite};
pub use select::{InvalidSelection, Selection, TagExpression};
pub use source::Source;
pub use tags::KNOWN_TAGS;
pub use world::ReverifyWorld;
