//! Records of a few entries, merged.

use super::merging::merge;
use super::*;
use crate::model::{RunId, ScenarioId};
use crate::record::{
    Entry, Event, FORMAT, Failure, Outcome, PlannedScenario, RunSetting, RunSummary, TargetInfo,
    read_entries,
};
use jiff::Timestamp;

/// A record: of a run that began at a second, planned scenarios at lines of one file, and ran
/// them one a second, each with its failure.
struct Told<'a> {
    run: &'a str,
    target: &'a str,
    second: i64,
    partition: Option<&'a str>,
    scenarios: &'a [(usize, Option<&'a str>)],
    ended: bool,
    /// What its first scenario left behind.
    left_behind: Option<&'a str>,
}

const PART: Told<'_> = Told {
    run: "a1",
    target: "staging",
    second: 0,
    partition: None,
    scenarios: &[(3, None)],
    ended: true,
    left_behind: None,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// An entry so many seconds after the start.
fn entry(told: &Told<'_>, after: u32, scenario: Option<ScenarioId>, event: Event) -> Entry {
    Entry {
        seq: 1,
        at: at(told.second + i64::from(after)),
        elapsed_ms: f64::from(after) * 1e3,
        attempt: scenario.as_ref().map(|_| 1),
        scenario,
        event,
    }
}

fn record(told: &Told<'_>) -> Vec<Entry> {
    let id = |line| ScenarioId::new("a.feature", line);
    let planned = |&(line, _): &(usize, Option<&str>)| PlannedScenario {
        id: id(line),
        feature: "A".to_owned(),
        name: format!("on line {line}"),
        tags: Vec::new(),
        mails: 1,
        row: Vec::new(),
    };
    let start = Event::RunStarted {
        format: FORMAT,
        run: RunId::new(told.run),
        version: "0.1.0".to_owned(),
        target: TargetInfo {
            name: told.target.to_owned(),
            place: "eu-west-1".to_owned(),
            inbox: "IMAP".to_owned(),
        },
        planned: told.scenarios.iter().map(planned).collect(),
        setting: RunSetting {
            profile: Some("nightly".to_owned()),
            commit: Some(told.run.to_owned()),
            partition: told.partition.map(str::to_owned),
        },
    };
    let mut entries = vec![entry(told, 0, None, start)];
    if let Some(what) = told.left_behind {
        let what = what.to_owned();
        let first = told.scenarios.first().map(|(line, _)| id(*line));
        entries.push(entry(told, 1, first, Event::LeftBehind { what }));
    }
    for (after, &(line, failure)) in (1..).zip(told.scenarios) {
        let failure = failure.map(Failure::failed);
        let end = Event::ScenarioFinished {
            failure,
            took_ms: 1.0,
        };
        entries.push(entry(told, after, Some(id(line)), end));
    }
    if told.ended {
        let end = Event::RunFinished { took_ms: 9.0 };
        entries.push(entry(told, 10, None, end));
    }
    entries
}

fn one(parts: &[Told<'_>]) -> Merged {
    let merged = merge(parts.iter().map(record).collect()).unwrap();
    assert_eq!(merged.len(), 1);
    merged.into_iter().next().unwrap()
}

fn outcomes(merged: &Merged) -> Vec<(usize, bool)> {
    let summary = RunSummary::of(&merged.entries);
    let outcome = |one: &crate::record::ScenarioSummary| {
        (one.planned.id.line(), one.outcome == Outcome::Passed)
    };
    summary.scenarios().map(outcome).collect()
}

#[test]
fn parts_become_one_run_in_the_order_of_time() {
    let merged = one(&[
        Told {
            run: "b2",
            second: 2,
            partition: Some("hash:2/2"),
            scenarios: &[(5, Some("no mail")), (7, None)],
            ..PART
        },
        Told {
            partition: Some("hash:1/2"),
            scenarios: &[(3, None), (9, None)],
            ..PART
        },
    ]);
    assert_eq!(merged.remarks, []);
    assert_eq!(
        outcomes(&merged),
        [(3, true), (5, false), (7, true), (9, true)]
    );
    let seqs: Vec<_> = merged.entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 6]);
    let times: Vec<_> = merged
        .entries
        .iter()
        .map(|entry| entry.elapsed_ms)
        .collect();
    assert_eq!(times, [0.0, 1e3, 2e3, 3e3, 4e3, 12e3]);
    let Event::RunStarted { run, setting, .. } = &merged.entries[0].event else {
        panic!("{:?}", merged.entries[0])
    };
    assert_eq!(run.as_str(), "a1+1");
    let same = RunSetting {
        profile: Some("nightly".to_owned()),
        ..RunSetting::default()
    };
    assert_eq!(*setting, same, "what differs is left out");
    let took_ms = 12e3;
    let last = merged.entries.last().map(|entry| &entry.event);
    assert_eq!(last, Some(&Event::RunFinished { took_ms }));
}

#[test]
fn a_single_record_stays_what_it_is() {
    let merged = one(&[PART]);
    let Event::RunStarted { run, setting, .. } = &merged.entries[0].event else {
        panic!("{:?}", merged.entries[0])
    };
    assert_eq!(
        (run.as_str(), setting.commit.as_deref()),
        ("a1", Some("a1"))
    );
    assert_eq!(outcomes(&merged), [(3, true)]);
}

