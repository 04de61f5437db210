//! Records that the history does not know of: runs that were killed, or could not be kept at their end.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::super::args::RunArgs;
use super::super::problem;
use super::super::state_dir::StateDir;
use super::run_end::read;
use super::text;
use crate::history::{History, HistoryError, PastRun, Taken};

/// Records that one run takes in: more than are killed between two runs, and too few to keep it waiting.
const RECORDS_MAX: usize = 20;
/// The largest record that is read for that: some hundred times one of all shipped scenarios.
const RECORD_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// No further record is read after that time: a run is there to test something.
const READING_SECONDS_MAX: u64 = 5;
/// Runs that are named; the others are counted.
const NAMED_MAX: usize = 5;

/// The records of runs that are not in the history, the latest one first; a folder that cannot be listed
/// has none.
pub(super) fn missing(folder: &StateDir, known: &[PastRun]) -> Vec<PathBuf> {
    let known: HashSet<_> = known.iter().map(|run| run.id.as_str()).collect();
    let is_unknown = |record: &PathBuf| {
        let run = record.parent().and_then(Path::file_name);
        run.and_then(|name| name.to_str())
            .is_some_and(|name| !known.contains(name))
    };
    let records = folder.records().unwrap_or_default();
    records.into_iter().filter(is_unknown).collect()
}

/// What became of records that the history did not know of.
#[derive(Debug, Default)]
struct Found {
    taken: Vec<PastRun>,
    /// Those that cannot be read, or whose run is another one's there.
    refused: usize,
    /// Those that there was no time for.
    left: usize,
}

/// Takes in what is missing before a run begins, so that it is compared with, and shown beside, all runs
/// before it. Whatever is in the way is said and no more: the run does not depend on it.
pub(super) fn take_missing(args: &RunArgs) {
    let folder = StateDir::new(&args.state_dir);
    match catch_up(&folder) {
        Ok(found) => {
            for line in said(&found) {
                problem::note(&line);
            }
        }
        Err(error) => problem::note(&format!(
            "     History without the runs before this one that it does not have: {error}"
        )),
    }
}

fn catch_up(folder: &StateDir) -> Result<Found, HistoryError> {
    let known = match History::open_existing(&folder.history()) {
        Ok(history) => history.heads()?,
        Err(HistoryError::Missing { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut found = Found::default();
    let missing = missing(folder, &known).into_iter();
    let mut over = missing.filter(|record| is_over(record)).peekable();
    if over.peek().is_none() {
        // Nothing to write, so nothing that could fail, or make a history of no runs.
        return Ok(found);
    }
    let mut history = History::open(&folder.history())?;
    let until = Instant::now() + Duration::from_secs(READING_SECONDS_MAX);
    for (number, record) in over.enumerate() {
        if number >= RECORDS_MAX || Instant::now() >= until {
            found.left += 1;
            continue;
        }
        let Ok(run) = read(&record) else {
            found.refused += 1;
            continue;
        };
        match history.take(&run) {
            Ok(Taken::New | Taken::Longer) => found.taken.push(run),
            // Another process was faster.
            Ok(Taken::Known) => {}
            Err(HistoryError::Clash { .. }) => found.refused += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Whether a record is worth a look: it has entries, no process writes it any more, and it can be read in
/// a moment.
fn is_over(record: &Path) -> bool {
    let bytes = fs::metadata(record).map_or(0, |file| file.len());
    (1..=RECORD_BYTES_MAX).contains(&bytes) && !StateDir::is_being_written(record)
}

/// A line for each kind of record that there was.
fn said(found: &Found) -> Vec<String> {
    let mut lines = Vec::new();
    if !found.taken.is_empty() {
        let one = |run: &PastRun| {
            let end = if run.cut { " (killed)" } else { "" };
            format!("{}{end}", run.id)
        };
        let first: Vec<_> = found.taken.iter().take(NAMED_MAX).map(one).collect();
        let mut names = first.join(", ");
        if found.taken.len() > NAMED_MAX {
            names += ", and others";
        }
        let runs = text::count(found.taken.len(), "run");
        lines.push(format!(
            "     History took in {runs} that it did not have: {names}"
        ));
    }
    if found.refused > 0 {
        let records = text::count(found.refused, "record");
        lines.push(format!(
            "     History left out {records}: `reverify history import` says why"
        ));
    }
    if found.left > 0 {
        let records = text::count(found.left, "more record");
        lines.push(format!(
            "     History does not have {records}: `reverify history import` takes in all"
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with so many records, of runs that were killed right after their beginning.
    fn folder_with(records: usize) -> (tempfile::TempDir, StateDir) {
        let root = tempfile::tempdir().unwrap();
        for number in 0..records {
            let run = root.path().join(format!("runs/r{number:03}"));
            fs::create_dir_all(&run).unwrap();
            let text = format!(
                r#"{{"seq":1,"at":"2026-11-21T03:00:00Z","elapsed_ms":0,"event":{{"type":"run-started","format":1,"run":"r{number:03}","version":"0.1.0","target":{{"name":"staging","place":"eu-west-1","inbox":"imap"}},"planned":[]}}}}"#
            );
            fs::write(run.join("run.jsonl"), text + "\n").unwrap();
        }
        let folder = StateDir::new(root.path());
        (root, folder)
    }

    #[test]
    fn what_one_run_does_not_take_in_the_next_one_does() {
        let (_root, folder) = folder_with(RECORDS_MAX + 3);
        let first = catch_up(&folder).unwrap();
        assert_eq!((first.taken.len(), first.left), (RECORDS_MAX, 3));
        let [taken, left] = &said(&first)[..] else {
            panic!("{:?}", said(&first))
        };
        assert!(
            taken.contains("took in 20 runs") && taken.ends_with(", and others"),
            "{taken}"
        );
        assert!(taken.contains("(killed), "), "{taken}");
        assert!(left.contains("3 more records"), "{left}");
        let second = catch_up(&folder).unwrap();
        assert_eq!((second.taken.len(), second.left), (3, 0));
        assert!(said(&catch_up(&folder).unwrap()).is_empty());
    }

    #[test]
    fn what_cannot_be_read_or_is_being_written_is_left_alone() {
        let (root, folder) = folder_with(3);
        let record = |number: usize| root.path().join(format!("runs/r{number:03}/run.jsonl"));
        fs::write(record(0), "nonsense\nnonsense\n").unwrap();
        fs::write(record(1), "").unwrap();
        let writing = fs::File::options().append(true).open(record(2)).unwrap();
        writing.try_lock().unwrap();
        let found = catch_up(&folder).unwrap();
        assert_eq!((found.taken.len(), found.refused, found.left), (0, 1, 0));
        drop(writing);
        assert_eq!(catch_up(&folder).unwrap().taken.len(), 1);
    }

    #[test]
    fn without_a_record_no_history_is_made() {
        let (root, folder) = folder_with(0);
        assert!(said(&catch_up(&folder).unwrap()).is_empty());
        assert!(!root.path().join("history.sqlite").exists());
    }
}
