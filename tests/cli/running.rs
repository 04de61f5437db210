//! How scenarios are run: again, until when, which of them, and what is said meanwhile.

use std::fs::File;
use std::io::{BufReader, Write as _};

use nix::sys::signal::Signal;
use reverify::record::{Entry, Event, RunSetting, RunSummary, read_entries};

use super::command::{Place, Started};

/// A step before its time: the scenario cannot be carried out.
const BROKEN: &str = "    Given a new user Ada\n    Then Ada is CONFIRMED\n";
const FINE: &str = "    Given a new user Ada\n";
/// No mail comes, and the time is long enough to ask in.
const NEVER: &str = "    Given a user pool that verifies e-mail addresses with a code
    And the pool does not verify e-mail addresses
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
";

/// A folder with `a.feature`, whose scenarios have these names and steps.
fn place(scenarios: &[(&str, &str)]) -> Place {
    Place::new().with("a.feature", &feature(scenarios))
}

fn feature(scenarios: &[(&str, &str)]) -> String {
    let text = |(name, steps): &(&str, &str)| format!("  Scenario: {name}\n{steps}");
    let scenarios: String = scenarios.iter().map(text).collect();
    format!("Feature: A\n{scenarios}")
}

/// All records below a folder, the earliest first.
fn records(place: &Place, state: &str) -> Vec<Vec<Entry>> {
    let runs = std::fs::read_dir(place.path(state).join("runs")).unwrap();
    let read = |run: std::io::Result<std::fs::DirEntry>| {
        let file = File::open(run.unwrap().path().join("run.jsonl")).unwrap();
        read_entries(BufReader::new(file)).unwrap()
    };
    let mut records: Vec<_> = runs.map(read).collect();
    records.sort_by_key(|entries| entries[0].at);
    records
}

