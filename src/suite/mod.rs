//! Chooses scenarios, checks them, runs them, and says how they ended.
//!
//! [`Suite`] is the way in. A run has three parts, and each needs less of the world than the next:
//!
//! 1. [`Source`]s are read: the features that ship with the tool, or files.
//! 2. A [`Plan`] is made of them: parsed, selected, every step matched exactly once. All that can be
//!    said about a feature file without running it is said here, with file, line and column.
//!
//!    [`Check`] says the same of features as a whole, and what is doubtful about them.
//! 3. The plan is run by cucumber, each attempt in a [`Session`](crate::steps::Session) of its own.

mod check;
mod descriptions;
mod endings;
mod error;
mod hooks;
mod language;
mod lines;
mod mail_cost;
mod parse;
mod plan;
mod preflight;
mod run;
mod select;
mod source;
mod suggest;
mod tables;
mod tags;
mod world;
mod writer;

pub use check::{Check, CheckedFeature};
pub use error::{FeatureProblem, SuiteError};
pub use plan::Plan;
pub use run::{Cancel, Run, RunOptions, Suite};
pub use select::{InvalidSelection, Selection};
pub use source::Source;
pub use tags::KNOWN_TAGS;
pub use world::ReverifyWorld;
