//! Which runs may go.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use super::PastRun;

/// What to keep. A run goes if nothing that is said here keeps it.
///
/// ```
/// use std::time::Duration;
/// use reverify::history::Retention;
///
/// let month = Duration::from_hours(30 * 24);
/// let retention = Retention { keep: Some(20), older_than: Some(month) };
/// assert!(retention.expired(&[], "2026-11-21T03:00:00Z".parse()?).is_empty());
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retention {
    /// Keeps the newest so many runs of each target.
    pub keep: Option<usize>,
    /// Keeps the runs that began within this time.
    pub older_than: Option<Duration>,
}

impl Retention {
    /// The runs that may go, the oldest first. With nothing said, all are kept.
    pub fn expired<'a>(&self, runs: &'a [PastRun], now: Timestamp) -> Vec<&'a PastRun> {
        if self.keep.is_none() && self.older_than.is_none() {
            return Vec::new();
        }
        let mut newest: Vec<_> = runs.iter().collect();
        newest.sort_by_key(|run| std::cmp::Reverse(run.started));
        let mut newer_of_target: HashMap<&str, usize> = HashMap::new();
        let mut expired: Vec<_> = newest
            .into_iter()
            .filter(|run| {
                let newer = newer_of_target.entry(run.target.name.as_str()).or_default();
                *newer += 1;
                let among_newest = self.keep.is_some_and(|keep| *newer <= keep);
                let age = now.duration_since(run.started);
                let past = |limit| Duration::try_from(age).is_ok_and(|age| age > limit);
                let recent = self.older_than.is_some_and(|limit| !past(limit));
                !among_newest && !recent
            })
            .collect();
        expired.reverse();
        expired
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::past_run::samples::runs;

    #[test]
    fn a_run_goes_if_nothing_keeps_it() {
        // Of the 1st to the 5th of the month, at three o'clock; the 4th is of another target.
        let mut runs = runs("ppppp");
        runs[3].target.name = "staging".into();
        let now = "2026-11-06T03:00:00Z".parse().unwrap();
        let rows: &[(Option<usize>, Option<u64>, &[&str])] = &[
            (None, None, &[]),
            (Some(9), None, &[]),
            (Some(1), None, &["run1", "run2", "run3"]),
            (Some(0), None, &["run1", "run2", "run3", "run4", "run5"]),
            (None, Some(3), &["run1", "run2"]),
            (None, Some(9), &[]),
            (Some(3), Some(3), &["run1"]),
            (Some(0), Some(3), &["run1", "run2"]),
        ];
        for (keep, days, gone) in rows {
            let older_than = days.map(|days| Duration::from_hours(days * 24));
            let retention = Retention {
                keep: *keep,
                older_than,
            };
            let expired = retention.expired(&runs, now);
            let ids: Vec<_> = expired.iter().map(|run| run.id.as_str()).collect();
            assert_eq!(&ids, gone, "{retention:?}");
        }
    }

    #[test]
    fn a_run_of_tomorrow_is_young() {
        let runs = runs("p");
        let retention = Retention {
            keep: None,
            older_than: Some(Duration::from_secs(1)),
        };
        let yesterday = "2026-10-31T03:00:00Z".parse().unwrap();
        assert!(retention.expired(&runs, yesterday).is_empty());
    }
}
