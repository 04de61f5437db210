//! When a scenario that did not pass is tried again.

use std::time::Duration;

use rand::Rng;

use crate::record::{Failure, FailureKind};

/// How the pause before an attempt grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backoff {
    /// It does not.
    Fixed,
    /// It doubles with every attempt.
    Exponential,
}

/// How often, and after which pauses, a scenario that did not pass is tried again.
///
/// ```
/// use std::time::Duration;
/// use rand::{SeedableRng as _, rngs::StdRng};
/// use reverify::suite::{Backoff, RetryPolicy};
///
/// let policy = RetryPolicy {
///     count: 3,
///     backoff: Backoff::Exponential,
///     delay: Duration::from_secs(5),
///     max_delay: Duration::from_secs(12),
///     jitter: false,
/// };
/// let pauses: Vec<_> = (1..=3)
///     .map(|attempt| policy.pause(attempt, &mut StdRng::seed_from_u64(7)).as_secs())
///     .collect();
/// assert_eq!(pauses, [5, 10, 12]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many attempts may follow the first one.
    pub count: u32,
    /// How the pause grows.
    pub backoff: Backoff,
    /// The pause before the second attempt.
    pub delay: Duration,
    /// Longest pause.
    pub max_delay: Duration,
    /// Whether a pause is cut by a random part, up to half of it, so that scenarios that failed
    /// together are not tried again together.
    pub jitter: bool,
}

impl Default for RetryPolicy {
    /// No further attempt; if there is one, after five seconds, then ten, twenty, up to a minute.
    fn default() -> Self {
        Self {
            count: 0,
            backoff: Backoff::Exponential,
            delay: Duration::from_secs(5),
            max_delay: Duration::from_mins(1),
            jitter: true,
        }
    }
}

impl RetryPolicy {
    /// The pause after an attempt, counted from 1, that did not pass.
    pub fn pause(&self, attempt: u32, random: &mut impl Rng) -> Duration {
        let doublings = match self.backoff {
            Backoff::Fixed => 0,
            Backoff::Exponential => attempt.saturating_sub(1),
        };
        let factor = 2_u32.saturating_pow(doublings);
        let whole = self.delay.saturating_mul(factor).min(self.max_delay);
        if self.jitter {
            whole.mul_f64(random.random_range(0.5..=1.0))
        } else {
            whole
        }
    }

    /// Whether another attempt follows one, counted from 1, that ended so.
    ///
    /// One that the run's end cut off, or that this target cannot fulfil, would end so again.
    pub(super) fn follows(&self, attempt: u32, failure: &Failure) -> bool {
        let curable = matches!(failure.kind, FailureKind::Failed | FailureKind::Broken);
        curable && attempt <= self.count
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    fn pauses(policy: RetryPolicy) -> Vec<f64> {
        let mut random = StdRng::seed_from_u64(1);
        [1, 2, 3, 4, 40]
            .map(|attempt| policy.pause(attempt, &mut random).as_secs_f64())
            .to_vec()
    }

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let policy = RetryPolicy {
            count: 3,
            jitter: false,
            ..RetryPolicy::default()
        };
        assert_eq!(pauses(policy), [5.0, 10.0, 20.0, 40.0, 60.0]);
        let fixed = RetryPolicy {
            backoff: Backoff::Fixed,
            ..policy
        };
        assert_eq!(pauses(fixed), [5.0; 5]);
        let short = RetryPolicy {
            max_delay: Duration::from_millis(500),
            ..fixed
        };
        assert_eq!(pauses(short), [0.5; 5]);
    }

    #[test]
    fn jitter_takes_up_to_half_of_a_pause() {
        let policy = RetryPolicy {
            backoff: Backoff::Fixed,
            ..RetryPolicy::default()
        };
        let pauses = pauses(policy);
        assert!(
            pauses.iter().all(|pause| (2.5..=5.0).contains(pause)),
            "{pauses:?}"
        );
        assert!(
            pauses
                .windows(2)
                .any(|two| two[0].total_cmp(&two[1]).is_ne())
        );
    }

    #[test]
    fn what_another_attempt_cannot_cure_gets_none() {
        let policy = RetryPolicy {
            count: 1,
            ..RetryPolicy::default()
        };
        let cases = [
            (1, Failure::failed("no mail"), true),
            (1, Failure::broken("no connection"), true),
            (2, Failure::failed("no mail"), false),
            (1, Failure::interrupted("the run was ended"), false),
            (1, Failure::not_applicable("no SES here"), false),
        ];
        for (attempt, failure, follows) in cases {
            assert_eq!(
                policy.follows(attempt, &failure),
                follows,
                "{attempt} {failure:?}"
            );
        }
    }
}
