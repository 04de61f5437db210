//! The history in other forms.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;

use super::super::exit::Exit;
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
    let mut output = Output::to(&args.csv)?;
    output.write(&csv_heading())?;
    for head in &runs {
        // Another process may have removed it since.
        if let Ok(run) = history.find(head.id.as_str())? {
            output.write(&csv(&[run]))?;
        }
    }
    output.end()
}

/// Writes the page of all scenarios over the runs.
pub(super) fn html(folder: &StateDir, args: &HtmlArgs, now: Timestamp) -> Result<Exit, Refusal> {
    let runs: Vec<PastRun> = runs(folder, &args.scope)?;
    let mut output = Output::to(&args.file)?;
    output.write(&page(&runs, now))?;
    output.end()
}

/// A file, or standard output for `-`.
struct Output<'a> {
    path: &'a Path,
    sink: BufWriter<Box<dyn Write>>,
    /// `| head` closes the pipe early, which is no mistake.
    closed: bool,
}

impl<'a> Output<'a> {
    fn to(path: &'a Path) -> Result<Self, Refusal> {
        let sink: Box<dyn Write> = if path == Path::new("-") {
            Box::new(io::stdout())
        } else {
            Box::new(File::create(path).map_err(|error| unwritable(path, &error))?)
        };
        Ok(Self {
            path,
            sink: BufWriter::new(sink),
            closed: false,
        })
    }

    fn write(&mut self, text: &str) -> Result<(), Refusal> {
        let written = self.sink.write_all(text.as_bytes());
        self.done(written)
    }

    fn end(mut self) -> Result<Exit, Refusal> {
        let flushed = self.sink.flush();
        self.done(flushed)?;
        Ok(Exit::Ok)
    }

    fn done(&mut self, result: io::Result<()>) -> Result<(), Refusal> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(_) if self.closed => Ok(()),
            result => result.map_err(|error| unwritable(self.path, &error)),
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Refusal {
    Refusal::File {
        what: format!("`{}` cannot be written: {error}", path.display()),
        help: "name another file, or `-` for standard output",
    }
}
