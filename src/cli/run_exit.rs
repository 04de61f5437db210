//! With which code a run ends.

use super::exit::Exit;
use crate::record::{FailureKind, RunSummary};

/// What counts, beside what happened.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terms {
    /// Whether a flaky scenario counts as failed.
    pub(super) flaky_fails: bool,
    /// Whether others run the rest: that a part tests nothing on a target says nothing of the whole.
    pub(super) is_part: bool,
}

/// The worst thing that happened decides.
pub(super) fn exit(summary: &RunSummary, signal: Option<Exit>, terms: Terms) -> Exit {
    if let Some(signal) = signal {
        return signal;
    }
    let flaky = terms.flaky_fails && summary.flaky() > 0;
    let failed = flaky || summary.failed(FailureKind::Failed) > 0;
    let broken = summary.failed(FailureKind::Broken) > 0 || !summary.left_behind().is_empty();
    if broken && !failed {
        Exit::Broken
    } else if summary.applies_nowhere() {
        if terms.is_part {
            Exit::Ok
        } else {
            Exit::NothingSelected
        }
    } else if !failed && (summary.is_success() || summary.scenarios().len() == 0) {
        // A part of a run may have no scenario.
        Exit::Ok
    } else {
        Exit::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RunId, ScenarioId};
    use crate::record::{Entry, Event, FORMAT, Failure, PlannedScenario, RunSetting, TargetInfo};

    /// A run of one scenario whose attempts ended so.
    fn summary(attempts: Vec<Option<Failure>>) -> RunSummary {
        let id = ScenarioId::new("a.feature", 2);
        let started = Event::RunStarted {
            format: FORMAT,
            run: RunId::new("7f3c"),
            version: "0.1.0".to_owned(),
            target: TargetInfo {
                name: "embedded".to_owned(),
                place: String::new(),
                inbox: String::new(),
            },
            planned: vec![PlannedScenario {
                id: id.clone(),
                feature: "A".to_owned(),
                name: "One".to_owned(),
                tags: Vec::new(),
                mails: 0,
                row: Vec::new(),
            }],
            setting: RunSetting::default(),
        };
        let ends = attempts.into_iter().map(|failure| Event::ScenarioFinished {
            failure,
            took_ms: 1.0,
        });
        let entries = std::iter::once(started).chain(ends).map(|event| Entry {
            seq: 1,
            at: jiff::Timestamp::UNIX_EPOCH,
            elapsed_ms: 0.0,
            scenario: Some(id.clone()),
            attempt: Some(1),
            event,
        });
        RunSummary::of(&entries.collect::<Vec<_>>())
    }

    #[test]
    fn the_worst_that_happened_decides() {
        let failed = || Some(Failure::failed("no mail"));
        let broken = || Some(Failure::broken("no pool"));
        let elsewhere = || Some(Failure::not_applicable("no SES here"));
        let cases = [
            (vec![None], false, Exit::Ok),
            (vec![failed()], false, Exit::Failed),
            (vec![broken()], false, Exit::Broken),
            (vec![elsewhere()], false, Exit::NothingSelected),
            (vec![], false, Exit::Failed),
            (vec![failed(), None], false, Exit::Ok),
            (vec![failed(), None], true, Exit::Failed),
            (vec![broken(), None], true, Exit::Failed),
            (vec![None], true, Exit::Ok),
        ];
        for (attempts, flaky_fails, expected) in cases {
            let terms = Terms {
                flaky_fails,
                is_part: false,
            };
            let summary = summary(attempts.clone());
            assert_eq!(exit(&summary, None, terms), expected, "{attempts:?}");
        }
    }

    #[test]
    fn a_part_in_which_nothing_applies_is_no_mistake() {
        let part = Terms {
            flaky_fails: false,
            is_part: true,
        };
        let elsewhere = summary(vec![Some(Failure::not_applicable("no SES here"))]);
        assert_eq!(exit(&elsewhere, None, part), Exit::Ok);
        let failed = summary(vec![Some(Failure::failed("no mail"))]);
        assert_eq!(exit(&failed, None, part), Exit::Failed);
    }
}
