//! `reverify run`: scenarios on one target after another.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::ArgMatches;
use rand::Rng as _;

use super::args::{Color, RunArgs};
use super::exit::Exit;
use super::last_failed::last_failed;
use super::report_files::Collected;
use super::signals::{Asked, Signals};
use super::state_dir::StateDir;
use super::status_key::StatusKey;
use super::{differences, history, problem, run_exit, run_options, run_state, selection};
use crate::cognito::{BudgetError, CognitoError};
use crate::config::{self, Profile};
use crate::model::{RunId, SharedClock, SystemClock};
use crate::record::{Failure, PlannedScenario, Recorder, RunSummary};
use crate::report::{RunReport, Terminal};
use crate::suite::{Cancel, Plan, ReverifyWorld, Run, RunOptions, Suite};
use crate::targets::{OpenTarget, open_target};

/// How often the live line is redrawn.
const TICK_MILLISECONDS: u64 = 100;

type Report = Arc<Mutex<Terminal<io::Stderr>>>;

/// Plans, runs, reports. `given` tells which arguments were given, and which are only defaults.
pub(super) fn run(mut args: RunArgs, given: Option<&ArgMatches>, color: Color) -> Exit {
    let choice = match args.choice.load() {
        Ok(choice) => choice,
        Err(error) => return problem::config(&error, color),
    };
    args.fill(given, &choice.profile);
    let suite = match selection::suite(&args.selection, &choice.profile) {
        Ok(suite) => suite,
        Err(error) => return problem::suite(&error, color),
    };
    let plan = match suite.plan() {
        Ok(plan) => plan,
        Err(error) => return problem::suite(&error, color),
    };
    if let Err(exit) = history::before_run(&args, color) {
        return exit;
    }
    let options = match run_options::options(&args, &choice.profile) {
        Ok(options) => options,
        Err(error) => return problem::suite(&error.into(), color),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            problem::say(&format!("no runtime could be started: {error}"), "", color);
            return Exit::Internal;
        }
    };
    // One for all runs: only one can read the terminal.
    let mut key = StatusKey::listen();
    let (mut worst, ended) = (Exit::Ok, RefCell::default());
    for target in &choice.targets {
        let order = Order {
            args: &args,
            profile: &choice.profile,
            options: &options,
            target,
            beside_others: choice.targets.len() > 1,
            ended: &ended,
        };
        let exit = match narrowed(plan.clone(), &args, &target.name) {
            Ok(plan) => runtime.block_on(run_plan(&suite, &plan, order, &mut key, color)),
            Err((error, help, exit)) => {
                problem::say(&error, &help, color);
                exit
            }
        };
        worst = worst.worse(exit);
        if matches!(exit, Exit::Interrupted | Exit::Terminated) {
            break;
        }
    }
    if choice.targets.len() > 1 {
        differences::tell(&ended.borrow());
    }
    worst
}

/// A run that is asked for.
#[derive(Clone, Copy)]
struct Order<'a> {
    args: &'a RunArgs,
    profile: &'a Profile,
    options: &'a RunOptions,
    target: &'a config::Target,
    /// Whether it is one of several, whose reports must not replace each other.
    beside_others: bool,
    /// The runs that are over, for what they differ in.
    ended: &'a RefCell<Vec<RunReport>>,
}

type Obstacle = (String, String, Exit);

/// What is left to be run. A part of the scenarios may have none; that is no mistake of anybody's.
fn narrowed(plan: Plan, args: &RunArgs, target: &str) -> Result<Plan, Obstacle> {
    if !args.running.last_failed {
        return Ok(args.running.narrow(plan, |_| true));
    }
    let folder = StateDir::new(&args.state_dir);
    let failed = last_failed(&folder, target).map_err(|error| {
        let help = "run without --last-failed to run all";
        (error.to_string(), help.to_owned(), Exit::NothingSelected)
    })?;
    let failed_then = |scenario: &PlannedScenario| failed.contains(&scenario.key());
    if !plan.scenarios().iter().any(failed_then) {
        let mut names: Vec<_> = failed.iter().map(String::as_str).collect();
        names.sort_unstable();
        let error = "none of the scenarios that did not pass last is selected, or they are gone";
        let help = format!("they were: {}", names.join(", "));
        return Err((error.to_owned(), help, Exit::NothingSelected));
    }
    Ok(args.running.narrow(plan, failed_then))
}

