//! Runs: what is said, what is kept, how they end.

use std::io::BufReader;

use nix::sys::signal::Signal;
use reverify::record::{Event, RunSummary, read_entries};
use reverify::suite::Suite;

use super::command::Place;

/// The second scenario waits for a mail that nobody sends.
const WAITING: &str = "\
Feature: Waiting
  Scenario: Short
    Given a new user Ada
  Scenario: Long
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    And Ada receives a verification mail within 60 seconds
";

fn record(place: &Place) -> Vec<reverify::record::Entry> {
    let mut runs = std::fs::read_dir(place.path(".reverify/runs")).unwrap();
    let path = runs.next().unwrap().unwrap().path().join("run.jsonl");
    read_entries(BufReader::new(std::fs::File::open(path).unwrap())).unwrap()
}

#[test]
fn the_shipped_scenarios_pass_in_an_empty_folder() {
    let place = Place::new();
    let plan = Suite::shipped().plan().unwrap();
    let planned = plan.scenarios().iter().filter(|one| one.mails == 1);
    let count = planned.count();
    let ended = place.run(&["run", "--tags", "@mails:1"]);
    let all = format!("{count}/{count} scenarios run: {count} passed");
    ended.assert(0, &["PASS", &all, "delivery p50"]);
    assert_eq!(ended.stdout, "");
    let entries = record(&place);
    let summary = RunSummary::of(&entries);
    assert_eq!(
        (summary.passed(), summary.deliveries().len()),
        (count, count)
    );
    assert!(entries.iter().zip(1..).all(|(entry, seq)| entry.seq == seq));
}

#[test]
fn no_password_and_no_code_is_kept() {
    let place = Place::new();
    place.run(&["run", "-n", "The mail arrives"]).assert(0, &[]);
    let mut runs = std::fs::read_dir(place.path(".reverify/runs")).unwrap();
    let folder = runs.next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(folder.join("run.jsonl")).unwrap();
    assert!(text.contains("••••"), "the code's mask is there");
    let run = folder.file_name().unwrap().to_str().unwrap();
    assert_eq!(lone_codes(&text.replace(run, "RUN")), Vec::<String>::new());
    assert!(
        !text.contains("aA1!"),
        "every password of a scenario ends so"
    );
    assert!(!text.contains("eyJ"), "a token begins so");
}

/// Runs of exactly six digits that stand alone, as a code does.
fn lone_codes(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-');
    let codes = words.filter(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()));
    codes.map(str::to_owned).collect()
}

#[test]
fn a_missing_mail_is_shown_with_line_facts_and_command() {
    let place = Place::new().with(
        "waiting.feature",
        &WAITING.replace("60 seconds", "0.3 seconds"),
    );
    let ended = place.run(&["run", "waiting.feature"]);
    ended.assert(
        100,
        &[
            "FAIL",
            "waiting.feature:4  Long",
            "8 |   Then Ada receives a verification mail within 10 seconds",
            "9 |   And Ada receives a verification mail within 0.3 seconds",
            "^ no further message to ada.",
            "SignUp said that the code goes by EMAIL to a***@m***",
            "request id ",
            "again  reverify run waiting.feature:4",
            "2/2 scenarios run: 1 passed, 1 failed",
        ],
    );
    // The command that it names does the same again.
    let again = place.run(&["run", "waiting.feature:4"]);
    again.assert(100, &["1/1 scenarios run: 0 passed, 1 failed"]);
}

#[test]
fn time_limits_end_a_scenario_and_a_run() {
    let place = Place::new().with("waiting.feature", WAITING);
    let cases = [
        (
            "--step-timeout",
            "the step took longer than its limit of 1 s",
        ),
        (
            "--scenario-timeout",
            "the scenario took longer than its limit of 1 s",
        ),
        ("--run-timeout", "the run took longer than its limit of 1 s"),
    ];
    for (flag, said) in cases {
        let ended = place.run(&["run", "waiting.feature:4", flag, "1s"]);
        ended.assert(100, &[said, "0 passed, 1 failed"]);
    }
}

#[test]
fn ctrl_c_cleans_up_and_reports() {
    let place = Place::new().with("waiting.feature", WAITING);
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let mut started = place.start(&["run", "waiting.feature", "--state-dir", "state"]);
        started.until("PASS");
        started.signal(signal);
        let ended = started.end();
        let said = "Ending the run ends, and its users are deleted; a second signal leaves them";
        ended.assert(code, &[said, "INTERRUPTED", "1 passed, 1 interrupted"]);
        let runs = std::fs::read_dir(place.path("state/runs")).unwrap();
        let path = runs.last().unwrap().unwrap().path().join("run.jsonl");
        let entries = read_entries(BufReader::new(std::fs::File::open(path).unwrap())).unwrap();
        let last = entries.last().map(|entry| &entry.event);
        assert!(matches!(last, Some(Event::RunFinished { .. })), "{last:?}");
        let left = entries
            .iter()
            .any(|entry| matches!(entry.event, Event::LeftBehind { .. }));
        assert!(!left, "something was left behind");
        std::fs::remove_dir_all(place.path("state")).unwrap();
    }
}

#[test]
fn fail_fast_leaves_the_rest_out() {
    let mut text = "Feature: A\n".to_owned();
    for name in ["First", "Second"] {
        let steps = "    Given a new user Ada\n    Then Ada is CONFIRMED\n";
        text = format!("{text}  Scenario: {name}\n{steps}");
    }
    let place = Place::new().with("a.feature", &text);
    let ended = place.run(&["run", "a.feature", "--jobs", "1", "--fail-fast"]);
    ended.assert(105, &["1/2 scenarios run", "1 broken", "1 not run"]);
}

#[test]
fn list_names_what_run_would_run() {
    let place = Place::new();
    let listed = place.run(&["list", "-n", "Five rounds"]);
    assert_eq!(
        listed.stdout,
        "features/re_sign_up.feature:81  Five rounds in a row bring five different mails  @mails:5\n"
    );
    let steps = place.run(&["list", "--steps"]);
    assert!(
        steps.stdout.contains("When Ada signs up\n"),
        "{}",
        steps.stdout
    );
    assert_eq!(place.contents(), Vec::<String>::new());
}
