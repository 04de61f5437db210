//! Runs a plan.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cucumber::gherkin::Feature;
use cucumber::runner::Basic;
use cucumber::step::Collection;
use cucumber::{Cucumber, Parser, cli, parser};
use futures::stream;
use tokio::sync::watch;

use super::hooks::{self, Shared};
use super::writer::RecordForeignSteps;
use super::{Check, Plan, ReverifyWorld, Selection, Source, SuiteError};
use crate::cognito::Ledger;
use crate::model::{RunId, SharedClock};
use crate::record::{Event, FORMAT, Failure, Recorder, RunSummary, millis};
use crate::steps::{HasSession, LateMails, Limits, Target, register};

/// How a plan is run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// How many scenarios at once.
    pub jobs: usize,
    /// How long things may take.
    pub limits: Limits,
    /// Start no further scenario after one failed.
    pub fail_fast: bool,
}

impl Default for RunOptions {
    /// Sixteen at once: scenarios wait more than they work.
    fn default() -> Self {
        Self {
            jobs: 16,
            limits: Limits::default(),
            fail_fast: false,
        }
    }
}

/// Ends a run early: scenarios that run fail with the reason and clean up, no other starts.
#[derive(Debug, Clone)]
pub struct Cancel(Arc<watch::Sender<Option<Failure>>>);

impl Default for Cancel {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Cancel {
    /// Ends the run. The first reason counts.
    pub fn cancel(&self, reason: Failure) {
        self.0.send_if_modified(|current| {
            let first = current.is_none();
            if first {
                *current = Some(reason);
            }
            first
        });
    }

    /// Whether the run is to end.
    pub fn is_cancelled(&self) -> bool {
        self.0.borrow().is_some()
    }
}

/// Features, steps and a selection, ready to be checked and run.
pub struct Suite<W: HasSession> {
    sources: Vec<Source>,
    selection: Selection,
    steps: Collection<W>,
}

impl Suite<ReverifyWorld> {
    /// The shipped features with the shipped steps.
    pub fn shipped() -> Self {
        Self::of(Source::shipped())
    }

    /// These features with the shipped steps.
    pub fn of(sources: Vec<Source>) -> Self {
        Self::new(sources, Collection::new())
    }
}

impl<W: HasSession> Suite<W> {
    /// Features for a World with steps of its own, to which ours are added.
    pub fn new(sources: Vec<Source>, own_steps: Collection<W>) -> Self {
        Self {
            sources,
            selection: Selection::all(),
            steps: register(own_steps),
        }
    }

    /// Runs a part of the scenarios only.
    #[must_use]
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Parses, selects and checks.
    ///
    /// # Errors
    ///
    /// What is wrong with the features or the selection.
    pub fn plan(&self) -> Result<Plan, SuiteError> {
        Plan::new(&self.sources, &self.selection, &self.steps)
    }

    /// Looks at all features, selected or not, without running anything; `own_tags` are known
    /// beside ours.
    pub fn check(&self, own_tags: &[String]) -> Check {
        Check::new(&self.sources, &self.steps, own_tags)
    }

    /// Runs a plan of this suite and answers how its scenarios ended.
    ///
    /// Everything that happens goes into `recorder`. The future is bound to its thread, as cucumber
    /// is.
    pub async fn run(&self, plan: &Plan, run: Run) -> RunSummary {
        let started = Instant::now();
        let summary = Arc::new(Mutex::new(RunSummary::default()));
        let folding = Arc::clone(&summary);
        let recorder = run.recorder.to_listener(move |entry| {
            let mut summary = folding.lock().unwrap_or_else(PoisonError::into_inner);
            summary.apply(entry);
        });
        recorder.record(Event::RunStarted {
            format: FORMAT,
            run: run.id.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            target: run.target.info(),
            planned: plan.scenarios().to_vec(),
        });
        let late = LateMails::default();
        let shared = Shared {
            run: run.id,
            target: run.target,
            ledger: run.ledger,
            recorder: recorder.clone(),
            late: late.clone(),
            clock: run.clock,
            limits: run.options.limits,
            cancel: run.cancel.0.subscribe(),
        };
        let scenarios = self.cucumber(plan, shared, &run.options);
        end_in_time(scenarios, &run.cancel, run.options.limits.run).await;
        late.record().await;
        let took_ms = millis(started.elapsed());
        recorder.record(Event::RunFinished { took_ms });
        let summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
        summary.clone()
    }

    async fn cucumber(&self, plan: &Plan, shared: Shared, options: &RunOptions) {
        let shared = Arc::new(shared);
        let ending = Arc::clone(&shared);
        let writer = RecordForeignSteps::new(shared.recorder.clone());
        let runner = Basic::default()
            .steps(self.steps.clone())
            .max_concurrent_scenarios(options.jobs.max(1))
            .before(move |feature, _, scenario, world: &mut W| {
                let shared = Arc::clone(&shared);
                Box::pin(async move { hooks::before(&shared, feature, scenario, world) })
            })
            .after(
                move |feature, _, scenario, finished, world: Option<&mut W>| {
                    let shared = Arc::clone(&ending);
                    Box::pin(async move {
                        hooks::after(&shared, feature, scenario, finished, world).await;
                    })
                },
            );
        let runner = if options.fail_fast {
            runner.fail_fast()
        } else {
            runner
        };
        Cucumber::<W, _, (), _, _>::custom(Planned(plan.features()), runner, writer)
            .with_cli(cli::Opts::<_, _, _, cli::Empty>::default())
            .run(())
            .await;
    }
}

/// What a run needs beside its plan.
#[derive(Debug)]
pub struct Run {
    /// Its name.
    pub id: RunId,
    /// What is tested.
    pub target: Arc<Target>,
    /// Where created users are noted.
    pub ledger: Arc<Ledger>,
    /// Where events go.
    pub recorder: Recorder,
    /// The time of day.
    pub clock: SharedClock,
    /// How it is run.
    pub options: RunOptions,
    /// How it is ended early.
    pub cancel: Cancel,
}

/// Cancels the scenarios when the run's time is over, and lets them clean up.
async fn end_in_time(scenarios: impl Future<Output = ()>, cancel: &Cancel, limit: Duration) {
    tokio::pin!(scenarios);
    if tokio::time::timeout(limit, &mut scenarios).await.is_err() {
        let seconds = limit.as_secs_f64();
        let reason = Failure::failed(format!("the run took longer than its limit of {seconds} s"))
            .help("run fewer scenarios, more at once with --jobs, or raise --run-timeout");
        cancel.cancel(reason);
        scenarios.await;
    }
}

/// Hands cucumber what was parsed and selected already.
struct Planned(Vec<Feature>);

impl Parser<()> for Planned {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<Feature>>>;

    fn parse(self, (): (), _: Self::Cli) -> Self::Output {
        stream::iter(self.0.into_iter().map(Ok).collect::<Vec<_>>())
    }
}
