//! What did not pass when it was run last.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use jiff::Timestamp;

use super::exit::Exit;
use super::state_dir::StateDir;
use crate::model::RunId;
use crate::record::{Event, FailureKind, Outcome, RunSummary, first_entry, read_entries};

/// Why nothing can be run again.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NothingFailed {
    /// There is no record that could tell.
    #[error("no run on {target} has left a record in `{}`", .folder.display())]
    NoRecord {
        /// The target's name.
        target: String,
        /// Where records lie.
        folder: PathBuf,
    },
    /// Whether there is a record cannot be told.
    #[error("the records in `{}` cannot be listed: {reason}", .folder.display())]
    Unlistable {
        /// Where records lie.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
    /// The newest record cannot be read.
    #[error("`{}`: {reason}", .path.display())]
    Unreadable {
        /// The record.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// All is well.
    #[error("every scenario of the last run on {target}, {run}, passed")]
    AllPassed {
        /// The target's name.
        target: String,
        /// The run.
        run: RunId,
    },
}

impl NothingFailed {
    /// With which code a run ends that cannot tell what to do.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::NoRecord { .. } | Self::AllPassed { .. } => Exit::NothingSelected,
            Self::Unlistable { .. } | Self::Unreadable { .. } => Exit::Invalid,
        }
    }
}

/// By what the scenarios are known that did not pass in the newest run on a target. One that the
/// target cannot fulfil has not failed.
pub(super) fn last_failed(
    folder: &StateDir,
    target: &str,
) -> Result<HashSet<String>, NothingFailed> {
    let records = folder
        .records()
        .map_err(|error| NothingFailed::Unlistable {
            folder: folder.path().to_owned(),
            reason: error.to_string(),
        })?;
    let newest = records
        .into_iter()
        .filter_map(start)
        .filter(|start| start.target == target)
        .max_by(|one, other| one.at.cmp(&other.at));
    let Some(Start { path, run, .. }) = newest else {
        return Err(NothingFailed::NoRecord {
            target: target.to_owned(),
            folder: folder.path().to_owned(),
        });
    };
    let unreadable = |reason: String| NothingFailed::Unreadable {
        path: path.clone(),
        reason,
    };
    let file = File::open(&path).map_err(|error| unreadable(error.to_string()))?;
    let entries = read_entries(BufReader::new(file));
    let summary = RunSummary::of(&entries.map_err(|error| unreadable(error.to_string()))?);
    let failed: HashSet<_> = summary
        .scenarios()
        .filter(|scenario| match &scenario.outcome {
            Outcome::Passed => false,
            Outcome::Failed(failure) => failure.kind != FailureKind::NotApplicable,
            Outcome::NotRun => true,
        })
        .map(|scenario| scenario.planned.key())
        .collect();
    if failed.is_empty() {
        return Err(NothingFailed::AllPassed {
            target: target.to_owned(),
            run,
        });
    }
    Ok(failed)
}

/// The beginning of a record.
struct Start {
    path: PathBuf,
    at: Timestamp,
    run: RunId,
    target: String,
}

/// Reads no further than the first line; what is no record tells nothing, and neither does a part of a
/// run that had no scenario.
fn start(path: PathBuf) -> Option<Start> {
    let entry = first_entry(BufReader::new(File::open(&path).ok()?))?;
    match entry.event {
        Event::RunStarted {
            run,
            target,
            planned,
            ..
        } if !planned.is_empty() => Some(Start {
            path,
            at: entry.at,
            run,
            target: target.name,
        }),
        _ => None,
    }
}
