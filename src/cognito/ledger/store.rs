//! The file, its tables, and how they grow from version to version.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

/// The version of the tables; kept in SQLite's `user_version`.
const SCHEMA_VERSION: i64 = 2;
/// How long to wait for another process that writes. A write takes milliseconds.
const BUSY_SECONDS_MAX: u64 = 5;
/// How often a new file is tried to be set up while other processes do the same: SQLite does not
/// wait for the change of the journal's mode by itself.
const SET_UP_TRIES_MAX: u32 = 50;
const SET_UP_PAUSE_MILLISECONDS: u64 = 20;

/// What each version adds to the one before it. Moments in `users` are texts; where they are counted
/// with, they are milliseconds since 1970.
const STEPS: [&str; 2] = [USERS, BUDGETS];

const USERS: &str = "
CREATE TABLE users (
    id         INTEGER PRIMARY KEY,
    run        TEXT NOT NULL,
    scenario   TEXT NOT NULL,
    attempt    INTEGER NOT NULL,
    target     TEXT NOT NULL,
    pool       TEXT NOT NULL,
    username   TEXT NOT NULL,
    sub        TEXT,
    state      TEXT NOT NULL,
    intended   TEXT NOT NULL,
    changed    TEXT NOT NULL
) STRICT;
CREATE INDEX users_open ON users (target, state);
";

const BUDGETS: &str = "
CREATE TABLE runs (
    run        TEXT PRIMARY KEY,
    target     TEXT NOT NULL,
    part       INTEGER NOT NULL,
    parts      INTEGER NOT NULL,
    mails      INTEGER NOT NULL,
    mails_max  INTEGER,
    begun_ms   INTEGER NOT NULL
) STRICT;
CREATE TABLE mails (
    id         INTEGER PRIMARY KEY,
    run        TEXT NOT NULL,
    target     TEXT NOT NULL,
    address    TEXT NOT NULL,
    at_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX mails_at ON mails (target, at_ms);
CREATE TABLE pace (
    place       TEXT PRIMARY KEY,
    next_ms     INTEGER NOT NULL,
    learned_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX users_sub ON users (sub);
";

/// Why the ledger could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// SQLite could not do it.
    #[error("the ledger could not be written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file that says that a run is alive could not be made.
    #[error("`{}`, which says that the run is alive, could not be made: {source}", .path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The file comes from a newer version of the tool.
    #[error(
        "the ledger has version {found}, this reverify knows {SCHEMA_VERSION}: use a newer one"
    )]
    Newer {
        /// The version in the file.
        found: i64,
    },
}

/// The ledger. A row stands in it before the request that creates a user is sent, so that a run
/// that dies in between leaves a trace of what it may have created.
///
/// ```
/// use reverify::cognito::{Intent, Ledger, RowState};
/// use reverify::model::{RunId, ScenarioId, UserPoolId, UserSub};
///
/// let ledger = Ledger::in_memory()?;
/// let intent = Intent {
///     run: RunId::new("7f3c"),
///     scenario: ScenarioId::new("features/sign_up.feature", 9),
///     attempt: 1,
///     target: "staging".into(),
///     pool: UserPoolId::new("eu-west-1_AbCdEfGhI"),
///     username: "ada@example.com".into(),
/// };
/// let now = "2026-11-21T03:00:00Z".parse()?;
/// let row = ledger.intend(&intent, now)?;
/// ledger.created(row, &UserSub::new("3f2a"), now)?;
/// assert_eq!(ledger.open_rows("staging")?[0].state, RowState::Created);
/// ledger.close(row, RowState::Deleted, now)?;
/// assert!(ledger.open_rows("staging")?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Ledger {
    connection: Mutex<Connection>,
    /// Where files stand that are locked by runs while they are alive; none in memory.
    pub(super) locks: Option<PathBuf>,
}

impl Ledger {
    /// Opens the ledger in a file, which is made if there is none.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or comes from a newer version.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(BUSY_SECONDS_MAX))?;
        let mut tries = 1;
        while let Err(error) = keep_whole(&connection) {
            let busy = error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
            if !busy || tries == SET_UP_TRIES_MAX {
                return Err(error.into());
            }
            tries += 1;
            // SQLite waits for nobody while the kind of the journal is changed.
            std::thread::sleep(Duration::from_millis(SET_UP_PAUSE_MILLISECONDS));
        }
        Self::prepare(connection, Some(path.with_file_name("alive")))
    }

    /// A ledger that ends with the process: for targets that do, too.
    ///
    /// # Errors
    ///
    /// When SQLite cannot be set up.
    pub fn in_memory() -> Result<Self, LedgerError> {
        Self::prepare(Connection::open_in_memory()?, None)
    }

    fn prepare(connection: Connection, locks: Option<PathBuf>) -> Result<Self, LedgerError> {
        let version = |c: &Connection| c.query_row("PRAGMA user_version", [], |row| row.get(0));
        let mut found: i64 = version(&connection)?;
        if found < SCHEMA_VERSION {
            let write = TransactionBehavior::Immediate;
            let transaction = Transaction::new_unchecked(&connection, write)?;
            // Another process may have made the tables since.
            found = version(&transaction)?;
            for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
                transaction.execute_batch(step)?;
            }
            if found < SCHEMA_VERSION {
                transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            }
            transaction.commit()?;
        }
        if found > SCHEMA_VERSION {
            return Err(LedgerError::Newer { found });
        }
        Ok(Self {
            connection: Mutex::new(connection),
            locks,
        })
    }

    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        // SQLite's own transactions keep the file whole, whatever a panicking thread left.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins a transaction that no other process can come in between.
pub(super) fn exclusive(connection: &Connection) -> rusqlite::Result<Transaction<'_>> {
    Transaction::new_unchecked(connection, TransactionBehavior::Immediate)
}

/// A row must be on the disk before the request goes out, else a crash forgets the user.
fn keep_whole(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_of_an_earlier_version_grows_and_keeps_its_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(USERS).unwrap();
        let row = "INSERT INTO users VALUES (1, '7f3c', 'a.feature:3', 1, 'staging',
                   'eu-west-1_AbCdEfGhI', 'ada', 'sub-1', 'created',
                   '2026-11-21T03:00:00Z', '2026-11-21T03:00:01Z')";
        old.execute_batch(row).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);
        for _ in 0..2 {
            let ledger = Ledger::open(&path).unwrap();
            assert_eq!(ledger.open_rows("staging").unwrap().len(), 1);
        }
        let newer = Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        let refused = Ledger::open(&path).unwrap_err().to_string();
        assert!(refused.contains("version 99"), "{refused}");
    }
}
