//! Runs a plan.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cucumber::gherkin::Scenario;
use cucumber::step::Collection;
use futures::future::LocalBoxFuture;
use tokio::sync::watch;

use super::attempt::{CLEAN_UP_SECONDS_MAX, Shared};
use super::executor::Executor;
use super::hooks::OwnHooks;
use super::{Check, Plan, ReverifyWorld, RunOptions, Selection, Source, SuiteError, preflight};
use crate::cognito::Ledger;
use crate::model::{RunId, ScenarioId, SharedClock};
use crate::record::{Event, FORMAT, Failure, Recorder, RunSetting, RunSummary, millis};
use crate::steps::{Ground, HasSession, LateMails, Target, register};

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
}

/// Features, steps and a selection, ready to be checked and run.
pub struct Suite<W: HasSession> {
    sources: Vec<Source>,
    selection: Selection,
    steps: Collection<W>,
    hooks: OwnHooks<W>,
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
            hooks: OwnHooks::default(),
        }
    }

    /// Adds features.
    #[must_use]
    pub fn with_features(mut self, sources: Vec<Source>) -> Self {
        self.sources.extend(sources);
        self
    }

    /// Adds something to do before each scenario, after what was added before.
    ///
    /// The session has begun by then. A hook that panics fails the scenario, and so does one that
    /// takes longer than a step may.
    ///
    /// ```
    /// use reverify::suite::Suite;
    ///
    /// let suite = Suite::shipped()
    ///     .before(|scenario, _| Box::pin(async move { println!("begins: {}", scenario.name) }))
    ///     .after(|_, failure, _| Box::pin(async move { println!("failed: {}", failure.is_some()) }));
    /// assert!(suite.plan().is_ok());
    /// ```
    #[must_use]
    pub fn before(
        mut self,
        hook: impl for<'a> Fn(&'a Scenario, &'a mut W) -> LocalBoxFuture<'a, ()> + 'static,
    ) -> Self {
        self.hooks.before.push(Rc::new(hook));
        self
    }

    /// Adds something to do after each scenario, before what was added before: what was set up
    /// first is taken down last.
    ///
    /// It is told why the scenario failed, if it did. The session's clean-up comes after it.
    #[must_use]
    pub fn after(
        mut self,
        hook: impl for<'a> Fn(&'a Scenario, Option<&'a Failure>, &'a mut W) -> LocalBoxFuture<'a, ()>
        + 'static,
    ) -> Self {
        self.hooks.after.push(Rc::new(hook));
        self
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

    /// What each scenario of a plan lacks that cannot be carried out on a target, in a few words, such
    /// as `needs a pool of its own`. More of them may turn out not to apply once the target's pool is asked.
    ///
    /// ```
    /// use reverify::steps::Ground;
    /// use reverify::suite::Suite;
    ///
    /// let suite = Suite::shipped();
    /// let plan = suite.plan()?;
    /// let staging = Ground {
    ///     target: "staging".to_owned(),
    ///     existing_pool: Some("eu-west-1_AbCdEfGhI".to_owned()),
    ///     is_changeable: false,
    /// };
    /// let lacking = suite.lacking(&plan, &staging);
    /// assert!(!lacking.is_empty() && lacking.len() < plan.scenarios().len());
    /// # Ok::<(), reverify::suite::SuiteError>(())
    /// ```
    pub fn lacking(&self, plan: &Plan, ground: &Ground) -> BTreeMap<ScenarioId, &'static str> {
        if ground.takes_all() {
            return BTreeMap::new();
        }
        let cases = plan.cases().into_iter();
        let lacking = cases.filter_map(|case| {
            let lacks = preflight::lacks(&case.steps, &self.steps, ground)?;
            Some((case.planned.id, lacks))
        });
        lacking.collect()
    }

    /// How many mails a plan makes a target send: what does not apply there sends none.
    pub fn mails_on(&self, plan: &Plan, ground: &Ground) -> u32 {
        let lacking = self.lacking(plan, ground);
        let scenarios = plan.scenarios().iter();
        let applying = scenarios.filter(|one| !lacking.contains_key(&one.id));
        applying.map(|one| one.mails).sum()
    }

    /// Looks at all features, selected or not, without running anything; `own_tags` are known
    /// beside ours.
    pub fn check(&self, own_tags: &[String]) -> Check {
        Check::new(&self.sources, &self.steps, own_tags)
    }

    /// Runs a plan of this suite and answers how its scenarios ended.
    ///
    /// Everything that happens goes into `recorder`. The future is bound to its thread, as
    /// cucumber's steps are.
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
            setting: run.setting,
        });
        let late = LateMails::default();
        let shared = Shared {
            run: run.id,
            target: run.target,
            ledger: run.ledger,
            recorder: recorder.clone(),
            late: late.clone(),
            clock: run.clock,
            cancel: run.cancel.0.subscribe(),
        };
        let executor = Executor {
            cases: plan.cases(),
            steps: &self.steps,
            hooks: &self.hooks,
            shared: &shared,
            options: &run.options,
        };
        end_in_time(
            executor.run(),
            &run.cancel,
            run.options.limits.run,
            &recorder,
        )
        .await;
        late.record().await;
        let took_ms = millis(started.elapsed());
        recorder.record(Event::RunFinished { took_ms });
        let summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
        summary.clone()
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
    /// What the record says of how it was asked for.
    pub setting: RunSetting,
}

/// Cancels the scenarios when the run's time is over, and lets them clean up.
async fn end_in_time(
    scenarios: impl Future<Output = ()>,
    cancel: &Cancel,
    limit: Duration,
    recorder: &Recorder,
) {
    tokio::pin!(scenarios);
    if tokio::time::timeout(limit, &mut scenarios).await.is_err() {
        let seconds = limit.as_secs_f64();
        let reason = Failure::failed(format!("the run took longer than its limit of {seconds} s"))
            .help("run fewer scenarios, more at once with --jobs, or raise --run-timeout");
        cancel.cancel(reason);
        // A hook of the user's own knows nothing of the end, and has a step's time.
        let grace = Duration::from_secs(2 * CLEAN_UP_SECONDS_MAX);
        if tokio::time::timeout(grace, scenarios).await.is_err() {
            recorder.record(Event::LeftBehind {
                what: format!("scenarios that went on for {grace:?} after the run's time limit"),
            });
        }
    }
}
