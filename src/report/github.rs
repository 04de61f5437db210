//! What GitHub shows of a run: annotations at the lines of feature files, and the summary of a job.

use std::fmt::Write as _;

use super::counts::Status;
use super::run_report::{AttemptReport, RunReport, ScenarioReport};
use super::text::{bounded, count, span, visible};
use crate::record::Diagnosed;

/// Annotations of one kind that GitHub keeps for a step of a job; it drops the rest silently.
const ANNOTATIONS_MAX: usize = 10;
/// Longest message of an annotation.
const MESSAGE_CHARS_MAX: usize = 2_000;
/// Scenarios that the summary lists: GitHub takes one megabyte in all.
const SCENARIOS_LISTED_MAX: usize = 200;
/// Longest text in a cell of the summary.
const CELL_CHARS_MAX: usize = 400;

/// Workflow commands, a line each: an error for each scenario that did not pass and for all that was
/// left behind, a warning for each flaky scenario. GitHub reads them from the output of a step.
///
/// ```
/// use reverify::record::read_entries;
/// use reverify::report::{RunReport, annotations};
///
/// let record = include_str!("../../fixtures/runs/flaky.jsonl");
/// let report = RunReport::of(&read_entries(record.as_bytes())?)?;
/// assert!(annotations(&report).contains("\n::warning file="));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn annotations(report: &RunReport) -> String {
    let of = |flaky: bool| {
        let scenarios = report.scenarios.iter();
        let of_kind = move |one: &&ScenarioReport| {
            one.status.wants_attention() && (one.status == Status::Flaky) == flaky
        };
        scenarios.filter(of_kind)
    };
    let mut text = String::new();
    for (command, flaky) in [("error", false), ("warning", true)] {
        for scenario in of(flaky).take(ANNOTATIONS_MAX) {
            text.push_str(&annotation(command, scenario));
        }
        let left_out = of(flaky).count().saturating_sub(ANNOTATIONS_MAX);
        if left_out > 0 {
            let more = count(left_out, "more scenario", "more scenarios");
            text.push_str(&notice(&format!(
                "{more} with an {command}, not shown here"
            )));
        }
    }
    for what in report.left_behind.iter().take(ANNOTATIONS_MAX) {
        let what = data(&visible(&bounded(what, MESSAGE_CHARS_MAX)));
        let _ = writeln!(text, "::error title=reverify::left behind: {what}");
    }
    let left_out = report.left_behind.len().saturating_sub(ANNOTATIONS_MAX);
    if left_out > 0 {
        text.push_str(&notice(&format!(
            "{left_out} more left behind, not shown here"
        )));
    }
    text
}

/// A note, which has a limit of its own.
fn notice(text: &str) -> String {
    format!("::notice title=reverify::{text}\n")
}

fn annotation(command: &str, scenario: &ScenarioReport) -> String {
    // The attempt to tell of: the last one, or the one that made the scenario flaky.
    let attempt = scenario.attempts.iter().rev();
    let attempt = attempt.clone().find(|one| one.failure.is_some());
    let failure = attempt.and_then(|one| one.failure.as_ref());
    let line = attempt
        .and_then(|one| one.failed_step())
        .map_or(scenario.id.line(), |step| step.line);
    let mut message = match failure {
        Some(failure) => failure.message.clone(),
        None => "the run ended before it did".to_owned(),
    };
    if let Some(attempt) = attempt.filter(|_| scenario.status == Status::Flaky) {
        message = format!("attempt {} did not pass: {message}", attempt.number);
    }
    let verdicts = attempt.iter().flat_map(|one| one.verdicts());
    if let Some(cause) = verdicts.filter_map(Diagnosed::headline).last() {
        let (id, confidence) = (&cause.id, &cause.confidence);
        let _ = write!(
            message,
            "\n{id}, {confidence}: {}\nwhat to do: {}",
            cause.title, cause.fix
        );
    } else if let Some(help) = failure.and_then(|one| one.help.as_ref()) {
        let _ = write!(message, "\nwhat to do: {help}");
    }
    format!(
        "::{command} file={},line={line},title={}::{}\n",
        property(scenario.id.feature()),
        property(&format!(
            "{}: {}",
            scenario.status.words(),
            scenario.title()
        )),
        data(&visible(&bounded(&message, MESSAGE_CHARS_MAX))),
    )
}

