//! JUnit XML, as CI servers read it.
//!
//! A feature file is a test suite and a scenario a test case. What the target did wrong is a
//! `<failure>`; what could not be tested, was cut short or never ran is an `<error>`; what does not
//! apply to the target is `<skipped>`. Attempts before the last are `<flakyFailure>` where the
//! scenario passed in the end, else `<rerunFailure>`, as Maven Surefire writes them. What was left
//! behind is an `<error>` of a test case of its own, since a run that left something is not green.
//!
//! The result fulfils the schema of Jenkins' xUnit plugin, the strictest of the ones in use. It
//! knows properties of a suite only; those of a test case stand in its output as
//! `[[PROPERTY|name=value]]`, a notation that readers of JUnit files share.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestRerun};
use quick_junit::{TestSuite, XmlString};

use super::counts::Status;
use super::run_report::{AttemptReport, RunReport, ScenarioReport};
use super::terminal::attempt_text;
use super::text::{bounded, for_xml, visible};

/// Longest text of a failure, and longest output of a test case: CI servers keep every report.
const TEXT_CHARS_MAX: usize = 8_000;
/// Longest message: it becomes a line in lists.
const MESSAGE_CHARS_MAX: usize = 1_000;
/// The test case that tells what could not be cleaned up.
const LEFT_BEHIND: &str = "left behind";

/// Writes a run as JUnit XML.
///
/// # Errors
///
/// When the XML cannot be written, which no run should cause.
///
/// ```
/// use reverify::record::read_entries;
/// use reverify::report::{RunReport, junit};
///
/// let record = include_str!("../../fixtures/runs/passed.jsonl");
/// let report = RunReport::of(&read_entries(record.as_bytes())?)?;
/// let xml = junit(&report)?;
/// assert!(xml.contains(r#"<testsuites name="reverify" "#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn junit(report: &RunReport) -> Result<String, SerializeError> {
    let mut features: BTreeMap<&str, Vec<&ScenarioReport>> = BTreeMap::new();
    for scenario in &report.scenarios {
        let feature = features.entry(scenario.id.feature()).or_default();
        feature.push(scenario);
    }
    let mut xml = Report::new("reverify");
    xml.set_time(duration(report.took_ms.unwrap_or_default()));
    for (feature, scenarios) in features {
        xml.add_test_suite(suite(report, feature, &scenarios));
    }
    if !report.left_behind.is_empty() {
        xml.add_test_suite(left_behind(report));
    }
    Ok(without_skipped(xml.to_string()?))
}

/// Without the count of skipped tests in the root, which the schema does not have.
fn without_skipped(mut xml: String) -> String {
    let root = xml.find("<testsuites ").zip(xml.find("<testsuite "));
    let end = root.map_or(xml.len(), |(_, end)| end);
    if let Some(from) = xml[..end].find(" skipped=\"")
        && let Some(length) = xml[from..end]
            .match_indices('"')
            .nth(1)
            .map(|(at, _)| at + 1)
    {
        xml.replace_range(from..from + length, "");
    }
    xml
}

fn suite(report: &RunReport, feature: &str, scenarios: &[&ScenarioReport]) -> TestSuite {
    let took_ms = scenarios.iter().map(|one| one.took_ms).sum();
    let mut suite = empty_suite(report, feature, took_ms);
    for scenario in scenarios {
        let same = scenarios
            .iter()
            .filter(|one| one.title() == scenario.title());
        suite.add_test_case(case(report, scenario, same.count() == 1));
    }
    suite
}

/// One test case with all that could not be cleaned up.
fn left_behind(report: &RunReport) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    let message = format!("{} left behind", report.left_behind.len());
    status.set_message(clean(&message, MESSAGE_CHARS_MAX));
    status.set_type(clean(LEFT_BEHIND, MESSAGE_CHARS_MAX));
    let all: Vec<_> = report
        .left_behind
        .iter()
        .map(|what| visible(what))
        .collect();
    status.set_description(clean(&all.join("\n"), TEXT_CHARS_MAX));
    let mut case = TestCase::new(LEFT_BEHIND, status);
    case.set_classname("reverify");
    case.set_time(Duration::ZERO);
    let mut suite = empty_suite(report, "reverify", 0.0);
    suite.add_test_case(case);
    suite
}

fn empty_suite(report: &RunReport, name: &str, took_ms: f64) -> TestSuite {
    let mut suite = TestSuite::new(clean(name, MESSAGE_CHARS_MAX));
    for (name, value) in properties(report) {
        suite.add_property((name, value.as_str()));
    }
    suite.set_time(duration(took_ms));
    let started_at = report.started_at.strftime("%Y-%m-%dT%H:%M:%S+00:00");
    let timestamp = (
        XmlString::new("timestamp"),
        clean(&started_at.to_string(), 40),
    );
    suite.extra.extend([timestamp]);
    suite
}