async fn run_plan(
    suite: &Suite<ReverifyWorld>,
    plan: &Plan,
    order: Order<'_>,
    key: &mut StatusKey,
    color: Color,
) -> Exit {
    let args = order.args;
    let id = new_run();
    // The users of the embedded target end with the process, and so may what is known of them.
    let ends_with_process = matches!(order.target.kind, config::TargetKind::Embedded { .. });
    let (path, ledger, file) = match run_state::open(args, &id, ends_with_process) {
        Ok(state) => state,
        Err(error) => {
            let help = "choose another folder with --state-dir, or keep no record with --no-record";
            problem::say(&error, help, color);
            return Exit::ReportNotWritten;
        }
    };
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            problem::say(
                &format!("signals cannot be listened to: {error}"),
                "",
                color,
            );
            return Exit::Internal;
        }
    };
    let target = match open_target(order.target).await {
        Ok(target) => target,
        Err(error) => return problem::target(&error, color),
    };
    let clock: SharedClock = Arc::new(SystemClock);
    let (tested, ledger) = (target.target(), Arc::new(ledger));
    let need = run_state::need(&id, &tested, plan, args.running.partition);
    // Until the end of the run: others leave its users and its part of the mails alone.
    let begun = ledger.begin_run(&need, &tested.budget, clock.now());
    let _alive = match begun {
        Ok(alive) => alive,
        Err(error) => {
            let help = budget_help(&error, target.unknown_sender());
            problem::say(&error.to_string(), &help, color);
            return Exit::Broken;
        }
    };
    let (recorder, report, collected) = listened(order, Arc::clone(&clock), file, color);
    let cancel = Cancel::default();
    let run = Run {
        id,
        target: tested,
        ledger,
        recorder: recorder.clone(),
        clock,
        options: order.options.clone(),
        cancel: cancel.clone(),
        setting: run_options::setting(args, order.profile),
    };
    let asked = (&mut signals, key);
    let (summary, signal) = watch(suite.run(plan, run), &report, &cancel, asked).await;
    let flaky_fails = args.running.flaky_fails(order.profile.flaky_result);
    let outcome = run_exit::exit(&summary, signal, flaky_fails);
    if outcome == Exit::Failed && flaky_fails && summary.flaky() > 0 {
        problem::note("--flaky-result fail: scenarios that passed at a later attempt have failed");
    }
    let ended = finish(target, &recorder, path.as_deref(), outcome, color);
    let reported = reported(order, &collected, ended, color);
    match path {
        Some(record) => reported.worse(history::after_run(args, &record, color)),
        None => reported,
    }
}

/// What to do about a run that does not fit, and why its budget is as it is.
fn budget_help(error: &BudgetError, unknown_sender: Option<&CognitoError>) -> String {
    match unknown_sender {
        Some(unknown) if matches!(error, BudgetError::Day { .. }) => format!(
            "{}; who mails for the pool could not be found out, so that Cognito's own sender is \
             assumed: {unknown}",
            error.help()
        ),
        _ => error.help().to_owned(),
    }
}

/// Writes the reports of a run that is over, and keeps the run for what others differ in.
fn reported(order: Order<'_>, collected: &Collected, ended: Exit, color: Color) -> Exit {
    let Some(report) = collected.report() else {
        return ended;
    };
    let args = order.args;
    let reports = if order.beside_others {
        args.reports.of_target(&order.target.name)
    } else {
        args.reports.clone()
    };
    let reported = reports.write(&report, &StateDir::new(&args.state_dir), ended, color);
    order.ended.borrow_mut().push(report);
    reported
}

/// A recorder, and who listens to it: the terminal, the record on disk, the reports of the end.
fn listened(
    order: Order<'_>,
    clock: SharedClock,
    file: Option<File>,
    color: Color,
) -> (Recorder, Report, Collected) {
    let options = run_options::terminal(order.args, order.profile, color);
    let report: Report = Arc::new(Mutex::new(Terminal::new(io::stderr(), options)));
    let listening = Arc::clone(&report);
    let mut recorder = Recorder::new(clock).to_listener(move |entry| {
        listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(entry);
    });
    if let Some(file) = file {
        recorder = recorder.to_file(file);
    }
    let collected = Collected::default();
    if order.args.reports.are_wanted() || order.beside_others {
        recorder = recorder.to_listener(collected.listener());
    }
    (recorder, report, collected)
}

/// A name that no other run has, short enough to be read aloud.
pub(super) fn new_run() -> RunId {
    let number = rand::rng().random_range(0..0x0100_0000_u32);
    RunId::new(format!("{number:06x}"))
}

/// Waits for the run, redraws the live line, and listens to signals: the first ends the run in
/// order, the second at once.
async fn watch(
    run: impl Future<Output = RunSummary>,
    report: &Report,
    cancel: &Cancel,
    (signals, key): (&mut Signals, &mut StatusKey),
) -> (RunSummary, Option<Exit>) {
    let mut tick = tokio::time::interval(Duration::from_millis(TICK_MILLISECONDS));
    let mut signal = None;
    let report = || report.lock().unwrap_or_else(PoisonError::into_inner);
    tokio::pin!(run);
    loop {
        let asked = tokio::select! {
            summary = &mut run => return (summary, signal),
            _ = tick.tick() => {
                report().tick();
                continue;
            }
            () = key.pressed() => Asked::Status,
            asked = signals.next_of_all() => asked,
        };
        match asked {
            Asked::Status => report().status(),
            Asked::End(exit) if signal.is_some() => {
                // Asked twice: whatever is not cleaned up stays in the ledger.
                std::process::exit(i32::from(exit.code()));
            }
            Asked::End(exit) => {
                signal = Some(exit);
                cancel.cancel(
                    Failure::interrupted("the run was ended by a signal")
                        .help("its users were cleaned up; a second signal would have left them"),
                );
            }
        }
    }
}

/// Stops the target, closes the record, and lets their errors change the exit code.
fn finish(
    target: OpenTarget,
    recorder: &Recorder,
    path: Option<&Path>,
    outcome: Exit,
    color: Color,
) -> Exit {
    let mut exit = outcome;
    if let Err(error) = recorder.finish() {
        let help = "reports of this run cannot be made again; its result stands";
        problem::say(
            &format!("the record could not be written: {error}"),
            help,
            color,
        );
        exit = exit.worse(Exit::ReportNotWritten);
    } else if let Some(path) = path {
        // Not worth failing for: the run is over and its result is known.
        let _ = writeln!(io::stderr(), "      Record {}", path.display());
    }
    if let Err(error) = target.stop() {
        let help = "this is a bug in reverify; the record shows what was asked of it last";
        problem::say(&error.to_string(), help, color);
        exit = Exit::Internal;
    }
    exit
}
