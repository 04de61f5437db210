//! From "the mail is overdue" to the verdict, on the embedded target: `cargo bench --bench diagnosis`.
//!
//! Prints figures and asserts nothing: a machine that is busy with something else is no defect.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement talks to a person, and stops at what it did not expect"
)]

use std::sync::{Arc, Mutex};

use reverify::cognito::Ledger;
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::{RunId, SystemClock};
use reverify::record::{Event, Recorder, RunSetting};
use reverify::suite::{Cancel, Run, RunOptions, Source, Suite};

/// Verdicts that are measured in each case.
const ROUNDS: usize = 100;

/// What is waited for in vain: with the default sender, and with every log of an account of its own.
const CASES: [(&str, &str); 2] = [
    (
        "default sender, no logs kept",
        "Given a user pool that verifies e-mail addresses with a code",
    ),
    (
        "every log kept",
        "Given an AWS account of its own that keeps every log\n    \
         And a user pool that verifies e-mail addresses with a code",
    ),
];

fn main() {
    println!("overdue mail to verdict, embedded target, {ROUNDS} verdicts each:");
    for jobs in [1, 16] {
        for (what, given) in CASES {
            let mut times = measure(given, jobs);
            times.sort_by(f64::total_cmp);
            let at = |percent: usize| times[(times.len() - 1) * percent / 100];
            println!(
                "  {what:<30} {jobs:>2} at once   p50 {:>6.1} ms   p99 {:>6.1} ms   max {:>6.1} ms",
                at(50),
                at(99),
                at(100)
            );
        }
    }
}

fn measure(given: &str, jobs: usize) -> Vec<f64> {
    let scenario = format!(
        "  Scenario: Overdue\n    {given}\n    And the pool does not verify e-mail addresses\n    \
         And a new user Ada\n    When Ada signs up\n    \
         Then Ada receives a verification mail within 0.01 seconds\n"
    );
    let suite = Suite::of(vec![Source {
        path: "overdue.feature".to_owned(),
        text: format!("Feature: Overdue\n{}", scenario.repeat(ROUNDS)).into(),
    }]);
    let times = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&times);
    let recorder = Recorder::new(Arc::new(SystemClock)).to_listener(move |entry| {
        if let Event::Diagnosed { verdict } = &entry.event {
            heard.lock().unwrap().push(verdict.took_ms);
        }
    });
    let embedded = Embedded::start(EmbeddedSettings::shared()).unwrap();
    let run = Run {
        id: RunId::new("bench"),
        target: Arc::new(embedded.target()),
        ledger: Arc::new(Ledger::in_memory().unwrap()),
        recorder,
        clock: Arc::new(SystemClock),
        options: RunOptions {
            jobs,
            ..RunOptions::default()
        },
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .unwrap()
        .block_on(suite.run(&suite.plan().unwrap(), run));
    embedded.stop().unwrap();
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), ROUNDS, "each scenario has a verdict");
    times
}
