//! A feature, run on an embedded target that a test may change.

use std::sync::{Arc, Mutex};

use reverify::cognito::Ledger;
use reverify::control::{self, Fault};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{RunId, SystemClock};
use reverify::record::{Event, FailureKind, Outcome, Recorder, RunSetting, RunSummary};
use reverify::steps::Target;
use reverify::suite::{Cancel, ReverifyWorld, Run, RunOptions, Source, Suite};

/// A user signs up, reads the mail, confirms, and is deleted.
pub(crate) const ROUND: &str = "\
Feature: A round
  Scenario: Ada
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada confirms with the code of the latest mail
    And an administrator deletes Ada
    Then the pool has no user Ada
";

/// An embedded target, and what a run there left.
pub(crate) struct Scene {
    pub(crate) embedded: Embedded,
    pub(crate) ledger: Arc<Ledger>,
}

/// A run that ended.
pub(crate) struct Ended {
    pub(crate) summary: RunSummary,
    pub(crate) events: Vec<Event>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self {
            embedded: Embedded::start(EmbeddedSettings::default()).unwrap(),
            ledger: Arc::new(Ledger::in_memory().unwrap()),
        }
    }

    /// Lets this go wrong from now on.
    pub(crate) async fn fault(&self, fault: Fault) {
        let control = control::Client::new(&self.embedded.endpoint()).unwrap();
        control.add_fault(&fault).await.unwrap();
    }

    pub(crate) async fn run(&self, feature: &str) -> Ended {
        self.run_on(self.embedded.target(), feature).await
    }

    pub(crate) async fn run_on(&self, target: Target, feature: &str) -> Ended {
        let suite = Suite::of(vec![Source {
            path: "a.feature".into(),
            text: feature.into(),
        }]);
        self.run_suite(target, &suite, RunOptions::default()).await
    }

    pub(crate) async fn run_suite(
        &self,
        target: Target,
        suite: &Suite<ReverifyWorld>,
        options: RunOptions,
    ) -> Ended {
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let recorder = Recorder::new(Arc::new(SystemClock))
            .to_listener(move |entry| heard.lock().unwrap().push(entry.event.clone()));
        let run = Run {
            id: RunId::new("test"),
            target: Arc::new(target),
            ledger: Arc::clone(&self.ledger),
            recorder,
            clock: Arc::new(SystemClock),
            options,
            cancel: Cancel::default(),
            setting: RunSetting::default(),
        };
        let summary = suite.run(&suite.plan().unwrap(), run).await;
        let events = std::mem::take(&mut *events.lock().unwrap());
        Ended { summary, events }
    }
}

impl Ended {
    /// Why the scenario did not pass: its message and help.
    pub(crate) fn failure(&self) -> Option<String> {
        let scenario = self.summary.scenarios().next().unwrap();
        match &scenario.outcome {
            Outcome::Passed => None,
            Outcome::Failed(failure) => Some(format!("{failure:?}")),
            Outcome::NotRun => panic!("the scenario did not end"),
        }
    }

    /// How each scenario ended, in the order of the file: nothing where it passed.
    pub(crate) fn kinds(&self) -> Vec<Option<FailureKind>> {
        let kind = |outcome: &Outcome| match outcome {
            Outcome::Passed => None,
            Outcome::Failed(failure) => Some(failure.kind),
            Outcome::NotRun => panic!("a scenario did not end"),
        };
        let scenarios = self.summary.scenarios();
        scenarios.map(|one| kind(&one.outcome)).collect()
    }

    /// How often an operation was called, as the record has it.
    pub(crate) fn calls(&self, name: &str) -> usize {
        let is_one =
            |event: &&Event| matches!(event, Event::Call { operation, .. } if operation == name);
        self.events.iter().filter(is_one).count()
    }

    /// How often a call of an operation was throttled, and its answer lost, before it succeeded.
    pub(crate) fn slowed(&self, name: &str) -> Option<(u32, u32)> {
        self.events.iter().find_map(|event| match event {
            Event::Slowed {
                operation,
                throttled,
                unanswered,
                ..
            } if operation == name => Some((*throttled, *unanswered)),
            _ => None,
        })
    }
}
