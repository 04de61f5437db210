//! The pace of sign-ups: a slot for each, further apart after the service throttled one.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::store::exclusive;
use super::{Ledger, LedgerError};
use crate::model::{Budget, RunId};

/// The first pause between sign-ups that throttling teaches; each further one doubles it.
const LEARNED_MILLISECONDS_MIN: i64 = 200;
/// The longest: slower than this a run makes no progress.
const LEARNED_MILLISECONDS_MAX: i64 = 10_000;
/// Of a learned pause so many tenths are left after each sign-up, until it is forgotten.
const KEPT_TENTHS: i64 = 9;

impl Ledger {
    /// Takes the next slot for a sign-up and answers how long it is until then.
    ///
    /// Slots are as far apart as the budget's rate says, or as throttling has taught, whichever is
    /// longer. Runs that keep one ledger share them; parts of a run, which may keep ledgers apart,
    /// divide the rate.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn sign_up_slot(
        &self,
        run: &RunId,
        target: &str,
        budget: &Budget,
        now: Timestamp,
    ) -> Result<Duration, LedgerError> {
        let connection = self.connection();
        let (place, of) = place(&connection, run, target)?;
        let read = |c: &Connection| {
            let known = "SELECT next_ms, learned_ms FROM pace WHERE place = ?1";
            let row = c.query_row(known, [&place], |row| Ok((row.get(0)?, row.get(1)?)));
            row.optional().map(|found| found.unwrap_or((0, 0)))
        };
        let rate = budget.sign_ups_per_second;
        let asked = rate.map_or(0, |rate| milliseconds(rate.interval() * of));
        let (_, learned): (i64, i64) = read(&connection)?;
        if asked.max(learned) == 0 {
            return Ok(Duration::ZERO);
        }
        let transaction = exclusive(&connection)?;
        let (next, learned): (i64, i64) = read(&transaction)?;
        let slot = next.max(now.as_millisecond());
        let after = slot + asked.max(learned);
        let learned = forget(learned);
        transaction.execute(
            "INSERT INTO pace VALUES (?1, ?2, ?3)
             ON CONFLICT (place) DO UPDATE SET next_ms = ?2, learned_ms = ?3",
            params![place, after, learned],
        )?;
        transaction.commit()?;
        let wait = u64::try_from(slot - now.as_millisecond()).unwrap_or(0);
        Ok(Duration::from_millis(wait))
    }

    /// Notes that the service throttled a sign-up: the next ones are further apart, in every process
    /// that keeps this ledger.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn slow_sign_ups(
        &self,
        run: &RunId,
        target: &str,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let connection = self.connection();
        let transaction = exclusive(&connection)?;
        let (place, _) = place(&transaction, run, target)?;
        let now = now.as_millisecond();
        transaction.execute(
            "INSERT INTO pace VALUES (?1, ?2 + ?3, ?3)
             ON CONFLICT (place) DO UPDATE SET
             learned_ms = MIN(?4, MAX(?3, 2 * learned_ms)),
             next_ms = MAX(next_ms, ?2 + MIN(?4, MAX(?3, 2 * learned_ms)))",
            params![
                place,
                now,
                LEARNED_MILLISECONDS_MIN,
                LEARNED_MILLISECONDS_MAX
            ],
        )?;
        transaction.commit()?;
        Ok(())
    }
}

/// What a pace belongs to, and how many divide the rate: the whole target, or one part's share of it.
fn place(connection: &Connection, run: &RunId, target: &str) -> rusqlite::Result<(String, u32)> {
    let part = connection
        .query_row(
            "SELECT part, parts FROM runs WHERE run = ?1 AND parts > 1",
            [run.as_str()],
            |row| Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?)),
        )
        .optional()?;
    Ok(match part {
        Some((part, of)) => (format!("{target} {part}/{of}"), of),
        None => (target.to_owned(), 1),
    })
}

fn forget(learned: i64) -> i64 {
    let left = learned * KEPT_TENTHS / 10;
    if left < LEARNED_MILLISECONDS_MIN / 4 {
        0
    } else {
        left
    }
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rate;

    #[test]
    fn sign_ups_are_as_far_apart_as_the_budget_says() {
        let ledger = Ledger::in_memory().unwrap();
        let budget = Budget {
            sign_ups_per_second: Rate::per_second(4.0),
            ..Budget::default()
        };
        let (run, now) = (RunId::new("7f3c"), Timestamp::UNIX_EPOCH);
        let mut slots = Vec::new();
        for _ in 0..3 {
            let slot = ledger.sign_up_slot(&run, "staging", &budget, now).unwrap();
            slots.push(slot.as_millis());
        }
        assert_eq!(slots, [0, 250, 500]);
        // Another target is not held up.
        let other = ledger.sign_up_slot(&run, "other", &budget, now).unwrap();
        assert_eq!(other, Duration::ZERO);
    }

    #[test]
    fn throttling_teaches_a_pause_that_is_forgotten() {
        let ledger = Ledger::in_memory().unwrap();
        let (run, budget) = (RunId::new("7f3c"), Budget::default());
        let mut now = Timestamp::UNIX_EPOCH;
        let slot = |now| ledger.sign_up_slot(&run, "staging", &budget, now).unwrap();
        assert_eq!(slot(now), Duration::ZERO);
        ledger.slow_sign_ups(&run, "staging", now).unwrap();
        assert_eq!(slot(now).as_millis(), 200);
        ledger.slow_sign_ups(&run, "staging", now).unwrap();
        assert_eq!(slot(now).as_millis(), 400);
        let mut taken = 0;
        while ledger.sign_up_slot(&run, "staging", &budget, now).unwrap() > Duration::ZERO {
            now += Duration::from_mins(1);
            taken += 1;
            assert!(taken < 100, "the pause is never forgotten");
            slot(now);
        }
    }
}
