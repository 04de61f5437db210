//! Reports made again from records, and written after a run.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use super::command::{Place, json};

const FAILING: &str = "\
Feature: Mails
  Scenario: Well
    Given a new user Ada
  Scenario: Missing
    Given a user pool that verifies e-mail addresses with a code
    And the pool does not verify e-mail addresses
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 0.1 seconds
";

fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/runs/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).unwrap()
}

/// A folder in which these runs left their records, one a second, and a copy of each beside it.
fn with_records(names: &[&str]) -> Place {
    let mut place = Place::new();
    for (second, name) in (1_800_000_000..).zip(names) {
        let folder = place.path(&format!(".reverify/runs/{name}"));
        fs::create_dir_all(&folder).unwrap();
        let mut record = File::create(folder.join("run.jsonl")).unwrap();
        record.write_all(fixture(name).as_bytes()).unwrap();
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        record.set_modified(written).unwrap();
        place = place.with(&format!("{name}.jsonl"), &fixture(name));
    }
    place
}

#[test]
fn a_run_writes_the_reports_that_are_asked_for() {
    let place = Place::new().with("mails.feature", FAILING);
    let ended = place.run(&[
        "run",
        "mails.feature",
        "--report-junit=out/junit.xml",
        "--report-html=out/report.html",
        "--report-json=out/report.json",
        "--report-github",
    ]);
    ended.assert(100, &["1 passed, 1 failed"]);
    assert!(
        ended.stdout.starts_with(
            "::error file=mails.feature,line=9,title=failed%3A Missing::no message to"
        ),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("%0Aauto-verify-off, certain: "),
        "{}",
        ended.stdout
    );
    let read = |name| fs::read_to_string(place.path(name)).unwrap();
    assert!(read("out/junit.xml").contains(r#"type="auto-verify-off""#));
    assert!(read("out/report.html").contains("auto-verify-off"));
    let report = json(&place.path("out/report.json"));
    assert_eq!(report["counts"]["failed"], 1);
    assert_eq!(report["scenarios"][1]["status"], "failed");
    let mut contents = fs::read_dir(place.path("out")).unwrap();
    assert!(contents.all(|file| {
        !file
            .unwrap()
            .file_name()
            .to_string_lossy()
            .ends_with(".part")
    }));

    // The record gives the same reports.
    let again = place.run(&["report", "--json=-", "--junit=again.xml"]);
    again.assert(0, &[]);
    assert_eq!(again.stdout, read("out/report.json"));
    assert_eq!(read("again.xml"), read("out/junit.xml"));
}

#[test]
fn a_report_that_cannot_be_written_never_hides_how_the_run_ended() {
    let place = Place::new().with("mails.feature", FAILING).with("file", "");
    let unwritable = "--report-html=file/report.html";
    let ended = place.run(&["run", "mails.feature:2", unwritable]);
    ended.assert(
        110,
        &[
            "1/1 scenarios run: 1 passed",
            "the HTML report cannot be written to `file/report.html`",
            "`reverify report` makes it again",
        ],
    );
    let ended = place.run(&["run", "mails.feature", unwritable, "--no-record"]);
    ended.assert(100, &["the HTML report cannot be written"]);
}

#[test]
fn a_record_is_found_by_run_by_file_and_by_age() {
    let place = with_records(&["passed", "failed"]);
    let counts = |arguments: &[&str]| {
        let ended = place.run(&[&["report", "--json=-"], arguments].concat());
        ended.assert(0, &[]);
        let report: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        report["run"].as_str().unwrap().to_owned()
    };
    assert_eq!(counts(&["passed"]), "1a2b3c");
    assert_eq!(counts(&["failed.jsonl"]), "2b3c4d");
    assert_eq!(counts(&[".reverify/runs/failed"]), "2b3c4d");
    // Written last.
    assert_eq!(counts(&[]), "2b3c4d");
    let ended = place.run(&["report", "nothing"]);
    ended.assert(
        94,
        &[
            "`nothing` is no run and no record",
            "the latest runs are `failed`, `passed`",
        ],
    );
    let ended = Place::new().run(&["report"]);
    ended.assert(94, &["there is no record of a run below `.reverify`"]);
}

#[test]
fn without_a_file_it_shows_what_the_terminal_showed() {
    let place = with_records(&["failed"]);
    let ended = place.run(&["report", "failed"]);
    ended.assert(0, &[]);
    for said in [
        "Running 4 scenarios on embedded",
        "FAIL [",
        "why    ses-account-suppressed, certain",
        "Summary [",
        "4/4 scenarios run: 1 passed, 3 failed",
    ] {
        assert!(ended.stdout.contains(said), "{said}\n{}", ended.stdout);
    }
}

#[test]
fn a_record_that_is_not_whole_says_so() {
    let newer = fixture("passed").replacen(r#""format":1"#, r#""format":9"#, 1);
    let broken = fixture("passed").replacen('\n', "\n{nonsense\n", 1);
    let place = with_records(&["cut"])
        .with("newer.jsonl", &newer)
        .with("broken.jsonl", &broken)
        .with("other.jsonl", "");
    let ended = place.run(&["report", "cut", "--html=cut.html"]);
    ended.assert(0, &["the record of run 5e6f70 ends before the run did"]);
    let shown = place.run(&["report", "cut"]);
    assert!(shown.stdout.contains("Summary ["), "{}", shown.stdout);
    let ended = place.run(&["report", "newer.jsonl"]);
    ended.assert(
        94,
        &[
            "`newer.jsonl`: the record has format 9",
            "use a newer reverify",
        ],
    );
    let ended = place.run(&["report", "broken.jsonl"]);
    ended.assert(
        94,
        &["`broken.jsonl`: line 2 of the record is not an entry"],
    );
    let ended = place.run(&["report", "other.jsonl"]);
    ended.assert(
        94,
        &["`other.jsonl` does not begin with the start of a run"],
    );
}

#[test]
fn github_s_summary_is_added_to_what_is_there() {
    let place = with_records(&["flaky"]).with("summary.md", "before\n");
    let mut command = place.reverify(&["report", "flaky", "--github"]);
    let output = command
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("::warning file=features/sign_up.feature,line=10,"),
        "{said}"
    );
    let summary = fs::read_to_string(place.path("summary.md")).unwrap();
    assert!(
        summary.starts_with("before\n### ❌ Reverify: 3 scenarios on embedded"),
        "{summary}"
    );
    assert!(
        summary.contains("**1 failed** · **1 flaky** · **1 passed**"),
        "{summary}"
    );
}

#[test]
fn junit_fulfils_the_schema_of_jenkins() {
    let Some(xmllint) = installed("REVERIFY_XMLLINT", "the JUnit schema") else {
        return;
    };
    let schema = format!("{}/fixtures/junit/junit-10.xsd", env!("CARGO_MANIFEST_DIR"));
    let names = [
        "passed",
        "failed",
        "flaky",
        "obstacles",
        "cut",
        "hostile",
        "staging",
    ];
    let place = with_records(&names);
    for name in names {
        let file = format!("{name}.xml");
        place
            .run(&["report", name, "--junit", &file])
            .assert(0, &[]);
        let output = Command::new(&xmllint)
            .args(["--nonet", "--noout", "--schema", &schema])
            .arg(place.path(&file))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {said}");
    }
}

#[test]
fn html_works_in_chromium() {
    let chromium = installed("REVERIFY_CHROMIUM", "the HTML report in Chromium");
    let modules = installed("REVERIFY_NODE_PATH", "the HTML report in Chromium");
    let (Some(chromium), Some(modules)) = (chromium, modules) else {
        return;
    };
    let place = with_records(&["passed", "failed", "flaky", "hostile"]);
    place_thousand(&place);
    for name in ["passed", "failed", "flaky", "hostile", "thousand"] {
        let record = format!("{name}.jsonl");
        let html = format!("{name}.html");
        place
            .run(&["report", &record, "--html", &html])
            .assert(0, &[]);
    }
    for name in ["passed", "failed", "flaky", "hostile"] {
        place
            .run(&["history", "import", &format!("{name}.jsonl")])
            .assert(0, &[]);
    }
    place
        .run(&["history", "html", "history.html"])
        .assert(0, &[]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/browser.mjs");
    let output = Command::new("node")
        .arg(script)
        .arg(&chromium)
        .arg(place.path(""))
        .env("NODE_PATH", &modules)
        // A second on an idle machine; other tests run beside this one.
        .env("OPEN_MILLISECONDS_MAX", "3000")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    if let Some(folder) = std::env::var_os("REVERIFY_SCREENSHOTS") {
        for entry in fs::read_dir(place.path("")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "png") {
                fs::copy(&path, Path::new(&folder).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    assert!(output.status.success(), "{said}");
    println!("{said}");
}

/// A record of 1,000 scenarios, made of one with four.
fn place_thousand(place: &Place) {
    let text = fixture("failed");
    let entries = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let entries: Vec<serde_json::Value> = entries.collect();
    let planned = entries[0]["event"]["planned"].as_array().unwrap().clone();
    let (mut all_planned, mut lines) = (Vec::new(), Vec::new());
    for number in 0..1_000 {
        let like = &planned[if number % 50 == 0 { number / 50 % 3 } else { 3 }];
        let id = format!(
            "features/area_{:02}.feature:{}",
            number / 25,
            10 + number % 25 * 14
        );
        let mut one = like.clone();
        one["name"] = format!("{} {number}", like["name"].as_str().unwrap()).into();
        one["id"] = id.clone().into();
        all_planned.push(one);
        for entry in entries
            .iter()
            .filter(|entry| entry["scenario"] == like["id"])
        {
            let mut entry = entry.clone();
            entry["scenario"] = id.clone().into();
            lines.push(entry.to_string());
        }
    }
    let mut head = entries[0].clone();
    head["event"]["planned"] = all_planned.into();
    lines.insert(0, head.to_string());
    lines.push(entries.last().unwrap().to_string());
    fs::write(place.path("thousand.jsonl"), lines.join("\n") + "\n").unwrap();
}

/// Where a program is; without it a line says what is skipped.
fn installed(variable: &str, what: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).filter(|path| !path.is_empty());
    if path.is_none() {
        // The harness shows what a test that passed prints to nobody.
        let why = format!("{variable} is not set; scripts/test.sh installs it");
        let _ = std::io::stderr().write_all(format!("\nSKIPPED: {what}: {why}\n").as_bytes());
    }
    path.map(PathBuf::from)
}
