//! `reverify causes`: what can keep a mail away.

use std::fmt::Write as _;
use std::io::Write as _;

use super::args::{CausesArgs, Color};
use super::exit::Exit;
use super::problem;
use crate::diagnosis::{self, Cause, Stage};

/// How alike a mistyped name and a cause's must be to be offered, from 0 to 1.
const LIKENESS_MIN: f64 = 0.6;

/// Lists all causes, or shows one.
pub(super) fn causes(args: &CausesArgs, color: Color) -> Exit {
    let text = match &args.id {
        None => list(),
        Some(id) => {
            let Some(cause) = diagnosis::by_id(id) else {
                let message = format!("no cause is called `{id}`");
                problem::say(&message, &nearest(id), color);
                return Exit::Invalid;
            };
            page(cause)
        }
    };
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Exit::Ok,
        // `reverify causes | head` closes the pipe early.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Ok,
        Err(_) => Exit::ReportNotWritten,
    }
}

fn list() -> String {
    let width = diagnosis::all().map(|cause| cause.id.len()).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for stage in Stage::ALL {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "{stage}");
        for cause in diagnosis::all().filter(|cause| cause.stage == stage) {
            let _ = writeln!(text, "  {:width$}  {}", cause.id, cause.title);
        }
        text.push('\n');
    }
    text.push_str("`reverify causes ID` says more about one of them.\n");
    text
}

fn page(cause: &Cause) -> String {
    let mut text = format!("{}\n{}.\n\n", cause.id, cause.title);
    let sources = cause.sources.join(", ");
    let lines = [
        ("stage", cause.stage.to_string()),
        ("proof", format!("at best {}", cause.reaches)),
        ("behind it", cause.meaning.to_owned()),
        ("what to do", cause.fix.to_owned()),
        ("sources", sources),
    ];
    for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(text, "{name:>10}  {value}");
    }
    text
}

fn nearest(id: &str) -> String {
    let likeness = |cause: &&Cause| strsim::jaro_winkler(id, cause.id);
    let best = diagnosis::all().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    match best.filter(|cause| likeness(cause) >= LIKENESS_MIN) {
        Some(cause) => format!("did you mean `{}`?", cause.id),
        None => "`reverify causes` lists them".to_owned(),
    }
}
