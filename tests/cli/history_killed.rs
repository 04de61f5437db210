//! Runs that were killed: the next run takes them into the history.

use std::fs;
use std::time::{Duration, Instant};

use super::command::{Place, Started};
use super::history::FEATURE;

/// A scenario that is in the middle of it for a minute.
const WAITS: &str = "\
Feature: Waits
  Scenario: No other mail comes
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 20 seconds
    And Ada receives no mail within 60 seconds
";

/// How long a test waits for something that takes a second.
const PATIENCE: Duration = Duration::from_mins(1);

/// Starts a run, waits until it is in the middle of its last step, and says its id.
fn start(place: &Place) -> (Started, String) {
    let run = place.start(&["run", "waits.feature"]);
    let began = Instant::now();
    loop {
        let folders = fs::read_dir(place.path(".reverify/runs"));
        let runs = folders.into_iter().flatten().map(|run| run.unwrap());
        for folder in runs {
            let record = fs::read_to_string(folder.path().join("run.jsonl")).unwrap_or_default();
            if record.contains("receives no mail within 60 seconds") {
                return (run, folder.file_name().into_string().unwrap());
            }
        }
        assert!(
            began.elapsed() < PATIENCE,
            "the run did not come to its last step"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_run_that_was_killed_is_in_the_history_of_the_next_and_one_that_is_alive_is_not() {
    let place = Place::new()
        .with("mail.feature", FEATURE)
        .with("waits.feature", WAITS);
    let (mut waiting, id) = start(&place);
    let next = |more: &[&str]| place.run(&[&["run", "mail.feature:2"], more].concat());
    let runs = || place.run(&["history"]).stdout.lines().count() - 1;

    let beside = next(&[]);
    beside.assert(0, &["1 passed"]);
    assert!(!beside.stderr.contains("History"), "{}", beside.stderr);
    assert_eq!(runs(), 1);

    waiting.kill();
    let said = format!("History took in 1 run that it did not have: {id} (killed)");
    // It can be compared with at once.
    next(&["--compare-to", &id]).assert(0, &[&said, "1 passed"]);
    let list = place.run(&["history"]);
    list.assert(0, &[]);
    let killed = list.stdout.lines().find(|line| line.contains(&id)).unwrap();
    assert!(
        killed.contains("1 not run") && killed.contains("cut"),
        "{killed}"
    );
    assert_eq!(runs(), 3);

    // What cannot be taken in is said, and changes nothing for the run.
    let damaged = place.path(".reverify/runs/damaged");
    fs::create_dir(&damaged).unwrap();
    fs::write(damaged.join("run.jsonl"), "nonsense\nnonsense\n").unwrap();
    let again = next(&[]);
    again.assert(
        0,
        &["History left out 1 record: `reverify history import` says why"],
    );
    assert!(!again.stderr.contains("took in"), "{}", again.stderr);
    let without = next(&["--no-record"]);
    assert!(!without.stderr.contains("History"), "{}", without.stderr);
    assert_eq!(runs(), 4);
}
