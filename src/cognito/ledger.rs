//! The users that this tool created, in a file that survives a crash.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::model::{RunId, ScenarioId, UserPoolId, UserSub};

/// The version of the tables; kept in SQLite's `user_version`.
const SCHEMA_VERSION: i64 = 1;
/// How long to wait for another process that writes. A write takes milliseconds.
const BUSY_SECONDS_MAX: u64 = 5;

const SCHEMA: &str = "
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

/// Why the ledger could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// SQLite could not do it.
    #[error("the ledger could not be written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file comes from a newer version of the tool.
    #[error(
        "the ledger has version {found}, this reverify knows {SCHEMA_VERSION}: use a newer one"
    )]
    Newer {
        /// The version in the file.
        found: i64,
    },
}

/// A sign-up that is about to be requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The run.
    pub run: RunId,
    /// The scenario.
    pub scenario: ScenarioId,
    /// Which try of the scenario, from 1.
    pub attempt: u32,
    /// The target's name.
    pub target: String,
    /// The pool.
    pub pool: UserPoolId,
    /// The name that will be signed up.
    pub username: String,
}

/// What became of an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// The request may have been sent; its answer is not known.
    Intended,
    /// The user exists and is ours.
    Created,
    /// The service refused: there is no user of ours.
    Refused,
    /// The user is gone.
    Deleted,
}

impl RowState {
    const ALL: [Self; 4] = [Self::Intended, Self::Created, Self::Refused, Self::Deleted];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Created => "created",
            Self::Refused => "refused",
            Self::Deleted => "deleted",
        }
    }
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Names the row.
    pub id: i64,
    /// What was intended.
    pub intent: Intent,
    /// The user's identifier, once known.
    pub sub: Option<UserSub>,
    /// What became of it.
    pub state: RowState,
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
}

impl Ledger {
    /// Opens the ledger in a file, which is made if there is none.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or comes from a newer version.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let connection = Connection::open(path)?;
        // A row must be on the disk before the request goes out, else a crash forgets the user.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        Self::prepare(connection)
    }

    /// A ledger that ends with the process: for targets that do, too.
    ///
    /// # Errors
    ///
    /// When SQLite cannot be set up.
    pub fn in_memory() -> Result<Self, LedgerError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(connection: Connection) -> Result<Self, LedgerError> {
        connection.busy_timeout(Duration::from_secs(BUSY_SECONDS_MAX))?;
        let version = |c: &Connection| c.query_row("PRAGMA user_version", [], |row| row.get(0));
        match version(&connection)? {
            0 => {
                let transaction = connection.unchecked_transaction()?;
                // Another process may have made the tables since.
                if version(&transaction)? == 0i64 {
                    transaction.execute_batch(SCHEMA)?;
                    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
                }
                transaction.commit()?;
            }
            SCHEMA_VERSION => {}
            found => return Err(LedgerError::Newer { found }),
        }
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// Writes a row before a sign-up is requested and names it.
    ///
    /// # Errors
    ///
    /// When the row is not safely on the disk: then the request must not be sent.
    pub fn intend(&self, intent: &Intent, now: Timestamp) -> Result<i64, LedgerError> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO users (run, scenario, attempt, target, pool, username, state, intended, changed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
            params![
                intent.run.as_str(),
                intent.scenario.to_string(),
                intent.attempt,
                intent.target,
                intent.pool.as_str(),
                intent.username,
                RowState::Intended.as_str(),
                now.to_string(),
            ],
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// Notes that the sign-up created this user.
    ///
    /// # Errors
    ///
    /// When the row cannot be written.
    pub fn created(&self, row: i64, sub: &UserSub, now: Timestamp) -> Result<(), LedgerError> {
        let state = RowState::Created.as_str();
        self.connection().execute(
            "UPDATE users SET state = ?2, sub = ?3, changed = ?4 WHERE id = ?1",
            params![row, state, sub.as_str(), now.to_string()],
        )?;
        Ok(())
    }

    /// Notes how a row ended.
    ///
    /// # Errors
    ///
    /// When the row cannot be written.
    pub fn close(&self, row: i64, state: RowState, now: Timestamp) -> Result<(), LedgerError> {
        self.connection().execute(
            "UPDATE users SET state = ?2, changed = ?3 WHERE id = ?1",
            params![row, state.as_str(), now.to_string()],
        )?;
        Ok(())
    }

    /// Notes how a row ended, unless that is known already.
    ///
    /// # Errors
    ///
    /// When the row cannot be written.
    pub fn close_if_open(
        &self,
        row: i64,
        state: RowState,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        self.connection().execute(
            "UPDATE users SET state = ?2, changed = ?3
             WHERE id = ?1 AND state IN ('intended', 'created')",
            params![row, state.as_str(), now.to_string()],
        )?;
        Ok(())
    }

    /// Notes that the user with this `sub` is gone, and whether the ledger knew it.
    ///
    /// # Errors
    ///
    /// When the row cannot be written.
    pub fn deleted(&self, sub: &UserSub, now: Timestamp) -> Result<bool, LedgerError> {
        let changed = self.connection().execute(
            "UPDATE users SET state = ?2, changed = ?3 WHERE sub = ?1 AND state = ?4",
            params![
                sub.as_str(),
                RowState::Deleted.as_str(),
                now.to_string(),
                RowState::Created.as_str()
            ],
        )?;
        Ok(changed > 0)
    }

    /// Whether the user with this `sub` was created by this tool and not yet deleted.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn is_ours(&self, sub: &UserSub) -> Result<bool, LedgerError> {
        let found = self
            .connection()
            .query_row(
                "SELECT 1 FROM users WHERE sub = ?1 AND state = ?2",
                params![sub.as_str(), RowState::Created.as_str()],
                |_| Ok(()),
            )
            .optional()?;
        Ok(found.is_some())
    }

    /// The rows of a target that may still have a user behind them, the oldest first.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn open_rows(&self, target: &str) -> Result<Vec<LedgerRow>, LedgerError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, run, scenario, attempt, target, pool, username, sub, state
             FROM users WHERE target = ?1 AND state IN ('intended', 'created') ORDER BY id",
        )?;
        let rows = statement.query_map([target], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // SQLite's own transactions keep the file whole, whatever a panicking thread left.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn row(row: &Row<'_>) -> rusqlite::Result<LedgerRow> {
    let scenario: String = row.get(2)?;
    let state: String = row.get(8)?;
    let found = RowState::ALL.into_iter().find(|one| one.as_str() == state);
    Ok(LedgerRow {
        id: row.get(0)?,
        intent: Intent {
            run: RunId::new(row.get::<_, String>(1)?),
            scenario: scenario
                .parse()
                .unwrap_or_else(|_| ScenarioId::new(scenario, 0)),
            attempt: row.get(3)?,
            target: row.get(4)?,
            pool: UserPoolId::new(row.get::<_, String>(5)?),
            username: row.get(6)?,
        },
        sub: row.get::<_, Option<String>>(7)?.map(UserSub::new),
        // The query asks for known states only.
        state: found.unwrap_or(RowState::Intended),
    })
}
