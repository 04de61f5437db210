//! Why a mail did not come: causes with proof, what is ruled out, and what could not be seen.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::place::text;
use crate::record::{Conclusion, Diagnosed, DiagnosedCause, Proof};
use crate::report::text::{count, span};

/// Lines of proof that one cause shows.
const PROOFS_MAX: usize = 20;

pub(super) fn verdict(verdict: &Diagnosed) -> Markup {
    let is_possible = |cause: &&DiagnosedCause| cause.confidence == "possible";
    let (possible, told): (Vec<_>, Vec<_>) = verdict.causes.iter().partition(is_possible);
    html! {
        section.verdict {
            h3 { (conclusion(verdict)) small { "found out in " (span(verdict.took_ms)) } }
            @for one in told { (cause(one)) }
            @if !possible.is_empty() {
                details {
                    summary { "Possible too: " (count(possible.len(), "cause", "causes")) }
                    ul {
                        @for one in possible {
                            li { code { (text(&one.id)) } " " (text(&one.title)) ". " (text(&one.fix)) }
                        }
                    }
                }
            }
            (ruled_out(verdict))
            (unseen(verdict))
        }
    }
}

/// The causes that are known, without their proof and what else was thought of.
pub(super) fn verdict_in_short(verdict: &Diagnosed) -> Markup {
    let told = verdict.causes.iter();
    let told = told.filter(|one| one.confidence != "possible" && !one.qualifies);
    html! {
        section.verdict {
            h3 { (conclusion(verdict)) }
            @for one in told {
                div.cause.(one.confidence) {
                    p { (name(one)) }
                    p.title { (text(&one.title)) }
                    p.fix { (text(&one.fix)) }
                }
            }
        }
    }
}

fn name(cause: &DiagnosedCause) -> Markup {
    html! { code { (text(&cause.id)) } span.confidence { (text(&cause.confidence)) } }
}

fn conclusion(verdict: &Diagnosed) -> &'static str {
    match verdict.conclusion {
        Conclusion::Proven => "Why: proven",
        Conclusion::Chain => "Why: several causes, one after the other, proven",
        Conclusion::Likely => "Why: likely, not proven",
        Conclusion::Open => "Why: not found out",
    }
}

fn cause(cause: &DiagnosedCause) -> Markup {
    let class = if cause.qualifies {
        "note"
    } else {
        &cause.confidence
    };
    html! {
        div.cause.(class) {
            p { (name(cause)) }
            p.title { (text(&cause.title)) }
            (proofs(&cause.proof))
            @if !cause.against.is_empty() {
                p { "Against it:" }
                (proofs(&cause.against))
            }
            p.fix { (text(&cause.fix)) }
            p.stage { "Where: " (text(&cause.stage)) }
        }
    }
}

fn proofs(proofs: &[Proof]) -> Markup {
    let more = proofs.len().saturating_sub(PROOFS_MAX);
    html! {
        @if !proofs.is_empty() {
            table.proof {
                @for one in proofs.iter().take(PROOFS_MAX) {
                    tr {
                        td { @if let Some(at) = one.at { (at.strftime("%H:%M:%S%.3fZ")) } }
                        td { (text(&one.source)) }
                        td {
                            (text(&one.text))
                            @if let Some(id) = &one.request_id { " " small { "request id " (text(id)) } }
                        }
                    }
                }
            }
        }
        @if more > 0 { p { "and " (more) " lines more in the record" } }
    }
}

/// Grouped by the proof: one answer of the service excludes many causes at once.
fn ruled_out(verdict: &Diagnosed) -> Markup {
    let mut by_proof: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for one in &verdict.ruled_out {
        let proof = one.by.first();
        let proof = proof.map_or(("", ""), |proof| (&*proof.source, &*proof.text));
        by_proof.entry(proof).or_default().push(&one.id);
    }
    if by_proof.is_empty() {
        return html! {};
    }
    html! {
        details {
            summary { "Ruled out: " (count(verdict.ruled_out.len(), "cause", "causes")) }
            table.proof {
                @for ((source, why), ids) in by_proof {
                    tr {
                        td { (text(source)) }
                        td { (text(why)) }
                        td { @for id in ids { code { (text(id)) } " " } }
                    }
                }
            }
        }
    }
}

fn unseen(verdict: &Diagnosed) -> Markup {
    let looked_at = &verdict.looked_at;
    let read = looked_at.iter().filter(|one| one.outcome == "read");
    let read: Vec<_> = read.map(|one| text(&one.source)).collect();
    html! {
        @if !verdict.gaps.is_empty() {
            div.gaps {
                p { "Could not be seen" }
                ul {
                    @for gap in &verdict.gaps {
                        li {
                            b { (text(&gap.source)) } ": " (text(&gap.why))
                            @if let Some(remedy) = &gap.remedy { p.fix { (text(remedy)) } }
                        }
                    }
                }
            }
        }
        @if !read.is_empty() { p.stage { "Looked at: " (read.join(", ")) } }
    }
}
