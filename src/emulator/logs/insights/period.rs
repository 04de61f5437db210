//! Lengths of time, and the calendar's bins.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// The epoch was a Thursday; weeks begin on Monday.
const FIRST_MONDAY: i64 = 4 * DAY;

/// A period such as `5m` or `1mo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    /// Of a fixed length, in milliseconds.
    Fixed(i64),
    /// Of so many weeks, which begin on Monday (a guess).
    Weeks(i64),
    /// Of so many months of the calendar.
    Months(i32),
}

impl Period {
    /// So many of a unit, by the names of
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html>.
    pub(super) fn new(count: i64, unit: &str) -> Option<Self> {
        if count <= 0 {
            return None;
        }
        let fixed = |length: i64| count.checked_mul(length).map(Self::Fixed);
        let months = |each: i32| {
            let count = i32::try_from(count).ok().filter(|count| *count <= 12_000)?;
            Some(Self::Months(count * each))
        };
        match unit.to_ascii_lowercase().as_str() {
            "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => fixed(1),
            "s" | "sec" | "secs" | "second" | "seconds" => fixed(SECOND),
            "m" | "min" | "mins" | "minute" | "minutes" => fixed(MINUTE),
            "h" | "hr" | "hrs" | "hour" | "hours" => fixed(HOUR),
            "d" | "day" | "days" => fixed(DAY),
            "w" | "week" | "weeks" => count.checked_mul(WEEK).map(|_| Self::Weeks(count)),
            "mo" | "mon" | "mons" | "month" | "months" => months(1),
            "q" | "qtr" | "qtrs" | "quarter" | "quarters" => months(3),
            "y" | "yr" | "yrs" | "year" | "years" => months(12),
            _ => None,
        }
    }

    /// The start of the period in which a moment lies; both in milliseconds.
    pub(super) fn floor(self, at: i64) -> i64 {
        match self {
            Self::Fixed(length) => at - at.rem_euclid(length),
            Self::Weeks(count) => {
                let length = count * WEEK;
                at - (at - FIRST_MONDAY).rem_euclid(length)
            }
            Self::Months(count) => month_start(at, count, 0).unwrap_or(at),
        }
    }

    /// The start of the next period, or the moment itself if it is the start of one.
    pub(super) fn ceil(self, at: i64) -> i64 {
        let floor = self.floor(at);
        if floor == at {
            return at;
        }
        match self {
            Self::Fixed(length) => floor.saturating_add(length),
            Self::Weeks(count) => floor.saturating_add(count * WEEK),
            Self::Months(count) => month_start(at, count, count).unwrap_or(at),
        }
    }
}

/// The start of the run of months in which a moment lies, moved by `later` months.
fn month_start(at: i64, months: i32, later: i32) -> Option<i64> {
    let day = Timestamp::from_millisecond(at).ok()?;
    let day: Date = day.to_zoned(TimeZone::UTC).date();
    let since_epoch = (i32::from(day.year()) - 1970) * 12 + i32::from(day.month()) - 1;
    let start = since_epoch - since_epoch.rem_euclid(months) + later;
    let start = date(1970, 1, 1).checked_add(start.months()).ok()?;
    let start = start.to_zoned(TimeZone::UTC).ok()?;
    Some(start.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn floors_and_ceilings() {
        let noon = "2026-11-21T12:34:56.789Z";
        let cases = [
            ((30, "s"), "2026-11-21T12:34:30Z", "2026-11-21T12:35:00Z"),
            (
                (5, "minutes"),
                "2026-11-21T12:30:00Z",
                "2026-11-21T12:35:00Z",
            ),
            ((1, "d"), "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"),
            ((1, "w"), "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"),
            ((1, "mo"), "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            ((1, "q"), "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ((1, "y"), "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ];
        for ((count, unit), floor, ceil) in cases {
            let period = Period::new(count, unit).unwrap();
            assert_eq!(period.floor(at(noon)), at(floor), "{count}{unit}");
            assert_eq!(period.ceil(at(noon)), at(ceil), "{count}{unit}");
            assert_eq!(period.ceil(at(floor)), at(floor), "{count}{unit}");
        }
        assert_eq!(Period::new(0, "m"), None);
        assert_eq!(Period::new(i64::MAX, "d"), None);
        assert_eq!(Period::new(1, "fortnight"), None);
    }
}
