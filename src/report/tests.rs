//! Reports of recorded runs: `fixtures/runs` has one record for each way in which a run may end.

use crate::record::{Entry, Event, read_entries};

use super::*;

mod large;

const PASSED: &str = include_str!("../../fixtures/runs/passed.jsonl");
const FAILED: &str = include_str!("../../fixtures/runs/failed.jsonl");
const FLAKY: &str = include_str!("../../fixtures/runs/flaky.jsonl");
const OBSTACLES: &str = include_str!("../../fixtures/runs/obstacles.jsonl");
const CUT: &str = include_str!("../../fixtures/runs/cut.jsonl");
const HOSTILE: &str = include_str!("../../fixtures/runs/hostile.jsonl");
const STAGING: &str = include_str!("../../fixtures/runs/staging.jsonl");

fn report(record: &str) -> RunReport {
    RunReport::of(&read_entries(record.as_bytes()).unwrap()).unwrap()
}

fn statuses(report: &RunReport) -> Vec<Status> {
    report.scenarios.iter().map(|one| one.status).collect()
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
    // The calls up to the failure, not those that clean up.
    assert!(failed.contains("  call   SignUp "), "{failed}");
    assert!(!failed.contains("  call   DeleteUserPool"), "{failed}");
    let flaky = junit(&report(FLAKY)).unwrap();
    assert_eq!(flaky.matches("<flakyFailure ").count(), 1, "{flaky}");
    assert_eq!(flaky.matches("<rerunFailure ").count(), 1, "{flaky}");
    assert_eq!(flaky.matches("<failure ").count(), 1, "{flaky}");
    let obstacles = junit(&report(OBSTACLES)).unwrap();
    // Four scenarios, and what was left behind.
    assert_eq!(obstacles.matches("<error ").count(), 5, "{obstacles}");
    let left = r#"<testcase name="left behind" classname="reverify""#;
    assert!(obstacles.contains(left), "{obstacles}");
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

/// What the terminal shows of a record.
fn shown(record: &str, style: Style) -> String {
    let mut out = Vec::new();
    {
        let mut terminal = Terminal::new(&mut out, TerminalOptions::new(style, false));
        for entry in &read_entries(record.as_bytes()).unwrap() {
            terminal.entry(entry);
        }
        terminal.cut_off();
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn nothing_of_a_mail_writes_lines_into_a_log() {
    // The same where a text stands first in its line, and for a failure without a step.
    let first = HOSTILE
        .replace("\"The second mail", "\"::error::The second mail")
        .replace("\"no message to", "\"::error::no message\\n  ::error::to")
        .replace("\"the user pool's settings\"", "\"::error::the settings\"");
    let steps = |line: &&str| !line.contains("step-");
    let without_steps: Vec<_> = first.lines().filter(steps).collect();
    for record in [HOSTILE, &first, &without_steps.join("\n")] {
        let mut texts = vec![shown(record, Style::Plain)];
        let mut endings = ScenarioEndings::new(Style::Plain, |one| one.id.to_string());
        for entry in &read_entries(record.as_bytes()).unwrap() {
            if let Some((_, ScenarioEnding::DidNotPass(text))) = endings.entry(entry) {
                texts.push(text);
            }
        }
        assert_eq!(texts.len(), 2);
        for text in texts {
            assert!(
                !text.contains(|c: char| c.is_control() && c != '\n'),
                "{text}"
            );
            let commands = |line: &&str| line.trim_start().starts_with("::");
            assert_eq!(text.lines().find(commands), None, "{text}");
        }
    }
    assert!(shown(&first, Style::Plain).contains("\n     |       ::error::to"));
    let coloured = shown(HOSTILE, Style::Coloured);
    let ours = ["1;31", "1;32", "1;33", "1", "2", "0"];
    let rest = ours.iter().fold(coloured, |text, code| {
        text.replace(&format!("\u{1b}[{code}m"), "")
    });
    assert!(!rest.contains('\u{1b}'), "{rest}");
    for text in [annotations(&report(HOSTILE)), annotations(&report(&first))] {
        assert!(
            !text.contains(|c: char| c.is_control() && c != '\n'),
            "{text}"
        );
    }
}

#[test]
fn each_annotation_is_one_command() {
    for record in [FAILED, FLAKY, OBSTACLES, HOSTILE] {
        let text = annotations(&report(record));
        assert!(!text.is_empty());
        for line in text.lines() {
            let starts = [
                "::error file=",
                "::warning file=",
                "::error title=reverify::left behind: ",
            ];
            let is_command = starts.iter().any(|start| line.starts_with(start));
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

/// The same run, as if it had left a user behind.
fn with_left_behind(record: &str, number: usize) -> RunReport {
    let mut entries = read_entries(record.as_bytes()).unwrap();
    let mut left = entries[1].clone();
    for number in 0..number {
        let what = format!("user ada{number}, because of AccessDenied");
        left.event = Event::LeftBehind { what };
        entries.insert(2, left.clone());
    }
    RunReport::of(&entries).unwrap()
}

#[test]
fn a_run_that_left_something_behind_is_green_nowhere() {
    assert!(!report(PASSED).wants_attention());
    let left = with_left_behind(PASSED, 12);
    assert!(left.wants_attention());
    let said = annotations(&left);
    let errors = said
        .matches("::error title=reverify::left behind: user ada")
        .count();
    assert_eq!(errors, 10, "{said}");
    let more = "::notice title=reverify::2 more left behind, not shown here\n";
    assert!(said.ends_with(more), "{said}");
    assert!(step_summary(&left).starts_with("### ❌ "));
    assert!(step_summary(&report(PASSED)).starts_with("### ✅ "));
    let xml = junit(&left).unwrap();
    let error = r#"<error message="12 left behind" type="left behind">user ada"#;
    assert!(xml.contains(error), "{xml}");
    assert!(
        xml.contains(r#"tests="5" failures="0" errors="1""#),
        "{xml}"
    );
    let page = html(&left, &[]).unwrap();
    assert!(page.contains("<h1>All of 4 scenarios passed, 12 left behind</h1>"));
}

/// The same run with each scenario twice: as it is named, and as its repetitions.
fn repeated(record: &str) -> RunReport {
    let entries = read_entries(record.as_bytes()).unwrap();
    let mut all = vec![entries[0].clone()];
    if let Event::RunStarted { planned, .. } = &mut all[0].event {
        *planned = std::mem::take(planned)
            .into_iter()
            .flat_map(|one| [1, 2].map(|number| (number, one.clone())))
            .map(|(number, mut one)| {
                one.id = one.id.repeated(number);
                one
            })
            .collect();
    }
    for entry in &entries[1..] {
        let ids = [1, 2].map(|number| entry.scenario.as_ref().map(|id| id.repeated(number)));
        all.extend(ids.map(|scenario| Entry {
            scenario,
            ..entry.clone()
        }));
    }
    RunReport::of(&all).unwrap()
}

#[test]
fn repetitions_have_names_of_their_own_and_one_command() {
    let report = repeated(FAILED);
    let xml = junit(&report).unwrap();
    for number in [1, 2] {
        let name = format!(r#"<testcase name="The address bounced once #{number}""#);
        assert_eq!(xml.matches(&name).count(), 1, "{xml}");
    }
    let page = html(&report, &[]).unwrap();
    for text in [xml, page] {
        assert!(text.contains("reverify run features/second_mail.feature:4"));
        assert!(
            !text.contains("reverify run features/second_mail.feature:4#"),
            "{text}"
        );
    }
}

#[test]
fn a_run_that_was_killed_took_until_its_last_entry() {
    let text = shown(CUT, Style::Plain);
    let last = text.lines().last().unwrap_or_default();
    assert!(
        last.contains("Summary [   ") && !last.contains("[   0.000s]"),
        "{text}"
    );
}
