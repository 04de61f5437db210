//! Reports of recorded runs: `fixtures/runs` has one record for each way in which a run may end.

use crate::model::ScenarioId;
use crate::record::{Entry, Event, read_entries};

use super::*;

const PASSED: &str = include_str!("../../fixtures/runs/passed.jsonl");
const FAILED: &str = include_str!("../../fixtures/runs/failed.jsonl");
const FLAKY: &str = include_str!("../../fixtures/runs/flaky.jsonl");
const OBSTACLES: &str = include_str!("../../fixtures/runs/obstacles.jsonl");
const CUT: &str = include_str!("../../fixtures/runs/cut.jsonl");
const HOSTILE: &str = include_str!("../../fixtures/runs/hostile.jsonl");
const STAGING: &str = include_str!("../../fixtures/runs/staging.jsonl");

/// The bound that CI servers and mail take without complaint.
const REPORT_BYTES_MAX: usize = 5_000_000;

fn report(record: &str) -> RunReport {
    RunReport::of(&read_entries(record.as_bytes()).unwrap()).unwrap()
}

fn statuses(report: &RunReport) -> Vec<Status> {
    report.scenarios.iter().map(|one| one.status).collect()
}

/// A run of 1,000 scenarios: one in fifty fails, with a verdict.
fn thousand() -> RunReport {
    let entries = read_entries(FAILED.as_bytes()).unwrap();
    let (head, rest) = entries.split_first().unwrap();
    let Event::RunStarted { planned, .. } = &head.event else {
        panic!("the first entry is not the start")
    };
    let (mut all_planned, mut all): (Vec<_>, Vec<Entry>) = (Vec::new(), Vec::new());
    for number in 0..1_000 {
        let like = if number % 50 == 0 { number / 50 % 3 } else { 3 };
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
fn a_run_is_told_by_its_statuses_and_attempts() {
    assert_eq!(statuses(&report(PASSED)), [Status::Passed; 4]);
    let found = report(OBSTACLES);
    let expected = [
        Status::NotRun,
        Status::Passed,
        Status::Broken,
        Status::Interrupted,
        Status::NotApplicable,
        Status::NotRun,
    ];
    assert_eq!(statuses(&found), expected);
    assert_eq!(found.left_behind.len(), 1);

    let flaky = report(FLAKY);
    let ada = flaky
        .scenarios
        .iter()
        .find(|one| one.status == Status::Flaky)
        .unwrap();
    let attempts: Vec<_> = ada.attempts.iter().map(AttemptReport::status).collect();
    assert_eq!(attempts, [Status::Failed, Status::Passed]);
    assert_eq!(ada.attempts[0].failed_step().unwrap().line, 10);
    assert_eq!(ada.attempts[0].verdicts().count(), 1);
    assert_eq!(
        (flaky.counts.passed, flaky.counts.flaky, flaky.counts.failed),
        (2, 1, 1)
    );
}

#[test]
fn a_record_that_was_cut_still_tells_what_it_has() {
    let cut = report(CUT);
    assert!(!cut.is_whole());
    assert!(cut.scenarios.iter().any(|one| one.status == Status::NotRun));
    let page = html(&cut, &[]).unwrap();
    assert!(page.contains("The record ends before the run did"));
    assert!(
        json(&cut)
            .unwrap()
            .starts_with(r#"{"format":1,"complete":false,"#)
    );
    assert!(
        junit(&cut)
            .unwrap()
            .contains(r#"<error message="the run ended before it did" type="not run""#)
    );
    assert_eq!(RunReport::of(&[]), Err(ReportError::NoRun));
}

#[test]
fn junit_tells_failures_from_errors_and_attempts_apart() {
    let failed = junit(&report(FAILED)).unwrap();
    let cases = [
        r#"tests="4" failures="3" errors="0""#,
        r#"<property name="target" value="embedded"/>"#,
        r#"<property name="commit" value="9f1c2d3e4b5a69788796a5b4c3d2e1f009182736"/>"#,
        r#"type="ses-account-suppressed">"#,
        "[[PROPERTY|cause=ses-account-suppressed]]",
        "[[PROPERTY|delivery_ms=",
        "why    ses-account-suppressed, certain: ",
        "again  reverify run features/second_mail.feature:4",
    ];
    for expected in cases {
        assert!(failed.contains(expected), "{expected}\n{failed}");
    }
    let flaky = junit(&report(FLAKY)).unwrap();
    assert_eq!(flaky.matches("<flakyFailure ").count(), 1, "{flaky}");
    assert_eq!(flaky.matches("<rerunFailure ").count(), 1, "{flaky}");
    assert_eq!(flaky.matches("<failure ").count(), 1, "{flaky}");
    let obstacles = junit(&report(OBSTACLES)).unwrap();
    assert_eq!(obstacles.matches("<error ").count(), 4, "{obstacles}");
    assert_eq!(obstacles.matches("<skipped ").count(), 1, "{obstacles}");
    assert!(!obstacles.contains("<failure "), "{obstacles}");
}

#[test]
fn junit_reads_back_whatever_a_mail_says() {
    let xml = junit(&report(HOSTILE)).unwrap();
    let forbidden =
        |c: char| (c.is_control() && !"\n\r\t".contains(c)) || "\u{fffe}\u{ffff}".contains(c);
    assert!(!xml.contains(forbidden));
    let back = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!((back.tests, back.failures), (3, 1));
    let name = back.test_suites[0].test_cases[0].name.to_string();
    assert!(
        name.contains("</script><script>alert(1)</script>"),
        "{name}"
    );
}

#[test]
fn nothing_of_a_mail_becomes_markup() {
    let page = html(&report(HOSTILE), &[]).unwrap();
    // Our data and our script.
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    for bad in [
        "<img",
        "<i>\"odd\"",
        "href=\"javascript",
        "<!-- ",
        "\u{202e}",
        "\u{1b}",
    ] {
        assert!(!page.contains(bad), "{bad}");
    }
    assert!(page.contains("&lt;img src=x onerror=alert(2)&gt;"));
    assert!(
        page.contains(
            "href=\"#features/it%27s%20%3Ci%3E%22odd%22%3C/i%3E%2C%20100%25.feature:16\""
        )
    );
}

#[test]
fn each_annotation_is_one_command() {
    for record in [FAILED, FLAKY, OBSTACLES, HOSTILE] {
        let text = annotations(&report(record));
        assert!(!text.is_empty());
        for line in text.lines() {
            let is_command = ["::error file=", "::warning file="]
                .iter()
                .any(|start| line.starts_with(start));
            assert!(is_command, "{line}");
        }
    }
    let failed = annotations(&report(FAILED));
    let start = "::error file=features/second_mail.feature,line=14,title=failed%3A The address bounced once::no message to ";
    assert!(failed.starts_with(start), "{failed}");
    let summary = step_summary(&report(FAILED));
    assert!(summary.contains("**3 failed** · **1 passed**"), "{summary}");
    assert!(
        summary.contains("**ses-account-suppressed**, certain: remove the address"),
        "{summary}"
    );
}

#[test]
fn a_page_shows_the_mail_s_way_and_the_past() {
    let report = report(STAGING);
    let past = PastRun {
        run: crate::model::RunId::new("0a0b0c"),
        started_at: report.started_at,
        commit: None,
        delivery_p50_ms: Some(2_000.0),
        outcomes: [(
            report.scenarios[0].key.clone(),
            PastOutcome {
                status: Status::Broken,
            },
        )]
        .into(),
    };
    let page = html(&report, &[past]).unwrap();
    let cases = [
        "taken by filter.example.com from mx1.example.com",
        "its clock is 1.40 s ahead at least",
        "DMARC fail (says mx1.example.com)",
        "run 0a0b0c, 2026-11-21 12:58Z, delivery p50 2.00 s: broken",
        "Last runs",
    ];
    for expected in cases {
        assert!(page.contains(expected), "{expected}");
    }
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
    assert!(page.contains(" scenarios are told by the steps alone"));
    assert!(step_summary(&report).len() < 1_000_000);
}
