//! Small pieces that every part of the page uses.

use maud::{Markup, html};

use crate::history::{PastOutcome, PastResult, PastRun, words};
use crate::shown::{bounded, visible};

/// Longest text that is shown: a failure of a user's own step may have any length.
const TEXT_CHARS_MAX: usize = 300;

/// A text of a record, cut to what a line can be, without characters that show nothing.
pub(super) fn text(text: &str) -> String {
    visible(&bounded(text, TEXT_CHARS_MAX)).into_owned()
}

/// The class by which the style and the script know how a scenario ended.
pub(super) fn class(outcome: PastOutcome, late: bool) -> &'static str {
    match outcome {
        PastOutcome::Passed if late => "late",
        outcome => outcome.as_str(),
    }
}

/// How a scenario ended, in words.
pub(super) fn outcome(result: &PastResult) -> &'static str {
    if result.passed_late() {
        "passed late"
    } else {
        words::words(result.outcome)
    }
}

/// `run 7f3c01, 2026-11-21 03:00 UTC, commit c0ffee12`.
pub(super) fn run(run: &PastRun) -> String {
    let commit = words::commit(run).map(|commit| format!(", commit {commit}"));
    let (started, commit) = (words::moment(run.started), commit.unwrap_or_default());
    format!("run {}, {started} UTC{}", run.id, text(&commit))
}

/// A number with what it counts.
pub(super) fn figure(value: &str, what: &str) -> Markup {
    html! { span.figure { b { (value) } " " (what) } }
}
