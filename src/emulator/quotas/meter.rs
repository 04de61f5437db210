//! What was used of the quotas.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::category::{CATEGORIES, Category};
use crate::control::{Quotas, RequestRates};
use crate::emulator::cognito::Exception;

const DAY_SECONDS: i64 = 24 * 60 * 60;
/// When the day of the default sender begins: at 09:00 UTC (COGNITO.md 2.7, CAUSES.md
/// default-mail-daily-quota).
const DAY_BEGINS_SECONDS: i64 = 9 * 60 * 60;

/// Counts calls and mails against the account's quotas.
#[derive(Debug, Default)]
pub(crate) struct QuotaMeter {
    counts_calls: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    quotas: Quotas,
    mails: Count,
    calls: [Count; CATEGORIES],
}

/// Uses within the period of this number; periods are counted from 1970.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    period: i64,
    used: u32,
}

impl QuotaMeter {
    /// The quotas in force.
    pub(crate) fn quotas(&self) -> Quotas {
        self.change(|state| state.quotas)
    }

    /// Puts quotas in force; what was used stays counted.
    pub(crate) fn set(&self, quotas: Quotas) {
        self.change(|state| state.quotas = quotas);
        let counts = quotas.request_rates != RequestRates::Unlimited;
        self.counts_calls.store(counts, Ordering::Relaxed);
    }

    /// Puts quotas in force and forgets what was used.
    pub(crate) fn reset(&self, quotas: Quotas) {
        self.change(|state| *state = State::default());
        self.set(quotas);
    }

    /// Whether calls are counted at all, for the price of one atomic load.
    pub(crate) fn counts_calls(&self) -> bool {
        self.counts_calls.load(Ordering::Relaxed)
    }

    /// Counts a call.
    ///
    /// That a second begins with the clock's rather than slides is a guess.
    ///
    /// # Errors
    /// `TooManyRequestsException` beyond the category's rate.
    pub(crate) fn call(&self, operation: &str, now: Timestamp) -> Result<(), Exception> {
        self.change(|state| {
            let category = Category::of(operation);
            let Some(most) = category.per_second(state.quotas.request_rates) else {
                return Ok(());
            };
            let count = &mut state.calls[category as usize];
            if count.take(now.as_second(), most) {
                Ok(())
            } else {
                Err(Exception::TooManyRequests)
            }
        })
    }

    /// Counts a mail of the default sender.
    ///
    /// # Errors
    /// `LimitExceededException` beyond the day's mails (COGNITO.md 2.7 \[R\]).
    pub(crate) fn mail(&self, now: Timestamp) -> Result<(), Exception> {
        self.change(|state| {
            let day = (now.as_second() - DAY_BEGINS_SECONDS).div_euclid(DAY_SECONDS);
            let most = state.quotas.default_sender_mails_per_day;
            if state.mails.take(day, most.unwrap_or(u32::MAX)) {
                Ok(())
            } else {
                Err(Exception::DailyMailsExceeded)
            }
        })
    }

    fn change<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Count {
    /// Counts one more, unless there were so many in the period already.
    fn take(&mut self, period: i64, most: u32) -> bool {
        if self.period != period {
            *self = Self { period, used: 0 };
        }
        let left = self.used < most;
        if left {
            self.used += 1;
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_of_the_default_sender_begins_at_nine() {
        let meter = QuotaMeter::default();
        meter.set(Quotas {
            default_sender_mails_per_day: Some(2),
            ..Quotas::default()
        });
        for (moment, sent) in [
            ("2026-11-20T09:00:00Z", true),
            ("2026-11-21T00:00:00Z", true),
            ("2026-11-21T08:59:59Z", false),
            ("2026-11-21T09:00:00Z", true),
            ("2026-11-21T09:00:00Z", true),
            ("2026-11-21T09:00:01Z", false),
        ] {
            let counted = meter.mail(at(moment));
            assert_eq!(counted.is_ok(), sent, "{moment}");
        }
        meter.set(Quotas::default());
        assert_eq!(meter.mail(at("2026-11-21T09:00:02Z")), Ok(()));
    }

    #[test]
    fn categories_are_counted_apart_and_by_the_second() {
        let meter = QuotaMeter::default();
        assert!(!meter.counts_calls());
        meter.set(Quotas {
            request_rates: RequestRates::PerSecond(1),
            ..Quotas::default()
        });
        assert!(meter.counts_calls());
        let (first, second) = (at("2026-11-20T09:00:00.9Z"), at("2026-11-20T09:00:01Z"));
        for (operation, moment, taken) in [
            ("SignUp", first, true),
            ("ConfirmSignUp", first, false),
            ("AdminGetUser", first, true),
            ("SignUp", second, true),
        ] {
            let counted = meter.call(operation, moment);
            assert_eq!(counted.is_ok(), taken, "{operation} {moment}");
        }
        meter.reset(Quotas::default());
        assert!(!meter.counts_calls());
    }
}
