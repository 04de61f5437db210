//! The details of a failure, and the last line of a run.

use std::time::Duration;

use super::Style;
use super::status::{scenario_word, short};
use super::verdict::verdict_lines;
use crate::record::{Diagnosed, Failure, FailureKind, Outcome, RunSummary, ScenarioSummary};
use crate::report::text::slowed;

/// Width of the rule above and below a failure.
const RULE_COLUMNS: usize = 90;

/// The step at which a scenario ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FailedStep {
    pub(super) line: usize,
    pub(super) text: String,
    /// The step before it, for orientation.
    pub(super) before: Option<(usize, String)>,
    /// The calls of the scenario until then.
    pub(super) calls: Vec<String>,
    /// Why the mail did not come that it waited for.
    pub(super) verdict: Option<Diagnosed>,
    /// The mails that it had received.
    pub(super) mails: Vec<String>,
}

/// All that a person needs of a scenario that did not pass, with `again`, the command that runs it
/// again.
pub(super) fn failure_block(
    scenario: &ScenarioSummary,
    failure: &Failure,
    step: Option<&FailedStep>,
    again: &str,
    style: Style,
) -> String {
    let id = scenario.planned.id.to_string();
    let title = format!("--- {} {id} ", scenario_word(scenario, false));
    let mut lines = vec![
        style.bold(&format!("{title:-<RULE_COLUMNS$}")),
        format!("  {}: {}", scenario.planned.feature, scenario.planned.name),
    ];
    let width = step.map_or(1, |step| step.line.to_string().len());
    if let Some(step) = step {
        if let Some((line, text)) = &step.before {
            lines.push(format!("  {line:>width$} |   {text}"));
        }
        lines.push(format!("  {:>width$} |   {}", step.line, step.text));
        let gap = " ".repeat(width);
        // A panic of a user's own step may have several lines.
        let message = failure.message.replace('\n', &format!("\n  {gap} |     "));
        let message = style.red(&format!("^ {message}"));
        lines.push(format!("  {gap} |   {message}"));
    } else {
        lines.push(format!("  {}", style.red(&failure.message)));
    }
    let calls = step.iter().flat_map(|step| &step.calls);
    let verdict = step.and_then(|step| step.verdict.as_ref());
    lines.extend(verdict.iter().flat_map(|one| verdict_lines(one, style)));
    lines.extend(failure.seen.iter().map(|fact| format!("  seen   {fact}")));
    let mails = step.iter().flat_map(|step| &step.mails);
    lines.extend(mails.map(|mail| format!("  mail   {mail}")));
    lines.extend(calls.map(|call| format!("  call   {call}")));
    lines.extend(failure.help.iter().map(|help| format!("  help   {help}")));
    lines.push(format!("  again  {again}"));
    lines.push(style.bold(&"-".repeat(RULE_COLUMNS)));
    lines.join("\n")
}

/// `Summary [ 0.8s] 26/26 scenarios run: 26 passed (1 flaky) · 45 mails, delivery p50 1.2ms`.
pub(super) fn summary_line(summary: &RunSummary, slow: usize, style: Style) -> String {
    let planned = summary.scenarios().len();
    let run = planned - summary.not_run();
    let took = summary.took().unwrap_or_default().as_secs_f64();
    let counts = [
        (summary.failed(FailureKind::Failed), "failed"),
        (summary.failed(FailureKind::Broken), "broken"),
        (summary.failed(FailureKind::Interrupted), "interrupted"),
        (summary.not_run(), "not run"),
    ];
    let mut parts = vec![format!(
        "{}{}",
        style.green(&format!("{} passed", summary.passed())),
        remarks(summary, slow, style)
    )];
    let others = counts.iter().filter(|(count, _)| *count > 0);
    parts.extend(others.map(|(count, word)| style.red(&format!("{count} {word}"))));
    let elsewhere = summary.failed(FailureKind::NotApplicable);
    if elsewhere > 0 {
        parts.push(style.yellow(&format!("{elsewhere} not applicable")));
    }
    if summary.applies_nowhere() {
        parts.push("nothing was tested here".to_owned());
    }
    let word = if summary.is_success() {
        style.green("Summary")
    } else {
        style.red("Summary")
    };
    format!(
        "     {word} [{took:>8.3}s] {run}/{planned} scenarios run: {}{}",
        parts.join(", "),
        delivery(&summary.deliveries()),
    )
}

/// ` (1 flaky, 2 slow)`.
fn remarks(summary: &RunSummary, slow: usize, style: Style) -> String {
    let counts = [(summary.flaky(), "flaky"), (slow, "slow")];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let words: Vec<_> = counts
        .map(|(count, word)| style.yellow(&format!("{count} {word}")))
        .collect();
    if words.is_empty() {
        String::new()
    } else {
        format!(" ({})", words.join(", "))
    }
}

/// What was left behind, so that nobody finds it by accident.
pub(super) fn left_behind(summary: &RunSummary, style: Style) -> Vec<String> {
    let left = summary.left_behind().iter();
    left.map(|what| format!("  {} {what}", style.yellow("left behind:")))
        .collect()
}

/// Why the run took longer than it had to, in one line.
pub(super) fn slowed_line(summary: &RunSummary, style: Style) -> Option<String> {
    let slowness = summary.slowness()?;
    let word = style.yellow("slowed by the target:");
    Some(format!("  {word} {}", slowed(&slowness)))
}

fn delivery(sorted: &[Duration]) -> String {
    let Some(longest) = sorted.last() else {
        return String::new();
    };
    let median = sorted[(sorted.len() - 1) / 2];
    let mails = if sorted.len() == 1 { "mail" } else { "mails" };
    format!(
        " · {} {mails}, delivery p50 {} max {}",
        sorted.len(),
        short(median),
        short(*longest)
    )
}

/// What a scenario needs that the target does not have, in the place of the details of a failure.
pub(super) fn not_applicable_lines(failure: &Failure, style: Style) -> Vec<String> {
    let reasons = std::iter::once(&failure.message).chain(&failure.seen);
    reasons
        .map(|reason| format!("             {}", style.dim(reason)))
        .collect()
}

/// Whether a scenario is shown again at the end.
pub(super) fn failure_of(scenario: &ScenarioSummary) -> Option<&Failure> {
    match &scenario.outcome {
        Outcome::Failed(failure) if failure.kind == FailureKind::NotApplicable => None,
        Outcome::Failed(failure) => Some(failure),
        Outcome::Passed | Outcome::NotRun => None,
    }
}
