//! The file that keeps the runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::error::SCHEMA_VERSION;
use super::{HistoryError, PastRun, UnknownRun};
use crate::model::RunId;

mod rows;

/// How long to wait for another process that writes. A run is written in some milliseconds.
const BUSY_SECONDS_MAX: u64 = 5;

/// Runs that are named where the beginning of an id fits several.
const NAMED_MAX: usize = 10;

const SCHEMA: &str = "
CREATE TABLE runs (
    id           TEXT PRIMARY KEY,
    started      TEXT NOT NULL,
    took_ms      REAL NOT NULL,
    cut          INTEGER NOT NULL,
    entries      INTEGER NOT NULL,
    version      TEXT NOT NULL,
    target       TEXT NOT NULL,
    place        TEXT NOT NULL,
    inbox        TEXT NOT NULL,
    profile      TEXT,
    commit_id    TEXT,
    partition_id TEXT
) STRICT;
CREATE INDEX runs_of_target ON runs (target, started);
CREATE TABLE results (
    run      TEXT NOT NULL REFERENCES runs (id),
    position INTEGER NOT NULL,
    key      TEXT NOT NULL,
    feature  TEXT NOT NULL,
    line     INTEGER NOT NULL,
    outcome  TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    took_ms  REAL NOT NULL,
    failure  TEXT,
    cause    TEXT,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_of_scenario ON results (key);
CREATE TABLE deliveries (
    run      TEXT NOT NULL,
    position INTEGER NOT NULL,
    mail     INTEGER NOT NULL,
    ms       REAL NOT NULL,
    PRIMARY KEY (run, position, mail),
    FOREIGN KEY (run, position) REFERENCES results (run, position)
) STRICT, WITHOUT ROWID;
";

/// What became of a run that was to be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was not known before.
    New,
    /// It was known, but its record had been shorter.
    Longer,
    /// It was known already.
    Known,
}

/// The runs of a folder over time.
///
/// ```
/// use reverify::history::{History, PastRun, Taken};
/// use reverify::record::read_entries;
///
/// let record = r#"{"seq":1,"at":"2026-11-21T03:00:00Z","elapsed_ms":0,"event":{"type":"run-started",
///     "format":1,"run":"7f3c","version":"0.1.0","planned":[],
///     "target":{"name":"staging","place":"eu-west-1","inbox":"imap"}}}"#.replace('\n', "");
/// let run = PastRun::of(&read_entries(record.as_bytes())?)?;
/// let mut history = History::in_memory()?;
/// assert_eq!(history.take(&run)?, Taken::New);
/// assert_eq!(history.take(&run)?, Taken::Known);
/// assert_eq!(history.last(Some("staging"), None, 10)?, [run]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct History {
    path: PathBuf,
    connection: Connection,
}

