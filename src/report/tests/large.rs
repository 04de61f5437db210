//! Reports of runs with many scenarios.

use std::collections::BTreeSet;

use super::*;
use crate::model::{RunId, ScenarioId};

/// The bound that CI servers and mail take without complaint.
const REPORT_BYTES_MAX: usize = 5_000_000;

/// A run of 1,000 scenarios: one in fifty fails, with a verdict.
fn thousand() -> RunReport {
    thousand_of(
        FAILED,
        |number| if number % 50 == 0 { number / 50 % 3 } else { 3 },
    )
}

/// A run of 1,000 scenarios, each like one of this record.
fn thousand_of(record: &str, like: impl Fn(usize) -> usize) -> RunReport {
    let entries = read_entries(record.as_bytes()).unwrap();
    let (head, rest) = entries.split_first().unwrap();
    let Event::RunStarted { planned, .. } = &head.event else {
        panic!("the first entry is not the start")
    };
    let (mut all_planned, mut all): (Vec<_>, Vec<Entry>) = (Vec::new(), Vec::new());
    for number in 0..1_000 {
        let like = like(number);
        let id = ScenarioId::new(
            format!("features/area_{:02}.feature", number / 25),
            10 + number % 25 * 14,
        );
        let mut one = planned[like].clone();
        one.name = format!("{} {number}", one.name);
        one.id = id.clone();
        all_planned.push(one);
        let entries = rest
            .iter()
            .filter(|entry| entry.scenario.as_ref() == Some(&planned[like].id));
        all.extend(entries.map(|entry| Entry {
            scenario: Some(id.clone()),
            ..entry.clone()
        }));
    }
    let mut head = head.clone();
    if let Event::RunStarted { planned, .. } = &mut head.event {
        *planned = all_planned;
    }
    all.insert(0, head);
    all.extend(rest.last().cloned());
    RunReport::of(&all).unwrap()
}

#[test]
fn what_occurs_once_is_seen_in_every_drawing() {
    let report = thousand();
    let outcomes = (0..1_000).map(|number| {
        let failed = number == 0;
        let status = if failed {
            Status::Failed
        } else {
            Status::Passed
        };
        (number.to_string(), PastOutcome { status })
    });
    let past = PastRun {
        run: RunId::new("0a0b0c"),
        started_at: report.started_at,
        commit: None,
        delivery_p50_ms: None,
        outcomes: outcomes.collect(),
    };
    let page = html(&report, &[past]).unwrap();
    let column = r#"<svg><rect class="failed" width="100%" y="0%" height="6%"></rect><rect class="passed" width="100%" y="6%" height="94%">"#;
    assert!(page.contains(column));
    let bars: Vec<f64> = page
        .split("<rect ")
        .skip(1)
        .filter_map(|rect| {
            rect.split_once("width=\"")?
                .1
                .split_once('%')?
                .0
                .parse()
                .ok()
        })
        .collect();
    assert!(bars.len() > 1_000);
    assert!(bars.iter().all(|width| *width >= 0.4), "{bars:?}");
}

#[test]
fn reports_of_a_thousand_scenarios_stay_small() {
    let report = thousand();
    assert_eq!((report.counts.scenarios, report.counts.failed), (1_000, 20));
    let page = html(&report, &[]).unwrap();
    let sizes = [
        page.len(),
        json(&report).unwrap().len(),
        junit(&report).unwrap().len(),
    ];
    assert!(
        sizes.iter().all(|bytes| *bytes < REPORT_BYTES_MAX),
        "{sizes:?}"
    );
    // What failed has its time line; what had to be left out is said.
    assert_eq!(page.matches("Why: ").count(), 20);
    assert!(page.contains(" scenarios are told in short"));
    assert!(step_summary(&report).len() < 1_000_000);
}

#[test]
fn where_all_of_a_thousand_fail_each_has_its_causes_and_no_link_leads_nowhere() {
    let failed = statuses(&report(FLAKY));
    let failed = failed
        .iter()
        .position(|one| *one == Status::Failed)
        .unwrap();
    let report = thousand_of(FLAKY, |_| failed);
    assert_eq!(report.counts.failed, 1_000);
    assert!(report.scenarios.iter().all(|one| one.attempts.len() == 2));
    let page = html(&report, &[]).unwrap();
    assert!(page.len() < REPORT_BYTES_MAX, "{}", page.len());
    assert!(page.matches("<h3>Why: ").count() >= 1_000);
    let links = page.split("href=\"#").skip(1);
    let links: Vec<_> = links.filter_map(|rest| rest.split('"').next()).collect();
    let places: BTreeSet<_> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(links.len() > 1_000);
    for link in links.into_iter().filter(|link| !link.is_empty()) {
        assert!(places.contains(link), "{link}");
    }
}