#[test]
fn the_later_run_of_a_scenario_counts() {
    let merged = one(&[
        Told {
            run: "b2",
            second: 60,
            scenarios: &[(3, None)],
            ..PART
        },
        Told {
            scenarios: &[(3, Some("no mail")), (4, Some("no mail"))],
            ..PART
        },
    ]);
    assert_eq!(outcomes(&merged), [(3, true), (4, false)]);
    let said: Vec<_> = merged.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["a.feature:3 is in the runs a1 and b2; the later one, b2, counts"]
    );
    let three: &[(usize, Option<&str>)] = &[(3, None), (4, None), (5, None)];
    let again = |run, second| Told {
        run,
        second,
        scenarios: three,
        ..PART
    };
    let remarks = one(&[again("a1", 0), again("b2", 60)]).remarks;
    let said =
        "3 scenarios, a.feature:3 first, are in the runs a1 and b2; the later one, b2, counts";
    let remarks: Vec<_> = remarks.iter().map(ToString::to_string).collect();
    assert_eq!(remarks, [said]);
    let attempts = RunSummary::of(&merged.entries);
    assert_eq!(attempts.flaky(), 0, "another run is no further attempt");
}

#[test]
fn what_is_missing_is_named() {
    let part = |run, partition, line: &'static [(usize, Option<&'static str>)]| Told {
        run,
        partition: Some(partition),
        scenarios: line,
        ..PART
    };
    let first = || part("a1", "slice:1/4", &[(3, None)]);
    let third = || Told {
        ended: false,
        ..part("c3", "slice:3/4", &[(5, None)])
    };
    let said = |parts: &[Told<'_>]| {
        let merged = one(parts);
        merged
            .remarks
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let missing = [
        "the part slice:2/4 is missing",
        "the part slice:4/4 is missing",
        "the run c3 did not come to its end",
    ];
    assert_eq!(said(&[first(), third()]), missing);
    let merged = one(&[first(), third()]);
    assert!(
        RunSummary::of(&merged.entries).took().is_none(),
        "it has no end"
    );
    let other = part("d4", "hash:1/2", &[(6, None)]);
    assert_eq!(
        said(&[first(), other])[0],
        "the runs divide the scenarios in different ways: hash:1/2, slice:1/4"
    );
}

#[test]
fn a_killed_part_that_was_run_again_no_longer_counts() {
    let killed = Told {
        run: "b2",
        partition: Some("hash:2/2"),
        scenarios: &[(5, Some("interrupted"))],
        ended: false,
        left_behind: Some("user bob"),
        ..PART
    };
    let again = Told {
        run: "c3",
        second: 60,
        partition: Some("hash:2/2"),
        scenarios: &[(5, None)],
        ..PART
    };
    let other = Told {
        partition: Some("hash:1/2"),
        ..PART
    };
    let merged = one(&[other, killed, again]);
    assert_eq!(outcomes(&merged), [(3, true), (5, true)]);
    let summary = RunSummary::of(&merged.entries);
    assert_eq!(summary.took().map(|took| took.as_secs()), Some(70));
    assert_eq!(summary.left_behind(), ["user bob"]);
    let said: Vec<_> = merged.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["a.feature:5 is in the runs b2 and c3; the later one, c3, counts"]
    );
}

#[test]
fn a_clock_that_was_set_back_changes_no_outcome() {
    let flaky = include_str!("../../../fixtures/runs/flaky.jsonl");
    let mut entries = read_entries(flaky.as_bytes()).unwrap();
    let before = RunSummary::of(&entries);
    assert_eq!(before.flaky(), 1);
    for entry in &mut entries {
        if entry.attempt == Some(2) {
            entry.at -= jiff::SignedDuration::from_hours(1);
        }
    }
    let merged = merge(vec![entries]).unwrap().remove(0);
    let after = RunSummary::of(&merged.entries);
    assert!(after.scenarios().eq(before.scenarios()));
    let times = merged.entries.iter().map(|entry| entry.elapsed_ms);
    assert!(times.is_sorted());
}

#[test]
fn targets_stay_apart() {
    let mirror = Told {
        run: "b2",
        target: "mirror",
        scenarios: &[(3, Some("no mail"))],
        ..PART
    };
    let merged = merge(vec![record(&PART), record(&mirror)]).unwrap();
    let names: Vec<_> = merged.iter().map(|one| one.target.name.as_str()).collect();
    assert_eq!(names, ["mirror", "staging"]);
    assert_eq!(outcomes(&merged[0]), [(3, false)]);
    assert_eq!(outcomes(&merged[1]), [(3, true)]);
    assert!(merged.iter().all(|one| one.remarks.is_empty()));
}

#[test]
fn what_is_no_other_record_is_refused() {
    let twice = merge(vec![record(&PART), record(&PART)]);
    assert_eq!(twice, Err(MergeError::SameRun(RunId::new("a1"))));
    let headless = record(&PART).split_off(1);
    let refused = merge(vec![record(&PART), headless]);
    assert_eq!(refused, Err(MergeError::NoStart(2)));
    assert_eq!(
        merge(vec![record(&PART), Vec::new()]),
        Err(MergeError::NoStart(2))
    );
    assert_eq!(merge(Vec::new()), Ok(Vec::new()));
}
