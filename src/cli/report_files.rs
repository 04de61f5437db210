//! The reports that are files: which are wanted, and how they are written.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;

use super::args::Color;
use super::exit::Exit;
use super::history::runs_before;
use super::problem;
use super::state_dir::StateDir;
use crate::config;
use crate::record::Entry;
use crate::report::{PastRun, RunReport, annotations, html, json, junit, step_summary};

/// The reports of a run, written when it is over.
#[derive(Debug, Clone, Args)]
pub(super) struct RunReports {
    /// Writes JUnit XML, for CI servers; `-` is standard output.
    #[arg(long = "report-junit", value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Writes one HTML file that needs nothing but a browser.
    #[arg(long = "report-html", value_name = "FILE")]
    html: Option<PathBuf>,
    /// Writes one JSON document.
    #[arg(long = "report-json", value_name = "FILE")]
    json: Option<PathBuf>,
    /// Prints annotations for GitHub, and adds to the job's summary if GITHUB_STEP_SUMMARY names it.
    #[arg(long = "report-github")]
    github: bool,
}

impl RunReports {
    /// Puts the profile's where no argument names one.
    pub(super) fn fill(&mut self, profile: &config::Reports) {
        let fill = |mine: &mut Option<PathBuf>, theirs: &Option<PathBuf>| {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        };
        fill(&mut self.junit, &profile.junit);
        fill(&mut self.html, &profile.html);
        fill(&mut self.json, &profile.json);
        self.github |= profile.github;
    }

    /// The same for one of several targets: its name goes before the ending, `junit.staging.xml`.
    pub(super) fn of_target(&self, target: &str) -> Self {
        let named = |path: &Option<PathBuf>| path.as_deref().map(|path| with_name(path, target));
        Self {
            junit: named(&self.junit),
            html: named(&self.html),
            json: named(&self.json),
            github: self.github,
        }
    }

    fn files(&self) -> Files<'_> {
        Files {
            junit: self.junit.as_deref(),
            html: self.html.as_deref(),
            json: self.json.as_deref(),
            github: self.github,
        }
    }

    pub(super) fn are_wanted(&self) -> bool {
        self.files().are_wanted()
    }

    /// Writes them; a report that cannot be written never hides how the run ended.
    pub(super) fn write(
        &self,
        report: &RunReport,
        folder: &StateDir,
        outcome: Exit,
        color: Color,
    ) -> Exit {
        if !self.are_wanted() {
            return outcome;
        }
        let exit = self
            .files()
            .write(report, &runs_before(folder, report), color);
        if outcome == Exit::Ok { exit } else { outcome }
    }
}

/// The entries of a run that goes on, kept for its reports.
#[derive(Debug, Clone, Default)]
pub(super) struct Collected(Arc<Mutex<Vec<Entry>>>);

impl Collected {
    /// What a recorder hands its entries to.
    pub(super) fn listener(&self) -> impl FnMut(&Entry) + Send + use<> {
        let entries = Arc::clone(&self.0);
        move |entry| {
            entries
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(entry.clone());
        }
    }

    /// The run, once it is over; none where nobody listened.
    pub(super) fn report(&self) -> Option<RunReport> {
        let entries = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        RunReport::of(&entries).ok()
    }
}

/// Which reports are wanted, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) junit: Option<&'a Path>,
    pub(super) html: Option<&'a Path>,
    pub(super) json: Option<&'a Path>,
    pub(super) github: bool,
}

impl Files<'_> {
    pub(super) fn are_wanted(&self) -> bool {
        let files = [self.junit, self.html, self.json];
        self.github || files.iter().any(Option::is_some)
    }

    /// Writes every one that can be written; `past` has the runs before it, the oldest first.
    pub(super) fn write(&self, report: &RunReport, past: &[PastRun], color: Color) -> Exit {
        let mut exit = Exit::Ok;
        let mut note = |what: &str, path: &Path, result: io::Result<()>| {
            if let Err(error) = result {
                problem::say(
                    &format!(
                        "the {what} report cannot be written to `{}`: {error}",
                        path.display()
                    ),
                    "`reverify report` makes it again from the record",
                    color,
                );
                exit = Exit::ReportNotWritten;
            }
        };
        if let Some(path) = self.junit {
            let text = junit(report).map_err(io::Error::other);
            note("JUnit", path, text.and_then(|text| put(path, &text)));
        }
        if let Some(path) = self.html {
            let text = html(report, past).map_err(io::Error::other);
            note("HTML", path, text.and_then(|text| put(path, &text)));
        }
        if let Some(path) = self.json {
            let text = json(report).map_err(io::Error::other);
            note("JSON", path, text.and_then(|text| put(path, &text)));
        }
        if self.github {
            let out = Path::new("-");
            note("GitHub", out, put(out, &annotations(report)));
            let summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
            if let Some(path) = summary.map(PathBuf::from) {
                note("GitHub", &path, append(&path, &step_summary(report)));
            }
        }
        exit
    }
}

/// `junit.staging.xml` for `junit.xml` and the target `staging`.
pub(super) fn with_name(path: &Path, target: &str) -> PathBuf {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy());
    match (stem, path.extension()) {
        // Standard output takes all of them.
        _ if path == Path::new("-") => path.to_owned(),
        (Some(stem), Some(ending)) => {
            path.with_file_name(format!("{stem}.{target}.{}", ending.to_string_lossy()))
        }
        (Some(stem), None) => path.with_file_name(format!("{stem}.{target}")),
        (None, _) => path.to_owned(),
    }
}

/// Whole or not at all: a full disk leaves the file that was there before.
pub(super) fn put(path: &Path, text: &str) -> io::Result<()> {
    if path == Path::new("-") {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        return out.flush();
    }
    // A link keeps leading where it led; a pipe or a device takes bytes and cannot be replaced.
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&place).is_ok_and(|file| !file.is_file()) {
        return fs::write(&place, text);
    }
    let folder = place
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = folder.join(name);
    let written = fs::write(&part, text).and_then(|()| fs::rename(&part, &place));
    if written.is_err() {
        // The reason is what counts; a rest that stays has a name that says so.
        let _ = fs::remove_file(&part);
    }
    written
}

/// Other steps of the job may have written there.
fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(text.as_bytes())
}