impl History {
    /// Opens the file for writing and makes it if there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is damaged, or comes from a newer version.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        let connection = Connection::open(path).map_err(|e| HistoryError::sqlite(path, e))?;
        let mut history = Self::checked(path, connection)?;
        history.make_tables()?;
        Ok(history)
    }

    /// Opens a file that is there; it may be one that cannot be written.
    ///
    /// # Errors
    ///
    /// When there is none or it has no runs yet, it is damaged, or comes from a newer version.
    pub fn open_existing(path: &Path) -> Result<Self, HistoryError> {
        let missing = || HistoryError::Missing {
            path: path.to_owned(),
        };
        // What cannot be looked at is told by SQLite, below.
        if matches!(path.try_exists(), Ok(false)) {
            return Err(missing());
        }
        // For reading alone, SQLite could not undo what a killed process left half written.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)
            .map_err(|error| HistoryError::sqlite(path, error))?;
        let history = Self::checked(path, connection)?;
        if history.version()? == 0 {
            return Err(missing());
        }
        Ok(history)
    }

    /// A history that ends with the process.
    ///
    /// # Errors
    ///
    /// When SQLite cannot be set up.
    pub fn in_memory() -> Result<Self, HistoryError> {
        let path = Path::new(":memory:");
        let connection = Connection::open_in_memory().map_err(|e| HistoryError::sqlite(path, e))?;
        let mut history = Self::checked(path, connection)?;
        history.make_tables()?;
        Ok(history)
    }

    /// Takes in a run, whole or not at all. A run that is known is replaced if its record has grown.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or another run has the same id.
    pub fn take(&mut self, run: &PastRun) -> Result<Taken, HistoryError> {
        let (taken, clash) = self.write(|transaction| {
            let known = rows::known(transaction, &run.id)?;
            let taken = match known {
                None => Taken::New,
                Some((started, _)) if started != run.started => {
                    return Ok((Taken::Known, Some(started)));
                }
                Some((_, entries)) if entries < run.entries => Taken::Longer,
                Some(_) => Taken::Known,
            };
            if taken == Taken::Longer {
                rows::remove(transaction, &run.id)?;
            }
            if taken != Taken::Known {
                rows::insert(transaction, run)?;
            }
            Ok((taken, None))
        })?;
        match clash {
            None => Ok(taken),
            Some(known) => Err(HistoryError::Clash {
                run: run.id.clone(),
                known,
            }),
        }
    }

    /// The newest `count` runs, the oldest first: of one target or of all, and none that began later
    /// than `until`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn last(
        &self,
        target: Option<&str>,
        until: Option<Timestamp>,
        count: usize,
    ) -> Result<Vec<PastRun>, HistoryError> {
        self.read(|connection| rows::last(connection, target, until, count))
    }

    /// All runs without their results, the oldest first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn heads(&self) -> Result<Vec<PastRun>, HistoryError> {
        self.read(rows::heads)
    }

    /// The run with this id, or the only one whose id begins so.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn find(&self, id: &str) -> Result<Result<PastRun, UnknownRun>, HistoryError> {
        let ids = self.read(|connection| rows::ids_from(connection, id))?;
        let only = match &ids[..] {
            [] => return Ok(Err(UnknownRun::None(id.to_owned()))),
            [only] => only,
            // The exact one is the shortest, so it comes first.
            [exact, ..] if exact.as_str() == id => exact,
            several => {
                let shown = several.iter().take(NAMED_MAX).map(RunId::as_str);
                let mut names = shown.collect::<Vec<_>>().join(", ");
                let more = several.len().saturating_sub(NAMED_MAX);
                if more > 0 {
                    names = format!("{names} and {more} more");
                }
                return Ok(Err(UnknownRun::Several(id.to_owned(), names)));
            }
        };
        let run = self.read(|connection| rows::run(connection, only))?;
        // Another process may have removed it since.
        Ok(run.ok_or_else(|| UnknownRun::None(id.to_owned())))
    }

    /// Removes runs, all or none.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn remove(&mut self, runs: &[RunId]) -> Result<(), HistoryError> {
        self.write(|transaction| {
            runs.iter()
                .try_for_each(|run| rows::remove(transaction, run))
        })
    }

    /// Looks before anything is written: a file that is not ours stays as it is.
    fn checked(path: &Path, connection: Connection) -> Result<Self, HistoryError> {
        let path = path.to_owned();
        let history = Self { path, connection };
        let busy = Duration::from_secs(BUSY_SECONDS_MAX);
        history.read(|connection| connection.busy_timeout(busy))?;
        let path = &history.path;
        let (version, has_tables) = history.read(|connection| {
            // One look at both: another process may be making the tables.
            let look = connection.unchecked_transaction()?;
            Ok((rows::version(&look)?, rows::has_tables(&look)?))
        })?;
        match version {
            0 if has_tables => Err(HistoryError::Damaged {
                path: path.clone(),
                reason: "it has tables, but no version".to_owned(),
            }),
            0..=SCHEMA_VERSION => Ok(history),
            found => Err(HistoryError::Newer {
                path: path.clone(),
                found,
            }),
        }
    }

    fn make_tables(&mut self) -> Result<(), HistoryError> {
        if self.version()? == SCHEMA_VERSION {
            return Ok(());
        }
        self.write(|transaction| {
            // Another process may have made them since.
            if rows::version(transaction)? == 0 {
                transaction.execute_batch(SCHEMA)?;
                transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            }
            Ok(())
        })
    }

    fn version(&self) -> Result<i64, HistoryError> {
        self.read(rows::version)
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        work(&self.connection).map_err(|error| HistoryError::sqlite(&self.path, error))
    }

    /// The lock is taken at once, so that two processes wait for each other instead of failing.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        let behavior = TransactionBehavior::Immediate;
        let begun = self.connection.transaction_with_behavior(behavior);
        let done = begun.and_then(|transaction| {
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        });
        done.map_err(|error| HistoryError::sqlite(&self.path, error))
    }
}

#[cfg(test)]
mod tests;
