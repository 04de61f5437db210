//! `reverify run`: scenarios on one target after another.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::ArgMatches;
use rand::Rng as _;

use super::args::{Color, RunArgs};
use super::commit::commit;
use super::exit::Exit;
use super::last_failed::last_failed;
use super::report_files::Collected;
use super::run_exit::exit;
use super::signals::{Asked as SignalAsked, Signals};
use super::state_dir::StateDir;
use super::status_key::StatusKey;
use super::{history, problem, selection};
use crate::cognito::Ledger;
use crate::config;
use crate::model::{RunId, SharedClock, SystemClock};
use crate::record::{Failure, PlannedScenario, Recorder, RunSetting, RunSummary};
use crate::report::{Terminal, TerminalOptions};
use crate::steps::Limits;
use crate::suite::{Cancel, InvalidSelection, Plan, ReverifyWorld, Run, RunOptions, Suite};
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
    let options = match options(&args, &choice.profile) {
        Ok(options) => options,
        Err(error) => return problem::suite(&error.into(), color),
    };
    if let Err(exit) = history::before_run(&args, color) {
        return exit;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => {
            let mut worst = Exit::Ok;
            for target in &choice.targets {
                let asked = Asked {
                    args: &args,
                    profile: &choice.profile.name,
                    options: &options,
                    target,
                };
                let exit = match narrowed(plan.clone(), &args, &target.name, color) {
                    Ok(plan) => runtime.block_on(run_plan(&suite, &plan, asked, color)),
                    Err(exit) => exit,
                };
                worst = worst.worse(exit);
                if matches!(exit, Exit::Interrupted | Exit::Terminated) {
                    break;
                }
            }
            worst
        }
        Err(error) => {
            problem::say(&format!("no runtime could be started: {error}"), "", color);
            Exit::Internal
        }
    }
}

/// A run that is asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    args: &'a RunArgs,
    profile: &'a str,
    options: &'a RunOptions,
    target: &'a config::Target,
}

/// What is left to be run on a target. A part of the scenarios may have none, which is no mistake of
/// anybody's.
fn narrowed(plan: Plan, args: &RunArgs, target: &str, color: Color) -> Result<Plan, Exit> {
    if !args.running.last_failed {
        return Ok(args.running.narrow(plan, |_| true));
    }
    let nothing = |error: &str, help: &str| {
        problem::say(error, help, color);
        Exit::NothingSelected
    };
    let failed = last_failed(&StateDir::new(&args.state_dir), target);
    let failed = failed
        .map_err(|error| nothing(&error.to_string(), "run without --last-failed to run all"))?;
    let failed_then = |scenario: &PlannedScenario| failed.contains(&scenario.key());
    if !plan.scenarios().iter().any(failed_then) {
        let mut names: Vec<_> = failed.iter().map(String::as_str).collect();
        names.sort_unstable();
        let error = "none of the scenarios that did not pass last is selected, or they are gone";
        return Err(nothing(error, &format!("they were: {}", names.join(", "))));
    }
    Ok(args.running.narrow(plan, failed_then))
}

