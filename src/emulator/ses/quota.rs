//! How much may be sent: recipients in 24 hours, and recipients in a second.
//!
//! <https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html>: both count recipients, not
//! mails, and the day is a sliding one. A mail goes out as long as anything of the quota is left,
//! also when it has more recipients than that; what is over is taken from the following seconds (the
//! service's blog, quoted in django-ses/django-ses#59).

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::error::QuotaExceeded;

/// The quotas of an account in the sandbox (CAUSES.md, `ses-sandbox`).
const SANDBOX: Quotas = Quotas {
    max_24_hour_send: 200.0,
    max_send_rate: 1.0,
};
/// Those that AWS commonly grants first with production access.
const PRODUCTION: Quotas = Quotas {
    max_24_hour_send: 50_000.0,
    max_send_rate: 14.0,
};
/// The sliding day.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// How finely sent recipients are remembered: the day needs 1,440 numbers at most.
const GRAIN_SECONDS: i64 = 60;
/// `Max24HourSend` that means no quota.
const UNLIMITED: f64 = -1.0;

/// An account's sending quotas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quotas {
    /// Recipients in 24 hours; -1 for any number.
    pub(super) max_24_hour_send: f64,
    /// Recipients in a second.
    pub(super) max_send_rate: f64,
}

impl Quotas {
    /// What AWS gives an account with production access, or one without.
    pub(super) const fn usual(production_access: bool) -> Self {
        if production_access {
            PRODUCTION
        } else {
            SANDBOX
        }
    }
}

/// What was sent lately.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// Recipients by the minute, oldest first.
    minutes: VecDeque<(i64, u32)>,
    rate: Option<Rate>,
}

/// How much may be sent at a moment; less than nothing after a mail to many.
#[derive(Debug, Clone, Copy)]
struct Rate {
    left: f64,
    at: Timestamp,
}

/// The recipients of one mail, as the quotas see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recipients {
    /// All of them: the rate counts the mailbox simulator's too.
    pub(super) all: u32,
    /// Those that are not the mailbox simulator's.
    pub(super) counted: u32,
}

impl Usage {
    /// Counts a mail, if the quotas leave room for it.
    ///
    /// # Errors
    /// The quota that is used up.
    pub(super) fn count(
        &mut self,
        quotas: Quotas,
        now: Timestamp,
        recipients: Recipients,
    ) -> Result<(), QuotaExceeded> {
        let burst = quotas.max_send_rate.max(1.0);
        let before = self.rate.unwrap_or(Rate {
            left: burst,
            at: now,
        });
        let elapsed = now.duration_since(before.at).as_secs_f64().max(0.0);
        let left = (before.left + elapsed * quotas.max_send_rate).min(burst);
        if left < 1.0 {
            return Err(QuotaExceeded::Rate);
        }
        let is_limited = quotas.max_24_hour_send > UNLIMITED;
        if is_limited
            && recipients.counted > 0
            && f64::from(self.sent(now)) >= quotas.max_24_hour_send
        {
            return Err(QuotaExceeded::Daily);
        }
        self.rate = Some(Rate {
            left: left - f64::from(recipients.all),
            at: now,
        });
        let minute = now.as_second().div_euclid(GRAIN_SECONDS);
        match self.minutes.back_mut() {
            // A clock that was set back adds to the latest minute.
            Some((latest, count)) if *latest >= minute => {
                *count = count.saturating_add(recipients.counted);
            }
            _ => self.minutes.push_back((minute, recipients.counted)),
        }
        Ok(())
    }

    /// Recipients in the last 24 hours.
    pub(super) fn sent(&mut self, now: Timestamp) -> u32 {
        let oldest = (now - WINDOW).as_second().div_euclid(GRAIN_SECONDS);
        while self
            .minutes
            .front()
            .is_some_and(|(minute, _)| *minute <= oldest)
        {
            self.minutes.pop_front();
        }
        let counts = self.minutes.iter().map(|(_, count)| *count);
        counts.fold(0, u32::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + milliseconds).unwrap()
    }

    fn one() -> Recipients {
        Recipients { all: 1, counted: 1 }
    }

    #[test]
    fn the_sandbox_sends_one_a_second_and_two_hundred_a_day() {
        let (mut usage, quotas) = (Usage::default(), Quotas::usual(false));
        assert_eq!(usage.count(quotas, at(0), one()), Ok(()));
        assert_eq!(
            usage.count(quotas, at(900), one()),
            Err(QuotaExceeded::Rate)
        );
        assert_eq!(usage.count(quotas, at(1_000), one()), Ok(()));
        let many = Recipients {
            all: 198,
            counted: 198,
        };
        assert_eq!(usage.count(quotas, at(2_000), many), Ok(()));
        assert_eq!(
            usage.count(quotas, at(100_000), one()),
            Err(QuotaExceeded::Rate),
            "what was over is still owed"
        );
        let later = at(210_000);
        assert_eq!(usage.sent(later), 200);
        assert_eq!(usage.count(quotas, later, one()), Err(QuotaExceeded::Daily));
        let simulated = Recipients { all: 1, counted: 0 };
        assert_eq!(usage.count(quotas, later, simulated), Ok(()));
        let next_day = at(86_400_000 + 60_000);
        assert_eq!(usage.sent(next_day), 0);
        assert_eq!(usage.count(quotas, next_day, one()), Ok(()));
    }

    #[test]
    fn a_clock_that_goes_back_breaks_nothing() {
        let (mut usage, quotas) = (Usage::default(), Quotas::usual(true));
        assert_eq!(usage.count(quotas, at(600_000), one()), Ok(()));
        assert_eq!(usage.count(quotas, at(0), one()), Ok(()));
        assert_eq!(usage.sent(at(600_000)), 2);
    }

    #[test]
    fn an_unlimited_account_has_no_daily_quota() {
        let quotas = Quotas {
            max_24_hour_send: UNLIMITED,
            max_send_rate: 1_000_000.0,
        };
        let mut usage = Usage::default();
        let many = Recipients {
            all: 50,
            counted: 50,
        };
        for _ in 0..5_000 {
            assert_eq!(usage.count(quotas, at(0), many), Ok(()));
        }
        assert_eq!(usage.sent(at(0)), 250_000);
    }
}
