//! How long mails took.

use std::time::Duration;

/// Delivery times, sorted.
///
/// ```
/// use std::time::Duration;
/// use reverify::history::Deliveries;
///
/// let times: Deliveries = [4, 1, 3, 2].map(Duration::from_secs).into_iter().collect();
/// assert_eq!(times.p50(), Some(Duration::from_secs(2)));
/// assert_eq!(times.p95(), Some(Duration::from_secs(4)));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deliveries(Vec<Duration>);

impl Deliveries {
    /// Half of the mails took no longer.
    pub fn p50(&self) -> Option<Duration> {
        self.percentile(50)
    }

    /// 95 of 100 mails took no longer; with fewer than 20 mails, the slowest one's time.
    pub fn p95(&self) -> Option<Duration> {
        self.percentile(95)
    }

    /// How many mails came.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Each of them, the shortest first.
    pub fn all(&self) -> impl Iterator<Item = Duration> {
        self.0.iter().copied()
    }

    /// By nearest rank, so that it is always a time that was measured.
    fn percentile(&self, percent: usize) -> Option<Duration> {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied()
    }
}

impl FromIterator<Duration> for Deliveries {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Self {
        let mut times: Vec<_> = times.into_iter().collect();
        times.sort();
        Self(times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let upto = |count: u64| -> Deliveries { (1..=count).map(Duration::from_secs).collect() };
        for (count, p50, p95) in [
            (1, 1, 1),
            (2, 1, 2),
            (3, 2, 3),
            (19, 10, 19),
            (20, 10, 19),
            (100, 50, 95),
        ] {
            let seconds = |time: Option<Duration>| time.unwrap().as_secs();
            let times = upto(count);
            assert_eq!(
                (seconds(times.p50()), seconds(times.p95())),
                (p50, p95),
                "{count}"
            );
        }
        assert_eq!(upto(0).p95(), None);
    }
}
