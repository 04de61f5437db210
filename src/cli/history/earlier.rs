//! Earlier runs, as the report of one run shows them.

use super::super::state_dir::StateDir;
use crate::history::{History, HistoryError, PastOutcome, PastResult, PastRun};
use crate::record::millis;
use crate::report::{self, RunReport, Status};

/// Runs before the one that is reported; its page has no room for more.
const EARLIER_RUNS: usize = 40;

/// The runs of the same target before this one, the oldest first.
///
/// A history that cannot be read leaves the report without them. What is wrong with it is said where
/// the history is what was asked for.
pub(in crate::cli) fn earlier_runs(folder: &StateDir, report: &RunReport) -> Vec<report::PastRun> {
    before(folder, report).unwrap_or_default()
}

fn before(folder: &StateDir, report: &RunReport) -> Result<Vec<report::PastRun>, HistoryError> {
    let history = History::open_existing(&folder.history())?;
    let target = Some(report.target.name.as_str());
    // The run itself may be among them, if its report is made again.
    let runs = history.last(target, Some(report.started_at), EARLIER_RUNS + 1)?;
    let mut runs: Vec<_> = runs
        .iter()
        .filter(|run| run.id != report.run)
        .map(past)
        .collect();
    runs.drain(..runs.len().saturating_sub(EARLIER_RUNS));
    Ok(runs)
}

fn past(run: &PastRun) -> report::PastRun {
    let outcome = |result: &PastResult| {
        let outcome = report::PastOutcome {
            status: status(result),
        };
        (result.key.clone(), outcome)
    };
    report::PastRun {
        run: run.id.clone(),
        started_at: run.started,
        commit: run.setting.commit.clone(),
        delivery_p50_ms: run.deliveries().p50().map(millis),
        outcomes: run.results.iter().map(outcome).collect(),
    }
}

fn status(result: &PastResult) -> Status {
    match result.outcome {
        PastOutcome::Passed if result.passed_late() => Status::Flaky,
        PastOutcome::Passed => Status::Passed,
        PastOutcome::Failed => Status::Failed,
        PastOutcome::Broken => Status::Broken,
        PastOutcome::Interrupted => Status::Interrupted,
        PastOutcome::NotApplicable => Status::NotApplicable,
        PastOutcome::NotRun => Status::NotRun,
    }
}
