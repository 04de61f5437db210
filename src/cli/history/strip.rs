//! The runs before one, for the strip of its report.

use super::super::state_dir::StateDir;
use crate::history::{self, History};
use crate::report::{PastOutcome, PastRun, RunReport, Status};

/// Runs that are looked at: a report shows no more.
const RUNS_MAX: usize = 40;

/// The runs of the same target before this one, the oldest first; none where there is no history, or
/// none that can be read: a report does without.
pub(in crate::cli) fn runs_before(folder: &StateDir, report: &RunReport) -> Vec<PastRun> {
    let history = History::open_existing(&folder.history());
    let target = Some(report.target.name.as_str());
    let past = history.and_then(|history| history.last(target, Some(report.started_at), RUNS_MAX));
    let past = past.unwrap_or_default().into_iter();
    past.filter(|run| run.id != report.run)
        .map(|run| as_reported(&run))
        .collect()
}

fn as_reported(run: &history::PastRun) -> PastRun {
    let results = run.results.iter();
    let mut deliveries: Vec<_> = results.clone().flat_map(|one| &one.deliveries).collect();
    deliveries.sort_unstable();
    let middle = deliveries.len().saturating_sub(1) / 2;
    PastRun {
        run: run.id.clone(),
        started_at: run.started,
        commit: run.setting.commit.clone(),
        delivery_p50_ms: deliveries
            .get(middle)
            .map(|time| crate::record::millis(**time)),
        outcomes: results
            .map(|one| {
                (
                    one.key.clone(),
                    PastOutcome {
                        status: status(one),
                    },
                )
            })
            .collect(),
    }
}

fn status(result: &history::PastResult) -> Status {
    match result.outcome {
        history::PastOutcome::Passed if result.passed_late() => Status::Flaky,
        history::PastOutcome::Passed => Status::Passed,
        history::PastOutcome::Failed => Status::Failed,
        history::PastOutcome::Broken => Status::Broken,
        history::PastOutcome::Interrupted => Status::Interrupted,
        history::PastOutcome::NotApplicable => Status::NotApplicable,
        history::PastOutcome::NotRun => Status::NotRun,
    }
}
