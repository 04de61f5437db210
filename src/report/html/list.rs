//! The list of scenarios beside the report, and what the script searches in.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::place::{anchor, class, link, sign, text};
use crate::report::counts::Status;
use crate::report::run_report::{RunReport, ScenarioReport};
use crate::report::text::{bounded, span, visible};

/// Longest text of one scenario in which the script searches.
const SEARCHED_CHARS_MAX: usize = 300;

/// The list, a heading for each feature file. What needs the script is hidden until it runs.
pub(super) fn list(report: &RunReport) -> Markup {
    let mut features: BTreeMap<&str, Vec<&ScenarioReport>> = BTreeMap::new();
    for scenario in &report.scenarios {
        let feature = features.entry(scenario.id.feature()).or_default();
        feature.push(scenario);
    }
    html! {
        nav aria-label="Scenarios" {
            a.home href="#" { "Reverify " span { (report.target.name) ", run " (report.run) } }
            div #tools hidden {
                input #search type="search" placeholder="Search   /" aria-label="Search scenarios"
                    autocomplete="off" spellcheck="false";
                div.chips role="group" aria-label="Show only" {
                    @for (status, number) in report.counts.by_status() {
                        button type="button" class=(class(status)) data-status=(class(status))
                            aria-pressed="false" {
                            (sign(status)) (number) " " (status.words())
                        }
                    }
                }
                p #shown aria-live="polite" {}
            }
            div #list {
                @for (feature, scenarios) in features {
                    section {
                        h2 { (text(feature)) }
                        ol { @for one in scenarios { (row(one)) } }
                    }
                }
            }
            p #keys hidden {
                kbd { "/" } " search  " kbd { "j" } " " kbd { "k" } " next, previous  "
                kbd { "Esc" } " summary"
            }
        }
    }
}

fn row(scenario: &ScenarioReport) -> Markup {
    html! {
        li data-status=(class(scenario.status)) {
            a href=(link(&anchor(&scenario.id))) {
                (sign(scenario.status))
                span { (text(&scenario.title())) }
                @if scenario.status != Status::NotRun { small { (span(scenario.took_ms)) } }
            }
        }
    }
}

/// What is searched beside the titles, by place: tags, causes, why it did not pass.
pub(super) fn searched(report: &RunReport) -> BTreeMap<String, String> {
    let scenarios = report.scenarios.iter();
    scenarios
        .map(|one| {
            let failures = one.attempts.iter().filter_map(|one| one.failure.as_ref());
            let mut words = vec![one.id.to_string(), one.feature.clone()];
            words.extend(one.tags.iter().map(|tag| format!("@{tag}")));
            words.extend(one.cause_ids().into_iter().map(str::to_owned));
            words.extend(failures.map(|failure| failure.message.clone()));
            let words = words.join(" ").to_lowercase();
            (
                anchor(&one.id),
                visible(&bounded(&words, SEARCHED_CHARS_MAX)).into_owned(),
            )
        })
        .collect()
}
