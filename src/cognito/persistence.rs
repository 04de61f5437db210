//! When a call is sent again: after throttling until a deadline, after a lost answer where that
//! changes nothing.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::{Called, CognitoError};

/// The longest first pause; each further one may be twice as long.
const PAUSE_MILLISECONDS_MIN: u64 = 200;
/// The longest pause: Cognito counts requests by the second (COGNITO.md 9).
const PAUSE_MILLISECONDS_MAX: u64 = 6_400;
/// How often a call is sent at most whose answers are lost: an endpoint that is down stays down.
const UNANSWERED_TRIES_MAX: u16 = 3;

/// Operations that may be sent twice: they read, or what they change is the same after the second
/// time.
const IDEMPOTENT: [&str; 14] = [
    "AdminDeleteUser",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminGetUser",
    "DeleteUser",
    "DeleteUserPool",
    "DeleteUserPoolClient",
    "DeleteUserPoolDomain",
    "DescribeUserPool",
    "GetUser",
    "ListUsers",
    "SetLogDeliveryConfiguration",
    "SetUserPoolMfaConfig",
    "UpdateUserPool",
];

/// How a call was repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repeats {
    /// How often it was throttled before it was answered.
    pub throttled: u16,
    /// How often its answer was lost, or an error of the service's own, before.
    pub unanswered: u16,
    /// The pauses between, all together.
    pub paused_milliseconds: u32,
}

impl Repeats {
    pub(super) fn note(&mut self, error: &CognitoError, pause: Duration) {
        if error.is_throttling() {
            self.throttled = self.throttled.saturating_add(1);
        } else {
            self.unanswered = self.unanswered.saturating_add(1);
        }
        let pause = u32::try_from(pause.as_millis()).unwrap_or(u32::MAX);
        self.paused_milliseconds = self.paused_milliseconds.saturating_add(pause);
    }
}

/// Until when, and with what luck, calls are sent again.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Persistence(Option<Persistent>);

#[derive(Debug, Clone, Copy)]
struct Persistent {
    until: Instant,
    seed: u64,
}

impl Persistence {
    /// Pauses are drawn from `seed`, so that processes which were throttled together come back apart.
    pub(super) fn until(until: Instant, seed: u64) -> Self {
        Self(Some(Persistent { until, seed }))
    }

    /// How long to wait before the call is sent again, or `None` where it is not.
    pub(super) fn pause(
        &self,
        error: &CognitoError,
        before: Repeats,
        now: Instant,
    ) -> Option<Duration> {
        let Persistent { until, seed } = self.0?;
        let tries = before.throttled.saturating_add(before.unanswered);
        let again = if error.is_throttling() {
            true
        } else {
            error.leaves_open()
                && IDEMPOTENT.contains(&error.call().operation)
                && before.unanswered + 1 < UNANSWERED_TRIES_MAX
        };
        let pause = jittered(tries, seed);
        (again && now + pause < until).then_some(pause)
    }
}

/// The pause after so many others: drawn from between half and all of what doubling gives.
fn jittered(tries: u16, seed: u64) -> Duration {
    let doubled = PAUSE_MILLISECONDS_MIN.saturating_mul(1_u64 << tries.min(16));
    let most = doubled.min(PAUSE_MILLISECONDS_MAX);
    let mut random = StdRng::seed_from_u64(seed.wrapping_add(u64::from(tries)));
    Duration::from_millis(random.random_range(most / 2..=most))
}

/// A deletion that was sent again finds nothing where the first one went through.
pub(super) fn deleted(
    answer: Result<Called<()>, CognitoError>,
    gone: &str,
) -> Result<Called<()>, CognitoError> {
    match answer {
        Err(error) if error.is(gone) && error.call().repeats.unanswered > 0 => Ok(Called {
            answer: (),
            call: error.call().clone(),
        }),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::CallFacts;

    fn call(operation: &'static str) -> CallFacts {
        CallFacts {
            operation,
            request_id: None,
            took: Duration::ZERO,
            repeats: Repeats::default(),
        }
    }

    fn refused(operation: &'static str, code: &str) -> CognitoError {
        CognitoError::Refused {
            code: code.to_owned(),
            message: String::new(),
            call: call(operation),
        }
    }

    fn lost(operation: &'static str) -> CognitoError {
        CognitoError::Unanswered {
            reason: "cut".to_owned(),
            call: call(operation),
        }
    }

    #[test]
    fn only_what_is_safe_is_sent_again() {
        let now = Instant::now();
        let persistence = Persistence::until(now + Duration::from_mins(1), 7);
        let before = |unanswered| Repeats {
            unanswered,
            ..Repeats::default()
        };
        let cases = [
            (refused("SignUp", "TooManyRequestsException"), 0, true),
            (refused("SignUp", "InternalErrorException"), 0, false),
            (refused("SignUp", "UsernameExistsException"), 0, false),
            (refused("SignUp", "LimitExceededException"), 0, false),
            (lost("SignUp"), 0, false),
            (lost("ResendConfirmationCode"), 0, false),
            (lost("CreateUserPool"), 0, false),
            (lost("AdminGetUser"), 0, true),
            (lost("AdminGetUser"), 1, true),
            (lost("AdminGetUser"), 2, false),
            (
                refused("AdminDeleteUser", "InternalErrorException"),
                0,
                true,
            ),
            (
                refused("AdminDeleteUser", "UserNotFoundException"),
                0,
                false,
            ),
        ];
        for (error, unanswered, again) in cases {
            let pause = persistence.pause(&error, before(unanswered), now);
            assert_eq!(pause.is_some(), again, "{error}");
            let patient = Persistence::default();
            assert_eq!(patient.pause(&error, before(unanswered), now), None);
        }
    }

    #[test]
    fn pauses_grow_to_a_bound_and_end_before_the_deadline() {
        let now = Instant::now();
        let error = refused("SignUp", "TooManyRequestsException");
        let persistence = Persistence::until(now + Duration::from_secs(5), 7);
        let pauses: Vec<_> = (0..8)
            .map(|throttled| {
                let before = Repeats {
                    throttled,
                    ..Repeats::default()
                };
                persistence.pause(&error, before, now)
            })
            .collect();
        let first = pauses[0].unwrap().as_millis();
        assert!((100..=200).contains(&first), "{first}");
        assert!(pauses[3] > pauses[1], "{pauses:?}");
        assert!(pauses.iter().flatten().all(|pause| pause.as_secs() < 5));
        let (one, other) = (jittered(9, 1), jittered(9, 2));
        assert!(
            one != other && one.as_millis() <= 6_400,
            "{one:?} {other:?}"
        );
    }
}
