//! Runs over time: what is kept, and what is told of it.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use super::command::{Ended, Place};

pub(super) const FEATURE: &str = "\
Feature: Mail
  Scenario: Comes
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
  Scenario: Misses
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    And Ada receives a verification mail within 0.3 seconds
";
/// A run of both scenarios on a day of November, as a record; a scenario is a delivery time in
/// milliseconds, or why it failed.
pub(super) fn record(
    place: &Place,
    run: &str,
    day: u8,
    results: [Result<f64, &str>; 2],
) -> PathBuf {
    let planned = |name: &str, line: usize| {
        format!(
            r#"{{"id":"mail.feature:{line}","feature":"Mail","name":"{name}","tags":[],"mails":1}}"#
        )
    };
    let at = format!("2026-11-{day:02}T03:00:00Z");
    let mut text = format!(
        r#"{{"seq":1,"at":"{at}","elapsed_ms":0,"event":{{"type":"run-started","format":1,"run":"{run}","version":"0.1.0","target":{{"name":"embedded","place":"here","inbox":"sink"}},"planned":[{},{}],"commit":"{run}c0ffee"}}}}"#,
        planned("Comes", 2),
        planned("Misses", 7)
    );
    for (line, result) in [2, 7].into_iter().zip(results) {
        let mut event = |event: &str| {
            write!(
                text,
                "\n{{\"seq\":2,\"at\":\"{at}\",\"elapsed_ms\":900,\"scenario\":\"mail.feature:{line}\",\"attempt\":1,\"event\":{event}}}"
            )
            .unwrap();
        };
        let failure = match result {
            Ok(ms) => {
                event(&format!(
                    r#"{{"type":"mail-arrived","to":"a@b","from":"c@d","subject":"s","bytes":9,"delivery_ms":{ms},"found":"code"}}"#
                ));
                String::new()
            }
            Err(why) => format!(r#""failure":{{"kind":"failed","message":"{why}"}},"#),
        };
        event(&format!(
            r#"{{"type":"scenario-finished",{failure}"took_ms":800}}"#
        ));
    }
    write!(
        text,
        "\n{{\"seq\":9,\"at\":\"{at}\",\"elapsed_ms\":1000,\"event\":{{\"type\":\"run-finished\",\"took_ms\":1000}}}}\n"
    )
    .unwrap();
    let path = place.path(&format!(".reverify/runs/{run}/run.jsonl"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

/// Four nights, of which the second scenario passed the first two.
pub(super) fn four_nights() -> Place {
    let place = Place::new().with("mail.feature", FEATURE);
    record(&place, "aa01", 1, [Ok(1000.0), Ok(1200.0)]);
    record(&place, "aa02", 2, [Ok(2000.0), Ok(1200.0)]);
    record(&place, "bb03", 3, [Ok(1500.0), Err("no message to ada")]);
    record(&place, "bb04", 4, [Ok(1500.0), Err("no message to ada")]);
    let taken = place.run(&["history", "import"]);
    assert!(
        taken.stdout.ends_with("4 runs taken in, 0 known before\n"),
        "{taken:?}"
    );
    place
}

#[track_caller]
pub(super) fn assert_shows(ended: &Ended, code: i32, shown: &[&str]) {
    ended.assert(code, &[]);
    for text in shown {
        assert!(
            ended.stdout.contains(text),
            "not shown: {text}\n{}",
            ended.stdout
        );
    }
}

#[test]
fn a_scenario_is_shown_with_its_rate_its_first_failing_run_and_its_mails() {
    let place = four_nights();
    let list = place.run(&["history"]);
    assert_shows(
        &list,
        0,
        &["aa01  2026-11-01 03:00  embedded  aa01c0ff  1.00s  2 passed, mail p95 1.20s"],
    );
    assert_shows(&list, 0, &["bb04", "1 passed, 1 failed, mail p95 1.50s"]);
    let shown = place.run(&["history", "show", "misses"]);
    let facts = [
        "mail.feature: Misses\n  mail.feature:7 on embedded, 4 runs\n",
        "passed    2 of 4 (50 %)",
        "failing   since bb03 of 2026-11-03 03:00, commit bb03c0ff; it last passed in aa02 of",
        "no message to ada",
        "delivery  p50 1.20s, p95 1.20s, 2 mails",
        "runs      ..FF",
        "1.20s |88\n",
        "bb04  2026-11-04 03:00  bb04c0ff  failed  800",
    ];
    assert_shows(&shown, 0, &facts[..7]);
    assert_eq!(
        place.run(&["history", "show", "mail.feature:7"]).stdout,
        shown.stdout
    );
    place
        .run(&["history", "show", "mail"])
        .assert(94, &["`mail` fits 2 scenarios", "mail.feature: Comes"]);
    place
        .run(&["history", "show", "nothing"])
        .assert(94, &["no scenario of these runs is called `nothing`"]);
    let flaky = place.run(&["history", "flaky"]);
    assert_shows(&flaky, 0, &["no scenario was flaky in the last 4 runs"]);
}

#[test]
fn two_runs_are_compared() {
    let place = four_nights();
    let worse = place.run(&["history", "compare", "aa02", "bb03"]);
    let said =
        "REGRESSION mail.feature: Misses: fails; it passed the last 2 times: no message to ada";
    assert_shows(
        &worse,
        101,
        &[said, "Compared with run aa02", "1 regression"],
    );
    let again = place.run(&["history", "compare", "last"]);
    assert_shows(
        &again,
        0,
        &[
            "FAILS AGAIN mail.feature: Misses: failed 1 of the last 3 times",
            "no regression",
        ],
    );
    let better = place.run(&["history", "compare", "bb03", "aa02"]);
    assert_shows(&better, 0, &["PASSES AGAIN mail.feature: Misses"]);
    let strict = [
        "--regression-factor",
        "1.5",
        "--regression-margin",
        "300ms",
        "--regression-results",
        "1",
    ];
    let slower = place.run(&[&["history", "compare", "aa01", "aa02"][..], &strict].concat());
    assert_shows(
        &slower,
        101,
        &["REGRESSION mail.feature: Comes: delivery p95 2.00s, was 1.00s"],
    );
    place
        .run(&["history", "compare", "cc"])
        .assert(94, &["the history has no run `cc`"]);
    place
        .run(&["history", "compare", "bb"])
        .assert(94, &["the beginning of several runs: bb03, bb04"]);
    place.run(&["history", "compare", "bb04"]).assert(
        94,
        &["the run bb04, the newest, would be compared with itself"],
    );
    place.run(&["history", "compare", "aa01", "aa01"]).assert(
        94,
        &["the run aa01 would be compared with itself", "BASELINE RUN"],
    );
    let none = "in none of the last 100 runs of this target everything passed";
    place
        .run(&["history", "compare", "last-pass", "aa01"])
        .assert(94, &[none]);
}

#[test]
fn what_a_record_says_commands_nothing() {
    let place = four_nights();
    let why = r"::error file=x::owned\u001b[31m\r\n::warning::more ##[error]";
    record(&place, "cc05", 5, [Err(why), Err(why)]);
    place.run(&["history", "import"]).assert(0, &[]);
    for arguments in [
        &["history", "show", "comes"][..],
        &["history", "show", "misses"],
        &["history", "compare", "last"],
        &["report", "cc05"],
    ] {
        let shown = place.run(arguments).stdout;
        assert!(shown.contains("owned\u{fffd}[31m"), "{shown}");
        assert!(
            !shown.contains('\u{1b}') && !shown.contains("##["),
            "{shown}"
        );
        let commands = |line: &&str| line.trim_start().starts_with("::");
        assert_eq!(shown.lines().find(commands), None, "{shown}");
    }
}

#[test]
fn a_run_is_kept_and_compared_at_its_end() {
    let place = four_nights();
    let run = |more: &[&str]| place.run(&[&["run", "mail.feature:2"][..], more].concat());
    // Everything passes, but the mail of the sink took longer than a microsecond.
    record(&place, "aa05", 5, [Ok(0.001), Ok(0.001)]);
    place.run(&["history", "import"]).assert(0, &[]);
    let strict = [
        "--compare-to",
        "last",
        "--regression-margin",
        "1us",
        "--regression-results",
        "1",
    ];
    let slower = run(&strict);
    slower.assert(
        101,
        &[
            "REGRESSION mail.feature: Comes: delivery p95",
            "Compared with run aa05",
        ],
    );
    let good = run(&["--compare-to", "last-pass", "--report-html", "page.html"]);
    good.assert(0, &["no regression"]);
    let page = fs::read_to_string(place.path("page.html")).unwrap();
    assert!(page.contains("Last runs") && page.contains("run bb04"));
    // A failure is worse than a regression, and each regression has its line.
    let failed = place.run(&[
        "run",
        "mail.feature:7",
        "--compare-to",
        "aa05",
        "--regression-results",
        "1",
    ]);
    failed.assert(
        100,
        &["REGRESSION mail.feature: Misses: fails; it passed the last time: no further message"],
    );
    let kept = place.run(&["history"]).stdout.lines().count() - 1;
    assert_eq!(kept, 5 + 3);
    let unknown = run(&["--compare-to", "nope"]);
    unknown.assert(94, &["the history has no run `nope`"]);
    assert!(
        !unknown.stderr.contains("scenarios run"),
        "{}",
        unknown.stderr
    );
    run(&["--no-record"]).assert(0, &[]);
    assert_eq!(place.run(&["history"]).stdout.lines().count() - 1, kept);
    run(&["--no-record", "--compare-to", "last"]).assert(2, &["cannot be used with"]);
}

#[test]
fn old_runs_are_removed_with_their_folders() {
    let place = four_nights();
    fs::remove_dir_all(place.path(".reverify/runs/aa02")).unwrap();
    let dry = place.run(&["history", "prune", "--keep", "2", "--dry-run"]);
    assert_shows(
        &dry,
        0,
        &["runs/aa01", "no folder", "2 runs would be removed, 2 kept"],
    );
    assert!(place.path(".reverify/runs/aa01").exists());
    place
        .run(&["history", "prune", "--keep", "2", "--older-than", "9999w"])
        .assert(0, &[]);
    assert!(place.path(".reverify/runs/aa01").exists());
    let pruned = place.run(&["history", "prune", "--keep", "2"]);
    assert_shows(&pruned, 0, &["2 runs removed, 2 kept"]);
    let mut left: Vec<_> = fs::read_dir(place.path(".reverify/runs"))
        .unwrap()
        .map(|run| run.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["bb03", "bb04"]);
    assert_eq!(place.run(&["history"]).stdout.lines().count(), 1 + 2);
    place.run(&["history", "prune"]).assert(2, &["--keep"]);
    // An id that leads out of the folder, by somebody's hand.
    let connection = Connection::open(place.path(".reverify/history.sqlite")).unwrap();
    connection
        .pragma_update(None, "foreign_keys", false)
        .unwrap();
    connection
        .execute("UPDATE runs SET id = '../..' WHERE id = 'bb03'", [])
        .unwrap();
    place
        .run(&["history", "prune", "--keep", "0"])
        .assert(110, &["run `../..` cannot have a folder"]);
    assert!(place.path("mail.feature").exists() && place.path(".reverify/runs/bb04").exists());
}

#[test]
fn the_history_goes_into_a_spreadsheet_and_onto_a_page() {
    let place = four_nights();
    let csv = place.run(&["history", "export", "--csv", "-"]);
    assert_eq!(csv.stdout.lines().count(), 1 + 4 * 2);
    let row = "bb03,2026-11-03T03:00:00Z,embedded,,bb03c0ffee,,false,mail.feature: Misses,mail.feature:7,failed,1,false,800,0,,,,no message to ada\r\n";
    assert_shows(&csv, 0, &["run,started,target", row]);
    place
        .run(&["history", "export", "--csv", "table.csv"])
        .assert(0, &[]);
    assert_eq!(
        fs::read_to_string(place.path("table.csv")).unwrap(),
        csv.stdout
    );
    place.run(&["history", "html", "page.html"]).assert(0, &[]);
    let page = fs::read_to_string(place.path("page.html")).unwrap();
    for text in [
        "default-src 'none'",
        "Misses",
        "fails since run bb03",
        "no message to ada",
        "<svg",
    ] {
        assert!(page.contains(text), "not on the page: {text}");
    }
    place
        .run(&["history", "html", "page.html/page.html"])
        .assert(110, &["`page.html/page.html` cannot be written"]);
}

#[test]
fn a_table_that_is_not_whole_replaces_no_other() {
    let place = four_nights();
    let export = ["history", "export", "--csv", "table.csv"];
    place.run(&export).assert(0, &[]);
    let before = place.contents();
    let table = fs::read_to_string(place.path("table.csv")).unwrap();
    let connection = Connection::open(place.path(".reverify/history.sqlite")).unwrap();
    let changed = connection.execute(
        "UPDATE results SET outcome = 'nonsense' WHERE run = 'bb03'",
        [],
    );
    assert_eq!(changed.unwrap(), 2);
    place
        .run(&export)
        .assert(110, &["`nonsense` is no outcome"]);
    let kept = fs::read_to_string(place.path("table.csv")).unwrap();
    assert_eq!(kept, table);
    assert_eq!(place.contents(), before);
}
