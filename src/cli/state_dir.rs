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

    /// `runs/RUN/run.jsonl`, new, and locked for as long as it is written: the system unlocks it when the
    /// process ends, however it does.
    pub(super) fn new_record(&self, run: &RunId) -> io::Result<(PathBuf, File)> {
        let folder = self.0.join("runs").join(run.as_str());
        self.make(&folder)?;
        let path = folder.join("run.jsonl");
        // Never another run's record, even if an id came up twice.
        let file = File::create_new(&path)?;
        // A file system without locks is no reason not to run: a record that is taken for one of a killed
        // run is replaced in the history when this one ends.
        let _ = file.try_lock();
        Ok((path, file))
    }

    /// Whether a process still writes a record; where that cannot be told, it counts as written.
    pub(super) fn is_being_written(record: &Path) -> bool {
        let file = File::open(record);
        !file.is_ok_and(|file| file.try_lock_shared().is_ok())
    }

    /// The record of a run.
    pub(super) fn record(&self, run: &str) -> PathBuf {
        self.0.join("runs").join(run).join("run.jsonl")
    }

    /// The records, the latest one first; none where nothing was ever run.
    ///
    /// # Errors
    ///
    /// When the folder is there and cannot be read.
    pub(super) fn records(&self) -> io::Result<Vec<PathBuf>> {
        let folders = match fs::read_dir(self.0.join("runs")) {
            Ok(folders) => folders,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut records = Vec::new();
        for folder in folders {
            let record = folder?.path().join("run.jsonl");
            // A run that another process has just begun may not have written it yet.
            if let Ok(written) = fs::metadata(&record).and_then(|file| file.modified()) {
                records.push((written, record));
            }
        }
        records.sort_by(|one, other| other.cmp(one));
        Ok(records.into_iter().map(|(_, record)| record).collect())
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

    /// `history.sqlite`, in a folder that may not be there.
    pub(super) fn history(&self) -> PathBuf {
        self.0.join("history.sqlite")
    }

    /// `history.sqlite`, in a folder that is made if there is none.
    pub(super) fn new_history(&self) -> io::Result<PathBuf> {
        self.make(&self.0)?;
        Ok(self.history())
    }

    /// `runs/RUN`, unless the id leads elsewhere.
    pub(super) fn run_folder(&self, run: &RunId) -> Option<PathBuf> {
        let mut parts = Path::new(run.as_str()).components();
        let (part, rest) = (parts.next()?, parts.next());
        let is_name = matches!(part, std::path::Component::Normal(name) if name == run.as_str());
        (is_name && rest.is_none()).then(|| self.0.join("runs").join(run.as_str()))
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
