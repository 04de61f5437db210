//! Runs before this one, as far as somebody kept them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use maud::{Markup, html};

use super::place::{class, percent};
use crate::model::RunId;
use crate::report::counts::Status;
use crate::report::run_report::RunReport;
use crate::report::text::span;
use crate::shown::parts;

/// Runs that are shown: more would be too narrow to point at.
const RUNS_SHOWN_MAX: usize = 40;
/// The least part of a column, of 44 pixels, that is still seen.
const PART_PERCENT_MIN: f64 = 6.0;

/// A run before this one.
#[derive(Debug, Clone, PartialEq)]
pub struct PastRun {
    /// The run.
    pub run: RunId,
    /// When it began.
    pub started_at: Timestamp,
    /// The commit that it ran on.
    pub commit: Option<String>,
    /// Half of its mails came within this time, in milliseconds.
    pub delivery_p50_ms: Option<f64>,
    /// How each scenario ended, by [`PlannedScenario::key`](crate::record::PlannedScenario::key).
    pub outcomes: BTreeMap<String, PastOutcome>,
}

/// How a scenario ended in a past run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastOutcome {
    /// How it ended.
    pub status: Status,
}

/// The latest runs, with this one at the end.
pub(super) struct Strip<'a> {
    past: &'a [PastRun],
    report: &'a RunReport,
}

impl<'a> Strip<'a> {
    /// Of runs with the oldest first.
    pub(super) fn new(past: &'a [PastRun], report: &'a RunReport) -> Self {
        let from = past.len().saturating_sub(RUNS_SHOWN_MAX);
        Self {
            past: &past[from..],
            report,
        }
    }

    /// A column for each run, divided by how its scenarios ended.
    pub(super) fn of_runs(&self) -> Markup {
        if self.past.is_empty() {
            return html! {};
        }
        let this = self.report;
        html! {
            section {
                h2 { "Last runs" }
                div.strip {
                    ol.runs {
                        @for run in self.past {
                            li title=(title(run)) { (column(|status| run.of(status))) }
                        }
                        li.now title=(format!("this run, {}", this.run)) {
                            (column(|status| this.counts.of(status)))
                        }
                    }
                    p.scale {
                        span { (self.past[0].started_at.strftime("%Y-%m-%d")) }
                        span { "this run" }
                    }
                }
            }
        }
    }

    /// A square for each run that had the scenario.
    pub(super) fn of_scenario(&self, key: &str, status: Status) -> Markup {
        let past = self.past.iter();
        let past: Vec<_> = past
            .filter_map(|run| Some((run, run.outcomes.get(key)?)))
            .collect();
        if past.is_empty() {
            return html! {};
        }
        html! {
            p.past {
                span { "last runs" }
                @for (run, outcome) in past {
                    i class=(class(outcome.status))
                        title=(format!("{}: {}", title(run), outcome.status.words())) {
                        (outcome.status.words()) " "
                    }
                }
                i class=(format!("{} now", class(status))) title="this run" { (status.words()) }
            }
        }
    }
}

impl PastRun {
    fn of(&self, status: Status) -> usize {
        let outcomes = self.outcomes.values();
        outcomes.filter(|one| one.status == status).count()
    }
}

fn title(run: &PastRun) -> String {
    let mut title = format!(
        "run {}, {}",
        run.run,
        run.started_at.strftime("%Y-%m-%d %H:%MZ")
    );
    if let Some(commit) = &run.commit {
        let short: String = commit.chars().take(9).collect();
        let _ = write!(title, ", commit {short}");
    }
    if let Some(p50) = run.delivery_p50_ms {
        let _ = write!(title, ", delivery p50 {}", span(p50));
    }
    title
}

/// The passed ones at the foot, the worst at the top.
fn column(of: impl Fn(Status) -> usize) -> Markup {
    let parts = parts(Status::ALL.map(of), PART_PERCENT_MIN);
    let parts = Status::ALL.into_iter().zip(parts);
    html! {
        svg {
            @for (status, (top, height)) in parts.filter(|(_, (_, height))| *height > 0.0) {
                rect class=(class(status)) width="100%"
                    y=(percent(top, 1e2)) height=(percent(height, 1e2)) {}
            }
        }
    }
}

/// A count's share, for an attribute.
#[expect(clippy::cast_precision_loss, reason = "scenarios of a run are few")]
pub(super) fn share(part: usize, whole: usize) -> String {
    percent(part as f64, whole as f64)
}
