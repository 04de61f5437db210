//! One try of one scenario, in a World and a session of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cucumber::gherkin::Step;
use cucumber::step::{Collection, Context, Location, Step as StepFunction};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tokio::sync::watch;

use super::hooks::OwnHooks;
use super::panics::caught;
use super::plan::Case;
use super::preflight::must_apply;
use crate::cognito::Ledger;
use crate::model::{RunId, SharedClock};
use crate::record::{Event, Failure, Recorder, ScenarioRecorder, StepOutcome, millis};
use crate::steps::{HasSession, LateMails, Limits, Setting, Target, is_ours};

/// Longest clean-up of one attempt: a handful of deletions, each with its own time limit.
pub(super) const CLEAN_UP_SECONDS_MAX: u64 = 60;

/// What all attempts of a run share.
pub(super) struct Shared {
    pub(super) run: RunId,
    pub(super) target: Arc<Target>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) recorder: Recorder,
    pub(super) late: LateMails,
    pub(super) clock: SharedClock,
    pub(super) cancel: watch::Receiver<Option<Failure>>,
}

/// How an attempt ended.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) failure: Option<Failure>,
    /// Clean-up excluded.
    pub(super) took: Duration,
    /// Why none may follow, if none may.
    pub(super) only_attempt: Option<String>,
}

/// Runs an attempt from its first event to its last but that of its end, clean-up included.
pub(super) async fn run<W: HasSession>(
    shared: &Shared,
    own: &OwnHooks<W>,
    steps: &Collection<W>,
    case: &Case,
    limits: Limits,
    recorder: &ScenarioRecorder,
) -> Ending {
    recorder.record(Event::ScenarioStarted);
    let mut world = match new_world::<W>().await {
        Ok(world) => world,
        Err(failure) => {
            return Ending {
                failure: Some(failure),
                took: Duration::ZERO,
                only_attempt: None,
            };
        }
    };
    world.session().begin(setting(shared, limits, recorder));
    let limit = limits.step;
    let mut failure = must_apply(&case.steps, steps, &shared.target.ground()).err();
    // Where it does not apply nothing is set up, and nothing that the user's own hooks could take down.
    let applies = failure.is_none();
    if applies {
        failure = match own.before(&case.scenario, &mut world, limit).await {
            Ok(()) => all_steps(steps, case, recorder, &mut world).await.err(),
            Err(failure) => Some(failure),
        };
    }
    let took = world.session().took();
    if applies {
        let of_hook = own.after(&case.scenario, failure.as_ref(), &mut world, limit);
        let of_hook = of_hook.await;
        failure = with_hook(failure, of_hook);
    }
    let only_attempt = world.session().bars_another_attempt();
    let limit = Duration::from_secs(CLEAN_UP_SECONDS_MAX);
    let clean_up = world.session().finish();
    if tokio::time::timeout(limit, clean_up).await.is_err() {
        let what = format!("what the scenario made: cleaning up took over {limit:?}");
        recorder.record(Event::LeftBehind { what });
    }
    Ending {
        failure,
        took,
        only_attempt,
    }
}

/// The scenario's failure, and what became of a hook after it.
fn with_hook(scenario: Option<Failure>, hook: Option<Failure>) -> Option<Failure> {
    match (scenario, hook) {
        (Some(scenario), Some(hook)) => Some(scenario.seen(format!(
            "and a hook after the scenario failed: {}",
            hook.message
        ))),
        (scenario, hook) => scenario.or(hook),
    }
}

fn setting(shared: &Shared, limits: Limits, recorder: &ScenarioRecorder) -> Setting {
    Setting {
        run: shared.run.clone(),
        target: Arc::clone(&shared.target),
        ledger: Arc::clone(&shared.ledger),
        recorder: recorder.clone(),
        late: shared.late.clone(),
        clock: Arc::clone(&shared.clock),
        random: StdRng::from_os_rng(),
        limits,
        cancel: shared.cancel.clone(),
    }
}

async fn new_world<W: HasSession>() -> Result<W, Failure> {
    let mut made = None;
    caught(async { made = Some(W::new().await) }).await?;
    let unmade = |why: &str| Failure::broken(format!("the World could not be made: {why}"));
    match made {
        Some(Ok(world)) => Ok(world),
        Some(Err(error)) => Err(unmade(&error.to_string())),
        None => Err(unmade("it gave none")),
    }
}

async fn all_steps<W: HasSession>(
    steps: &Collection<W>,
    case: &Case,
    recorder: &ScenarioRecorder,
    world: &mut W,
) -> Result<(), Failure> {
    for step in &case.steps {
        match steps.find(step) {
            Ok(Some((function, _, place, context))) if place.as_ref().is_some_and(is_ours) => {
                // It keeps its time limit and records itself.
                caught(function(world, context)).await?;
            }
            found => {
                let found = found.map(|found| {
                    found.map(|(function, _, place, context)| Foreign {
                        function,
                        place,
                        context,
                    })
                });
                foreign_step(
                    step,
                    recorder,
                    world,
                    found.map_err(|error| error.to_string()),
                )
                .await?;
            }
        }
    }
    // What the last lines presumed was checked by no step after them.
    world.session().check_premises()
}

/// A step of the user's own.
struct Foreign<'a, W> {
    function: &'a StepFunction<W>,
    place: Option<Location>,
    context: Context,
}

/// Runs and records a step that is not ours, or that the plan let through though nobody knows it.
async fn foreign_step<W: HasSession>(
    step: &Step,
    recorder: &ScenarioRecorder,
    world: &mut W,
    found: Result<Option<Foreign<'_, W>>, String>,
) -> Result<(), Failure> {
    let line = step.position.line;
    let text = format!("{} {}", step.keyword.trim(), step.value);
    recorder.record(Event::StepStarted {
        line,
        text: text.clone(),
    });
    let started = Instant::now();
    let result = match (world.session().begin_step(step.ty), found) {
        (Err(failure), _) => Err(failure),
        (Ok(()), Ok(Some(foreign))) => in_time(world, foreign).await,
        (Ok(()), Ok(None)) => Err(Failure::broken("the step is not defined")),
        (Ok(()), Err(ambiguous)) => Err(Failure::broken(ambiguous)),
    };
    let outcome = match &result {
        Ok(()) => StepOutcome::Passed,
        Err(failure) => StepOutcome::Failed {
            failure: failure.clone(),
        },
    };
    recorder.record(Event::StepFinished {
        line,
        text,
        outcome,
        took_ms: millis(started.elapsed()),
    });
    result
}

/// The limits of our own steps hold for the user's, too: one that hangs would keep the run from
/// ending.
async fn in_time<W: HasSession>(world: &mut W, foreign: Foreign<'_, W>) -> Result<(), Failure> {
    let (deadline, whose) = world.session().time_left()?;
    let cancelled = world.session().cancelled();
    let Foreign {
        function,
        place,
        context,
    } = foreign;
    let result = tokio::select! {
        biased;
        failure = cancelled => Err(failure),
        result = caught(function(world, context)) => result,
        () = tokio::time::sleep_until(deadline) => Err(whose.exceeded()),
    };
    result.map_err(|failure| match place {
        Some(place) => failure.seen(format!("the step is defined at {place}")),
        None => failure,
    })
}
