//! Records that are taken in later.

use std::path::{Path, PathBuf};

use super::super::args::Color;
use super::super::exit::Exit;
use super::super::list::print;
use super::super::state_dir::StateDir;
use super::args::ImportArgs;
use super::command::Refusal;
use super::run_end::read;
use super::text;
use crate::history::{History, HistoryError, Taken};

/// Takes in each record that can be read, and says which cannot.
pub(super) fn import(folder: &StateDir, args: &ImportArgs, color: Color) -> Result<Exit, Refusal> {
    let records = if args.records.is_empty() {
        let mut records = folder.records().map_err(|error| Refusal::File {
            what: format!("the records cannot be listed: {error}"),
            help: "name the records, or another folder with --state-dir",
        })?;
        records.sort();
        records
    } else {
        args.records.iter().map(|path| record(path)).collect()
    };
    if records.is_empty() {
        return Err(Refusal::Nothing {
            what: "there is no record to take in".to_owned(),
            help: "name a `run.jsonl`, or the folder of a run".to_owned(),
        });
    }
    let path = folder.new_history().map_err(|error| Refusal::File {
        what: format!("the history cannot be written: {error}"),
        help: "choose another folder with --state-dir",
    })?;
    let mut history = History::open(&path)?;
    let (mut new, mut known, mut exit) = (0_usize, 0_usize, Exit::Ok);
    for record in &records {
        match take(&mut history, record) {
            Ok((Taken::Known, _)) => known += 1,
            Ok((Taken::New | Taken::Longer, said)) => {
                new += 1;
                exit = exit.worse(print(&said));
            }
            // The next record cannot do better if the file cannot be written.
            Err(Refusal::History(error)) if !matches!(error, HistoryError::Clash { .. }) => {
                return Err(error.into());
            }
            Err(refusal) => exit = exit.worse(refusal.say(color)),
        }
    }
    let runs = text::count(new, "run");
    let said = format!("{runs} taken in, {known} known before\n");
    Ok(exit.worse(print(&said)))
}

fn take(history: &mut History, record: &Path) -> Result<(Taken, String), Refusal> {
    let run = read(record)?;
    let taken = history.take(&run)?;
    let cut = if run.cut {
        ", cut: the record has no end"
    } else {
        ""
    };
    let scenarios = text::count(run.results.len(), "scenario");
    Ok((taken, format!("{}, {scenarios}{cut}\n", text::run(&run))))
}

/// A folder stands for the record in it.
fn record(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join("run.jsonl")
    } else {
        path.to_owned()
    }
}
