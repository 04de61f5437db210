//! The first thing that is seen: how the run ended, and what wants attention.

use maud::{Markup, html};

use super::delivery::{delivery, figure};
use super::past::{Strip, share};
use super::place::{anchor, class, link, sign, text};
use crate::record::Diagnosed;
use crate::report::run_report::{AttemptReport, RunReport, ScenarioReport};
use crate::report::text::{count, slowed, span};

/// Scenarios that are described right away; the list has them all.
const DESCRIBED_MAX: usize = 30;

pub(super) fn summary(report: &RunReport, strip: &Strip<'_>, in_short: usize) -> Markup {
    html! {
        section #summary {
            h1 { (headline(report)) }
            p.target {
                b { (text(&report.target.name)) } " · " (text(&report.target.place))
                " · " (text(&report.target.inbox))
            }
            @if !report.is_whole() {
                p.notice {
                    "The record ends before the run did: the run was killed, or still goes on. \
                     What it tells up to there is here."
                }
            }
            (counts(report))
            (facts(report))
            (delivery(report))
            (strip.of_runs())
            (attention(report))
            @if !report.left_behind.is_empty() {
                section {
                    h2 { "Left behind" }
                    ul { @for what in &report.left_behind { li { (text(what)) } } }
                }
            }
            @if let Some(slowness) = &report.slowness {
                p.notice {
                    "The target slowed the run: " (slowed(slowness)) ". Calls that were slowed are \
                     told in the time lines of their scenarios."
                }
            }
            @if in_short > 0 {
                p.notice {
                    (count(in_short, "scenario is", "scenarios are")) " told by the steps alone, \
                     to keep this file small. The record has the rest: " code {
                        "reverify report " (report.run) " --json -"
                    }
                }
            }
        }
    }
}

/// In one sentence.
fn headline(report: &RunReport) -> String {
    let counts = &report.counts;
    let bad = counts
        .by_status()
        .filter(|(status, _)| status.wants_attention());
    let bad: Vec<_> = bad
        .map(|(status, number)| format!("{number} {}", status.words()))
        .collect();
    let all = count(counts.scenarios, "scenario", "scenarios");
    match bad.as_slice() {
        [] if counts.passed == counts.scenarios => format!("All of {all} passed"),
        [] => format!("{} of {all} passed", counts.passed),
        [one] => {
            let (number, word) = one.split_once(' ').unwrap_or((one, ""));
            format!("{number} of {all} {word}")
        }
        bad => format!("{} of {all}", bad.join(", ")),
    }
}

fn counts(report: &RunReport) -> Markup {
    let counts = &report.counts;
    let mut from = 0;
    let parts: Vec<_> = counts
        .by_status()
        .map(|(status, number)| {
            let at = from;
            from += number;
            (status, at, number)
        })
        .collect();
    html! {
        svg.bar role="img" aria-label=(headline(report)) {
            @for (status, at, number) in &parts {
                rect class=(class(*status)) height="100%"
                    x=(share(*at, counts.scenarios)) width=(share(*number, counts.scenarios)) {}
            }
        }
        p.figures {
            @for (status, _, number) in &parts {
                span.figure { (sign(*status)) b { (number) } " " (status.words()) }
            }
            @if let Some(took) = report.took_ms { (figure(&span(took), "in all")) }
        }
    }
}

fn facts(report: &RunReport) -> Markup {
    let setting = &report.setting;
    let optional = [
        ("Profile", &setting.profile),
        ("Commit", &setting.commit),
        ("Part", &setting.partition),
    ];
    html! {
        dl.facts {
            div { dt { "Run" } dd { code { (report.run) } } }
            div { dt { "Began" } dd { (report.started_at.strftime("%Y-%m-%d %H:%M:%SZ")) } }
            @for (name, value) in optional {
                @if let Some(value) = value {
                    div { dt { (name) } dd { code { (text(value)) } } }
                }
            }
            div { dt { "Reverify" } dd { (text(&report.version)) } }
        }
    }
}

fn attention(report: &RunReport) -> Markup {
    let scenarios = report.scenarios.iter();
    let mut wanted: Vec<_> = scenarios
        .filter(|one| one.status.wants_attention())
        .collect();
    wanted.sort_by_key(|one| one.status);
    if wanted.is_empty() {
        return html! {};
    }
    let more = wanted.len().saturating_sub(DESCRIBED_MAX);
    html! {
        section {
            h2 { "Wants attention" }
            ol.attention {
                @for one in wanted.into_iter().take(DESCRIBED_MAX) { (described(one)) }
            }
            @if more > 0 { p { "and " (more) " more in the list" } }
        }
    }
}

fn described(scenario: &ScenarioReport) -> Markup {
    let attempts = || scenario.attempts.iter().rev();
    let failure = attempts().find_map(|one| one.failure.as_ref());
    let cause = attempts()
        .flat_map(AttemptReport::verdicts)
        .find_map(Diagnosed::headline);
    html! {
        li class=(class(scenario.status)) {
            p.title {
                (sign(scenario.status))
                a href=(link(&anchor(&scenario.id))) { (text(&scenario.title())) }
                small { (text(&scenario.id.to_string())) }
            }
            @match failure {
                Some(failure) => p { (text(&failure.message)) },
                None => p { "The run ended before it did." },
            }
            @if let Some(cause) = cause {
                p.cause { code { (text(&cause.id)) } " " (text(&cause.confidence)) ": " (text(&cause.title)) }
                p.fix { (text(&cause.fix)) }
            } @else if let Some(help) = failure.and_then(|one| one.help.as_ref()) {
                p.fix { (text(help)) }
            }
        }
    }
}
