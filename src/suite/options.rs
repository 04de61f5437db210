//! How a plan is run, and what differs for some of its scenarios.

use std::time::Duration;

use super::{Groups, RetryPolicy, TagExpression};
use crate::steps::Limits;

/// How a plan is run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// How many scenarios at once.
    pub jobs: usize,
    /// How long things may take.
    pub limits: Limits,
    /// Start no further scenario after so many that did not pass.
    pub failures_max: Option<usize>,
    /// Whether, and when, a scenario that did not pass is tried again.
    pub retry: RetryPolicy,
    /// Scenarios of which only a few run at once.
    pub groups: Groups,
    /// What differs for some scenarios; of several that fit, the first that says something counts.
    pub overrides: Vec<Override>,
}

/// What differs for the scenarios with some tags.
#[derive(Debug, Clone)]
pub struct Override {
    /// The tags.
    pub tags: TagExpression,
    /// Whether, and when, they are tried again.
    pub retry: Option<RetryPolicy>,
    /// Longest time of a step.
    pub step: Option<Duration>,
    /// Longest time of an attempt, clean-up excluded.
    pub scenario: Option<Duration>,
}

impl Default for RunOptions {
    /// Sixteen at once: scenarios wait more than they work.
    fn default() -> Self {
        Self {
            jobs: 16,
            limits: Limits::default(),
            failures_max: None,
            retry: RetryPolicy::default(),
            groups: Groups::default(),
            overrides: Vec::new(),
        }
    }
}

impl RunOptions {
    /// When a scenario with these tags is tried again.
    pub(super) fn retry_of(&self, tags: &[String]) -> RetryPolicy {
        let retry = self.overrides_of(tags).find_map(|one| one.retry);
        retry.unwrap_or(self.retry)
    }

    /// How long things may take in a scenario with these tags.
    pub(super) fn limits_of(&self, tags: &[String]) -> Limits {
        let step = self.overrides_of(tags).find_map(|one| one.step);
        let scenario = self.overrides_of(tags).find_map(|one| one.scenario);
        Limits {
            step: step.unwrap_or(self.limits.step),
            scenario: scenario.unwrap_or(self.limits.scenario),
            ..self.limits
        }
    }

    fn overrides_of<'a>(&'a self, tags: &'a [String]) -> impl Iterator<Item = &'a Override> {
        self.overrides.iter().filter(|one| one.tags.matches(tags))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_override_that_says_something_counts() {
        let seconds = Duration::from_secs;
        let twice = RetryPolicy {
            count: 2,
            ..RetryPolicy::default()
        };
        let of = |tags: &str, retry, step, scenario| Override {
            tags: tags.parse().unwrap(),
            retry,
            step,
            scenario,
        };
        let options = RunOptions {
            overrides: vec![
                of("@slow", None, Some(seconds(7)), None),
                of("@slow or @flaky", Some(twice), Some(seconds(8)), None),
                of("@flaky", None, None, Some(seconds(9))),
            ],
            ..RunOptions::default()
        };
        let usual = Limits::default();
        let cases: [(&[&str], u32, Duration, Duration); 4] = [
            (&[], 0, usual.step, usual.scenario),
            (&["slow"], 2, seconds(7), usual.scenario),
            (&["flaky"], 2, seconds(8), seconds(9)),
            (&["flaky", "slow"], 2, seconds(7), seconds(9)),
        ];
        for (tags, retries, step, scenario) in cases {
            let tags: Vec<_> = tags.iter().map(|&tag| tag.to_owned()).collect();
            let limits = options.limits_of(&tags);
            assert_eq!(options.retry_of(&tags).count, retries, "{tags:?}");
            assert_eq!((limits.step, limits.scenario), (step, scenario), "{tags:?}");
        }
    }
}
