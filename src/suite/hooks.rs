//! What happens before and after each attempt of a scenario.

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use cucumber::event::{ScenarioFinished, StepError};
use cucumber::gherkin::{Feature, Rule, Scenario};
use cucumber::step::{Collection, Location};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tokio::sync::watch;

use super::endings::{Ending, Endings};
use super::plan::scenario_id;
use super::preflight::{must_apply, steps_of};
use crate::cognito::Ledger;
use crate::model::{RunId, SharedClock};
use crate::record::{Event, Failure, FailureKind, Recorder, millis};
use crate::steps::{HasSession, LateMails, Limits, Setting, StepFailure, Target, is_ours};

/// Longest clean-up of one attempt: a handful of deletions, each with its own time limit.
pub(super) const CLEAN_UP_SECONDS_MAX: u64 = 60;

type Before<W> = Rc<dyn for<'a> Fn(&'a Scenario, &'a mut W) -> LocalBoxFuture<'a, ()>>;
type After<W> =
    Rc<dyn for<'a> Fn(&'a Scenario, Option<&'a Failure>, &'a mut W) -> LocalBoxFuture<'a, ()>>;

/// The user's own hooks. Cucumber has room for one of each kind, and the suite needs it itself.
pub(super) struct OwnHooks<W> {
    /// In the order in which they run.
    pub(super) before: Vec<Before<W>>,
    /// In the reverse of the order in which they run, so that what came first ends last.
    pub(super) after: Vec<After<W>>,
}

impl<W> Default for OwnHooks<W> {
    fn default() -> Self {
        Self {
            before: Vec::new(),
            after: Vec::new(),
        }
    }
}

impl<W> Clone for OwnHooks<W> {
    fn clone(&self) -> Self {
        Self {
            before: self.before.clone(),
            after: self.after.clone(),
        }
    }
}

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
    pub(super) endings: Endings,
}

/// Begins a session, unless the run is to end or the scenario does not apply to the target, then
/// runs the user's own hooks in their order.
pub(super) async fn before<W: HasSession>(
    shared: &Shared,
    own: &OwnHooks<W>,
    steps: &Collection<W>,
    (feature, rule, scenario): (&Feature, Option<&Rule>, &Scenario),
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
    let all = steps_of(feature, rule, scenario);
    if let Err(failure) = must_apply(all, steps, &shared.target) {
        resume_unwind(Box::new(StepFailure(failure)));
    }
    for hook in &own.before {
        let hook = async { hook(scenario, world).await };
        if let Some(failure) = trouble(shared, "before", hook).await {
            resume_unwind(Box::new(StepFailure(failure)));
        }
    }
}

/// Runs the user's own hooks, cleans up and notes how the attempt ended.
pub(super) async fn after<W: HasSession>(
    shared: &Shared,
    own: &OwnHooks<W>,
    feature: &Feature,
    scenario: &Scenario,
    finished: &ScenarioFinished,
    world: Option<&mut W>,
) {
    let mut failure = failure_of(finished);
    let mut of_hook = None;
    let before_failed = matches!(finished, ScenarioFinished::BeforeHookFailed(_));
    let ended_before = failure.as_ref().filter(|_| before_failed);
    let ended_before = ended_before.map(|failure| failure.kind);
    if ended_before == Some(FailureKind::Interrupted) {
        return;
    }
    // Then nothing was set up that the user's own hooks could take down.
    let applies = ended_before != Some(FailureKind::NotApplicable);
    let recorder = shared.recorder.scenario(scenario_id(feature, scenario), 1);
    let mut took = Duration::ZERO;
    if let Some(world) = world {
        for hook in own.after.iter().rev().filter(|_| applies) {
            let hook = async { hook(scenario, failure.as_ref(), world).await };
            of_hook = trouble(shared, "after", hook).await.or(of_hook);
        }
        let session = world.session();
        took = session.took();
        let limit = Duration::from_secs(CLEAN_UP_SECONDS_MAX);
        if tokio::time::timeout(limit, session.finish()).await.is_err() {
            let what = format!("what the scenario made: cleaning up took over {limit:?}");
            recorder.record(Event::LeftBehind { what });
        }
    }
    failure = failure.or_else(|| of_hook.clone());
    let took_ms = millis(took);
    let ending = Ending { failure, took_ms };
    shared.endings.note(scenario_id(feature, scenario), ending);
    if let Some(failure) = of_hook {
        // So that cucumber, too, counts the scenario as failed.
        resume_unwind(Box::new(StepFailure(failure)));
    }
}

/// Runs a hook of the user's to its end or its time limit, and answers what went wrong.
async fn trouble(shared: &Shared, when: &str, hook: impl Future<Output = ()>) -> Option<Failure> {
    let limit = shared.limits.step;
    match tokio::time::timeout(limit, AssertUnwindSafe(hook).catch_unwind()).await {
        Ok(Ok(())) => None,
        Ok(Err(thrown)) => {
            let failure = thrown_failure(thrown.as_ref());
            Some(failure.seen(format!("it was a hook {when} the scenario")))
        }
        Err(_) => Some(Failure::failed(format!(
            "a hook {when} the scenario took longer than the limit of a step, {} s",
            limit.as_secs_f64()
        ))),
    }
}

fn failure_of(finished: &ScenarioFinished) -> Option<Failure> {
    match finished {
        ScenarioFinished::StepPassed => None,
        ScenarioFinished::StepSkipped => Some(Failure::broken("a step is not defined")),
        ScenarioFinished::StepFailed(_, place, error) => Some(step_failure(error, place.as_ref())),
        ScenarioFinished::BeforeHookFailed(thrown) => Some(thrown_failure(thrown.as_ref())),
    }
}

/// What went wrong in a step, ours or the user's.
pub(super) fn step_failure(error: &StepError, place: Option<&Location>) -> Failure {
    let StepError::Panic(thrown) = error else {
        return Failure::broken(error.to_string());
    };
    let failure = thrown_failure(thrown.as_ref());
    match place {
        Some(place) if !is_ours(place) => failure.seen(format!("the step is defined at {place}")),
        _ => failure,
    }
}

/// Our steps throw a [`StepFailure`]; the user's own panic with a text.
fn thrown_failure(thrown: &(dyn Any + Send)) -> Failure {
    if let Some(StepFailure(failure)) = thrown.downcast_ref() {
        return failure.clone();
    }
    let text = thrown.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| thrown.downcast_ref::<&str>().copied());
    Failure::failed(text.unwrap_or("a step panicked without a message"))
}
