//! What happened in an attempt, from the first call to the last, drawn to scale.

use maud::{Markup, html};

use super::place::{percent, text};
use crate::record::{Answer, Event};
use crate::report::run_report::{AttemptReport, Ended, Moment, StepReport};
use crate::report::text::{repeated, span};

/// Rows that are shown: a scenario that loops may have any number.
const ROWS_MAX: usize = 400;

/// A row of the time line.
struct Row {
    class: &'static str,
    text: String,
    note: String,
    /// Where its bar begins and ends, in milliseconds from the start of the run.
    bar: Option<(f64, f64)>,
    /// Where a mail changed hands, within the bar.
    marks: Vec<f64>,
    /// The line in the feature file, for a step.
    line: Option<usize>,
    took_ms: Option<f64>,
}

/// Steps, and below each the calls, waits and mails within it.
pub(super) fn timeline(attempt: &AttemptReport) -> Markup {
    let (from, until) = (attempt.began_ms, attempt.ended_ms());
    let rows = rows(attempt);
    let more = rows.len().saturating_sub(ROWS_MAX);
    html! {
        table.time {
            thead {
                tr {
                    th { span.read { "line" } }
                    th { span.read { "what" } }
                    th { span.read { "took" } }
                    th.axis { div { span { "0" } span { (span(until - from)) } } }
                }
            }
            tbody {
                @for row in rows.iter().take(ROWS_MAX) { (drawn(row, from, until - from)) }
            }
        }
        @if more > 0 { p { "and " (more) " rows more in the record" } }
    }
}

fn drawn(row: &Row, from: f64, whole: f64) -> Markup {
    html! {
        tr class=(row.class) {
            td { @if let Some(line) = row.line { (line) } }
            td { (text(&row.text)) @if !row.note.is_empty() { " " small { (text(&row.note)) } } }
            td { @if let Some(took) = row.took_ms { (span(took)) } }
            td {
                @if let Some((begin, end)) = row.bar {
                    svg {
                        rect x=(percent(begin - from, whole)) width=(percent(end - begin, whole)) {}
                        @for mark in &row.marks {
                            line x1=(percent(mark - from, whole)) x2=(percent(mark - from, whole)) y2="9" {}
                        }
                    }
                }
            }
        }
    }
}

/// In the order in which they began: a step, then what happened in it.
fn rows(attempt: &AttemptReport) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut events = attempt.events.iter().peekable();
    for (at, step) in attempt.steps.iter().enumerate() {
        while let Some(moment) = events.next_if(|one| one.elapsed_ms < step.began_ms) {
            rows.extend(row(moment, attempt));
        }
        rows.push(step_row(step));
        let next = attempt.steps.get(at + 1);
        let until = next.map_or(f64::INFINITY, |next| next.began_ms);
        let is_in_step = |one: &&Moment| one.elapsed_ms < until && one.line.is_some();
        while let Some(moment) = events.next_if(is_in_step) {
            rows.extend(row(moment, attempt));
        }
    }
    let after: Vec<_> = events.filter_map(|moment| row(moment, attempt)).collect();
    if !after.is_empty() {
        rows.push(Row {
            text: "After the last step".to_owned(),
            ..Row::of("step after", String::new())
        });
        rows.extend(after);
    }
    rows
}

impl Row {
    fn of(class: &'static str, note: String) -> Self {
        Self {
            class,
            text: String::new(),
            note,
            bar: None,
            marks: Vec::new(),
            line: None,
            took_ms: None,
        }
    }

    /// With a bar that ends at `end` and is as long as it took.
    fn lasted(mut self, took_ms: f64, end: f64) -> Self {
        self.bar = Some((end - took_ms, end));
        self.took_ms = Some(took_ms);
        self
    }
}

fn step_row(step: &StepReport) -> Row {
    let (class, note) = match step.outcome {
        Ended::Passed => ("step", ""),
        Ended::Failed => ("step bad", ""),
        Ended::Unknown => ("step bad", "never ended"),
    };
    let row = Row {
        text: step.text.clone(),
        line: Some(step.line),
        ..Row::of(class, note.to_owned())
    };
    match step.took_ms {
        Some(took) => row.lasted(took, step.began_ms + took),
        None => row,
    }
}

