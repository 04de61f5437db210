//! The list of flaky scenarios.

use super::super::exit::Exit;
use super::super::list::print;
use super::super::state_dir::StateDir;
use super::args::ScopeArgs;
use super::command::{Refusal, runs};
use super::text;
use crate::history::ScenarioPast;

/// Points in a strip.
const STRIP_POINTS_MAX: usize = 30;

/// Prints the scenarios that were flaky, the flakiest first.
pub(super) fn flaky(folder: &StateDir, scope: &ScopeArgs) -> Result<Exit, Refusal> {
    let runs = runs(folder, scope)?;
    let mut found = ScenarioPast::of(&runs);
    found.retain(|past| past.flaky() > 0);
    if found.is_empty() {
        let counted = text::count(runs.len(), "run");
        return Ok(print(&format!(
            "no scenario was flaky in the last {counted}\n"
        )));
    }
    found.sort_by(|a, b| {
        b.flake_rate()
            .unwrap_or(0.0)
            .total_cmp(&a.flake_rate().unwrap_or(0.0))
    });
    let row = |past: &ScenarioPast<'_>| {
        let (flaky, counted) = (past.flaky(), past.counted());
        let strip = past.last(STRIP_POINTS_MAX).iter();
        vec![
            format!(
                "{flaky} of {counted} ({})",
                text::percent(past.flake_rate().unwrap_or(0.0))
            ),
            past.target.to_owned(),
            strip.map(|point| text::letter(point.result)).collect(),
            past.key.to_owned(),
        ]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let table = text::table(&["flaky", "target", "last runs", "scenario"], &rows);
    Ok(print(&format!("{table}\n{}\n", text::STRIP_LEGEND)))
}
