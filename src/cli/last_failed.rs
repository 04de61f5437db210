//! What did not pass when it was run last.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;

use jiff::Timestamp;

use super::state_dir::StateDir;
use crate::model::RunId;
use crate::record::{Entry, Event, FailureKind, Outcome, RunSummary, read_entries};

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

/// By what the scenarios are known that did not pass in the newest run on a target. One that the
/// target cannot fulfil has not failed.
pub(super) fn last_failed(
    folder: &StateDir,
    target: &str,
) -> Result<HashSet<String>, NothingFailed> {
    let starts = folder
        .records()
        .unwrap_or_default()
        .into_iter()
        .filter_map(start);
    let newest = starts
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
    let mut line = String::new();
    BufReader::new(File::open(&path).ok()?)
        .read_line(&mut line)
        .ok()?;
    let entry: Entry = serde_json::from_str(&line).ok()?;
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
