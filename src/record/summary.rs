//! The fold of a run's entries that reports start from.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Entry, Event, Failure, FailureKind, PlannedScenario, Slowness};
use crate::model::ScenarioId;

/// How a scenario ended, all attempts considered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its last attempt passed.
    Passed,
    /// Its last attempt did not.
    Failed(Failure),
    /// It was planned and never ended.
    NotRun,
}

/// One scenario of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioSummary {
    /// What was planned.
    pub planned: PlannedScenario,
    /// How it ended.
    pub outcome: Outcome,
    /// How long its last attempt took.
    pub took: Duration,
    /// How many attempts ended.
    pub attempts: u32,
    /// Why the attempts before the last one did not pass, in their order.
    pub earlier: Vec<Failure>,
    /// How long each mail took to arrive, over all attempts.
    pub deliveries: Vec<Duration>,
}

impl ScenarioSummary {
    /// Whether it passed, but not at its first attempt.
    pub fn is_flaky(&self) -> bool {
        self.outcome == Outcome::Passed && !self.earlier.is_empty()
    }

    fn end(&mut self, failure: Option<Failure>, took: Duration) {
        self.attempts += 1;
        self.took = took;
        let outcome = failure.map_or(Outcome::Passed, Outcome::Failed);
        if let Outcome::Failed(earlier) = std::mem::replace(&mut self.outcome, outcome) {
            self.earlier.push(earlier);
        }
    }
}

/// A run, folded from its entries.
///
/// Entries are applied one by one, so the same fold serves a live report and one made later.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunSummary {
    scenarios: BTreeMap<ScenarioId, ScenarioSummary>,
    took: Option<Duration>,
    left_behind: Vec<String>,
    slowness: Slowness,
}

impl RunSummary {
    /// Folds a whole record.
    pub fn of(entries: &[Entry]) -> Self {
        let mut summary = Self::default();
        for entry in entries {
            summary.apply(entry);
        }
        summary
    }

    /// Takes one more entry into account.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.event {
            Event::RunStarted { planned, .. } => self.plan(planned),
            Event::RunFinished { took_ms } => self.took = Some(millis(*took_ms)),
            Event::LeftBehind { what } => self.left_behind.push(what.clone()),
            Event::Slowed {
                throttled,
                unanswered,
                paused_ms,
                ..
            } => self.slowness.add(*throttled, *unanswered, *paused_ms),
            Event::MailArrived { delivery_ms, .. } => {
                if let Some(scenario) = self.scenario_of(entry) {
                    scenario.deliveries.push(millis(*delivery_ms));
                }
            }
            Event::ScenarioFinished { failure, took_ms } => {
                if let Some(scenario) = self.scenario_of(entry) {
                    scenario.end(failure.clone(), millis(*took_ms));
                }
            }
            _ => {}
        }
    }

    /// The scenarios by file and line.
    pub fn scenarios(&self) -> impl ExactSizeIterator<Item = &ScenarioSummary> {
        self.scenarios.values()
    }

    /// One scenario.
    pub fn scenario(&self, id: &ScenarioId) -> Option<&ScenarioSummary> {
        self.scenarios.get(id)
    }

    /// How long the run took, once it ended.
    pub fn took(&self) -> Option<Duration> {
        self.took
    }

    /// What could not be cleaned up.
    pub fn left_behind(&self) -> &[String] {
        &self.left_behind
    }

    /// How much its calls were slowed; nothing where none was.
    pub fn slowness(&self) -> Option<Slowness> {
        (self.slowness.calls > 0).then_some(self.slowness)
    }

    /// How many scenarios passed.
    pub fn passed(&self) -> usize {
        self.count(|outcome| *outcome == Outcome::Passed)
    }

    /// How many scenarios passed, but not at their first attempt.
    pub fn flaky(&self) -> usize {
        self.scenarios().filter(|one| one.is_flaky()).count()
    }

    /// How many scenarios ended with a failure of this kind.
    pub fn failed(&self, kind: FailureKind) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(failure) if failure.kind == kind))
    }

    /// Whether scenarios passed, and none ended otherwise but for those that do not apply to the
    /// target: they count neither way.
    pub fn is_success(&self) -> bool {
        let elsewhere = self.failed(FailureKind::NotApplicable);
        self.passed() > 0 && self.passed() + elsewhere == self.scenarios.len()
    }

    /// Whether there were scenarios, and none of them applies to the target.
    pub fn applies_nowhere(&self) -> bool {
        let elsewhere = self.failed(FailureKind::NotApplicable);
        elsewhere > 0 && elsewhere == self.scenarios.len()
    }

    /// How many scenarios never ended.
    pub fn not_run(&self) -> usize {
        self.count(|outcome| *outcome == Outcome::NotRun)
    }

    /// The delivery times of all mails, the shortest first.
    pub fn deliveries(&self) -> Vec<Duration> {
        let all = self.scenarios().flat_map(|scenario| &scenario.deliveries);
        let mut all: Vec<_> = all.copied().collect();
        all.sort();
        all
    }

    fn plan(&mut self, planned: &[PlannedScenario]) {
        let fresh = |planned: &PlannedScenario| ScenarioSummary {
            planned: planned.clone(),
            outcome: Outcome::NotRun,
            took: Duration::ZERO,
            attempts: 0,
            earlier: Vec::new(),
            deliveries: Vec::new(),
        };
        let scenarios = planned.iter().map(|one| (one.id.clone(), fresh(one)));
        self.scenarios.extend(scenarios);
    }

    fn scenario_of(&mut self, entry: &Entry) -> Option<&mut ScenarioSummary> {
        self.scenarios.get_mut(entry.scenario.as_ref()?)
    }

    fn count(&self, counts: impl Fn(&Outcome) -> bool) -> usize {
        self.scenarios().filter(|one| counts(&one.outcome)).count()
    }
}

