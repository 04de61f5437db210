//! A run that several processes share.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use nix::sys::signal::Signal;
use reverify::record::{Entry, Outcome, RunSummary, merge, read_entries};

use super::command::{Ended, Place};
use super::targets::place_with_emulator;

/// How many processes.
const PARTS: usize = 4;

const FEATURE: &str = "\
Feature: Shared
  Background:
    Given a user pool that verifies e-mail addresses with a code

  Scenario Outline: <name> gets a code
    Given a new user <name>
    When <name> signs up
    Then <name> receives a verification mail within 20 seconds
    Examples:
      | name |
      | Ada  |
      | Bob  |
      | Cy   |
      | Dee  |
      | Eve  |

  Scenario: Nobody is confirmed
    Given a new user Ada
    When Ada signs up
    Then Ada is CONFIRMED
";

fn records(place: &Place, state: &str) -> Vec<PathBuf> {
    let runs = std::fs::read_dir(place.path(state).join("runs")).unwrap();
    let mut records: Vec<_> = runs
        .map(|run| run.unwrap().path().join("run.jsonl"))
        .collect();
    records.sort();
    records
}

fn entries(path: &PathBuf) -> Vec<Entry> {
    read_entries(BufReader::new(File::open(path).unwrap())).unwrap()
}

/// Whether each scenario passed, by what it is known by.
fn by_key(entries: &[Entry]) -> BTreeMap<String, bool> {
    let summary = RunSummary::of(entries);
    let scenarios = summary.scenarios();
    scenarios
        .map(|one| (one.planned.key(), one.outcome == Outcome::Passed))
        .collect()
}

#[test]
fn four_processes_against_one_emulator_are_one_run() {
    let (place, emulator) = place_with_emulator();
    let place = place.with("shared.feature", FEATURE);
    let run = |state: &str, part: &str| {
        let said = ["--state-dir", state, "--partition", part];
        place.reverify(&[&["run", "shared.feature"][..], &said].concat())
    };
    let whole = Ended::of(&run("whole", "hash:1/1").output().unwrap());
    whole.assert(100, &["6/6 scenarios run: 5 passed, 1 failed"]);
    // All at once, in one folder.
    let started: Vec<_> = (1..=PARTS)
        .map(|number| {
            let mut command = run("parts", &format!("hash:{number}/{PARTS}"));
            let pipes = command.stderr(std::process::Stdio::piped());
            pipes.stdout(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let failed = started
        .into_iter()
        .map(|child| Ended::of(&child.wait_with_output().unwrap()).code)
        .filter(|code| *code != Some(0));
    assert_eq!(failed.collect::<Vec<_>>(), [Some(100)]);

    let parts = records(&place, "parts");
    assert_eq!(parts.len(), PARTS);
    let merged = merge(parts.iter().map(entries).collect()).unwrap();
    assert_eq!((merged.len(), &merged[0].remarks[..]), (1, &[][..]));
    let whole = by_key(&entries(&records(&place, "whole")[0]));
    assert_eq!(whole.len(), 6);
    assert_eq!(by_key(&merged[0].entries), whole);

    let paths: Vec<_> = parts.iter().map(|path| path.to_str().unwrap()).collect();
    let report = place.run(&[&["report"][..], &paths].concat());
    let said = "6/6 scenarios run: 5 passed, 1 failed";
    assert!(report.stdout.contains(said), "{report:#?}");
    let some = place.run(&[&["report"][..], &paths[1..]].concat());
    let all = format!("{}{}", some.stdout, some.stderr);
    assert!(all.contains("is missing"), "{all}");
    emulator.signal(Signal::SIGTERM);
    emulator.end().assert(0, &[]);
}
