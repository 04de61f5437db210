//! One scenario over the runs.

use maud::{Markup, html};

use super::plot::plot;
use super::shown::{class, outcome, run, text};
use crate::history::{PastOutcome, Point, ScenarioPast, words};

/// Runs in a strip and in a plot: more would be too narrow to point at.
pub(super) const RUNS_SHOWN_MAX: usize = 50;
/// Failures that are told in words.
const FAILURES_TOLD_MAX: usize = 8;

/// A line with its strip, which opens to what is known of it.
pub(super) fn scenario(past: &ScenarioPast<'_>) -> Markup {
    let failing = past.failing_since().is_some();
    let states = [(failing, "failing"), (past.flaky() > 0, "flaky")];
    let states: Vec<_> = states
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, name)| *name)
        .collect();
    let (feature, name) = past.key.split_once(": ").unwrap_or(("", past.key));
    html! {
        details.scenario id=(format!("{}/{}", past.target, past.key)) data-states=(states.join(" ")) {
            summary {
                span.name { (text(name)) small { (text(feature)) } }
                @for state in &states { em class=(state) { (state) } }
                span.rate { (past.pass_rate().map(words::percent).unwrap_or_default()) }
                (strip(past))
            }
            div.known { (known(past)) }
        }
    }
}

/// A square for each run; what did not simply pass says so when pointed at.
fn strip(past: &ScenarioPast<'_>) -> Markup {
    let count = |is: &str| {
        let results = past.last(RUNS_SHOWN_MAX).iter().map(|point| point.result);
        results.filter(|result| outcome(result) == is).count()
    };
    let label = format!("{} passed, {} failed", count("passed"), count("failed"));
    html! {
        span.strip role="img" aria-label=(label) {
            @for Point { run: past, result } in past.last(RUNS_SHOWN_MAX) {
                @if result.outcome == PastOutcome::Passed && !result.passed_late() {
                    i {}
                } @else {
                    i class=(class(result.outcome, result.passed_late()))
                        title=(format!("{}: {}", run(past), outcome(result))) {}
                }
            }
        }
    }
}

fn known(past: &ScenarioPast<'_>) -> Markup {
    let shown = past.last(RUNS_SHOWN_MAX);
    let points: Vec<_> = shown
        .iter()
        .map(|point| (point.run, point.result.deliveries.iter().copied().collect()))
        .collect();
    let (passed, counted) = (past.passed(), past.counted());
    html! {
        p {
            "passed " (passed) " of " (counted)
            @if past.flaky() > 0 { ", flaky " (past.flaky()) " times" }
            @if let Some(place) = shown.last().map(|point| point.result.place.to_string()) {
                " · " code { (text(&place)) }
            }
        }
        @if let Some(first) = past.failing_since() {
            p.since {
                "fails since " (run(first.run))
                @match past.last_passed() {
                    Some(last) => { "; it last passed in " (run(last.run)) }
                    None => { "; it passed in none of these runs" }
                }
            }
        }
        @if let Some(plot) = plot(&points) { (plot) }
        (failures(past))
    }
}

/// Why it did not simply pass, the newest first.
fn failures(past: &ScenarioPast<'_>) -> Markup {
    let told = past
        .points
        .iter()
        .rev()
        .filter(|point| point.result.failure.is_some());
    let told: Vec<_> = told.take(FAILURES_TOLD_MAX).collect();
    html! {
        @if !told.is_empty() {
            table {
                @for Point { run: past, result } in told {
                    tr {
                        td { (run(past)) }
                        td { (outcome(result)) }
                        td {
                            @if let Some(cause) = &result.cause { code { (text(cause)) } " " }
                            (text(result.failure.as_deref().unwrap_or_default()))
                        }
                    }
                }
            }
        }
    }
}
