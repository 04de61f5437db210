//! What a run does for the history: it takes in what is missing, is taken in itself, and compared.

use std::io::BufReader;
use std::path::Path;

use super::super::args::{Color, RunArgs};
use super::super::exit::Exit;
use super::super::problem;
use super::super::state_dir::StateDir;
use super::command::Refusal;
use super::compare::{exit, lines, none_to_compare_with, summary, with_baseline};
use super::missing::take_missing;
use crate::history::{Baseline, Change, History, PastRun};
use crate::record::read_entries;

/// Takes in the runs that the history does not have, and looks whether the one that is named to compare
/// with is there, before any time is spent.
pub(in crate::cli) fn before_run(args: &RunArgs, color: Color) -> Result<(), Exit> {
    if !args.no_record {
        take_missing(args);
    }
    let Some(Baseline::Run(id)) = &args.compare.compare_to else {
        return Ok(());
    };
    let path = StateDir::new(&args.state_dir).history();
    let found = History::open_existing(&path)
        .map_err(Refusal::from)
        .and_then(|history| Ok(history.find(id)??));
    found.map(|_| ()).map_err(|refusal| refusal.say(color))
}

/// Takes the run into the history, also if it failed, and compares it if that is wanted.
pub(in crate::cli) fn after_run(args: &RunArgs, record: &Path, color: Color) -> Exit {
    let folder = StateDir::new(&args.state_dir);
    take_and_compare(args, &folder, record, color).unwrap_or_else(|refusal| refusal.say(color))
}

fn take_and_compare(
    args: &RunArgs,
    folder: &StateDir,
    record: &Path,
    color: Color,
) -> Result<Exit, Refusal> {
    let run = read(record)?;
    let path = folder.new_history().map_err(|error| Refusal::File {
        what: format!("the history cannot be written: {error}"),
        help: "choose another folder with --state-dir",
    })?;
    let mut history = History::open(&path)?;
    history.take(&run)?;
    let Some(which) = &args.compare.compare_to else {
        return Ok(Exit::Ok);
    };
    let thresholds = args.compare.thresholds.thresholds();
    let Some(compared) = with_baseline(&history, run, which, &thresholds)? else {
        let why = none_to_compare_with(which);
        problem::note(&format!("    Compared with nothing: {why}"));
        return Ok(Exit::Ok);
    };
    let style = problem::style(color);
    // What is new or gone is counted; its lines would hide the others.
    let wanted = |change: &Change| !matches!(change, Change::New | Change::Gone);
    for line in lines(&compared, style, wanted) {
        problem::note(&line);
    }
    problem::note(&summary(&compared, style));
    Ok(exit(&compared))
}

/// The run that a record tells of.
pub(super) fn read(record: &Path) -> Result<PastRun, Refusal> {
    let unreadable = |error: &dyn std::fmt::Display| Refusal::File {
        what: format!(
            "`{}` is not taken into the history: {error}",
            record.display()
        ),
        help: "the file is left as it is",
    };
    let file = std::fs::File::open(record).map_err(|error| unreadable(&error))?;
    let entries = read_entries(BufReader::new(file)).map_err(|error| unreadable(&error))?;
    PastRun::of(&entries).map_err(|error| unreadable(&error))
}
