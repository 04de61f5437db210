//! How much a target may be asked for, and when Cognito's day begins.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

/// Mails that Cognito's own sender sends in a day, for all pools of an account and region
/// (COGNITO.md 5.4).
const DEFAULT_SENDER_MAILS_PER_DAY: u32 = 50;
/// The hour of UTC at which Cognito begins to count a day's mails anew (CAUSES.md,
/// default-mail-daily-quota).
const DAY_BEGINS_HOURS_UTC: i64 = 9;
const SECONDS_PER_HOUR: i64 = 60 * 60;
const SECONDS_PER_DAY: i64 = 24 * SECONDS_PER_HOUR;

/// How much a target may be asked for. What is `None` has no bound.
///
/// ```
/// use reverify::model::Budget;
///
/// let budget = Budget { mails_per_run: Some(20), ..Budget::default_sender() };
/// assert_eq!(budget.mails_per_day, Some(50));
/// assert!(!Budget::default().bounds_mails());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Budget {
    /// Mails that one run may cause, all its partitions together.
    pub mails_per_run: Option<u32>,
    /// Mails that all runs together may cause from one 09:00 UTC to the next.
    pub mails_per_day: Option<u32>,
    /// Mails to one address within an hour.
    pub mails_per_address_and_hour: Option<u32>,
    /// Sign-ups in a second, of all runs together.
    pub sign_ups_per_second: Option<Rate>,
}

impl Budget {
    /// What a pool of AWS can stand that mails through Cognito's own sender: 50 mails a day.
    pub const fn default_sender() -> Self {
        Self {
            mails_per_run: None,
            mails_per_day: Some(DEFAULT_SENDER_MAILS_PER_DAY),
            mails_per_address_and_hour: None,
            sign_ups_per_second: None,
        }
    }

    /// Whether mails have to be counted at all.
    pub const fn bounds_mails(&self) -> bool {
        self.mails_per_run.is_some()
            || self.mails_per_day.is_some()
            || self.mails_per_address_and_hour.is_some()
    }
}

/// How often something may happen: more than never, and finite.
///
/// ```
/// use std::time::Duration;
/// use reverify::model::Rate;
///
/// assert_eq!(Rate::per_second(4.0).map(Rate::interval), Some(Duration::from_millis(250)));
/// assert_eq!(Rate::per_second(0.0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate(f64);

impl Rate {
    /// The least is one in a day: what is rarer is a mistake.
    const PER_SECOND_MIN: f64 = 1.0 / 86_400.0;

    /// So many times a second; `None` where that is no rate.
    pub fn per_second(times: f64) -> Option<Self> {
        (times.is_finite() && times >= Self::PER_SECOND_MIN).then_some(Self(times))
    }

    /// The time from one to the next.
    pub fn interval(self) -> Duration {
        Duration::from_secs_f64(1.0 / self.0)
    }
}

/// Which part of a run this process does, where several machines divide its scenarios.
///
/// ```
/// use reverify::model::Share;
///
/// // The shares of all four make up the whole.
/// let counts = (1..=4).filter_map(|part| Share::new(part, 4)).map(|share| share.count(50));
/// assert_eq!(counts.collect::<Vec<_>>(), [13, 13, 12, 12]);
/// assert_eq!(Share::WHOLE.count(50), 50);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    part: u32,
    of: u32,
}

impl Share {
    /// A run that is done by one process.
    pub const WHOLE: Self = Self { part: 1, of: 1 };

    /// Part `part`, from 1, of `of`; `None` where there is no such part.
    pub const fn new(part: u32, of: u32) -> Option<Self> {
        if part >= 1 && part <= of {
            Some(Self { part, of })
        } else {
            None
        }
    }

    /// Which part, from 1.
    pub const fn part(self) -> u32 {
        self.part
    }

    /// How many parts there are.
    pub const fn of(self) -> u32 {
        self.of
    }

    /// This part's number of `whole` things; the first parts have one more where it does not come
    /// out even.
    pub const fn count(self, whole: u32) -> u32 {
        let more = if self.part <= whole % self.of { 1 } else { 0 };
        whole / self.of + more
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.part, self.of)
    }
}

/// The moment at which Cognito began to count the mails of the present day: the latest 09:00 UTC.
///
/// ```
/// use reverify::model::mail_day_start;
///
/// let start = mail_day_start("2026-11-21T08:59:59Z".parse()?);
/// assert_eq!(start, "2026-11-20T09:00:00Z".parse()?);
/// assert_eq!(mail_day_start("2026-11-21T09:00:00Z".parse()?), "2026-11-21T09:00:00Z".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn mail_day_start(now: Timestamp) -> Timestamp {
    let into_day =
        (now.as_second() - DAY_BEGINS_HOURS_UTC * SECONDS_PER_HOUR).rem_euclid(SECONDS_PER_DAY);
    Timestamp::from_second(now.as_second() - into_day).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_make_up_the_whole() {
        for of in 1..=7 {
            for whole in [0, 1, 6, 7, 50, u32::MAX] {
                let parts = (1..=of).filter_map(|part| Share::new(part, of));
                let sum: u64 = parts.map(|share| u64::from(share.count(whole))).sum();
                assert_eq!(sum, u64::from(whole), "{whole} of {of}");
            }
        }
    }

    #[test]
    fn a_part_that_is_none_is_refused() {
        for (part, of) in [(0, 4), (5, 4), (1, 0)] {
            assert_eq!(Share::new(part, of), None, "{part} of {of}");
        }
        assert_eq!(Share::new(1, 1), Some(Share::WHOLE));
    }

    #[test]
    fn a_rate_is_more_than_never() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Rate::per_second(bad), None, "{bad}");
        }
    }
}
