//! Runs that several processes or several turns make up.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::model::Partition;
use reverify::record::{Entry, Event, Outcome, RunSetting, RunSummary, merge};
use reverify::suite::{Cancel, RunOptions};

use super::running::{SIGN_UP, pauses, run, suite};

#[tokio::test]
async fn repetitions_are_scenarios_with_addresses_of_their_own() {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let suite = suite(SIGN_UP);
    let plan = suite.plan().unwrap().repeated(NonZeroU32::new(3).unwrap());
    let (options, cancel) = (RunOptions::default(), Cancel::default());
    let setting = RunSetting::default();
    let target = embedded.target();
    let ran = run(&suite, &plan, "test", target, options, cancel, setting).await;
    embedded.stop().unwrap();
    assert_eq!(ran.summary.passed(), 3);
    let ids: Vec<_> = ran
        .summary
        .scenarios()
        .map(|one| one.planned.id.to_string())
        .collect();
    assert_eq!(
        ids,
        ["mail.feature:2#1", "mail.feature:2#2", "mail.feature:2#3"]
    );
    let addresses: BTreeSet<_> = ran
        .entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::MailArrived { to, .. } => Some(to.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(addresses.len(), 3, "{addresses:?}");
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
fn parts_of_a_run_merged_are_the_run() {
    let embedded = Embedded::start(EmbeddedSettings::default()).unwrap();
    let mut text = pauses(["a"; 8]);
    text.push_str("  Scenario: Bad\n    Given a step that panics\n");
    text.push_str(SIGN_UP.split_once('\n').unwrap().1);
    let part = |number: u32, of: u32| {
        let (text, target) = (text.clone(), embedded.target());
        std::thread::spawn(move || {
            let suite = suite(&text);
            let partition: Partition = format!("hash:{number}/{of}").parse().unwrap();
            let plan = suite.plan().unwrap().part(partition);
            let setting = RunSetting {
                partition: Some(partition.to_string()),
                ..RunSetting::default()
            };
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let (options, cancel) = (RunOptions::default(), Cancel::default());
            let id = format!("{of}{number}");
            let run = run(&suite, &plan, &id, target, options, cancel, setting);
            runtime.block_on(run).entries
        })
    };
    let whole = part(1, 1).join().unwrap();
    // All four at the same time: the steps' panics are no business of the others.
    let parts: Vec<_> = (1..=4).map(|number| part(number, 4)).collect();
    let parts: Vec<_> = parts.into_iter().map(|part| part.join().unwrap()).collect();
    embedded.stop().unwrap();
    let merged = merge(parts).unwrap();
    assert_eq!(merged.len(), 1);
    assert_eq!(merged[0].remarks, []);
    assert_eq!(by_key(&whole).len(), 10);
    assert_eq!(by_key(&merged[0].entries), by_key(&whole));
}