async fn run_plan(
    suite: &Suite<ReverifyWorld>,
    plan: &Plan,
    asked: Asked<'_>,
    color: Color,
) -> Exit {
    let args = asked.args;
    let id = new_run();
    let (path, ledger, file) = match open_state(args, &id) {
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
    let target = match open_target(asked.target).await {
        Ok(target) => target,
        Err(error) => return problem::target(&error, color),
    };
    let clock: SharedClock = Arc::new(SystemClock);
    let report: Report = Arc::new(Mutex::new(Terminal::new(
        io::stderr(),
        terminal_options(args, color),
    )));
    let listening = Arc::clone(&report);
    let mut recorder = Recorder::new(Arc::clone(&clock)).to_listener(move |entry| {
        listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(entry);
    });
    if let Some(file) = file {
        recorder = recorder.to_file(file);
    }
    let collected = Collected::default();
    if args.reports.are_wanted() {
        recorder = recorder.to_listener(collected.listener());
    }
    let cancel = Cancel::default();
    let run = Run {
        id,
        target: target.target(),
        ledger: Arc::new(ledger),
        recorder: recorder.clone(),
        clock,
        options: asked.options.clone(),
        cancel: cancel.clone(),
        setting: setting(args, asked.profile),
    };
    let (summary, signal) = watch(suite.run(plan, run), &report, &cancel, &mut signals).await;
    let outcome = exit(&summary, signal, args.running.flaky_fails());
    if outcome == Exit::Failed && args.running.flaky_fails() && summary.flaky() > 0 {
        problem::note("--flaky-result fail: scenarios that passed at a later attempt have failed");
    }
    let ended = finish(target, &recorder, path.as_deref(), outcome, color);
    let reported = args.reports.write(&collected, ended, color);
    match path {
        Some(record) => reported.worse(history::after_run(args, &record, color)),
        None => reported,
    }
}

/// A name that no other run has, short enough to be read aloud.
pub(super) fn new_run() -> RunId {
    let number = rand::rng().random_range(0..0x0100_0000_u32);
    RunId::new(format!("{number:06x}"))
}

fn options(args: &RunArgs, profile: &config::Profile) -> Result<RunOptions, InvalidSelection> {
    let mut options = args.running.options(profile)?;
    for one in &mut options.overrides {
        // An argument counts for all scenarios.
        one.step = one
            .step
            .filter(|_| args.step_timeout == profile.step_timeout);
        let of_profile = args.scenario_timeout == profile.scenario_timeout;
        one.scenario = one.scenario.filter(|_| of_profile);
    }
    Ok(RunOptions {
        jobs: usize::from(args.jobs),
        limits: Limits {
            step: args.step_timeout,
            scenario: args.scenario_timeout,
            run: args.run_timeout,
            diagnosis: args.diagnosis_timeout,
        },
        ..options
    })
}

fn terminal_options(args: &RunArgs, color: Color) -> TerminalOptions {
    let usual = TerminalOptions::new(problem::style(color), io::stderr().is_terminal());
    TerminalOptions {
        heartbeat: args.running.heartbeat.unwrap_or(usual.heartbeat),
        slow_after: args.running.slow_after.unwrap_or(usual.slow_after),
        ..usual
    }
}

/// What the record says of how the run was asked for.
fn setting(args: &RunArgs, profile: &str) -> RunSetting {
    let folder = std::env::current_dir().ok();
    RunSetting {
        profile: Some(profile.to_owned()),
        commit: folder.and_then(|folder| commit(&folder)),
        partition: args.running.partition.map(|part| part.to_string()),
    }
}

type State = (Option<PathBuf>, Ledger, Option<File>);

fn open_state(args: &RunArgs, id: &RunId) -> Result<State, String> {
    if args.no_record {
        let ledger = Ledger::in_memory().map_err(|error| error.to_string())?;
        return Ok((None, ledger, None));
    }
    let folder = StateDir::new(&args.state_dir);
    let unwritable = |what: &str, error: &dyn std::fmt::Display| {
        format!(
            "the {what} cannot be written below `{}`: {error}",
            args.state_dir.display()
        )
    };
    let ledger = folder
        .ledger()
        .map_err(|error| unwritable("ledger", &error))?;
    let ledger = Ledger::open(&ledger).map_err(|error| unwritable("ledger", &error))?;
    let (path, file) = folder
        .new_record(id)
        .map_err(|error| unwritable("record", &error))?;
    Ok((Some(path), ledger, Some(file)))
}

/// Waits for the run, redraws the live line, and listens to signals: the first ends the run in
/// order, the second at once.
async fn watch(
    run: impl Future<Output = RunSummary>,
    report: &Report,
    cancel: &Cancel,
    signals: &mut Signals,
) -> (RunSummary, Option<Exit>) {
    let mut tick = tokio::time::interval(Duration::from_millis(TICK_MILLISECONDS));
    let mut signal = None;
    let mut key = StatusKey::listen();
    let report = || report.lock().unwrap_or_else(PoisonError::into_inner);
    tokio::pin!(run);
    loop {
        let asked = tokio::select! {
            summary = &mut run => return (summary, signal),
            _ = tick.tick() => {
                report().tick();
                continue;
            }
            () = key.pressed() => SignalAsked::Status,
            asked = signals.next_of_all() => asked,
        };
        match asked {
            SignalAsked::Status => report().status(),
            SignalAsked::End(exit) if signal.is_some() => {
                // Asked twice: whatever is not cleaned up stays in the ledger.
                std::process::exit(i32::from(exit.code()));
            }
            SignalAsked::End(exit) => {
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