/// What is no row of its own here is told elsewhere on the page.
fn row(moment: &Moment, attempt: &AttemptReport) -> Option<Row> {
    let at = moment.elapsed_ms;
    let row = match &moment.event {
        Event::Call {
            operation,
            request_id,
            answer,
            took_ms,
            ..
        } => call(operation, request_id.as_deref(), answer).lasted(*took_ms, at),
        Event::Slowed {
            operation,
            throttled,
            unanswered,
            paused_ms,
        } => Row {
            text: format!("{operation} was sent again"),
            ..Row::of("wait", why_again(*throttled, *unanswered, *paused_ms))
        },
        Event::Waiting { what, at_most_ms } => wait(moment, what, *at_most_ms, attempt),
        Event::MailArrived {
            subject,
            delivery_ms,
            found,
            facts,
            ..
        } => {
            let requested = at - delivery_ms;
            let hops = facts.hops.iter().filter_map(|hop| hop.at);
            let written = facts.written;
            let moments = written.into_iter().chain(hops);
            Row {
                text: format!("mail “{subject}”"),
                marks: moments.map(|one| requested + one.after_ms).collect(),
                ..Row::of("mail", found.clone())
            }
            .lasted(*delivery_ms, at)
        }
        Event::MailMissing {
            waited_ms, others, ..
        } => {
            let others = match others {
                0 => "no other mail either".to_owned(),
                _ => format!("{others} for other addresses"),
            };
            Row {
                text: "no mail".to_owned(),
                ..Row::of("missing", others)
            }
            .lasted(*waited_ms, at)
        }
        Event::Diagnosed { verdict } => Row {
            text: "looked for the cause".to_owned(),
            ..Row::of("search", String::new())
        }
        .lasted(verdict.took_ms, at),
        Event::UserCreated { username, sub } => user("user created", username, sub.as_str()),
        Event::UserDeleted { username, sub } => user("user deleted", username, sub.as_str()),
        _ => return None,
    };
    Some(row)
}

fn why_again(throttled: u32, unanswered: u32, paused_ms: f64) -> String {
    let pauses = format!("{} of pauses", span(paused_ms));
    let why = repeated(throttled.into(), unanswered.into());
    why.map_or_else(|| pauses.clone(), |why| format!("{why}, {pauses}"))
}

fn user(text: &str, username: &str, sub: &str) -> Row {
    Row {
        text: text.to_owned(),
        ..Row::of("user", format!("{username}, sub {sub}"))
    }
}

fn call(operation: &str, request_id: Option<&str>, answer: &Answer) -> Row {
    let (class, answered) = match answer {
        Answer::Ok { detail } => ("call", detail.clone()),
        Answer::Refused { code, message } => ("call refused", format!("{code}: {message}")),
        Answer::None { reason } => ("call refused", format!("no answer: {reason}")),
    };
    let arrow = if answered.is_empty() { "" } else { " → " };
    let id = request_id.map_or_else(String::new, |id| format!("request id {id}"));
    Row {
        text: format!("{operation}{arrow}{answered}"),
        ..Row::of(class, id)
    }
}

/// From its beginning to what ended it: the mail, its absence, or the step's end.
fn wait(moment: &Moment, what: &str, at_most_ms: f64, attempt: &AttemptReport) -> Row {
    let ends = |event: &Event| {
        matches!(
            event,
            Event::MailArrived { .. } | Event::MailMissing { .. } | Event::Waiting { .. }
        )
    };
    let later = attempt.events.iter();
    let later = later.filter(|one| one.elapsed_ms > moment.elapsed_ms && one.line == moment.line);
    let ended = later
        .filter(|one| ends(&one.event))
        .map(|one| one.elapsed_ms);
    let step = attempt.steps.iter().rev();
    let step = step.filter(|step| Some(step.line) == moment.line);
    let step = step.filter_map(|step| Some(step.began_ms + step.took_ms?));
    let end = ended.chain(step).find(|end| *end >= moment.elapsed_ms);
    let end = end.unwrap_or_else(|| attempt.ended_ms());
    Row {
        text: format!("waited for {what}"),
        ..Row::of("wait", format!("at most {}", span(at_most_ms)))
    }
    .lasted(end - moment.elapsed_ms, end)
}
