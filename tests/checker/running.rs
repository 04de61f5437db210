//! Runs by the library: attempts, groups, repetitions, parts.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cucumber::step::{Collection, Context};
use futures::future::LocalBoxFuture;
use reverify::cognito::Ledger;
use reverify::control::{self, Effect, Fault};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{RunId, ScenarioId, SystemClock};
use reverify::record::{Entry, Event, Failure, Outcome, Recorder, RunSetting, RunSummary};
use reverify::steps::{Limits, Target};
use reverify::suite::{
    Backoff, Cancel, Groups, Plan, RetryPolicy, ReverifyWorld, Run, RunOptions, Source, Suite,
};

pub(crate) const SIGN_UP: &str = "\
Feature: Mail
  Scenario: One mail
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 0.5 seconds
";

const AT_ONCE: RetryPolicy = RetryPolicy {
    count: 2,
    backoff: Backoff::Fixed,
    delay: Duration::from_millis(10),
    max_delay: Duration::from_millis(10),
    jitter: false,
};

/// How long the step `a pause` takes.
const PAUSE: Duration = Duration::from_millis(60);

/// A suite of one file whose scenarios may pause, hang or panic.
pub(crate) fn suite(text: &str) -> Suite<ReverifyWorld> {
    let regex = |text: &str| regex::Regex::new(text).unwrap();
    let steps = Collection::new()
        .given(None, regex("^a pause$"), pause)
        .given(None, regex("^a step that hangs$"), hang)
        .given(None, regex("^a step that panics$"), panic);
    let source = Source {
        path: "mail.feature".to_owned(),
        text: text.to_owned().into(),
    };
    Suite::new(vec![source], steps)
}

fn pause(_: &mut ReverifyWorld, _: Context) -> LocalBoxFuture<'_, ()> {
    Box::pin(tokio::time::sleep(PAUSE))
}

fn hang(_: &mut ReverifyWorld, _: Context) -> LocalBoxFuture<'_, ()> {
    Box::pin(std::future::pending())
}

fn panic(_: &mut ReverifyWorld, _: Context) -> LocalBoxFuture<'_, ()> {
    Box::pin(async { panic!("the cart is empty") })
}

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) summary: RunSummary,
    pub(crate) entries: Vec<Entry>,
    ledger: Arc<Ledger>,
}

impl Ran {
    /// One after another, without the moments and the measures.
    fn of_scenario(&self, line: usize) -> Vec<(u32, &Event)> {
        let id = ScenarioId::new("mail.feature", line);
        let own = self
            .entries
            .iter()
            .filter(|one| one.scenario.as_ref() == Some(&id));
        own.map(|one| (one.attempt.unwrap(), &one.event)).collect()
    }

    /// The most scenarios at once whose lines are among these.
    fn at_once(&self, lines: &[usize]) -> usize {
        let (mut running, mut most) = (0_usize, 0);
        for entry in &self.entries {
            let id = entry.scenario.as_ref();
            if !id.is_some_and(|id| lines.contains(&id.line())) {
                continue;
            }
            match entry.event {
                Event::ScenarioStarted => running += 1,
                Event::ScenarioFinished { .. } => running -= 1,
                _ => {}
            }
            most = most.max(running);
        }
        most
    }
}

pub(crate) async fn run(
    suite: &Suite<ReverifyWorld>,
    plan: &Plan,
    id: &str,
    target: Target,
    options: RunOptions,
    cancel: Cancel,
    setting: RunSetting,
) -> Ran {
    let entries = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&entries);
    let recorder = Recorder::new(Arc::new(SystemClock))
        .to_listener(move |entry| kept.lock().unwrap().push(entry.clone()));
    let ledger = Arc::new(Ledger::in_memory().unwrap());
    let run = Run {
        id: RunId::new(id),
        target: Arc::new(target),
        ledger: Arc::clone(&ledger),
        recorder,
        clock: Arc::new(SystemClock),
        options,
        cancel,
        setting,
    };
    let summary = suite.run(plan, run).await;
    let entries = entries.lock().unwrap().clone();
    Ran {
        summary,
        entries,
        ledger,
    }
}

