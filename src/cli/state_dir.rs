//! The folder in which runs leave their records, and the ledger its rows.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::model::RunId;

/// The folder, made when something is first put into it.
#[derive(Debug, Clone)]
pub(super) struct StateDir(PathBuf);

impl StateDir {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// `runs/RUN/run.jsonl`, new.
    pub(super) fn new_record(&self, run: &RunId) -> io::Result<(PathBuf, File)> {
        let folder = self.0.join("runs").join(run.as_str());
        self.make(&folder)?;
        let path = folder.join("run.jsonl");
        // Never another run's record, even if an id came up twice.
        let file = File::create_new(&path)?;
        Ok((path, file))
    }

    /// Every `runs/RUN/run.jsonl`, in no order.
    pub(super) fn records(&self) -> Vec<PathBuf> {
        let runs = fs::read_dir(self.0.join("runs")).into_iter().flatten();
        let records = runs.flatten().map(|run| run.path().join("run.jsonl"));
        records.filter(|path| path.is_file()).collect()
    }

    /// The folder itself.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// `ledger.sqlite`.
    pub(super) fn ledger(&self) -> io::Result<PathBuf> {
        self.make(&self.0)?;
        Ok(self.0.join("ledger.sqlite"))
    }

    fn make(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let ignore = self.0.join(".gitignore");
        if !ignore.exists() {
            // Records hold addresses; they do not belong into a repository by accident.
            fs::write(ignore, "*\n")?;
        }
        Ok(())
    }
}
