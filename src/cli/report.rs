//! `reverify report`: makes reports from the record of a run.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use clap::Args;

use super::args::Color;
use super::exit::Exit;
use super::history::runs_before;
use super::report_files::{Files, with_name};
use super::settings::StateArgs;
use super::state_dir::StateDir;
use super::{differences, problem};
use crate::record::{Entry, MergeError, RecordError, merge, read_entries};
use crate::report::{RunReport, Terminal, TerminalOptions, one_line};

/// Runs that are named where one is not found.
const RUNS_NAMED_MAX: usize = 5;

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// A run by its id, or a record by its file or folder [default: the latest run]. Parts of a run
    /// that several machines did are put together; another target has reports of its own.
    #[arg(value_name = "RUN|FILE")]
    runs: Vec<PathBuf>,
    /// Writes JUnit XML, for CI servers; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Writes one HTML file that needs nothing but a browser.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Writes one JSON document.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Prints annotations for GitHub, and adds to the job's summary if GITHUB_STEP_SUMMARY names it.
    #[arg(long)]
    github: bool,
    #[command(flatten)]
    state: StateArgs,
}

/// Why a record is not there to be reported on.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("`{0}` is no run and no record")]
    NotFound(String),
    #[error("there is no record of a run below `{0}`")]
    NoRuns(PathBuf),
    #[error("`{path}`: {error}")]
    Record { path: PathBuf, error: RecordError },
    #[error("`{0}` does not begin with the start of a run")]
    NoRun(PathBuf),
    #[error("the records below `{path}` cannot be listed: {error}")]
    Folder { path: PathBuf, error: io::Error },
    #[error("{0}")]
    Merge(#[from] MergeError),
}

/// Reads records and writes what is asked for; without that, what the terminal showed.
pub(super) fn report(args: &ReportArgs, color: Color) -> Exit {
    let folder = match args.state.folder() {
        Ok(folder) => folder,
        Err(error) => return problem::config(&error, color),
    };
    let found = found(args, &folder);
    let runs = match found {
        Ok(runs) => runs,
        Err(error) => {
            problem::say(&error.to_string(), &help(&error, &folder), color);
            return Exit::Invalid;
        }
    };
    let several = runs.len() > 1;
    let ends = runs.iter().map(|run| {
        for remark in &run.remarks {
            problem::note(&one_line(remark));
        }
        tell(args, &folder, run, several, color)
    });
    let exit = ends.fold(Exit::Ok, Exit::worse);
    if several {
        let reports: Vec<_> = runs.into_iter().map(|run| run.report).collect();
        differences::tell(&reports);
    }
    exit
}

/// The run of one target, whole or put together.
struct Found {
    entries: Vec<Entry>,
    report: RunReport,
    remarks: Vec<String>,
}

fn found(args: &ReportArgs, folder: &StateDir) -> Result<Vec<Found>, Unusable> {
    let paths = if args.runs.is_empty() {
        vec![latest(folder)?]
    } else {
        let named = args.runs.iter().map(|run| find(run, folder));
        named.collect::<Result<_, _>>()?
    };
    let mut records = Vec::new();
    for path in &paths {
        let entries = read(path)?;
        if RunReport::of(&entries).is_err() {
            return Err(Unusable::NoRun(path.clone()));
        }
        records.push(entries);
    }
    let merged = if let [_] = &records[..] {
        let entries = records.remove(0);
        vec![(entries, Vec::new())]
    } else {
        let merged = merge(records)?.into_iter();
        let texts = |remarks: Vec<_>| remarks.iter().map(ToString::to_string).collect();
        merged
            .map(|one| (one.entries, texts(one.remarks)))
            .collect()
    };
    let whole = merged.into_iter().map(|(entries, remarks)| {
        let report = RunReport::of(&entries);
        let report = report.map_err(|_| Unusable::NoRun(paths[0].clone()))?;
        Ok(Found {
            entries,
            report,
            remarks,
        })
    });
    whole.collect()
}

