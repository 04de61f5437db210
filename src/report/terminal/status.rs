//! The lines that say how a scenario ended.

use std::time::Duration;

use super::Style;
use super::live::Doing;
use crate::record::{Failure, FailureKind, Outcome, ScenarioSummary};
use crate::report::text::one_line;
pub(super) use crate::shown::short;

/// Width of the status column: the widest word with room before it.
const STATUS_COLUMNS: usize = 12;
/// The word for a scenario that takes long and has not ended.
const SLOW: &str = "SLOW";

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    /// How many scenarios have ended; unknown to a line about an attempt that another one follows.
    pub(super) ended: Option<usize>,
    pub(super) planned: usize,
}

/// `PASS [   0.214s] ( 1/14) features/sign_up.feature:12  The mail arrives   mail 5.1s`.
pub(super) fn scenario_line(
    scenario: &ScenarioSummary,
    progress: Progress,
    pause: Option<Duration>,
    style: Style,
) -> String {
    let id = one_line(&scenario.planned.id.to_string());
    let follows = pause.map(|pause| format!("  next attempt in {}", short(pause)));
    format!(
        "{} [{:>8.3}s] {} {}  {}{}{}",
        status(scenario, pause.is_some(), style),
        scenario.took.as_secs_f64(),
        progress.column(),
        style.dim(&id),
        one_line(&scenario.planned.name),
        style.dim(&deliveries(&scenario.deliveries)),
        follows.unwrap_or_default(),
    )
}

/// `SLOW [> 20.000s] (     ) features/sign_up.feature:12  The mail arrives  waiting for a mail`.
pub(super) fn slow_line(name: &str, doing: &Doing, planned: usize, style: Style) -> String {
    let progress = Progress {
        ended: None,
        planned,
    };
    let room = " ".repeat(STATUS_COLUMNS - SLOW.len());
    let (id, name) = (one_line(&doing.id.to_string()), one_line(name));
    format!(
        "{room}{} [>{:>7.3}s] {} {}  {name}  {}",
        style.yellow(SLOW),
        doing.took.as_secs_f64(),
        progress.column(),
        style.dim(&id),
        doing.what,
    )
}

impl Progress {
    fn column(self) -> String {
        let digits = self.planned.to_string().len();
        match self.ended {
            Some(ended) => format!("({ended:>digits$}/{})", self.planned),
            None => format!("({:>width$})", "", width = 2 * digits + 1),
        }
    }
}

fn status(scenario: &ScenarioSummary, followed: bool, style: Style) -> String {
    let word = scenario_word(scenario, followed);
    let room = " ".repeat(STATUS_COLUMNS.saturating_sub(word.len()));
    let painted = match &scenario.outcome {
        Outcome::Passed if scenario.is_flaky() => style.yellow(&word),
        Outcome::Passed => style.green(&word),
        Outcome::Failed(failure) if failure.kind == FailureKind::Failed => style.red(&word),
        Outcome::Failed(_) | Outcome::NotRun => style.yellow(&word),
    };
    format!("{room}{painted}")
}

/// `PASS`, or `TRY 2 PASS` where there are several attempts.
pub(super) fn scenario_word(scenario: &ScenarioSummary, followed: bool) -> String {
    let word = status_word(&scenario.outcome);
    if scenario.attempts > 1 || followed {
        format!("TRY {} {word}", scenario.attempts)
    } else {
        word.to_owned()
    }
}

/// The word for an outcome, in the status column.
fn status_word(outcome: &Outcome) -> &'static str {
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