fn millis(number: f64) -> Duration {
    // A hand-made record may hold a negative number; a duration cannot.
    Duration::try_from_secs_f64(number / 1e3).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Event;

    fn entry(attempt: u32, event: Event) -> Entry {
        Entry {
            seq: 1,
            at: jiff::Timestamp::UNIX_EPOCH,
            elapsed_ms: 0.0,
            scenario: Some(ScenarioId::new("a.feature", 3)),
            attempt: Some(attempt),
            event,
        }
    }

    fn finished(attempt: u32, failure: Option<Failure>) -> Entry {
        let took_ms = f64::from(attempt);
        entry(attempt, Event::ScenarioFinished { failure, took_ms })
    }

    fn planned(line: usize) -> PlannedScenario {
        PlannedScenario {
            id: ScenarioId::new("a.feature", line),
            feature: "A".into(),
            name: "one".into(),
            tags: Vec::new(),
            mails: 0,
            row: Vec::new(),
        }
    }

    #[test]
    fn what_does_not_apply_counts_neither_way() {
        let elsewhere = || Some(Failure::not_applicable("a link is needed"));
        let failed = || Some(Failure::failed("no mail"));
        let cases = [
            (vec![None, None], true, false),
            (vec![None, elsewhere()], true, false),
            (vec![elsewhere(), elsewhere()], false, true),
            (vec![failed(), elsewhere()], false, false),
            (vec![None, failed()], false, false),
            (vec![], false, false),
        ];
        for (outcomes, success, nowhere) in cases {
            let mut summary = RunSummary::default();
            for (line, failure) in outcomes.iter().enumerate() {
                summary.plan(&[planned(line)]);
                let mut ended = finished(1, failure.clone());
                ended.scenario = Some(ScenarioId::new("a.feature", line));
                summary.apply(&ended);
            }
            let found = (summary.is_success(), summary.applies_nowhere());
            assert_eq!(found, (success, nowhere), "{outcomes:?}");
        }
    }

    #[test]
    fn an_attempt_that_passes_after_one_that_failed_makes_a_scenario_flaky() {
        let mut summary = RunSummary::default();
        summary.plan(&[planned(3)]);
        summary.apply(&finished(1, Some(Failure::failed("no mail"))));
        assert_eq!((summary.passed(), summary.flaky()), (0, 0));
        summary.apply(&finished(2, None));
        assert_eq!((summary.passed(), summary.flaky()), (1, 1));
        let scenario = summary.scenarios().next().unwrap();
        assert_eq!(scenario.earlier, [Failure::failed("no mail")]);
        assert_eq!(scenario.took, Duration::from_millis(2));
    }
}
