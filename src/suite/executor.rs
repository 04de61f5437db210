//! Runs the attempts of a plan, beside each other and one after another.
//!
//! Cucumber parses features, matches steps and calls them; its runner is not used. It can try a
//! scenario again only after a pause that is always the same, whatever the failure was, and without
//! telling the scenario's hooks which try it is, so that two tries would share an address; it knows
//! no groups, and a scenario that waited for one in a hook would take another's place.

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use cucumber::step::Collection;

use super::RunOptions;
use super::attempt::{self, Ending, Shared};
use super::hooks::OwnHooks;
use super::plan::Case;
use super::schedule::{Capacity, Demand, Schedule, Try};
use crate::record::{Event, Failure, FailureKind, ScenarioRecorder, millis};
use crate::steps::HasSession;

/// The tag of a scenario beside which no other runs.
const TAG_SERIAL: &str = "serial";

/// A plan's scenarios with all that their attempts need.
pub(super) struct Executor<'a, W> {
    pub(super) cases: Vec<Case>,
    pub(super) steps: &'a Collection<W>,
    pub(super) hooks: &'a OwnHooks<W>,
    pub(super) shared: &'a Shared,
    pub(super) options: &'a RunOptions,
}

impl<W: HasSession> Executor<'_, W> {
    /// Runs until every scenario ended, or nothing may start any more and what runs has ended.
    pub(super) async fn run(&self) {
        let mut schedule = self.schedule();
        let mut random = StdRng::from_os_rng();
        let mut running = FuturesUnordered::new();
        let mut cancelled = std::pin::pin!(cancelled(self.shared.cancel.clone()));
        let mut stopped = false;
        loop {
            let now = Instant::now();
            while let Some(next) = schedule.start(now) {
                running.push(self.attempt(next));
            }
            let pause = schedule.next_pause(now);
            if running.is_empty() && pause.is_none() {
                return;
            }
            let pause_ends = async {
                match pause {
                    Some(end) => sleep_until(end).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = &mut cancelled, if !stopped => {
                    stopped = true;
                    schedule.stop();
                }
                Some((ended, ending)) = running.next() => {
                    let outcome = self.end(ended, ending, stopped, &mut random);
                    outcome.tell(&mut schedule, ended);
                }
                () = pause_ends => {}
            }
        }
    }

    fn schedule(&self) -> Schedule {
        let groups = &self.options.groups;
        let demands = self.cases.iter().map(|case| Demand {
            serial: case.planned.tags.iter().any(|tag| tag == TAG_SERIAL),
            groups: groups.of(&case.planned.tags),
        });
        let capacity = Capacity {
            jobs: self.options.jobs,
            groups: groups.limits(),
            failures_max: self.options.failures_max,
        };
        Schedule::new(demands.collect(), capacity)
    }

    async fn attempt(&self, next: Try) -> (Try, Ending) {
        let (recorder, case) = (self.recorder(next), &self.cases[next.scenario]);
        let limits = self.options.limits_of(&case.planned.tags);
        let (shared, hooks, steps) = (self.shared, self.hooks, self.steps);
        let ending = attempt::run(shared, hooks, steps, case, limits, &recorder).await;
        (next, ending)
    }

    fn recorder(&self, of: Try) -> ScenarioRecorder {
        let id = self.cases[of.scenario].planned.id.clone();
        self.shared.recorder.scenario(id, of.attempt)
    }

    /// Records how an attempt ended, and whether another one follows.
    fn end(&self, ended: Try, ending: Ending, stopped: bool, random: &mut StdRng) -> Outcome {
        let recorder = self.recorder(ended);
        let retry = self
            .options
            .retry_of(&self.cases[ended.scenario].planned.tags);
        let Ending {
            mut failure,
            took,
            only_attempt,
        } = ending;
        let outcome = match &failure {
            None => Outcome::Passed,
            Some(failure) if failure.kind == FailureKind::NotApplicable => Outcome::Passed,
            Some(failure) if stopped || !retry.follows(ended.attempt, failure) => Outcome::Failed,
            Some(_) if only_attempt.is_some() => {
                failure = failure
                    .zip(only_attempt)
                    .map(|(failure, why)| failure.seen(why));
                Outcome::Failed
            }
            Some(_) => Outcome::Retry(retry.pause(ended.attempt, random)),
        };
        if let Outcome::Retry(pause) = outcome {
            let after_ms = millis(pause);
            recorder.record(Event::RetryFollows { after_ms });
        }
        recorder.record(Event::ScenarioFinished {
            failure,
            took_ms: millis(took),
        });
        outcome
    }
}

/// What an attempt's end means for those that wait.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    Passed,
    Retry(std::time::Duration),
    Failed,
}

impl Outcome {
    fn tell(self, schedule: &mut Schedule, ended: Try) {
        match self {
            Self::Passed => schedule.passed(ended),
            Self::Retry(pause) => schedule.retry(ended, Instant::now(), pause),
            Self::Failed => schedule.failed(ended),
        }
    }
}

/// Becomes ready when the run is to end.
async fn cancelled(mut cancel: watch::Receiver<Option<Failure>>) {
    if cancel.wait_for(Option::is_some).await.is_err() {
        // Nobody is left who could cancel.
        std::future::pending::<()>().await;
    }
}