/// Runs a file on an embedded target of its own.
async fn run_alone(text: &str, options: RunOptions) -> Ran {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let suite = suite(text);
    let (plan, target) = (suite.plan().unwrap(), embedded.target());
    let ran = run(
        &suite,
        &plan,
        "test",
        target,
        options,
        Cancel::default(),
        RunSetting::default(),
    );
    let ran = ran.await;
    embedded.stop().unwrap();
    ran
}

#[tokio::test]
async fn a_lost_mail_makes_a_scenario_flaky() {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let control = control::Client::new(&embedded.endpoint()).unwrap();
    let lost = Fault::new(Effect::DiscardMail {}).times(1);
    control.add_fault(&lost).await.unwrap();
    let suite = suite(SIGN_UP);
    // A control experiment would be one mail more.
    let target = Target {
        control_mail: None,
        ..embedded.target()
    };
    let options = RunOptions {
        retry: AT_ONCE,
        ..RunOptions::default()
    };
    let (plan, cancel) = (suite.plan().unwrap(), Cancel::default());
    let setting = RunSetting::default();
    let ran = run(&suite, &plan, "test", target, options, cancel, setting).await;
    embedded.stop().unwrap();

    let scenario = ran.summary.scenarios().next().unwrap();
    assert!(scenario.is_flaky(), "{scenario:?}");
    assert_eq!((scenario.attempts, ran.summary.flaky()), (2, 1));
    assert!(scenario.earlier[0].message.contains("no message to"));
    let events = ran.of_scenario(2);
    let ends: Vec<_> = events
        .iter()
        .filter_map(|(attempt, event)| match event {
            Event::ScenarioStarted => Some((*attempt, "begins")),
            Event::RetryFollows { .. } => Some((*attempt, "another follows")),
            Event::ScenarioFinished { .. } => Some((*attempt, "ends")),
            _ => None,
        })
        .collect();
    let expected = [
        (1, "begins"),
        (1, "another follows"),
        (1, "ends"),
        (2, "begins"),
        (2, "ends"),
    ];
    assert_eq!(ends, expected);
    let addresses: Vec<_> = events
        .iter()
        .filter_map(|(attempt, event)| match event {
            Event::MailMissing { to, .. } | Event::MailArrived { to, .. } => Some((*attempt, to)),
            _ => None,
        })
        .collect();
    assert_eq!(addresses.len(), 2, "{addresses:?}");
    assert!(addresses[0].1.contains(".1@"), "{addresses:?}");
    assert!(addresses[1].1.contains(".2@"), "{addresses:?}");
    assert_eq!(ran.ledger.open_rows("embedded").unwrap().len(), 0);
}

#[tokio::test]
async fn what_never_passes_is_tried_so_often_and_no_more() {
    let text = "Feature: A\n  Scenario: B\n    Given a step that panics\n";
    let options = RunOptions {
        retry: AT_ONCE,
        ..RunOptions::default()
    };
    let ran = run_alone(text, options).await;
    let scenario = ran.summary.scenarios().next().unwrap();
    assert_eq!((scenario.attempts, scenario.earlier.len()), (3, 2));
    let Outcome::Failed(failure) = &scenario.outcome else {
        panic!("{scenario:?}")
    };
    assert_eq!(failure.message, "the cart is empty");
    let place = "it panicked at tests/checker/running.rs:";
    assert!(failure.seen[0].starts_with(place), "{failure:?}");
}

/// Eight scenarios that pause, at the lines 3, 6, and so on, with these tags.
pub(crate) fn pauses(tags: [&str; 8]) -> String {
    let scenario = |(number, tag): (usize, &str)| {
        format!("  @{tag}\n  Scenario: {number}\n    Given a pause\n")
    };
    let scenarios: String = (1..).zip(tags).map(scenario).collect();
    format!("Feature: A\n{scenarios}")
}

#[tokio::test]
async fn a_group_has_a_limit_of_its_own_and_holds_up_nobody() {
    let text = pauses(["one", "one", "one", "a", "a", "a", "a", "a"]);
    let groups = Groups::default()
        .with("mailbox", NonZeroUsize::MIN)
        .with_members("mailbox", "@one")
        .unwrap();
    let options = RunOptions {
        jobs: 3,
        groups,
        ..RunOptions::default()
    };
    let ran = run_alone(&text, options).await;
    assert_eq!(ran.summary.passed(), 8);
    let all: Vec<_> = (0..8).map(|number| 3 + 3 * number).collect();
    assert_eq!(ran.at_once(&all[..3]), 1);
    assert_eq!(ran.at_once(&all), 3);
    let ends = |line: usize| {
        let end = |entry: &Entry| {
            let own = entry.scenario.as_ref().is_some_and(|id| id.line() == line);
            own && matches!(entry.event, Event::ScenarioFinished { .. })
        };
        ran.entries.iter().position(end)
    };
    assert!(
        ends(all[3]) < ends(all[1]),
        "the second of the group held others up"
    );
}

