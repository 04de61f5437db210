//! Old runs are removed.

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use jiff::Timestamp;

use super::super::exit::Exit;
use super::super::list::print;
use super::super::state_dir::StateDir;
use super::args::PruneArgs;
use super::command::Refusal;
use super::text;
use crate::history::{History, PastRun, Retention};

/// Removes the folder of each run that may go, then the runs from the history: a prune that is killed
/// in between is completed by the next.
pub(super) fn prune(folder: &StateDir, args: &PruneArgs, now: Timestamp) -> Result<Exit, Refusal> {
    let mut history = History::open_existing(&folder.history())?;
    let runs = history.heads()?;
    let retention = Retention {
        keep: args.keep,
        older_than: args.older_than,
    };
    let expired = retention.expired(&runs, now);
    let mut said = String::new();
    for run in &expired {
        let path = run_folder(folder, run)?;
        let there = path.exists();
        if there && !args.dry_run {
            remove(&path)?;
        }
        let path = if there {
            path.display().to_string()
        } else {
            "no folder".to_owned()
        };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(said, "{} on {}  {path}", text::run(run), run.target.name);
    }
    let gone = text::count(expired.len(), "run");
    let kept = runs.len() - expired.len();
    if args.dry_run {
        let _ = writeln!(said, "{gone} would be removed, {kept} kept");
        return Ok(print(&said));
    }
    let ids: Vec<_> = expired.iter().map(|run| run.id.clone()).collect();
    history.remove(&ids)?;
    let _ = writeln!(said, "{gone} removed, {kept} kept");
    Ok(print(&said))
}

fn run_folder(folder: &StateDir, run: &PastRun) -> Result<PathBuf, Refusal> {
    let path = folder.run_folder(&run.id);
    path.ok_or_else(|| Refusal::File {
        what: format!(
            "run `{}` cannot have a folder; nothing more was removed",
            run.id
        ),
        help: "the history was edited by hand; remove that run from its table `runs`",
    })
}

fn remove(path: &std::path::Path) -> Result<(), Refusal> {
    match fs::remove_dir_all(path) {
        // Another prune was faster.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result.map_err(|error| Refusal::File {
            what: format!("`{}` cannot be removed: {error}", path.display()),
            help: "no run was taken out of the history; the next prune goes on",
        }),
    }
}
