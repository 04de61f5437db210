//! The lines that say how a scenario ended.

use std::time::Duration;

use super::Style;
use crate::record::{Failure, FailureKind, Outcome, ScenarioSummary};

/// Width of the status column: the widest word with room before it.
const STATUS_COLUMNS: usize = 12;

/// `PASS [   0.214s] ( 1/14) features/sign_up.feature:12  The mail arrives   mail 5.1s`.
pub(super) fn scenario_line(
    scenario: &ScenarioSummary,
    ended: usize,
    planned: usize,
    style: Style,
) -> String {
    let digits = planned.to_string().len();
    let id = scenario.planned.id.to_string();
    format!(
        "{} [{:>8.3}s] ({ended:>digits$}/{planned}) {}  {}{}",
        status(&scenario.outcome, style),
        scenario.took.as_secs_f64(),
        style.dim(&id),
        scenario.planned.name,
        style.dim(&deliveries(&scenario.deliveries)),
    )
}

fn status(outcome: &Outcome, style: Style) -> String {
    let word = status_word(outcome);
    let room = " ".repeat(STATUS_COLUMNS - word.len());
    let painted = match outcome {
        Outcome::Passed => style.green(word),
        Outcome::Failed(failure) if failure.kind == FailureKind::Failed => style.red(word),
        Outcome::Failed(_) | Outcome::NotRun => style.yellow(word),
    };
    format!("{room}{painted}")
}

/// The word for an outcome, in the status column.
pub(super) fn status_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "PASS",
        Outcome::Failed(Failure { kind, .. }) => match kind {
            FailureKind::Failed => "FAIL",
            FailureKind::Broken => "BROKEN",
            FailureKind::Interrupted => "INTERRUPTED",
            FailureKind::NotApplicable => "NOT HERE",
        },
        Outcome::NotRun => "NOT RUN",
    }
}

fn deliveries(all: &[Duration]) -> String {
    let times: Vec<_> = all.iter().map(|time| short(*time)).collect();
    match times.len() {
        0 => String::new(),
        1 => format!("  mail {}", times[0]),
        _ => format!("  mails {}", times.join(" ")),
    }
}

/// Three significant digits are enough for a delivery time.
pub(super) fn short(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 0.1 {
        format!("{:.1}ms", seconds * 1e3)
    } else if seconds < 10.0 {
        format!("{seconds:.2}s")
    } else {
        format!("{seconds:.1}s")
    }
}
