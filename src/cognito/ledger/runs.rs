//! Runs: which are alive, and whether the mails of a new one fit into what is left.

use std::fs::{self, File, TryLockError};
use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::mails::{BudgetError, sent_since};
use super::store::exclusive;
use super::{Ledger, LedgerError};
use crate::model::{Budget, RunId, Share, mail_day_start};

/// How long the rows of runs and mails are kept: longer than any budget looks back.
const KEPT_MILLISECONDS: i64 = 3 * 24 * 60 * 60 * 1_000;

/// A run that is about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunNeed {
    /// The run.
    pub run: RunId,
    /// What its mails are counted for: the target's pool, or its name where scenarios make pools.
    pub target: String,
    /// The mails that it will cause, if each scenario needs one attempt.
    pub mails: u32,
    /// The part that it does.
    pub share: Share,
}

/// Says to other processes that a run is alive, as long as it is kept: a file is locked, and the
/// system unlocks it when the process ends, however it does.
#[derive(Debug)]
#[must_use = "the run counts as dead when this is dropped"]
pub struct LiveRun {
    file: Option<(File, PathBuf)>,
}

impl Drop for LiveRun {
    fn drop(&mut self) {
        if let Some((file, path)) = self.file.take() {
            // A file that stays is no harm: without its lock it says nothing.
            let _ = fs::remove_file(path);
            drop(file);
        }
    }
}

/// What the ledger knows when a run asks for its mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counted {
    /// Mails of this day.
    sent: u32,
    /// Mails that runs which are alive have been promised and have not caused yet.
    promised: u32,
    /// Further parts of the same run in this ledger.
    siblings: u32,
}

