//! Hooks of the user's own that panic or hang: the scenario fails and says why, and is cleaned up.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use reverify::cognito::Ledger;
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{RunId, SystemClock};
use reverify::record::{Outcome, Recorder, RunSetting};
use reverify::steps::Limits;
use reverify::suite::{Cancel, ReverifyWorld, Run, RunOptions, Source, Suite};

const FEATURE: &str = "
Feature: Hooks
  Scenario: One
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
";

/// Longer than any step of the scenario takes, and not long to wait for.
const STEP_LIMIT: Duration = Duration::from_secs(1);

type Wrapped = fn(Suite<ReverifyWorld>) -> Suite<ReverifyWorld>;

/// Why the scenario failed, as one line.
async fn failure(embedded: &Embedded, hooked: Wrapped) -> String {
    let suite = hooked(Suite::of(vec![Source {
        path: "hooks.feature".to_owned(),
        text: FEATURE.into(),
    }]));
    let plan = suite.plan().unwrap();
    let ledger = Arc::new(Ledger::in_memory().unwrap());
    let limits = Limits {
        step: STEP_LIMIT,
        ..Limits::default()
    };
    let run = Run {
        id: RunId::new("test"),
        target: Arc::new(embedded.target()),
        ledger: Arc::clone(&ledger),
        recorder: Recorder::new(Arc::new(SystemClock)),
        clock: Arc::new(SystemClock),
        options: RunOptions {
            limits,
            ..RunOptions::default()
        },
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let summary = suite.run(&plan, run).await;
    assert_eq!(ledger.open_rows("embedded").unwrap(), []);
    assert_eq!(summary.left_behind(), Vec::<String>::new());
    match &summary.scenario(&plan.scenarios()[0].id).unwrap().outcome {
        Outcome::Failed(failure) => failure.to_string().replace('\n', "; "),
        other => panic!("{other:?}"),
    }
}

/// A panic without a line on standard error.
fn give_up() {
    resume_unwind(Box::new("the shop is closed".to_owned()));
}

// One endpoint for all, so all are one test.
#[tokio::test]
async fn a_hook_that_panics_or_hangs_fails_its_scenario() {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let cases: [(Wrapped, &str); 5] = [
        (
            |suite| suite.before(|_, _| Box::pin(async { give_up() })),
            "the shop is closed; it was a hook before the scenario",
        ),
        (
            |suite| suite.after(|_, _, _| Box::pin(async { give_up() })),
            "the shop is closed; it was a hook after the scenario",
        ),
        (
            |suite| {
                let before = suite.before(|_, _| Box::pin(async { give_up() }));
                before
                    .after(|_, _, _| Box::pin(async { resume_unwind(Box::new("so is the till")) }))
            },
            "the shop is closed; it was a hook before the scenario; and a hook after the scenario \
             failed: so is the till",
        ),
        (
            |suite| suite.before(|_, _| Box::pin(std::future::pending())),
            "a hook before the scenario took longer than the limit of a step, 1 s",
        ),
        (
            |suite| suite.after(|_, _, _| Box::pin(std::future::pending())),
            "a hook after the scenario took longer than the limit of a step, 1 s",
        ),
    ];
    for (hooked, expected) in cases {
        assert_eq!(failure(&embedded, hooked).await, expected);
    }
    embedded.stop().unwrap();
}
