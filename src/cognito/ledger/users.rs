//! The rows of users that this tool created, or may have.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use super::{Ledger, LedgerError};
use crate::model::{RunId, ScenarioId, UserPoolId, UserSub};

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
    /// When the row was written, by the clock of the machine that ran.
    pub intended: Timestamp,
}

/// Which of the rows that may still have a user behind them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenRows {
    /// Of this target only.
    pub target: Option<String>,
    /// In this pool only.
    pub pool: Option<UserPoolId>,
    /// Written before this moment only.
    pub before: Option<Timestamp>,
}

impl Ledger {
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

    /// Whether any row, open or closed, has this `sub`: a user whom the ledger knows was not created
    /// just now.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn knows(&self, sub: &UserSub) -> Result<bool, LedgerError> {
        let found = self
            .connection()
            .query_row("SELECT 1 FROM users WHERE sub = ?1", [sub.as_str()], |_| {
                Ok(())
            })
            .optional()?;
        Ok(found.is_some())
    }

    /// The rows of a target that may still have a user behind them, the oldest first.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn open_rows(&self, target: &str) -> Result<Vec<LedgerRow>, LedgerError> {
        self.open_rows_of(&OpenRows {
            target: Some(target.to_owned()),
            ..OpenRows::default()
        })
    }

    /// Some of the rows that may still have a user behind them, the oldest first.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn open_rows_of(&self, which: &OpenRows) -> Result<Vec<LedgerRow>, LedgerError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, run, scenario, attempt, target, pool, username, sub, state, intended
             FROM users WHERE state IN ('intended', 'created')
             AND (?1 IS NULL OR target = ?1) AND (?2 IS NULL OR pool = ?2) ORDER BY id",
        )?;
        let pool = which.pool.as_ref().map(UserPoolId::as_str);
        let rows = statement.query_map(params![which.target, pool], row)?;
        let rows: Vec<LedgerRow> = rows.collect::<Result<_, _>>()?;
        let old_enough = |row: &LedgerRow| which.before.is_none_or(|before| row.intended < before);
        Ok(rows.into_iter().filter(old_enough).collect())
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
        intended: row
            .get::<_, String>(9)?
            .parse()
            .unwrap_or(Timestamp::UNIX_EPOCH),
    })
}