#[tokio::test]
async fn a_serial_scenario_runs_alone() {
    let text = pauses(["a", "a", "serial", "a", "a", "serial", "a", "a"]);
    let ran = run_alone(&text, RunOptions::default()).await;
    assert_eq!(ran.summary.passed(), 8);
    let mut running = BTreeSet::new();
    for entry in &ran.entries {
        let Some(id) = &entry.scenario else { continue };
        match entry.event {
            Event::ScenarioStarted => assert!(running.insert(id.line())),
            Event::ScenarioFinished { .. } => assert!(running.remove(&id.line())),
            _ => {}
        }
        let serial = running.contains(&9) || running.contains(&18);
        assert!(!serial || running.len() == 1, "{running:?}");
    }
}

#[tokio::test]
async fn after_so_many_failures_no_further_scenario_starts() {
    let scenario = "  Scenario: B\n    Given a step that panics\n";
    let text = format!("Feature: A\n{}", scenario.repeat(5));
    let options = RunOptions {
        jobs: 1,
        failures_max: Some(2),
        ..RunOptions::default()
    };
    let ran = run_alone(&text, options).await;
    let run = ran.summary.scenarios().filter(|one| one.attempts > 0);
    assert_eq!((run.count(), ran.summary.not_run()), (2, 3));
}

#[tokio::test]
async fn a_step_of_the_users_own_that_hangs_ends_in_time() {
    let text = "Feature: A\n  Scenario: B\n    Given a step that hangs\n";
    let options = RunOptions {
        limits: Limits {
            step: Duration::from_millis(100),
            ..Limits::default()
        },
        ..RunOptions::default()
    };
    let ran = run_alone(text, options).await;
    let outcome = ran.summary.scenarios().next().unwrap().outcome.clone();
    let Outcome::Failed(failure) = outcome else {
        panic!("{outcome:?}")
    };
    let said = "the step took longer than its limit of 0.1 s";
    assert_eq!(failure.message, said);
    let events = ran.of_scenario(2);
    let took = events.iter().find_map(|(_, event)| match event {
        Event::StepFinished { took_ms, .. } => Some(*took_ms),
        _ => None,
    });
    assert!(took.is_some_and(|took| took >= 100.0), "{took:?}");
}

#[tokio::test]
async fn a_run_that_is_ended_waits_for_no_further_attempt() {
    let text = "Feature: A\n  Scenario: B\n    Given a step that panics\n";
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let suite = suite(text);
    let (plan, cancel) = (suite.plan().unwrap(), Cancel::default());
    let options = RunOptions {
        retry: RetryPolicy {
            delay: Duration::from_hours(1),
            max_delay: Duration::from_hours(1),
            ..AT_ONCE
        },
        ..RunOptions::default()
    };
    // Ended while the next attempt is waited for.
    let ending = cancel.clone();
    let recorder = Recorder::new(Arc::new(SystemClock)).to_listener(move |entry| {
        if matches!(entry.event, Event::RetryFollows { .. }) {
            ending.cancel(Failure::interrupted("the run was ended"));
        }
    });
    let run = Run {
        id: RunId::new("test"),
        target: Arc::new(embedded.target()),
        ledger: Arc::new(Ledger::in_memory().unwrap()),
        recorder,
        clock: Arc::new(SystemClock),
        options,
        cancel,
        setting: RunSetting::default(),
    };
    let summary = tokio::time::timeout(Duration::from_secs(20), suite.run(&plan, run));
    let summary = summary.await.unwrap();
    embedded.stop().unwrap();
    let scenario = summary.scenarios().next().unwrap();
    assert_eq!(scenario.attempts, 1);
    let Outcome::Failed(failure) = &scenario.outcome else {
        panic!("{scenario:?}")
    };
    assert_eq!(failure.message, "the cart is empty");
}
