//! `reverify run`: scenarios on the embedded target.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::Rng as _;

use super::args::{Color, RunArgs};
use super::commit::commit;
use super::exit::Exit;
use super::last_failed::last_failed;
use super::signals::{Asked, Signals};
use super::state_dir::StateDir;
use super::status_key::StatusKey;
use super::{problem, selection};
use crate::cognito::Ledger;
use crate::embedded::{Embedded, EmbeddedSettings};
use crate::model::{RunId, SharedClock, SystemClock};
use crate::record::{Failure, FailureKind, PlannedScenario, Recorder, RunSetting, RunSummary};
use crate::report::{Terminal, TerminalOptions};
use crate::steps::Limits;
use crate::suite::{Cancel, Plan, RetryPolicy, ReverifyWorld, Run, RunOptions, Suite};

/// How often the live line is redrawn.
const TICK_MILLISECONDS: u64 = 100;
/// The name of the embedded target, by which its records are known.
const EMBEDDED: &str = "embedded";

type Report = Arc<Mutex<Terminal<io::Stderr>>>;

/// Plans, runs, reports.
pub(super) fn run(args: &RunArgs, color: Color) -> Exit {
    let suite = match selection::suite(&args.selection) {
        Ok(suite) => suite,
        Err(error) => return problem::suite(&error, color),
    };
    let plan = match suite.plan() {
        Ok(plan) => plan,
        Err(error) => return problem::suite(&error, color),
    };
    let plan = match narrowed(plan, args) {
        Ok(plan) => plan,
        Err((error, help, exit)) => {
            problem::say(&error, &help, color);
            return exit;
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(run_plan(&suite, &plan, args, color)),
        Err(error) => {
            problem::say(&format!("no runtime could be started: {error}"), "", color);
            Exit::Internal
        }
    }
}

type Obstacle = (String, String, Exit);

/// What is left to be run. A part of the scenarios may have none; that is no mistake of anybody's.
fn narrowed(plan: Plan, args: &RunArgs) -> Result<Plan, Obstacle> {
    if !args.running.last_failed {
        return Ok(args.running.narrow(plan, |_| true));
    }
    let folder = StateDir::new(&args.state_dir);
    let failed = last_failed(&folder, EMBEDDED).map_err(|error| {
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

async fn run_plan(suite: &Suite<ReverifyWorld>, plan: &Plan, args: &RunArgs, color: Color) -> Exit {
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
    let embedded = match Embedded::start(EmbeddedSettings::shared()) {
        Ok(embedded) => embedded,
        Err(error) => {
            problem::say(&error.to_string(), "", color);
            return Exit::Broken;
        }
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
    let cancel = Cancel::default();
    let run = Run {
        id,
        target: Arc::new(embedded.target()),
        ledger: Arc::new(ledger),
        recorder: recorder.clone(),
        clock,
        options: options(args),
        cancel: cancel.clone(),
        setting: setting(args),
    };
    let (summary, signal) = watch(suite.run(plan, run), &report, &cancel, &mut signals).await;
    let outcome = exit(&summary, signal, args.running.flaky_fails());
    if outcome == Exit::Failed && args.running.flaky_fails() && summary.flaky() > 0 {
        problem::note("--flaky-result fail: scenarios that passed at a later attempt have failed");
    }
    finish(embedded, &recorder, path, outcome, color)
}

/// A name that no other run has, short enough to be read aloud.
pub(super) fn new_run() -> RunId {
    let number = rand::rng().random_range(0..0x0100_0000_u32);
    RunId::new(format!("{number:06x}"))
}

fn options(args: &RunArgs) -> RunOptions {
    RunOptions {
        jobs: usize::from(args.jobs),
        limits: Limits {
            step: args.step_timeout,
            scenario: args.scenario_timeout,
            run: args.run_timeout,
            diagnosis: args.diagnosis_timeout,
        },
        failures_max: args.running.failures_max(),
        retry: args.running.retry(RetryPolicy::default()),
        ..RunOptions::default()
    }
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
fn setting(args: &RunArgs) -> RunSetting {
    let folder = std::env::current_dir().ok();
    RunSetting {
        commit: folder.and_then(|folder| commit(&folder)),
        partition: args.running.partition.map(|part| part.to_string()),
        ..RunSetting::default()
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

/// The worst thing that happened decides.
fn exit(summary: &RunSummary, signal: Option<Exit>, flaky_fails: bool) -> Exit {
    if let Some(signal) = signal {
        return signal;
    }
    let flaky = flaky_fails && summary.flaky() > 0;
    let failed = flaky || summary.failed(FailureKind::Failed) > 0;
    let broken = summary.failed(FailureKind::Broken) > 0 || !summary.left_behind().is_empty();
    // What this target cannot fulfil is nobody's failure.
    let done = summary.passed() + summary.failed(FailureKind::NotApplicable);
    let all_passed = done == summary.scenarios().len();
    if broken && !failed {
        Exit::Broken
    } else if all_passed && !failed {
        Exit::Ok
    } else {
        Exit::Failed
    }
}

/// Stops the target, closes the record, and lets their errors change the exit code.
fn finish(
    embedded: Embedded,
    recorder: &Recorder,
    path: Option<PathBuf>,
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
        exit = if exit == Exit::Ok {
            Exit::ReportNotWritten
        } else {
            exit
        };
    } else if let Some(path) = path {
        // Not worth failing for: the run is over and its result is known.
        let _ = writeln!(io::stderr(), "      Record {}", path.display());
    }
    if let Err(error) = embedded.stop() {
        let help = "this is a bug in reverify; the record shows what was asked of it last";
        problem::say(&error.to_string(), help, color);
        exit = Exit::Internal;
    }
    exit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ScenarioId;
    use crate::record::{Entry, Event, FORMAT, TargetInfo};

    /// A run of one scenario whose attempts ended so.
    fn summary(attempts: Vec<Option<Failure>>) -> RunSummary {
        let id = ScenarioId::new("a.feature", 2);
        let started = Event::RunStarted {
            format: FORMAT,
            run: RunId::new("7f3c"),
            version: "0.1.0".to_owned(),
            target: TargetInfo {
                name: EMBEDDED.to_owned(),
                place: String::new(),
                inbox: String::new(),
            },
            planned: vec![PlannedScenario {
                id: id.clone(),
                feature: "A".to_owned(),
                name: "One".to_owned(),
                tags: Vec::new(),
                mails: 0,
                row: Vec::new(),
            }],
            setting: RunSetting::default(),
        };
        let ends = attempts.into_iter().map(|failure| Event::ScenarioFinished {
            failure,
            took_ms: 1.0,
        });
        let entries = std::iter::once(started).chain(ends).map(|event| Entry {
            seq: 1,
            at: jiff::Timestamp::UNIX_EPOCH,
            elapsed_ms: 0.0,
            scenario: Some(id.clone()),
            attempt: Some(1),
            event,
        });
        RunSummary::of(&entries.collect::<Vec<_>>())
    }

    #[test]
    fn the_worst_that_happened_decides() {
        let failed = || Some(Failure::failed("no mail"));
        let broken = || Some(Failure::broken("no pool"));
        let elsewhere = || Some(Failure::not_applicable("no SES here"));
        let cases = [
            (vec![None], false, Exit::Ok),
            (vec![failed()], false, Exit::Failed),
            (vec![broken()], false, Exit::Broken),
            (vec![elsewhere()], false, Exit::Ok),
            (vec![], false, Exit::Failed),
            (vec![failed(), None], false, Exit::Ok),
            (vec![failed(), None], true, Exit::Failed),
            (vec![broken(), None], true, Exit::Failed),
            (vec![None], true, Exit::Ok),
        ];
        for (attempts, flaky_fails, expected) in cases {
            let summary = summary(attempts.clone());
            assert_eq!(exit(&summary, None, flaky_fails), expected, "{attempts:?}");
        }
    }
}