impl Ledger {
    /// Begins a run: it counts as alive from now on, and its mails are set aside for it.
    ///
    /// Parts of one run divide what is left. Where they keep one ledger, a part that begins later
    /// divides among those only that have not begun; where each has its own, among all.
    ///
    /// # Errors
    ///
    /// When the run's mails do not fit into the budget, or the ledger cannot be written.
    pub fn begin_run(
        &self,
        need: &RunNeed,
        budget: &Budget,
        now: Timestamp,
    ) -> Result<LiveRun, BudgetError> {
        let live = self.lock(&need.run)?;
        let connection = self.connection();
        let transaction = exclusive(&connection).map_err(LedgerError::from)?;
        let counted = self.count(&transaction, need, now)?;
        let mails_max = granted(need, budget, counted)?;
        let written = transaction.execute(
            "INSERT OR REPLACE INTO runs (run, target, part, parts, mails, mails_max, begun_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                need.run.as_str(),
                need.target,
                need.share.part(),
                need.share.of(),
                need.mails,
                mails_max,
                now.as_millisecond(),
            ],
        );
        written.map_err(LedgerError::from)?;
        forget_old(&transaction, now).map_err(LedgerError::from)?;
        transaction.commit().map_err(LedgerError::from)?;
        Ok(live)
    }

    /// Whether a run that keeps this ledger is alive, in whatever process.
    pub fn is_alive(&self, run: &RunId) -> bool {
        let Some(path) = self.lock_path(run) else {
            return false;
        };
        let Ok(file) = File::open(path) else {
            return false;
        };
        // Where locks cannot be asked for, nobody may be taken for dead.
        !matches!(file.try_lock(), Ok(()))
    }

    fn lock(&self, run: &RunId) -> Result<LiveRun, LedgerError> {
        let Some(path) = self.lock_path(run) else {
            return Ok(LiveRun { file: None });
        };
        let failed = |source| LedgerError::Lock {
            path: path.clone(),
            source,
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = File::create(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let taken = "another run of this name is alive";
                return Err(failed(std::io::Error::other(taken)));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        Ok(LiveRun {
            file: Some((file, path)),
        })
    }

    fn lock_path(&self, run: &RunId) -> Option<PathBuf> {
        let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let name: String = run.as_str().chars().map(safe).collect();
        Some(self.locks.as_ref()?.join(format!("{name}.lock")))
    }

    fn count(
        &self,
        connection: &Connection,
        need: &RunNeed,
        now: Timestamp,
    ) -> Result<Counted, LedgerError> {
        let day = mail_day_start(now).as_millisecond();
        let siblings = connection.query_row(
            "SELECT COUNT(DISTINCT part) FROM runs
             WHERE target = ?1 AND parts = ?2 AND part <> ?3 AND begun_ms >= ?4",
            params![need.target, need.share.of(), need.share.part(), day],
            |row| row.get(0),
        )?;
        Ok(Counted {
            sent: sent_since(connection, &need.target, day)?,
            promised: self.promised(connection, &need.target, &need.run)?,
            siblings,
        })
    }

    /// Mails that other runs which are alive have not caused yet of those that were set aside for
    /// them.
    pub(super) fn promised(
        &self,
        connection: &Connection,
        target: &str,
        but: &RunId,
    ) -> Result<u32, LedgerError> {
        let mut statement = connection.prepare_cached(
            "SELECT run, mails, (SELECT COUNT(*) FROM mails WHERE mails.run = runs.run)
             FROM runs WHERE target = ?1 AND run <> ?2",
        )?;
        let rows = statement.query_map(params![target, but.as_str()], |row| {
            let run: String = row.get(0)?;
            Ok((
                RunId::new(run),
                row.get::<_, u32>(1)?,
                row.get::<_, u32>(2)?,
            ))
        })?;
        let mut promised = 0_u32;
        for row in rows {
            let (run, mails, sent) = row?;
            let open = mails.saturating_sub(sent);
            if open > 0 && self.is_alive(&run) {
                promised = promised.saturating_add(open);
            }
        }
        Ok(promised)
    }
}

/// How many mails the run may cause, or why it may not begin; `None` where nothing bounds it.
fn granted(need: &RunNeed, budget: &Budget, counted: Counted) -> Result<Option<u32>, BudgetError> {
    let RunNeed { mails, share, .. } = *need;
    let of_run = budget.mails_per_run.map(|limit| share.count(limit));
    if let (Some(left), Some(limit)) = (of_run, budget.mails_per_run)
        && mails > left
    {
        return Err(BudgetError::Run {
            needed: mails,
            left,
            limit,
            share,
        });
    }
    let of_day = budget.mails_per_day.map(|limit| {
        let all = limit.saturating_sub(counted.sent.saturating_add(counted.promised));
        if counted.siblings == 0 {
            return share.count(all);
        }
        // The others are in this ledger, so that its count is true: among those that have not begun
        // this one is the first.
        let to_begin = share.of().saturating_sub(counted.siblings).max(1);
        Share::new(1, to_begin).map_or(all, |first| first.count(all))
    });
    if let (Some(left), Some(limit)) = (of_day, budget.mails_per_day)
        && mails > left
    {
        return Err(BudgetError::Day {
            needed: mails,
            left,
            used: counted.sent,
            promised: counted.promised,
            limit,
            share,
        });
    }
    Ok(match (of_run, of_day) {
        (Some(run), Some(day)) => Some(run.min(day)),
        (run, day) => run.or(day),
    })
}

fn forget_old(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let before = now.as_millisecond() - KEPT_MILLISECONDS;
    connection.execute("DELETE FROM mails WHERE at_ms < ?1", [before])?;
    connection.execute("DELETE FROM runs WHERE begun_ms < ?1", [before])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(mails: u32, part: u32, of: u32) -> RunNeed {
        RunNeed {
            run: RunId::new("7f3c"),
            target: "staging".into(),
            mails,
            share: Share::new(part, of).unwrap(),
        }
    }

    fn counted(sent: u32, promised: u32, siblings: u32) -> Counted {
        Counted {
            sent,
            promised,
            siblings,
        }
    }

    #[test]
    fn what_is_left_is_granted() {
        let budget = Budget {
            mails_per_run: Some(40),
            ..Budget::default_sender()
        };
        // What is needed, what the ledger knows, what may be caused.
        let cases = [
            (need(34, 1, 1), counted(0, 0, 0), Some(40)),
            (need(34, 1, 1), counted(16, 0, 0), Some(34)),
            (need(34, 1, 1), counted(17, 0, 0), None),
            (need(34, 1, 1), counted(10, 7, 0), None),
            (need(41, 1, 1), counted(0, 0, 0), None),
            // A quarter, on a machine of its own.
            (need(10, 2, 4), counted(0, 0, 0), Some(10)),
            (need(11, 2, 4), counted(0, 0, 0), None),
            // The last of four in one ledger: what the others left.
            (need(8, 4, 4), counted(20, 20, 3), Some(10)),
            (need(11, 4, 4), counted(20, 20, 3), None),
        ];
        for (need, counted, expected) in cases {
            let granted = granted(&need, &budget, counted);
            assert_eq!(granted.ok().flatten(), expected, "{need:?} {counted:?}");
        }
        let unbound = granted(&need(9_999, 1, 1), &Budget::default(), counted(9_999, 0, 0));
        assert_eq!(unbound.unwrap(), None);
    }

    #[test]
    fn a_run_is_alive_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        let (one, other) = (open(), open());
        let run = RunId::new("7f3c");
        assert!(!other.is_alive(&run));
        let now = Timestamp::UNIX_EPOCH;
        let live = one.begin_run(&need(1, 1, 1), &Budget::default(), now);
        let live = live.unwrap();
        assert!(other.is_alive(&run) && one.is_alive(&run));
        assert!(
            other
                .begin_run(&need(1, 1, 1), &Budget::default(), now)
                .is_err()
        );
        drop(live);
        assert!(!other.is_alive(&run));
    }
}