fn properties(report: &RunReport) -> Vec<(&'static str, String)> {
    let setting = &report.setting;
    let mut all = vec![
        ("run", report.run.to_string()),
        ("target", report.target.name.clone()),
        ("target.place", report.target.place.clone()),
        ("target.inbox", report.target.inbox.clone()),
        ("reverify.version", report.version.clone()),
        ("complete", report.is_whole().to_string()),
    ];
    let optional = [
        ("profile", &setting.profile),
        ("commit", &setting.commit),
        ("partition", &setting.partition),
    ];
    all.extend(
        optional
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?))),
    );
    if let Some(delivery) = report.delivery {
        all.push(("delivery_p50_ms", format!("{:.1}", delivery.p50_ms)));
        all.push(("delivery_p95_ms", format!("{:.1}", delivery.p95_ms)));
    }
    all.into_iter()
        .map(|(name, value)| (name, for_xml(&bounded(&value, MESSAGE_CHARS_MAX))))
        .collect()
}

fn case(report: &RunReport, scenario: &ScenarioReport, name_is_unique: bool) -> TestCase {
    let mut name = scenario.title();
    if !name_is_unique {
        // Servers tell test cases apart by their names; a line moves, so it is the last resort.
        let _ = write!(name, " (line {})", scenario.id.line());
    }
    let mut status = status(scenario);
    let earlier = scenario.attempts.iter();
    let earlier = earlier.take(scenario.attempts.len().saturating_sub(1));
    status.add_reruns(earlier.map(|attempt| rerun(scenario, attempt)));
    let mut case = TestCase::new(clean(&name, MESSAGE_CHARS_MAX), status);
    case.set_classname(clean(scenario.id.feature(), MESSAGE_CHARS_MAX));
    case.set_time(duration(scenario.took_ms));
    case.set_system_out(clean(&output(report, scenario), TEXT_CHARS_MAX));
    case
}

fn status(scenario: &ScenarioReport) -> TestCaseStatus {
    let mut status = match scenario.status {
        Status::Passed | Status::Flaky => return TestCaseStatus::success(),
        Status::NotApplicable => TestCaseStatus::skipped(),
        Status::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Broken | Status::Interrupted | Status::NotRun => {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        }
    };
    let message = scenario
        .failure()
        .map_or("the run ended before it did", |one| &one.message);
    status.set_message(clean(message, MESSAGE_CHARS_MAX));
    status.set_type(kind(scenario));
    let text = scenario
        .last()
        .and_then(|last| attempt_text(scenario, last));
    if let Some(text) = text.filter(|_| scenario.status != Status::NotApplicable) {
        status.set_description(clean(&text, TEXT_CHARS_MAX));
    }
    status
}

/// The cause, where one is known: servers group failures by their type.
fn kind(scenario: &ScenarioReport) -> XmlString {
    let cause = scenario.cause_ids().first().copied();
    clean(cause.unwrap_or(scenario.status.words()), MESSAGE_CHARS_MAX)
}

fn rerun(scenario: &ScenarioReport, attempt: &AttemptReport) -> TestRerun {
    let kind = match attempt.status() {
        Status::Failed => NonSuccessKind::Failure,
        _ => NonSuccessKind::Error,
    };
    let mut rerun = TestRerun::new(kind);
    let verdict = attempt.verdicts().last().and_then(|one| one.headline());
    rerun.set_type(clean(
        verdict.map_or(attempt.status().words(), |cause| &cause.id),
        MESSAGE_CHARS_MAX,
    ));
    if let Some(failure) = &attempt.failure {
        rerun.set_message(clean(&failure.message, MESSAGE_CHARS_MAX));
    }
    if let Some(text) = attempt_text(scenario, attempt) {
        rerun.set_stack_trace(clean(&text, TEXT_CHARS_MAX));
    }
    rerun
}

/// Properties first, so that a bound never costs them; then the steps of the last attempt.
fn output(report: &RunReport, scenario: &ScenarioReport) -> String {
    let mut lines = vec![
        property("place", &scenario.id.to_string()),
        property("target", &report.target.name),
        property("attempts", &scenario.attempts.len().to_string()),
    ];
    let deliveries = scenario.deliveries_ms();
    lines.extend(deliveries.map(|time| property("delivery_ms", &format!("{time:.1}"))));
    let causes = scenario.cause_ids();
    lines.extend(causes.iter().map(|id| property("cause", id)));
    if let Some(last) = scenario.last() {
        lines.extend(last.steps.iter().map(|step| {
            let took = step.took_ms.map_or_else(
                || "never ended".to_owned(),
                |took| format!("{:.3}s", took / 1e3),
            );
            format!("{:>4} | {} ({took})", step.line, step.text)
        }));
    }
    lines.join("\n")
}

fn property(name: &str, value: &str) -> String {
    // A line break or a bracket would end the notation early.
    let value = value.replace(['\n', '\r', '[', ']'], " ");
    format!("[[PROPERTY|{name}={value}]]")
}

fn duration(millis: f64) -> Duration {
    Duration::try_from_secs_f64(millis / 1e3).unwrap_or_default()
}

fn clean(text: &str, chars_max: usize) -> XmlString {
    XmlString::new(for_xml(&bounded(text, chars_max)))
}
