//! An attempt of a recorded run as the terminal would have shown its failure.

use super::Style;
use super::live::call_line;
use super::mail_line::mail_line;
use super::summary::{FailedStep, failure_block};
use crate::record::{Outcome, PlannedScenario, ScenarioSummary};
use crate::report::run_report::{AttemptReport, Moment, ScenarioReport};

/// Calls that the text shows: the latest before the failure are the ones that matter.
const CALLS_SHOWN_MAX: usize = 6;
/// Mails that the text shows.
const MAILS_SHOWN_MAX: usize = 2;

/// Why an attempt did not pass, without colours; nothing if it did.
pub(in crate::report) fn attempt_text(
    scenario: &ScenarioReport,
    attempt: &AttemptReport,
) -> Option<String> {
    let failure = attempt.failure.as_ref()?;
    let summary = ScenarioSummary {
        planned: PlannedScenario {
            id: scenario.id.clone(),
            feature: scenario.feature.clone(),
            name: scenario.title(),
            tags: Vec::new(),
            mails: 0,
            row: Vec::new(),
        },
        outcome: Outcome::Failed(failure.clone()),
        took: std::time::Duration::default(),
        attempts: attempt.number,
        earlier: Vec::new(),
        deliveries: Vec::new(),
    };
    let step = failed_step(attempt);
    Some(failure_block(
        &summary,
        failure,
        step.as_ref(),
        &scenario.again,
        Style::Plain,
    ))
}

fn failed_step(attempt: &AttemptReport) -> Option<FailedStep> {
    let failed = attempt.failed_step()?;
    let before = attempt.steps.iter().rev();
    let before = before.skip_while(|step| step.line != failed.line).nth(1);
    // What comes after the step cleans up.
    let until_failure =
        |moment: &&Moment| moment.elapsed_ms <= failed.began_ms || moment.line == Some(failed.line);
    let events = || {
        let moments = attempt.events.iter().take_while(until_failure);
        moments.map(|moment| &moment.event)
    };
    Some(FailedStep {
        line: failed.line,
        text: failed.text.clone(),
        before: before.map(|step| (step.line, step.text.clone())),
        calls: latest(events().filter_map(call_line), CALLS_SHOWN_MAX),
        verdict: attempt.verdicts().last().cloned(),
        mails: latest(events().filter_map(mail_line), MAILS_SHOWN_MAX),
    })
}

fn latest(lines: impl Iterator<Item = String>, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<_> = lines.collect();
    lines.drain(..lines.len().saturating_sub(lines_max));
    lines
}
