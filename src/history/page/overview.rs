//! The runs of a target as a whole.

use maud::{Markup, html};

use super::plot::plot;
use super::shown::{class, figure, run};
use crate::history::{PastOutcome, PastRun, ScenarioPast, words};

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
    let at_once = counts.of(PastOutcome::Passed) - late;
    let others = PastOutcome::ALL[1..].iter().rev();
    let others = others.map(|outcome| (class(*outcome, false), counts.of(*outcome)));
    let parts = others.chain([
        (class(PastOutcome::Passed, true), late),
        (class(PastOutcome::Passed, false), at_once),
    ]);
    let mut top = 0;
    let parts: Vec<_> = parts
        .map(|(class, count)| {
            let from = top;
            top += count;
            (class, from, count)
        })
        .collect();
    html! {
        svg aria-hidden="true" {
            @for (class, from, count) in parts.into_iter().filter(|(_, _, count)| *count > 0) {
                rect class=(class) width="100%" y=(share(from, top)) height=(share(count, top)) {}
            }
        }
    }
}

fn share(part: usize, whole: usize) -> String {
    let number = |count: usize| u32::try_from(count).map_or(0.0, f64::from);
    format!("{:.2}%", number(part) / number(whole).max(1.0) * 100.0)
}
