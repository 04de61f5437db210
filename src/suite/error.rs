//! What can be wrong with features before anything is run.

use std::path::PathBuf;
use std::sync::Arc;

use super::{InvalidSelection, Source};

/// Something in a feature file that keeps it from being run, or that is doubtful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureProblem {
    /// The file.
    pub path: String,
    /// The file's text.
    pub source: Arc<str>,
    /// Line from 1.
    pub line: usize,
    /// Column from 1, in characters.
    pub column: usize,
    /// What is wrong, as a phrase.
    pub what: String,
    /// What stands at that place, as a phrase.
    pub label: String,
    /// What to do.
    pub help: String,
}

impl FeatureProblem {
    /// A place of which nothing is said yet.
    pub(super) fn at(source: &Source, line: usize, column: usize) -> Self {
        Self {
            path: source.path.clone(),
            source: Arc::clone(&source.text),
            line,
            column,
            what: String::new(),
            label: String::new(),
            help: String::new(),
        }
    }
}

/// Why a suite could not be run.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// A path names no feature file.
    #[error("`{}` cannot be read: {reason}", .path.display())]
    Unreadable {
        /// The path as it was given.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Features are not right.
    #[error("{} in the feature files", problems(.0.len()))]
    Problems(Vec<FeatureProblem>),
    /// Two files with different texts have one path, by which their scenarios are named.
    #[error("two feature files are called `{0}`")]
    SamePath(String),
    /// The selection makes no sense.
    #[error(transparent)]
    Selection(#[from] InvalidSelection),
    /// The selection leaves nothing.
    #[error("no scenario is selected: {available} are there, and the selection leaves none")]
    NothingSelected {
        /// How many there were to choose from.
        available: usize,
    },
}

fn problems(count: usize) -> String {
    match count {
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    }
}
