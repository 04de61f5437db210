//! What happens before and after each attempt of a scenario.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use cucumber::event::{ScenarioFinished, StepError};
use cucumber::gherkin::{Feature, Scenario};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tokio::sync::watch;

use super::plan::scenario_id;
use crate::cognito::Ledger;
use crate::model::{RunId, SharedClock};
use crate::record::{Event, Failure, FailureKind, Recorder, millis};
use crate::steps::{HasSession, LateMails, Limits, Setting, StepFailure, Target};

/// Longest clean-up of one attempt: a handful of deletions, each with its own time limit.
const CLEAN_UP_SECONDS_MAX: u64 = 60;

/// What all attempts of a run share.
pub(super) struct Shared {
    pub(super) run: RunId,
    pub(super) target: Arc<Target>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) recorder: Recorder,
    pub(super) late: LateMails,
    pub(super) clock: SharedClock,
    pub(super) limits: Limits,
    pub(super) cancel: watch::Receiver<Option<Failure>>,
}

/// Begins a session, unless the run is to end.
pub(super) fn before<W: HasSession>(
    shared: &Shared,
    feature: &Feature,
    scenario: &Scenario,
    world: &mut W,
) {
    if let Some(failure) = shared.cancel.borrow().clone() {
        // Cucumber has no other way to leave a scenario out.
        resume_unwind(Box::new(StepFailure(failure)));
    }
    let recorder = shared.recorder.scenario(scenario_id(feature, scenario), 1);
    recorder.record(Event::ScenarioStarted);
    world.session().begin(Setting {
        run: shared.run.clone(),
        target: Arc::clone(&shared.target),
        ledger: Arc::clone(&shared.ledger),
        recorder,
        late: shared.late.clone(),
        clock: Arc::clone(&shared.clock),
        random: StdRng::from_os_rng(),
        limits: shared.limits,
        cancel: shared.cancel.clone(),
    });
}

/// Cleans up and records how the attempt ended.
pub(super) async fn after<W: HasSession>(
    shared: &Shared,
    feature: &Feature,
    scenario: &Scenario,
    finished: &ScenarioFinished,
    world: Option<&mut W>,
) {
    let failure = failure_of(finished);
    let never_began = matches!(finished, ScenarioFinished::BeforeHookFailed(_))
        && failure
            .as_ref()
            .is_some_and(|one| one.kind == FailureKind::Interrupted);
    if never_began {
        return;
    }
    let recorder = shared.recorder.scenario(scenario_id(feature, scenario), 1);
    let mut took = Duration::ZERO;
    if let Some(world) = world {
        let session = world.session();
        took = session.took();
        let limit = Duration::from_secs(CLEAN_UP_SECONDS_MAX);
        if tokio::time::timeout(limit, session.finish()).await.is_err() {
            let what = format!("what the scenario made: cleaning up took over {limit:?}");
            recorder.record(Event::LeftBehind { what });
        }
    }
    let took_ms = millis(took);
    recorder.record(Event::ScenarioFinished { failure, took_ms });
}

fn failure_of(finished: &ScenarioFinished) -> Option<Failure> {
    match finished {
        ScenarioFinished::StepPassed => None,
        ScenarioFinished::StepSkipped => Some(Failure::broken("a step is not defined")),
        ScenarioFinished::StepFailed(_, _, StepError::Panic(thrown))
        | ScenarioFinished::BeforeHookFailed(thrown) => Some(thrown_failure(thrown)),
        ScenarioFinished::StepFailed(_, _, error) => Some(Failure::broken(error.to_string())),
    }
}

/// Our steps throw a [`StepFailure`]; the user's own panic with a text.
fn thrown_failure(thrown: &cucumber::event::Info) -> Failure {
    if let Some(StepFailure(failure)) = thrown.downcast_ref() {
        return failure.clone();
    }
    let text = thrown.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| thrown.downcast_ref::<&str>().copied());
    Failure::failed(text.unwrap_or("a step panicked without a message"))
}
