//! The whole document, within its bound.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::document::document;
use super::list::{list, searched};
use super::past::{PastRun, Strip};
use super::scenario::{scenario, scenario_in_short};
use super::summary::summary;
use crate::model::ScenarioId;
use crate::report::run_report::{RunReport, ScenarioReport};

/// Size that scenarios told in full may have together: a browser reads so much, and the rest of
/// 1,000 scenarios, in less than a second.
const SCENARIOS_BYTES_MAX: usize = 2_000_000;

/// Writes a run as one HTML document; `past` are runs before it, the oldest first, or none.
///
/// Where room is short, scenarios that want attention have it first. The others are told in short,
/// and say so.
///
/// # Errors
///
/// When the data for the script cannot be written, which no run should cause.
///
/// ```
/// use reverify::record::read_entries;
/// use reverify::report::{RunReport, html};
///
/// let record = include_str!("../../../fixtures/runs/failed.jsonl");
/// let report = RunReport::of(&read_entries(record.as_bytes())?)?;
/// let page = html(&report, &[])?;
/// assert!(page.contains("default-src 'none'"));
/// assert!(page.contains("ses-account-suppressed"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn html(report: &RunReport, past: &[PastRun]) -> Result<String, serde_json::Error> {
    let strip = Strip::new(past, report);
    let (pages, in_short) = pages(report, &strip);
    // The list may be long: whoever reads or hears the page from its beginning comes to it last.
    let body = html! {
        main {
            (summary(report, &strip, in_short))
            @for page in pages.into_values() { (page) }
        }
        (list(report))
    };
    let title = format!("Reverify: {}, run {}", report.target.name, report.run);
    document(&title, &body, &searched(report))
}

/// The page of each scenario, and how many of them are short.
fn pages<'a>(
    report: &'a RunReport,
    strip: &Strip<'_>,
) -> (BTreeMap<&'a ScenarioId, Markup>, usize) {
    let mut by_need: Vec<&ScenarioReport> = report.scenarios.iter().collect();
    // Stable: within a status they stay in the order of the files.
    by_need.sort_by_key(|one| one.status);
    let (mut bytes, mut in_short) = (0, 0);
    let pages = by_need.into_iter().map(|one| {
        let whole = scenario(one, strip);
        let fits = bytes + whole.0.len() <= SCENARIOS_BYTES_MAX;
        let page = if fits {
            bytes += whole.0.len();
            whole
        } else {
            in_short += 1;
            scenario_in_short(one, strip)
        };
        (&one.id, page)
    });
    let pages = pages.collect();
    (pages, in_short)
}