/// What stands behind `::`: a line break would end the command, and `%` begins an escape.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which a colon or a comma would end, too.
fn property(text: &str) -> String {
    data(&visible(&bounded(text, CELL_CHARS_MAX)))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

/// The run in Markdown, for the summary page of a job.
pub fn step_summary(report: &RunReport) -> String {
    let counts = &report.counts;
    let good = !report.wants_attention();
    let mut text = format!(
        "### {} Reverify: {} on {}\n\n",
        if good { "✅" } else { "❌" },
        count(counts.scenarios, "scenario", "scenarios"),
        markdown(&report.target.name),
    );
    let parts = counts.by_status();
    let mut parts: Vec<_> = parts
        .map(|(status, number)| format!("**{number} {}**", status.words()))
        .collect();
    if let Some(delivery) = report.delivery {
        parts.push(format!(
            "{}, delivery p50 {}, p95 {}, at most {}",
            count(delivery.mails, "mail", "mails"),
            span(delivery.p50_ms),
            span(delivery.p95_ms),
            span(delivery.max_ms),
        ));
    }
    parts.push(report.took_ms.map_or_else(
        || "the record ends before the run did".to_owned(),
        |took| format!("took {}", span(took)),
    ));
    let _ = writeln!(text, "{}\n", parts.join(" · "));
    text.push_str(&table(report));
    for left in &report.left_behind {
        let _ = writeln!(text, "- left behind: {}", markdown(left));
    }
    text
}

fn table(report: &RunReport) -> String {
    let wanted = || {
        let all = report.scenarios.iter();
        all.filter(|one| one.status.wants_attention())
    };
    let mut text = String::new();
    if wanted().next().is_none() {
        return text;
    }
    text.push_str("| | scenario | what happened | cause |\n| --- | --- | --- | --- |\n");
    for scenario in wanted().take(SCENARIOS_LISTED_MAX) {
        let failed = scenario.attempts.iter().rev();
        let failure = failed.clone().find_map(|one| one.failure.as_ref());
        let cause = failed
            .flat_map(AttemptReport::verdicts)
            .find_map(Diagnosed::headline);
        let _ = writeln!(
            text,
            "| {} | {}<br>{} | {} | {} |",
            scenario.status.words(),
            markdown(&scenario.title()),
            markdown(&scenario.id.to_string()),
            markdown(failure.map_or("the run ended before it did", |one| &one.message)),
            cause.map_or_else(String::new, |cause| format!(
                "**{}**, {}: {}",
                markdown(&cause.id),
                markdown(&cause.confidence),
                markdown(&cause.fix)
            )),
        );
    }
    let left_out = wanted().count().saturating_sub(SCENARIOS_LISTED_MAX);
    if left_out > 0 {
        let more = count(left_out, "more scenario", "more scenarios");
        let _ = writeln!(text, "\n{more} not listed.");
    }
    text.push('\n');
    text
}

/// As text in a cell of a table: nothing in it is markup, a link or a mention.
fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in bounded(text, CELL_CHARS_MAX).chars() {
        match char {
            '\n' | '\r' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            ':' => out.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(char);
            }
            _ => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_ends_where_github_reads_its_end() {
        assert_eq!(data("100 %\r\nnext"), "100 %25%0D%0Anext");
        assert_eq!(property("a:b,c%3A"), "a%3Ab%2Cc%253A");
    }

    #[test]
    fn text_of_a_mail_is_no_markdown() {
        assert_eq!(
            markdown("<img src=x> [a](http://b) | @you\n# big"),
            r"&lt;img src=x&gt; \[a\]\(http&#58;//b\) \| &#64;you \# big"
        );
    }
}