fn tell(args: &ReportArgs, folder: &StateDir, run: &Found, several: bool, color: Color) -> Exit {
    let Found {
        entries, report, ..
    } = run;
    if !report.is_whole() {
        problem::note(&format!(
            "the record of run {} ends before the run did: it was killed, or still goes on",
            report.run
        ));
    }
    let place = |path: &Option<PathBuf>| {
        let path = path.as_deref()?;
        let target = several.then_some(&*report.target.name);
        Some(target.map_or_else(|| path.to_owned(), |name| with_name(path, name)))
    };
    let (junit, html, json) = (place(&args.junit), place(&args.html), place(&args.json));
    let files = Files {
        junit: junit.as_deref(),
        html: html.as_deref(),
        json: json.as_deref(),
        github: args.github,
    };
    if files.are_wanted() {
        return files.write(report, &runs_before(folder, report), color);
    }
    show(entries, color);
    Exit::Ok
}

fn latest(folder: &StateDir) -> Result<PathBuf, Unusable> {
    let records = folder.records().map_err(|error| Unusable::Folder {
        path: folder.path().to_owned(),
        error,
    })?;
    let latest = records.into_iter().next();
    latest.ok_or_else(|| Unusable::NoRuns(folder.path().to_owned()))
}

fn find(named: &Path, folder: &StateDir) -> Result<PathBuf, Unusable> {
    let name = named.to_string_lossy();
    let mut places = vec![named.to_owned(), named.join("run.jsonl")];
    // An id names a folder below ours and never leads out of it.
    if named.components().count() == 1 {
        places.push(folder.record(&name));
    }
    let found = places.into_iter().find(|place| is_file(place));
    found.ok_or_else(|| Unusable::NotFound(name.into_owned()))
}

/// Anything that can be read: a pipe is good, too.
fn is_file(path: &Path) -> bool {
    path.exists() && !path.is_dir()
}

fn read(path: &Path) -> Result<Vec<Entry>, Unusable> {
    let unusable = |error| Unusable::Record {
        path: path.to_owned(),
        error,
    };
    let file = File::open(path).map_err(|error| unusable(error.into()))?;
    read_entries(BufReader::new(file)).map_err(unusable)
}

fn help(error: &Unusable, folder: &StateDir) -> String {
    match error {
        Unusable::NotFound(_) => {
            let records = match folder.records() {
                Ok(records) => records,
                Err(error) => {
                    let path = folder.path().display();
                    return format!("the records below `{path}` cannot be listed: {error}");
                }
            };
            let names = records.iter().take(RUNS_NAMED_MAX).filter_map(|record| {
                let run = record.parent()?.file_name()?;
                Some(format!("`{}`", run.to_string_lossy()))
            });
            let names: Vec<_> = names.collect();
            if names.is_empty() {
                "there is no record here; --state-dir names another folder".to_owned()
            } else {
                format!("the latest runs are {}", names.join(", "))
            }
        }
        Unusable::NoRuns(_) => {
            "`reverify run` makes one; --state-dir names another folder".to_owned()
        }
        Unusable::Record {
            error: RecordError::Newer { .. },
            ..
        } => String::new(),
        Unusable::Record {
            error: RecordError::Malformed { .. },
            ..
        } => "the lines before it are whole: cut the file there to report on them".to_owned(),
        Unusable::Record { .. } | Unusable::Folder { .. } => "may the file be read?".to_owned(),
        Unusable::Merge(_) => "give each part of a run once".to_owned(),
        Unusable::NoRun(_) => "a record is a `run.jsonl`, as `reverify run` writes it".to_owned(),
    }
}

/// What the terminal showed, on standard output.
fn show(entries: &[Entry], color: Color) {
    let options = TerminalOptions::new(problem::style_of_output(color), false);
    let mut terminal = Terminal::new(io::stdout(), options);
    for entry in entries {
        terminal.entry(entry);
    }
    terminal.cut_off();
}
