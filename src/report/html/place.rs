//! Addresses within the document, and small pieces that every part of it uses.

use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::ScenarioId;
use crate::report::counts::Status;
use crate::report::text::{bounded, visible};

/// What stands in a fragment as it is, so that an address stays readable.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b':')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');
/// Longest text that is shown: a record may hold any.
const TEXT_CHARS_MAX: usize = 2_000;
/// The least length of a bar in a time line, of some 250 pixels, that is still seen.
const BAR_PERCENT_MIN: f64 = 0.4;

/// The `id` of a scenario's part of the document.
pub(super) fn anchor(id: &ScenarioId) -> String {
    id.to_string()
}

/// The `id` of one of its attempts.
pub(super) fn attempt_anchor(id: &ScenarioId, number: u32) -> String {
    format!("{id}/attempt-{number}")
}

/// A link to an `id`.
pub(super) fn link(anchor: &str) -> String {
    format!("#{}", utf8_percent_encode(anchor, ESCAPED))
}

/// A text of the record, as it may be shown.
pub(super) fn text(text: &str) -> String {
    visible(&bounded(text, TEXT_CHARS_MAX)).into_owned()
}

/// The class by which the style knows a status.
pub(super) fn class(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Flaky => "flaky",
        Status::Failed => "failed",
        Status::Broken => "broken",
        Status::Interrupted => "interrupted",
        Status::NotApplicable => "not-applicable",
        Status::NotRun => "not-run",
    }
}

/// The sign of a status, which a screen reader reads as its word.
pub(super) fn sign(status: Status) -> Markup {
    html! { i class=(format!("s {}", class(status))) { (status.words()) } }
}

/// The length of a bar in a time line, as an attribute: what took no time is seen, too.
pub(super) fn bar_length(part: f64, whole: f64) -> String {
    percent(part.max(whole * BAR_PERCENT_MIN / 1e2), whole)
}

/// A share of something as an attribute: `12.34%`.
pub(super) fn percent(part: f64, whole: f64) -> String {
    let share = if whole > 0.0 { part / whole } else { 0.0 };
    let share = (share.clamp(0.0, 1.0) * 1e4).round() / 1e2;
    format!("{share}%")
}
