//! The runs of a target as a whole.

use maud::{Markup, html};

use super::plot::plot;
use super::shown::{class, figure, run};
use crate::history::{PastOutcome, PastRun, ScenarioPast, words};
use crate::shown::parts;

/// The least part of a column, of 48 pixels, that is still seen.
const PART_PERCENT_MIN: f64 = 6.0;

/// A column for each run, and how long its mails took.
pub(super) fn overview(runs: &[&PastRun], pasts: &[&ScenarioPast<'_>]) -> Markup {
    let points: Vec<_> = runs.iter().map(|run| (*run, run.deliveries())).collect();
    let failing = pasts
        .iter()
        .filter(|past| past.failing_since().is_some())
        .count();
    let flaky = pasts.iter().filter(|past| past.flaky() > 0).count();
    html! {
        p.figures {
            (figure(&runs.len().to_string(), if runs.len() == 1 { "run" } else { "runs" }))
            (figure(&pasts.len().to_string(), if pasts.len() == 1 { "scenario" } else { "scenarios" }))
            (figure(&failing.to_string(), "failing"))
            (figure(&flaky.to_string(), "flaky"))
        }
        ol.runs aria-label="runs, the oldest first" {
            @for run in runs { li title=(title(run)) { (column(run)) } }
        }
        @if let Some(plot) = plot(&points) { (plot) }
    }
}

/// `run 7f3c01, …: 12 passed, 2 failed, took 73.0s`.
fn title(past: &PastRun) -> String {
    let counts = past.counts();
    let counts: Vec<_> = counts
        .present()
        .map(|(outcome, count)| format!("{count} {}", words::words(outcome)))
        .collect();
    let cut = if past.cut { ", cut" } else { "" };
    let took = words::time(past.took);
    format!("{}: {}, took {took}{cut}", run(past), counts.join(", "))
}

/// How its scenarios ended, the good at the foot.
fn column(run: &PastRun) -> Markup {
    let late = run
        .results
        .iter()
        .filter(|result| result.passed_late())
        .count();
    let counts = run.counts();
    let [passed, others @ ..] = PastOutcome::ALL;
    let of = |outcome| (class(outcome, false), counts.of(outcome));
    let [failed, broken, interrupted, elsewhere, not_run] = others.map(of);
    let at_once = counts.of(passed) - late;
    let stacked = [
        not_run,
        elsewhere,
        interrupted,
        broken,
        failed,
        (class(passed, true), late),
        (class(passed, false), at_once),
    ];
    let parts = parts(stacked.map(|(_, count)| count), PART_PERCENT_MIN);
    let parts = stacked.into_iter().zip(parts);
    html! {
        svg aria-hidden="true" {
            @for ((class, _), (top, height)) in parts.filter(|(_, (_, height))| *height > 0.0) {
                rect class=(class) width="100%" y=(percent(top)) height=(percent(height)) {}
            }
        }
    }
}

fn percent(number: f64) -> String {
    format!("{number:.2}%")
}
