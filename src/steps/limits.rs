//! How long things may take, and who says so.

use std::time::Duration;

use crate::record::Failure;

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One step.
    pub step: Duration,
    /// One attempt of a scenario, clean-up excluded.
    pub scenario: Duration,
    /// The whole run, clean-up excluded.
    pub run: Duration,
    /// Finding out why a mail did not come, within the scenario's time.
    pub diagnosis: Duration,
}

impl Default for Limits {
    /// A mail may take a minute on AWS, and a scenario has a few of them.
    fn default() -> Self {
        Self {
            step: Duration::from_mins(2),
            scenario: Duration::from_mins(5),
            run: Duration::from_hours(1),
            diagnosis: Duration::from_secs(30),
        }
    }
}

/// Who set a deadline that passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeLimit {
    Step(Duration),
    Scenario(Duration),
}

impl TimeLimit {
    pub(crate) fn exceeded(self) -> Failure {
        let (whose, limit, flag) = match self {
            Self::Step(limit) => ("step", limit, "--step-timeout"),
            Self::Scenario(limit) => ("scenario", limit, "--scenario-timeout"),
        };
        let seconds = limit.as_secs_f64();
        Failure::failed(format!(
            "the {whose} took longer than its limit of {seconds} s"
        ))
        .help(format!(
            "see what it waited for above, or raise the limit with {flag}"
        ))
    }
}
