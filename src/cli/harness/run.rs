//! Runs the chosen scenarios, and speaks the protocol of Rust's harness meanwhile.

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use libtest_mimic::{Arguments, ColorSetting, Conclusion, Trial};

use super::super::args::Color;
use super::super::exit::Exit;
use super::super::problem;
use super::super::run::new_run;
use super::super::run_state::need;
use super::super::runtime;
use super::super::signals::Signals;
use super::builder::test_name;
use super::outcomes::Outcomes;
use crate::cognito::Ledger;
use crate::embedded::{Embedded, EmbeddedSettings};
use crate::model::{SharedClock, SystemClock};
use crate::record::{Failure, PlannedScenario, Recorder, RunSetting};
use crate::report::ScenarioEndings;
use crate::steps::{HasSession, Limits, Target};
use crate::suite::{Cancel, Plan, Run, RunOptions, Suite};

/// The tests that stand for the scenarios.
pub(super) struct Tests {
    pub(super) arguments: Arguments,
    pub(super) trials: Vec<Trial>,
    pub(super) outcomes: Outcomes,
}

/// Runs a plan on the target, or on an embedded one, and answers the exit code of the process.
pub(super) fn run<W: HasSession>(
    suite: &Suite<W>,
    plan: &Plan,
    tests: Tests,
    target: Option<(Target, Ledger)>,
    limits: Limits,
) -> ExitCode {
    let runtime = match runtime::start() {
        Ok(runtime) => runtime,
        Err(error) => return error.say(Color::Auto).into(),
    };
    let ended = runtime.block_on(on_target(suite, plan, tests, target, limits));
    ended.unwrap_or_else(|(message, exit)| {
        problem::say(&message, "", Color::Auto);
        exit.into()
    })
}

type Obstacle = (String, Exit);

async fn on_target<W: HasSession>(
    suite: &Suite<W>,
    plan: &Plan,
    tests: Tests,
    target: Option<(Target, Ledger)>,
    limits: Limits,
) -> Result<ExitCode, Obstacle> {
    if let Some((target, ledger)) = target {
        return with_tests(suite, plan, tests, (target, ledger), limits).await;
    }
    let embedded = Embedded::start(EmbeddedSettings::shared());
    let embedded = embedded.map_err(|error| (error.to_string(), Exit::Broken))?;
    // Its users end with the process, and so may what is known of them.
    let ledger = Ledger::in_memory().map_err(|error| (error.to_string(), Exit::Internal))?;
    let ended = with_tests(suite, plan, tests, (embedded.target(), ledger), limits).await;
    embedded
        .stop()
        .map_err(|error| (error.to_string(), Exit::Internal))?;
    ended
}

async fn with_tests<W: HasSession>(
    suite: &Suite<W>,
    plan: &Plan,
    tests: Tests,
    (target, ledger): (Target, Ledger),
    limits: Limits,
) -> Result<ExitCode, Obstacle> {
    let unheard = |error: io::Error| {
        (
            format!("signals cannot be listened to: {error}"),
            Exit::Internal,
        )
    };
    let mut signals = Signals::listen().map_err(unheard)?;
    let clock: SharedClock = Arc::new(SystemClock);
    let style = problem::style_of_output(colour(&tests.arguments));
    let mut endings = ScenarioEndings::new(style, again);
    let (outcomes, noted) = (tests.outcomes.clone(), tests.outcomes.clone());
    let recorder = Recorder::new(Arc::clone(&clock)).to_listener(move |entry| {
        if let Some((scenario, outcome)) = endings.entry(entry) {
            noted.note(scenario, outcome);
        }
    });
    let options = RunOptions {
        jobs: tests
            .arguments
            .test_threads
            .unwrap_or(RunOptions::default().jobs),
        limits,
        ..RunOptions::default()
    };
    let id = new_run();
    let need = need(&id, &target, suite.mails_on(plan, &target.ground()), None);
    let alive = ledger.begin_run(&need, &target.budget, clock.now());
    let _alive = alive.map_err(|error| (format!("{error}; {}", error.help()), Exit::Broken))?;
    let open = outcomes.until_dropped();
    let harness = speak(tests, options.jobs).map_err(|error| {
        let message = format!("the system refuses a thread: {error}");
        (message, Exit::Internal)
    })?;
    let cancel = Cancel::default();
    let run = Run {
        id,
        target: Arc::new(target),
        ledger: Arc::new(ledger),
        recorder,
        clock,
        options,
        cancel: cancel.clone(),
        setting: RunSetting::default(),
    };
    let (summary, signal) = watch(suite.run(plan, run), &cancel, &mut signals).await;
    drop(open);
    let conclusion = harness.join();
    let said = conclusion.map_err(|_| ("the test harness panicked".to_owned(), Exit::Internal))?;
    let tested_nothing = summary.applies_nowhere() && !runs_under_nextest();
    let exit = signal.or(tested_nothing.then_some(Exit::NothingSelected));
    Ok(exit.map_or_else(|| said.exit_code(), ExitCode::from))
}

/// Whether each scenario has a process of its own, of which the exit code is all that is seen.
fn runs_under_nextest() -> bool {
    std::env::var_os("NEXTEST").is_some()
}

/// Speaks the protocol on a thread, with a thread for each scenario that runs at once.
fn speak(tests: Tests, jobs: usize) -> io::Result<JoinHandle<Conclusion>> {
    let Tests {
        mut arguments,
        trials,
        ..
    } = tests;
    arguments.test_threads = Some(jobs.max(1));
    let named = thread::Builder::new().name("test harness".to_owned());
    named.spawn(move || libtest_mimic::run(&arguments, trials))
}

/// Waits for the run. The first signal ends it in order, the second at once.
async fn watch<T>(
    run: impl Future<Output = T>,
    cancel: &Cancel,
    signals: &mut Signals,
) -> (T, Option<Exit>) {
    let mut signal = None;
    tokio::pin!(run);
    loop {
        tokio::select! {
            ended = &mut run => return (ended, signal),
            exit = signals.next() => {
                if signal.is_some() {
                    // Asked twice: whatever is not cleaned up stays in the ledger.
                    std::process::exit(i32::from(exit.code()));
                }
                signal = Some(exit);
                cancel.cancel(Failure::interrupted("the run was ended by a signal"));
            }
        }
    }
}

fn colour(arguments: &Arguments) -> Color {
    match arguments.color {
        None | Some(ColorSetting::Auto) => Color::Auto,
        Some(ColorSetting::Always) => Color::Always,
        Some(ColorSetting::Never) => Color::Never,
    }
}

/// The command that runs a scenario again.
fn again(scenario: &PlannedScenario) -> String {
    let process = std::env::args_os().next().unwrap_or_default();
    let file = Path::new(&process).file_stem().unwrap_or_default();
    let target = test_target(&file.to_string_lossy()).to_owned();
    let name = test_name(scenario).replace('\'', r"'\''");
    format!("cargo test --test {target} -- --exact '{name}'")
}

/// Cargo appends a hash of sixteen digits to the name of a test target.
fn test_target(file: &str) -> &str {
    match file.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            name
        }
        _ => file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_target_is_read_from_the_file() {
        let cases = [
            ("verification-0123456789abcdef", "verification"),
            ("sign-up-0123456789abcdef", "sign-up"),
            ("sign-up", "sign-up"),
            ("verification", "verification"),
        ];
        for (file, target) in cases {
            assert_eq!(test_target(file), target);
        }
    }
}
