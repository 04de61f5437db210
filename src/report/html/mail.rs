//! A mail as the record has it: as text, whatever it says it is.

use maud::{Markup, html};

use super::place::{bar_length, percent, text};
use crate::record::{AuthenticationFact, MailFacts, TemplateFact};
use crate::report::run_report::Mail;
use crate::report::text::{count, span};

/// Hops that are shown: a mail that goes round in circles has any number.
const HOPS_MAX: usize = 40;

/// Its headers and its way; `open` where it is likely to be looked at.
pub(super) fn mail(mail: &Mail<'_>, open: bool) -> Markup {
    html! {
        details.letter open[open] {
            summary {
                b { (text(mail.subject)) } " " span { "after " (span(mail.delivery_ms)) }
            }
            dl {
                (fact("From", mail.from))
                (fact("To", mail.to))
                (fact("Found", mail.found))
                @if let Some(id) = mail.message_id { (fact("Message-ID", id)) }
                (fact("Size", &count(mail.bytes, "byte", "bytes")))
                (facts(mail.facts))
            }
            @if !mail.facts.hops.is_empty() { (way(mail)) }
        }
    }
}

fn fact(name: &str, value: &str) -> Markup {
    html! { div { dt { (text(name)) } dd { (text(value)) } } }
}

fn facts(facts: &MailFacts) -> Markup {
    html! {
        @if let Some(sender) = &facts.envelope_from { (fact("Envelope sender", sender)) }
        @if let Some(found) = &facts.authentication { (fact("Authentic", &authentic(found))) }
        @for sign in &facts.spam { (fact(&sign.header, &sign.value)) }
        @match &facts.template {
            Some(TemplateFact::Followed) => (fact("Text", "as the pool's template has it")),
            Some(TemplateFact::NotFollowed { reason }) => (fact("Text", reason)),
            None => {},
        }
        @for same in &facts.same_code_as {
            (fact("Same code as", &format!("the mail of {:.0}", same.received_at)))
        }
    }
}

fn authentic(found: &AuthenticationFact) -> String {
    let methods = [
        ("SPF", &found.spf),
        ("DKIM", &found.dkim),
        ("DMARC", &found.dmarc),
    ];
    let methods = methods
        .iter()
        .filter_map(|(name, verdict)| Some(format!("{name} {}", verdict.as_deref()?)));
    let methods: Vec<_> = methods.collect();
    format!("{} (says {})", methods.join(", "), found.host)
}

/// From the request to the inbox, host by host.
fn way(mail: &Mail<'_>) -> Markup {
    let whole = mail.delivery_ms;
    let mut stops: Vec<(String, Option<f64>, Option<f64>)> = Vec::new();
    if let Some(written) = mail.facts.written {
        let name = "written by the sender".to_owned();
        stops.push((name, Some(written.after_ms), written.skew_ms));
    }
    for hop in mail.facts.hops.iter().take(HOPS_MAX) {
        let by = hop.by.as_deref().unwrap_or("a host without a name");
        let name = match &hop.from {
            Some(from) => format!("taken by {by} from {from}"),
            None => format!("taken by {by}"),
        };
        let at = hop.at.map(|at| at.after_ms);
        stops.push((name, at, hop.at.and_then(|at| at.skew_ms)));
    }
    stops.push(("seen in the inbox".to_owned(), Some(whole), None));
    let mut before = 0.0;
    let rows: Vec<_> = stops
        .into_iter()
        .map(|(name, at, skew)| {
            let begin = before;
            before = at.unwrap_or(before);
            (name, begin, at, skew)
        })
        .collect();
    html! {
        table.time {
            @for (name, begin, at, skew) in rows {
                tr.hop {
                    td {}
                    td {
                        (text(&name))
                        @if let Some(skew) = skew { " " small { (wrong_clock(skew)) } }
                    }
                    td { @if let Some(at) = at { "+" (span(at)) } }
                    td {
                        @if let Some(at) = at {
                            svg { rect x=(percent(begin, whole)) width=(bar_length(at - begin, whole)) {} }
                        }
                    }
                }
            }
        }
    }
}

fn wrong_clock(skew_ms: f64) -> String {
    let way = if skew_ms < 0.0 { "behind" } else { "ahead" };
    format!("its clock is {} {way} at least", span(skew_ms.abs()))
}
