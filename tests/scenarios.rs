//! The shipped scenarios on the embedded target, each a test of its own for `cargo test` and
//! `cargo nextest`.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use reverify::cognito::Ledger;
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{RunId, SystemClock};
use reverify::record::{Outcome, PlannedScenario, Recorder, RunSetting, RunSummary};
use reverify::suite::{Cancel, Run, RunOptions, Selection, Suite};

#[expect(clippy::print_stderr, reason = "a test harness talks to a person")]
fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Each has a target of its own, and times of mails are told: one does not slow another down.
    arguments.test_threads = Some(1);
    let plan = match Suite::shipped().plan() {
        Ok(plan) => plan,
        Err(error) => {
            eprintln!("the shipped features cannot be planned: {error:?}");
            return ExitCode::FAILURE;
        }
    };
    let trials = plan.scenarios().iter().cloned().map(|scenario| {
        let name = format!("{} {}", scenario.id, scenario.name);
        Trial::test(name, move || run(&scenario))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn run(scenario: &PlannedScenario) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let embedded = Embedded::start(EmbeddedSettings::shared())?;
    let selection = Selection::all().with_places(vec![scenario.id.clone()]);
    let suite = Suite::shipped().select(selection.with_name(&whole_name(scenario))?);
    let plan = suite.plan()?;
    let run = Run {
        id: RunId::new("test"),
        target: Arc::new(embedded.target()),
        ledger: Arc::new(Ledger::in_memory()?),
        recorder: Recorder::new(Arc::new(SystemClock)),
        clock: Arc::new(SystemClock),
        options: RunOptions::default(),
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let ledger = Arc::clone(&run.ledger);
    let summary = runtime.block_on(suite.run(&plan, run));
    embedded.stop()?;
    check(scenario, &summary)?;
    if ledger.open_rows("embedded")?.is_empty() {
        Ok(())
    } else {
        Err("the ledger has users that were not deleted".into())
    }
}

/// Places choose within their file; the name keeps the other files out.
fn whole_name(scenario: &PlannedScenario) -> String {
    format!("^{}$", regex::escape(&scenario.name))
}

/// The scenario passed, cost what its tag says, and left nothing behind.
fn check(planned: &PlannedScenario, summary: &RunSummary) -> Result<(), Failed> {
    let scenario = summary
        .scenario(&planned.id)
        .ok_or("the scenario was not run")?;
    match &scenario.outcome {
        Outcome::Passed => {}
        Outcome::Failed(failure) => return Err(format!("{failure:#?}").into()),
        Outcome::NotRun => return Err("the scenario did not end".into()),
    }
    if !summary.left_behind().is_empty() {
        return Err(format!("left behind: {:?}", summary.left_behind()).into());
    }
    let (cost, received) = (planned.mails, scenario.deliveries.len());
    if usize::try_from(cost)? == received {
        Ok(())
    } else {
        Err(format!("the tag says @mails:{cost}, and {received} mails were received").into())
    }
}
