//! Why a mail did not come, as a person reads it.

use std::time::Duration;

use super::Style;
use super::status::short;
use crate::record::{BlindSpot, Conclusion, Diagnosed, DiagnosedCause, Proof};
use crate::report::text::{no_command, one_line};

/// Lines of proof that one cause shows: the rest is in the record.
const PROOFS_SHOWN_MAX: usize = 6;
/// Causes that may be at work beside the headline and are shown.
const OTHERS_SHOWN_MAX: usize = 4;
/// Places that could not be looked at and are shown.
const GAPS_SHOWN_MAX: usize = 6;

/// The verdict as lines, each with a word at its front that says what it is.
///
/// ```
/// use reverify::record::{Conclusion, Diagnosed};
/// use reverify::report::{Style, verdict_lines};
///
/// let nothing = Diagnosed {
///     address: "ada@example.com".to_owned(),
///     conclusion: Conclusion::Open,
///     causes: Vec::new(),
///     ruled_out: Vec::new(),
///     gaps: Vec::new(),
///     looked_at: Vec::new(),
///     took_ms: 12.0,
/// };
/// let lines = verdict_lines(&nothing, Style::Plain);
/// assert_eq!(lines[0], "  why    not found out: nothing stands out (12.0ms)");
/// ```
pub fn verdict_lines(verdict: &Diagnosed, style: Style) -> Vec<String> {
    let took = Duration::try_from_secs_f64(verdict.took_ms / 1e3).unwrap_or_default();
    let took = style.dim(&format!("({})", short(took)));
    let mut lines = Vec::new();
    match verdict.headline() {
        Some(headline) => {
            lines.push(format!("{} {took}", title("why", headline, style)));
            lines.extend(headline.proof.iter().take(PROOFS_SHOWN_MAX).map(proof));
            lines.extend(headline.against.iter().map(but));
            lines.push(labelled("do", &headline.fix));
        }
        None => lines.push(format!("  why    not found out: nothing stands out {took}")),
    }
    lines.extend(others(verdict, style));
    lines.extend(excluded(verdict, style));
    lines.extend(verdict.gaps.iter().take(GAPS_SHOWN_MAX).map(gap));
    let hidden = verdict.gaps.len().saturating_sub(GAPS_SHOWN_MAX);
    if hidden > 0 {
        lines.push(labelled("", &format!("and {hidden} places more")));
    }
    lines
}

/// What else is proven, then what bears on it or may be.
fn others(verdict: &Diagnosed, style: Style) -> Vec<String> {
    let headline = verdict.headline().map(|cause| &cause.id);
    let rest = verdict
        .causes
        .iter()
        .filter(|cause| Some(&cause.id) != headline);
    let (proven, rest): (Vec<_>, Vec<_>) =
        rest.partition(|cause| cause.confidence == "certain" && !cause.qualifies);
    let mut lines = Vec::new();
    for cause in proven {
        lines.push(title("then", cause, style));
        lines.extend(cause.proof.iter().take(PROOFS_SHOWN_MAX).map(proof));
        lines.push(labelled("do", &cause.fix));
    }
    let sure = |cause: &&DiagnosedCause| cause.confidence != "possible";
    let certain = rest.iter().filter(|cause| sure(cause)).copied();
    for cause in certain.take(OTHERS_SHOWN_MAX) {
        let word = if cause.qualifies { "note" } else { "or" };
        lines.push(title(word, cause, style));
        lines.extend(cause.proof.iter().take(1).map(proof));
    }
    // What is only possible is worth a line where nothing better is known.
    if matches!(verdict.conclusion, Conclusion::Open) {
        let possible = rest.iter().filter(|cause| !sure(cause) && !cause.qualifies);
        let ids: Vec<_> = possible.map(|cause| cause.id.as_str()).collect();
        if !ids.is_empty() {
            lines.push(labelled("maybe", &ids.join(", ")));
        }
    }
    lines
}

fn excluded(verdict: &Diagnosed, style: Style) -> Option<String> {
    let count = verdict.ruled_out.len();
    let text = match count {
        0 => return None,
        1 => "1 cause is ruled out; the record says by what".to_owned(),
        _ => format!("{count} causes are ruled out; the record says by what"),
    };
    Some(painted("not", &style.dim(&text)))
}

fn title(word: &str, cause: &DiagnosedCause, style: Style) -> String {
    let DiagnosedCause {
        id,
        title,
        confidence,
        ..
    } = cause;
    let id = one_line(id);
    let id = match (word, confidence.as_str()) {
        ("note", _) => id,
        (_, "certain") => style.red(&id),
        _ => style.yellow(&id),
    };
    let title = one_line(&format!("{confidence}: {title}"));
    painted(word, &format!("{id}, {title}"))
}

fn proof(proof: &Proof) -> String {
    let time = proof.at.map_or_else(String::new, |at| {
        format!("{} ", at.strftime("%H:%M:%S%.3fZ"))
    });
    let id = proof.request_id.as_ref();
    let id = id.map_or_else(String::new, |id| format!(" (request id {id})"));
    labelled("", &format!("{time}{}: {}{id}", proof.source, proof.text))
}

fn but(against: &Proof) -> String {
    labelled("but", &format!("{}: {}", against.source, against.text))
}

fn gap(gap: &BlindSpot) -> String {
    let remedy = gap.remedy.as_ref();
    let remedy = remedy.map_or_else(String::new, |remedy| format!("; {remedy}"));
    labelled("blind", &format!("{}: {}{remedy}", gap.source, gap.why))
}

fn labelled(word: &str, text: &str) -> String {
    painted(word, &one_line(text))
}

/// With a text in which colours may be.
fn painted(word: &str, text: &str) -> String {
    no_command(format!("  {word:<6} {text}"))
}
