//! How scenarios ended, and how long mails took, in numbers.

use std::time::Duration;

use serde::Serialize;

use crate::record::{FailureKind, millis};

/// How many scenarios ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All that were planned.
    pub scenarios: usize,
    /// Their last attempt passed.
    pub passed: usize,
    /// Of these, the ones that did not pass at once.
    pub flaky: usize,
    /// The target did something else than was demanded.
    pub failed: usize,
    /// They could not be carried out.
    pub broken: usize,
    /// The run was ended before them.
    pub interrupted: usize,
    /// What they presume does not hold on the target.
    pub not_applicable: usize,
    /// They never ended.
    pub not_run: usize,
}

impl Counts {
    /// The statuses that occur, each with how many scenarios have it, the worst first.
    pub fn by_status(&self) -> impl Iterator<Item = (Status, usize)> {
        Status::ALL
            .map(|status| (status, self.of(status)))
            .into_iter()
            .filter(|(_, count)| *count > 0)
    }

    /// How many scenarios have the status.
    pub fn of(&self, status: Status) -> usize {
        match status {
            Status::Passed => self.passed - self.flaky,
            Status::Flaky => self.flaky,
            Status::Failed => self.failed,
            Status::Broken => self.broken,
            Status::Interrupted => self.interrupted,
            Status::NotApplicable => self.not_applicable,
            Status::NotRun => self.not_run,
        }
    }
}

/// How a scenario ended, all attempts considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The target did something else than was demanded.
    Failed,
    /// It could not be carried out.
    Broken,
    /// The run was ended before it.
    Interrupted,
    /// It never ended.
    NotRun,
    /// It passed, but not at once.
    Flaky,
    /// What it presumes does not hold on the target.
    NotApplicable,
    /// It passed at once.
    Passed,
}

impl Status {
    /// Each, the worst first.
    pub const ALL: [Self; 7] = [
        Self::Failed,
        Self::Broken,
        Self::Interrupted,
        Self::NotRun,
        Self::Flaky,
        Self::NotApplicable,
        Self::Passed,
    ];

    /// As a person reads it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Flaky => "flaky",
            Self::Failed => "failed",
            Self::Broken => "broken",
            Self::Interrupted => "interrupted",
            Self::NotApplicable => "not applicable",
            Self::NotRun => "not run",
        }
    }

    /// Whether somebody has to look at it.
    pub fn wants_attention(self) -> bool {
        !matches!(self, Self::Passed | Self::NotApplicable)
    }

    /// What an attempt that ended like this is.
    pub(super) fn of_failure(kind: FailureKind) -> Self {
        match kind {
            FailureKind::Failed => Self::Failed,
            FailureKind::Broken => Self::Broken,
            FailureKind::Interrupted => Self::Interrupted,
            FailureKind::NotApplicable => Self::NotApplicable,
        }
    }
}

/// How long mails took from the request to their arrival.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Delivery {
    /// How many mails arrived.
    pub mails: usize,
    /// Half of them came within this time.
    pub p50_ms: f64,
    /// 95 of 100 came within this time.
    pub p95_ms: f64,
    /// The slowest.
    pub max_ms: f64,
}

impl Delivery {
    /// Of times in any order; nothing where there are none.
    ///
    /// A percentile is the time of a mail that came (nearest rank), never one between two.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use reverify::report::Delivery;
    ///
    /// let times: Vec<_> = (1..=20).map(Duration::from_secs).collect();
    /// let delivery = Delivery::of(&times).unwrap();
    /// assert_eq!((delivery.p50_ms, delivery.p95_ms), (10_000.0, 19_000.0));
    /// ```
    pub fn of(times: &[Duration]) -> Option<Self> {
        let mut sorted = times.to_vec();
        sorted.sort();
        let rank = |percent: usize| (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        let at = |percent| sorted.get(rank(percent)).copied().map(millis);
        Some(Self {
            mails: sorted.len(),
            p50_ms: at(50)?,
            p95_ms: at(95)?,
            max_ms: at(100)?,
        })
    }
}
