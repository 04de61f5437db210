//! The list of runs.

use std::fmt::Write as _;

use super::super::exit::Exit;
use super::super::list::print;
use super::super::problem;
use super::super::state_dir::StateDir;
use super::args::ScopeArgs;
use super::command::{Refusal, runs};
use super::missing::missing;
use super::text;
use crate::history::{History, PastOutcome, PastRun};

/// Prints the runs, the newest last, and says what the history does not know of.
pub(super) fn list(folder: &StateDir, scope: &ScopeArgs) -> Result<Exit, Refusal> {
    let runs = runs(folder, scope)?;
    let rows: Vec<_> = runs.iter().map(row).collect();
    let heading = [
        "run",
        "started (UTC)",
        "target",
        "commit",
        "took",
        "scenarios",
    ];
    let exit = print(&text::table(&heading, &rows));
    let known = History::open_existing(&folder.history())?.heads()?;
    let missing = missing(folder, &known).len();
    if missing > 0 {
        let records = text::count(missing, "record");
        problem::note(&format!(
            "{records} not in the history, of runs that were killed or still run: the next run takes in \
             those that are over, `reverify history import` takes in all"
        ));
    }
    Ok(exit)
}

fn row(run: &PastRun) -> Vec<String> {
    let part = run.setting.partition.as_ref();
    let part = part.map(|part| format!(" {part}")).unwrap_or_default();
    vec![
        run.id.to_string(),
        text::moment(run.started),
        format!("{}{part}", run.target.name),
        text::commit(run).unwrap_or_default(),
        text::time(run.took),
        result(run),
    ]
}

/// `12 passed (1 late), 2 failed, mail p95 4.12s, cut`.
fn result(run: &PastRun) -> String {
    let mut parts = Vec::new();
    for (outcome, count) in run.counts().present() {
        let mut part = format!("{count} {}", text::words(outcome));
        let late = run.results.iter().filter(|one| one.passed_late()).count();
        if outcome == PastOutcome::Passed && late > 0 {
            // Writing to a string cannot fail.
            let _ = write!(part, " ({late} late)");
        }
        parts.push(part);
    }
    if let Some(p95) = run.deliveries().p95() {
        parts.push(format!("mail p95 {}", text::time(p95)));
    }
    if run.cut {
        parts.push("cut: the record has no end".to_owned());
    }
    if parts.is_empty() {
        parts.push("none".to_owned());
    }
    parts.join(", ")
}