fn setting(record: &[Entry]) -> RunSetting {
    match &record[0].event {
        Event::RunStarted { setting, .. } => setting.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_scenario_that_does_not_pass_is_tried_again() {
    let place = place(&[("Bad", BROKEN), ("Good", FINE)]);
    let ended = place.run(&[
        "run",
        "--retries",
        "2",
        "--retry-delay",
        "10ms",
        "a.feature",
    ]);
    let said = [
        "TRY 1 BROKEN [",
        "TRY 2 BROKEN [",
        "next attempt in ",
        "TRY 3 BROKEN [",
        "--- TRY 3 BROKEN a.feature:2",
        "        PASS [",
        "2/2 scenarios run: 1 passed, 1 broken",
    ];
    ended.assert(105, &said);
    let records = records(&place, ".reverify");
    let summary = RunSummary::of(&records[0]);
    let attempts: Vec<_> = summary.scenarios().map(|one| one.attempts).collect();
    assert_eq!(attempts, [3, 1]);
}

#[test]
fn enough_failures_end_a_run() {
    let place = place(&[("A", BROKEN), ("B", BROKEN), ("C", BROKEN), ("D", BROKEN)]);
    let ended = place.run(&["run", "-j", "1", "--max-fail", "2", "a.feature"]);
    ended.assert(105, &["2/4 scenarios run", "2 broken", "2 not run"]);
}

#[test]
fn what_did_not_pass_last_is_run_again() {
    let place = place(&[("Bad", BROKEN), ("Good", FINE)]);
    let again = ["run", "--last-failed", "a.feature"];
    let nothing = place.run(&again);
    nothing.assert(
        4,
        &["error: no run on embedded has left a record in `.reverify`"],
    );
    place.run(&["run", "a.feature"]).assert(105, &[]);
    // Lines move when a file is edited.
    let edited = feature(&[("New", FINE), ("Good", FINE), ("Bad", FINE)]);
    std::fs::write(place.path("a.feature"), edited).unwrap();
    place
        .run(&again)
        .assert(0, &["1/1 scenarios run: 1 passed", "a.feature:6"]);
    let ended = place.run(&again);
    ended.assert(
        4,
        &[
            "error: every scenario of the last run on embedded, ",
            "passed",
        ],
    );
}

#[test]
fn last_failed_says_when_its_scenarios_are_not_selected() {
    let place = place(&[("Bad", BROKEN), ("Good", FINE)]);
    place.run(&["run", "a.feature"]).assert(105, &[]);
    let ended = place.run(&["run", "--last-failed", "a.feature", "-n", "Good"]);
    let said = [
        "none of the scenarios that did not pass last",
        "they were: a.feature: Bad",
    ];
    ended.assert(4, &said);
    // A part without a scenario passes, and does not make what failed forgotten.
    let none = ["run", "a.feature:2", "--partition", "slice:2/2"];
    place.run(&none).assert(0, &["0/0 scenarios run"]);
    let ended = place.run(&["run", "--last-failed", "a.feature"]);
    ended.assert(105, &["1/1 scenarios run", "1 broken"]);
}

#[test]
fn last_failed_says_when_records_cannot_be_used() {
    let place = place(&[("Bad", BROKEN), ("Good", FINE)]);
    let again = ["run", "--last-failed", "a.feature"];
    place.run(&["run", "a.feature"]).assert(105, &[]);
    let runs = place.path(".reverify/runs");
    let run = std::fs::read_dir(&runs).unwrap().next().unwrap().unwrap();
    let record = run.path().join("run.jsonl");
    let text = std::fs::read_to_string(&record).unwrap();
    let lines = text.split_inclusive('\n').enumerate();
    let damaged = lines.map(|(index, line)| if index == 1 { "nonsense\n" } else { line });
    std::fs::write(&record, damaged.collect::<String>()).unwrap();
    let said = ["run.jsonl`: line 2 of the record is not an entry"];
    place.run(&again).assert(94, &said);

    std::fs::remove_dir_all(&runs).unwrap();
    std::fs::write(&runs, "no folder").unwrap();
    let said = ["the records in `.reverify` cannot be listed: Not a directory"];
    place.run(&again).assert(94, &said);
    let said = [
        "`nothing` is no run and no record",
        "help: the records below `.reverify` cannot be listed: Not a directory",
    ];
    place.run(&["report", "nothing"]).assert(94, &said);
}

#[test]
fn repetitions_are_told_apart() {
    let place = place(&[("Good", FINE)]);
    let ended = place.run(&["run", "--repeat", "3", "a.feature"]);
    let said = [
        "a.feature:2#1 ",
        "a.feature:2#3 ",
        "3/3 scenarios run: 3 passed",
    ];
    ended.assert(0, &said);
    let bad = self::place(&[("Bad", BROKEN)]);
    let ended = bad.run(&["run", "--repeat", "2", "a.feature"]);
    ended.assert(105, &["again  reverify run a.feature:2\n", "2 broken"]);
}

#[test]
fn parts_have_every_scenario_once() {
    let names = ["A", "B", "C", "D", "E"];
    let place = place(&names.map(|name| (name, FINE)));
    for (scheme, state) in [("hash", "hashed"), ("slice", "sliced")] {
        for number in 1..=3 {
            let part = format!("{scheme}:{number}/3");
            let arguments = [
                "run",
                "a.feature",
                "--partition",
                &part,
                "--state-dir",
                state,
            ];
            place.run(&arguments).assert(0, &[" passed"]);
        }
        let records = records(&place, state);
        let parts: Vec<_> = records
            .iter()
            .map(|one| setting(one).partition.unwrap())
            .collect();
        assert_eq!(
            parts,
            [1, 2, 3].map(|number| format!("{scheme}:{number}/3"))
        );
        let mut run: Vec<_> = records
            .iter()
            .flat_map(|one| RunSummary::of(one).scenarios().cloned().collect::<Vec<_>>())
            .map(|one| one.planned.name)
            .collect();
        run.sort();
        assert_eq!(run, names);
    }
    // A part may have no scenario: that is no mistake of the machine that runs it.
    let none = place.run(&["run", "a.feature:2", "--partition", "slice:2/2"]);
    none.assert(0, &["0/0 scenarios run: 0 passed"]);
}

#[test]
fn the_record_names_the_commit() {
    let place = place(&[("Good", FINE)]);
    let commit = "0123456789abcdef0123456789abcdef01234567";
    std::fs::create_dir(place.path(".git")).unwrap();
    std::fs::write(place.path(".git/HEAD"), format!("{commit}\n")).unwrap();
    place.run(&["run", "a.feature"]).assert(0, &[]);
    let records = records(&place, ".reverify");
    assert_eq!(setting(&records[0]).commit.as_deref(), Some(commit));
}

#[test]
fn a_signal_asks_what_is_waited_for() {
    let place = place(&[("Short", FINE), ("Long", NEVER)]);
    let mut started = place.start(&["run", "a.feature", "--heartbeat", "50ms"]);
    started.until("     Running 1/2 ended, 1 running, waiting for mail to Ada");
    started.signal(Signal::SIGUSR1);
    let said = started.until("a.feature:4  Long  waiting for mail to Ada, ");
    assert!(said.contains("      Status 1/2 ended, 1 begun\n"), "{said}");
    assert!(said.trim_end().ends_with(" of at most 60.0s"), "{said}");
    started.signal(Signal::SIGINT);
    started.end().assert(130, &["1 passed, 1 interrupted"]);
}

#[test]
fn a_key_asks_what_is_waited_for() {
    let place = place(&[("Long", NEVER)]);
    let terminal = nix::pty::openpty(None, None).unwrap();
    let mut command = place.reverify(&["run", "a.feature", "--slow-after", "300ms"]);
    command.stdin(terminal.slave);
    let mut started = Started::of(command);
    started.until("SLOW [>");
    File::from(terminal.master.try_clone().unwrap())
        .write_all(b"x\nt\n")
        .unwrap();
    started.until("      Status 0/1 ended, 1 begun\n");
    started.signal(Signal::SIGINT);
    started.end().assert(130, &["1 interrupted"]);
}

#[test]
fn a_slow_scenario_is_marked_and_silence_is_broken() {
    let never = NEVER.replace("60 seconds", "0.8 seconds");
    let place = place(&[("Long", &never)]);
    let asked = ["--slow-after", "200ms", "--heartbeat", "250ms"];
    let ended = place.run(&[&["run", "a.feature"][..], &asked].concat());
    let said = [
        "        SLOW [>",
        "     Running 0/1 ended, 1 running, waiting for ",
        "1/1 scenarios run: 0 passed (1 slow), 1 failed",
    ];
    ended.assert(100, &said);
}
