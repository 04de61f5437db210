//! One JSON document for programs.

use serde::Serialize;

use super::counts::Status;
use super::run_report::RunReport;
use crate::record::Event;

/// The version of the document that [`json()`] writes. It grows when a field changes its meaning or
/// goes; fields may be added without.
pub const JSON_FORMAT: u32 = 1;

/// The document: its version, then the fields of a [`RunReport`].
#[derive(Debug, Serialize)]
struct Document<'a> {
    format: u32,
    complete: bool,
    #[serde(flatten)]
    report: &'a RunReport,
}

/// Writes a run as one JSON document on one line.
///
/// `scenarios[].attempts[].events[]` are events as `run.jsonl` has them, without the ones that
/// begin and end steps and attempts. Of an attempt that passed, calls, waits and users are left
/// out, so that 1,000 scenarios stay under five megabytes; the record has them. `complete` is false
/// where the record ends before the run did.
///
/// # Errors
///
/// When a value cannot be written, which no run should cause.
///
/// ```
/// use reverify::record::read_entries;
/// use reverify::report::{RunReport, json};
///
/// let record = include_str!("../../fixtures/runs/passed.jsonl");
/// let report = RunReport::of(&read_entries(record.as_bytes())?)?;
/// let text = json(&report)?;
/// assert!(text.starts_with(r#"{"format":1,"complete":true,"run":"1a2b3c""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn json(report: &RunReport) -> Result<String, serde_json::Error> {
    let mut short = report.clone();
    let attempts = short.scenarios.iter_mut().flat_map(|one| &mut one.attempts);
    for attempt in attempts.filter(|one| one.status() == Status::Passed) {
        attempt.events.retain(|moment| !is_everyday(&moment.event));
    }
    let document = Document {
        format: JSON_FORMAT,
        complete: report.is_whole(),
        report: &short,
    };
    let mut text = serde_json::to_string(&document)?;
    text.push('\n');
    Ok(text)
}

fn is_everyday(event: &Event) -> bool {
    matches!(
        event,
        Event::Call { .. }
            | Event::Waiting { .. }
            | Event::UserCreated { .. }
            | Event::UserDeleted { .. }
    )
}
