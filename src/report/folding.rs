//! Folds entries into a [`RunReport`].

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::counts::{Counts, Delivery, Status};
use super::run_report::{AttemptReport, Ended, Moment, RunReport, ScenarioReport, StepReport};
use crate::model::{RunId, ScenarioId};
use crate::record::{
    Entry, Event, FailureKind, Outcome, RunSetting, RunSummary, ScenarioSummary, StepOutcome,
    TargetInfo, millis,
};

/// Takes entries in until the record ends.
#[derive(Debug, Default)]
pub(super) struct Folding {
    head: Option<Head>,
    summary: RunSummary,
    attempts: BTreeMap<(ScenarioId, u32), AttemptReport>,
}

/// What the first entry tells.
#[derive(Debug)]
struct Head {
    run: RunId,
    version: String,
    target: TargetInfo,
    setting: RunSetting,
    started_at: Timestamp,
}

impl Folding {
    pub(super) fn apply(&mut self, entry: &Entry) {
        self.summary.apply(entry);
        if let Event::RunStarted {
            run,
            version,
            target,
            setting,
            ..
        } = &entry.event
        {
            self.head.get_or_insert_with(|| Head {
                run: run.clone(),
                version: version.clone(),
                target: target.clone(),
                setting: setting.clone(),
                started_at: entry.at,
            });
        }
        if let (Some(scenario), Some(number)) = (&entry.scenario, entry.attempt) {
            let key = (scenario.clone(), number);
            let attempt = self.attempts.entry(key);
            attempt
                .or_insert_with(|| AttemptReport {
                    number,
                    began_ms: entry.elapsed_ms,
                    took_ms: None,
                    failure: None,
                    steps: Vec::new(),
                    events: Vec::new(),
                })
                .apply(entry);
        }
    }

    /// The report, if the record told which run it is of.
    pub(super) fn end(self) -> Option<RunReport> {
        let Head {
            run,
            version,
            target,
            setting,
            started_at,
        } = self.head?;
        let summary = self.summary;
        let mut of_scenario: BTreeMap<ScenarioId, Vec<AttemptReport>> = BTreeMap::new();
        // The keys are in the order of attempts, so each list is, too.
        for ((scenario, _), attempt) in self.attempts {
            of_scenario.entry(scenario).or_default().push(attempt);
        }
        let scenarios = summary.scenarios().map(|one| {
            let attempts = of_scenario.remove(&one.planned.id);
            scenario(one, attempts.unwrap_or_default())
        });
        Some(RunReport {
            run,
            version,
            target,
            setting,
            started_at,
            took_ms: summary.took().map(millis),
            counts: counts(&summary),
            delivery: Delivery::of(&summary.deliveries()),
            scenarios: scenarios.collect(),
            left_behind: summary.left_behind().to_vec(),
            slowness: summary.slowness(),
        })
    }
}

impl AttemptReport {
    fn apply(&mut self, entry: &Entry) {
        match &entry.event {
            Event::ScenarioStarted => {}
            Event::StepStarted { line, text } => self.steps.push(StepReport {
                line: *line,
                text: text.clone(),
                began_ms: entry.elapsed_ms,
                took_ms: None,
                outcome: Ended::Unknown,
            }),
            Event::StepFinished {
                outcome, took_ms, ..
            } => {
                if let Some(step) = self.steps.last_mut() {
                    step.took_ms = Some(*took_ms);
                    step.outcome = match outcome {
                        StepOutcome::Passed => Ended::Passed,
                        StepOutcome::Failed { .. } => Ended::Failed,
                    };
                }
            }
            Event::ScenarioFinished { failure, took_ms } => {
                self.failure.clone_from(failure);
                self.took_ms = Some(*took_ms);
            }
            event => {
                let running = self.steps.last().filter(|step| step.took_ms.is_none());
                self.events.push(Moment {
                    elapsed_ms: entry.elapsed_ms,
                    line: running.map(|step| step.line),
                    event: event.clone(),
                });
            }
        }
    }
}

fn scenario(summary: &ScenarioSummary, attempts: Vec<AttemptReport>) -> ScenarioReport {
    let planned = &summary.planned;
    ScenarioReport {
        id: planned.id.clone(),
        key: planned.key(),
        feature: planned.feature.clone(),
        name: planned.name.clone(),
        row: planned.row.clone(),
        tags: planned.tags.clone(),
        status: match &summary.outcome {
            Outcome::Passed if summary.is_flaky() => Status::Flaky,
            Outcome::Passed => Status::Passed,
            Outcome::Failed(failure) => Status::of_failure(failure.kind),
            Outcome::NotRun => Status::NotRun,
        },
        took_ms: millis(summary.took),
        attempts,
    }
}

fn counts(summary: &RunSummary) -> Counts {
    Counts {
        scenarios: summary.scenarios().len(),
        passed: summary.passed(),
        flaky: summary.flaky(),
        failed: summary.failed(FailureKind::Failed),
        broken: summary.failed(FailureKind::Broken),
        interrupted: summary.failed(FailureKind::Interrupted),
        not_applicable: summary.failed(FailureKind::NotApplicable),
        not_run: summary.not_run(),
    }
}
