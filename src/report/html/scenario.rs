//! One scenario: its attempts, each with what happened and why.

use maud::{Markup, html};

use super::mail::mail;
use super::past::Strip;
use super::place::{anchor, attempt_anchor, class, link, sign, text};
use super::timeline::timeline;
use super::verdict::{verdict, verdict_in_short};
use crate::record::{Event, Failure};
use crate::report::counts::Status;
use crate::report::run_report::{AttemptReport, ScenarioReport};
use crate::report::text::span;

/// All that is known of it.
pub(super) fn scenario(scenario: &ScenarioReport, strip: &Strip<'_>) -> Markup {
    let several = scenario.attempts.len() > 1;
    frame(
        scenario,
        strip,
        &html! {
            @if several { (tabs(scenario)) }
            @for one in &scenario.attempts { (attempt(scenario, one, several)) }
        },
    )
}

/// How its last attempt ended, and why; its steps without what happened in them.
pub(super) fn scenario_in_short(scenario: &ScenarioReport, strip: &Strip<'_>) -> Markup {
    frame(
        scenario,
        strip,
        &html! {
            @if let Some(failure) = scenario.failure() { (what_happened(failure)) }
            @for one in scenario.last().into_iter().flat_map(AttemptReport::verdicts) {
                (verdict_in_short(one))
            }
            ol.steps {
                @for step in scenario.last().iter().flat_map(|last| &last.steps) {
                    li {
                        (text(&step.text))
                        @if let Some(took) = step.took_ms { " " small { (span(took)) } }
                    }
                }
            }
            p.notice {
                "Calls, mails, proof and earlier attempts are left out, to keep this file small. \
                 They are in the record, " code { "run.jsonl" } "."
            }
        },
    )
}

fn frame(scenario: &ScenarioReport, strip: &Strip<'_>, inside: &Markup) -> Markup {
    html! {
        article id=(anchor(&scenario.id)) {
            a.back href="#" { "← Summary" }
            p.feature { (text(&scenario.feature)) }
            h1 tabindex="-1" { (text(&scenario.title())) }
            p.meta {
                span.status { (sign(scenario.status)) (scenario.status.words()) }
                @if !scenario.attempts.is_empty() { span { (span(scenario.took_ms)) } }
                code { (text(&scenario.id.to_string())) }
                @for tag in &scenario.tags { span.tag { "@" (text(tag)) } }
            }
            @if scenario.status.wants_attention() {
                p.again { "Again: " code { (text(&scenario.again)) } }
            }
            (strip.of_scenario(&scenario.key, scenario.status))
            @if scenario.status == Status::NotRun && scenario.attempts.is_empty() {
                p.notice { "The run ended before this scenario began." }
            }
            (inside)
        }
    }
}

fn tabs(scenario: &ScenarioReport) -> Markup {
    html! {
        p.tabs {
            @for attempt in &scenario.attempts {
                a href=(link(&attempt_anchor(&scenario.id, attempt.number))) {
                    (sign(attempt.status())) "Attempt " (attempt.number)
                }
            }
        }
    }
}

fn attempt(scenario: &ScenarioReport, attempt: &AttemptReport, several: bool) -> Markup {
    let steps = timeline(attempt);
    let is_good = attempt.status() == Status::Passed;
    html! {
        section.attempt.(class(attempt.status()))
            id=(attempt_anchor(&scenario.id, attempt.number)) {
            @if several {
                h2 {
                    (sign(attempt.status()))
                    "Attempt " (attempt.number) " " (attempt.status().words())
                    @if let Some(took) = attempt.took_ms { small { (span(took)) } }
                }
            }
            @if attempt.took_ms.is_none() {
                p.notice { "The record ends before this attempt did." }
            }
            @if let Some(failure) = &attempt.failure { (what_happened(failure)) }
            @for one in attempt.verdicts() { (verdict(one)) }
            (later(attempt))
            h3 { "Time line" }
            (steps)
            @if attempt.mails().next().is_some() {
                h3 { "Mails" }
                @for one in attempt.mails() { (mail(&one, !is_good)) }
            }
        }
    }
}

fn what_happened(failure: &Failure) -> Markup {
    let class = class(Status::of_failure(failure.kind));
    html! {
        div.failure.(class) {
            p.message { (text(&failure.message)) }
            @if !failure.seen.is_empty() {
                ul { @for fact in &failure.seen { li { (text(fact)) } } }
            }
            @if let Some(help) = &failure.help { p.fix { (text(help)) } }
        }
    }
}

/// Mails that came when nobody waited for them any more, and what stayed.
fn later(attempt: &AttemptReport) -> Markup {
    let events = attempt.events.iter().map(|moment| &moment.event);
    let notes: Vec<_> = events.filter_map(note).collect();
    html! { @for note in notes { p.notice { (text(&note)) } } }
}

fn note(event: &Event) -> Option<String> {
    match event {
        Event::MailLate { to, delivery_ms } => Some(format!(
            "The mail to {to} came after all, {} after the request: it was late, not lost.",
            span(*delivery_ms)
        )),
        Event::MailUnawaited {
            to,
            subject,
            after_ms,
        } => Some(format!(
            "A mail to {to} came {} after the end, and nobody waited for it: “{subject}”.",
            span(*after_ms)
        )),
        Event::MailDuplicated {
            to,
            folder,
            after_ms,
        } => Some(format!(
            "The same mail to {to} came once more, {} after the first, into {folder}.",
            span(*after_ms)
        )),
        Event::LeftBehind { what } => Some(format!("Left behind: {what}")),
        _ => None,
    }
}
