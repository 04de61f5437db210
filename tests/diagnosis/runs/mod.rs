//! Whole runs on the embedded target: the verdicts of its scenarios, as their records keep them.

mod denied;
mod target;
mod two_faults;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use reverify::cognito::Ledger;
use reverify::model::{RunId, ScenarioId, SystemClock};
use reverify::record::{Diagnosed, Event, Outcome, Recorder, RunSetting};
use reverify::suite::{Cancel, Run, RunOptions, Selection, Source, Suite};

/// The path of the scenarios that produce the causes.
const FEATURE: &str = "features/no_second_mail.feature";

/// What a scenario came to.
pub(crate) struct Ended {
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    /// In the order in which the scenario asked.
    pub(crate) verdicts: Vec<Diagnosed>,
}

pub(crate) type Runs = BTreeMap<ScenarioId, Ended>;

/// What AWS denies the diagnosis in a run without logs, and in one without SES.
const LOGS: &[&str] = &["logs:*", "cloudtrail:*"];
const SES: &[&str] = &["ses:*"];

/// The shipped scenarios with nothing denied.
pub(crate) fn with_all_sources() -> &'static Runs {
    static RUNS: OnceLock<Runs> = OnceLock::new();
    RUNS.get_or_init(|| shipped(&[], Vec::new()))
}

/// The same without any log.
pub(crate) fn without_logs() -> &'static Runs {
    static RUNS: OnceLock<Runs> = OnceLock::new();
    RUNS.get_or_init(|| shipped(LOGS, Vec::new()))
}

/// The same without SES.
pub(crate) fn without_ses() -> &'static Runs {
    static RUNS: OnceLock<Runs> = OnceLock::new();
    RUNS.get_or_init(|| shipped(SES, Vec::new()))
}

/// The shipped scenarios at these places, or all, while AWS denies the diagnosis these actions.
pub(crate) fn shipped(denied: &[&str], places: Vec<ScenarioId>) -> Runs {
    let mut sources = Source::shipped();
    sources.retain(|source| source.path == FEATURE);
    run(sources, Selection::all().with_places(places), denied)
}

/// Runs scenarios while AWS denies the diagnosis these actions, and nobody else.
pub(crate) fn run(sources: Vec<Source>, selection: Selection, denied: &[&str]) -> Runs {
    // The scenarios of a run go on side by side already; two runs at once would only make their time
    // limits tight.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let suite = Suite::of(sources).select(selection);
    let plan = suite.plan().unwrap();
    let told: Arc<Mutex<BTreeMap<ScenarioId, Vec<Diagnosed>>>> = Arc::default();
    let heard = Arc::clone(&told);
    let recorder = Recorder::new(Arc::new(SystemClock)).to_listener(move |entry| {
        if let (Event::Diagnosed { verdict }, Some(id)) = (&entry.event, &entry.scenario) {
            let mut told = heard.lock().unwrap();
            told.entry(id.clone())
                .or_default()
                .push((**verdict).clone());
        }
    });
    let summary = runtime.block_on(async {
        let (embedded, target) = target::denying(denied).await;
        let run = Run {
            id: RunId::new("test"),
            target: Arc::new(target),
            ledger: Arc::new(Ledger::in_memory().unwrap()),
            recorder,
            clock: Arc::new(SystemClock),
            options: RunOptions::default(),
            cancel: Cancel::default(),
            setting: RunSetting::default(),
        };
        let summary = suite.run(&plan, run).await;
        embedded.stop().unwrap();
        summary
    });
    let mut told = told.lock().unwrap();
    let ended = plan.scenarios().iter().map(|planned| {
        let ended = Ended {
            name: planned.name.clone(),
            outcome: summary.scenario(&planned.id).unwrap().outcome.clone(),
            verdicts: told.remove(&planned.id).unwrap_or_default(),
        };
        (planned.id.clone(), ended)
    });
    ended.collect()
}

/// How sure a verdict is of a cause, as records word it; without a word, what would tell could not be
/// looked at.
pub(crate) fn standing<'a>(verdict: &'a Diagnosed, id: &str) -> Option<&'a str> {
    let told = verdict.causes.iter().find(|cause| cause.id == id);
    let excluded = verdict.ruled_out.iter().any(|cause| cause.id == id);
    told.map(|cause| cause.confidence.as_str())
        .or(excluded.then_some("ruled out"))
}

/// The causes of which a verdict is certain, in its order.
pub(crate) fn certain(verdict: &Diagnosed) -> Vec<&str> {
    let causes = verdict.causes.iter();
    let certain = causes.filter(|cause| cause.confidence == "certain");
    certain.map(|cause| cause.id.as_str()).collect()
}
