//! Why the history cannot be kept or read.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::model::RunId;

/// The version of the tables that this tool writes; kept in SQLite's `user_version`.
pub(super) const SCHEMA_VERSION: i64 = 1;

/// Why the history cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// There is no file.
    #[error("there is no history at `{}`", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A newer version of the tool made the file. It was not touched.
    #[error(
        "the history `{}` has version {found}, this reverify knows up to {SCHEMA_VERSION}",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version in it.
        found: i64,
    },
    /// The file is no SQLite file, is damaged, or belongs to another program. It was not touched.
    #[error("the history `{}` is damaged or no history of reverify: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process held the file for too long.
    #[error("the history `{}` is in use by another process", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be written, or not to its end; what was in it before is still there.
    #[error("the history `{}` cannot be written: {reason}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// SQLite could not do it for another reason.
    #[error("the history `{}` cannot be used: {source}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// Another run has the same id: a record of another machine, or an edited one.
    #[error("the history knows another run {run}, of {known}")]
    Clash {
        /// The id.
        run: RunId,
        /// When the one in the history began.
        known: jiff::Timestamp,
    },
}

impl HistoryError {
    /// What a person can do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Missing { .. } => {
                "`reverify run` starts one at its end; `reverify history import` starts one from the \
                 records of earlier runs"
            }
            Self::Newer { .. } => {
                "use the version of reverify that made it, or another folder with --state-dir"
            }
            Self::Damaged { .. } => {
                "move the file away, then `reverify history import` makes a new one from the records \
                 that are left"
            }
            Self::Busy { .. } => "try again; `reverify history import` takes in what is missing",
            Self::Unwritable { .. } => {
                "make room or choose another folder with --state-dir; `reverify history import` takes \
                 in what is missing"
            }
            Self::Sqlite { .. } => "the record of each run is still in its folder below `runs`",
            Self::Clash { .. } => "only one of the two can be kept; neither was changed",
        }
    }

    /// Sorts what SQLite says by what a person can do about it.
    pub(super) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let reason = source.to_string();
        // A value that this version never writes: somebody edited the file.
        if matches!(
            source,
            rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
        ) {
            return Self::Damaged { path, reason };
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path, reason }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::SystemIoFailure,
            ) => Self::Unwritable { path, reason },
            _ => Self::Sqlite { path, source },
        }
    }
}

/// Why the entries of a record are no run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotARun {
    /// It ended before its first entry was written.
    #[error("the record ends before its first entry, which says what was run")]
    NoBeginning,
    /// Its id cannot name a folder.
    #[error("`{0}` is no id of a run: letters, digits, `-` and `_`, at most 64")]
    Id(String),
}

/// A run was asked for that the history does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownRun {
    /// None has such an id.
    #[error("the history has no run `{0}`")]
    None(String),
    /// Several have.
    #[error("`{0}` is the beginning of several runs: {1}")]
    Several(
        /// The beginning.
        String,
        /// Their ids; where there are many, the first of them and how many more.
        String,
    ),
}
