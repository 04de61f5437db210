//! The history in other forms.

use std::path::Path;

use jiff::Timestamp;

use super::super::exit::Exit;
use super::super::list::print;
use super::super::report_files::put;
use super::super::state_dir::StateDir;
use super::args::{ExportArgs, HtmlArgs};
use super::command::{Refusal, runs};
use crate::history::{History, PastRun, csv, csv_heading, page};

/// Writes a line for each result of each run, run by run.
pub(super) fn csv_table(folder: &StateDir, args: &ExportArgs) -> Result<Exit, Refusal> {
    let history = History::open_existing(&folder.history())?;
    let mut runs = history.heads()?;
    if let Some(target) = &args.target {
        runs.retain(|run| run.target.name == *target);
    }
    let mut table = csv_heading();
    for head in &runs {
        // Another process may have removed it since.
        if let Ok(run) = history.find(head.id.as_str())? {
            table.push_str(&csv(&[run]));
        }
    }
    written(&args.csv, &table)
}

/// Writes the page of all scenarios over the runs.
pub(super) fn html(folder: &StateDir, args: &HtmlArgs, now: Timestamp) -> Result<Exit, Refusal> {
    let runs: Vec<PastRun> = runs(folder, &args.scope)?;
    written(&args.file, &page(&runs, now))
}

/// Writes a file, which is replaced when the new one is whole, or standard output for `-`.
fn written(path: &Path, text: &str) -> Result<Exit, Refusal> {
    if path == Path::new("-") {
        return Ok(print(text));
    }
    put(path, text).map_err(|error| Refusal::File {
        what: format!("`{}` cannot be written: {error}", path.display()),
        help: "name another file, or `-` for standard output",
    })?;
    Ok(Exit::Ok)
}
