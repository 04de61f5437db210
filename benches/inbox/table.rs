//! The lines of the result.

use std::fmt;
use std::time::Duration;

/// The times of one way to wait.
pub(crate) struct Row {
    name: String,
    sorted: Vec<Duration>,
}

impl Row {
    pub(crate) const HEADER: &str =
        "stored to code in hand, ms             mails       p50       p99       max";

    pub(crate) fn new(name: impl Into<String>, mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self {
            name: name.into(),
            sorted: times,
        }
    }

    /// The time that so many of a hundred mails do not exceed, in milliseconds.
    fn percentile(&self, percent: usize) -> f64 {
        let index = (self.sorted.len() * percent).div_ceil(100).max(1) - 1;
        self.sorted[index].as_secs_f64() * 1_000.0
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, p99, max) = (
            self.percentile(50),
            self.percentile(99),
            self.percentile(100),
        );
        let count = self.sorted.len();
        write!(
            f,
            "{:36} {count:7} {p50:9.1} {p99:9.1} {max:9.1}",
            self.name
        )
    }
}
