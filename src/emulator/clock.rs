//! A clock that the control interface moves.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use crate::control::{ClockMove, ClockState};
use crate::model::{Clock, SharedClock};

/// Farthest that the clock goes ahead: a century, beyond every lifetime that Cognito has, and within
/// what 64 bits of nanoseconds can hold.
const AHEAD_SECONDS_MAX: i64 = 100 * 366 * 24 * 60 * 60;

const NANOSECONDS: i64 = 1_000_000_000;

/// The clock with which the emulator was started, and how far ahead of it the emulator is.
///
/// It goes forward only: see [`ClockMove`].
#[derive(Debug)]
pub(crate) struct MovableClock {
    base: SharedClock,
    ahead_nanoseconds: AtomicI64,
}

/// Why the clock was not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClockRefusal {
    /// To a moment that is past.
    #[error("{asked} is past, it is {now}; the clock only goes forward")]
    Past {
        /// The moment that was asked for.
        asked: Timestamp,
        /// The clock's present.
        now: Timestamp,
    },
    /// Out of all proportion.
    #[error("the clock goes at most a hundred years ahead")]
    TooFar,
}

impl MovableClock {
    /// A clock that agrees with `base` until it is moved.
    pub(crate) fn over(base: SharedClock) -> Self {
        Self {
            base,
            ahead_nanoseconds: AtomicI64::new(0),
        }
    }

    /// What the clock says.
    pub(crate) fn state(&self) -> ClockState {
        ClockState {
            now: self.now(),
            ahead_seconds: self.ahead_nanoseconds.load(Ordering::Acquire) / NANOSECONDS,
        }
    }

    /// Moves the clock.
    ///
    /// # Errors
    /// [`ClockRefusal`] for a move back, or one out of all proportion.
    pub(crate) fn go(&self, by: ClockMove) -> Result<ClockState, ClockRefusal> {
        let moved = |ahead: i64| {
            let further = match by {
                ClockMove::AdvanceSeconds(seconds) => i64::try_from(seconds)
                    .ok()
                    .and_then(|seconds| seconds.checked_mul(NANOSECONDS)),
                ClockMove::Now(moment) => {
                    let before = self.base.now() + SignedDuration::from_nanos(ahead);
                    i64::try_from(moment.duration_since(before).as_nanos()).ok()
                }
            };
            let ahead = ahead.checked_add(further?)?;
            (ahead <= AHEAD_SECONDS_MAX * NANOSECONDS).then_some(ahead)
        };
        if let ClockMove::Now(asked) = by
            && asked < self.now()
        {
            let now = self.now();
            return Err(ClockRefusal::Past { asked, now });
        }
        let ahead = &self.ahead_nanoseconds;
        ahead
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, moved)
            .map_err(|_| ClockRefusal::TooFar)?;
        Ok(self.state())
    }

    /// Puts the clock back to the one that it was started with.
    pub(crate) fn reset(&self) {
        self.ahead_nanoseconds.store(0, Ordering::Release);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let ahead = self.ahead_nanoseconds.load(Ordering::Acquire);
        self.base.now() + SignedDuration::from_nanos(ahead)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[derive(Debug)]
    struct Still;

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
    }

    #[test]
    fn it_goes_forward_and_back_to_the_start_only() {
        let clock = MovableClock::over(Arc::new(Still));
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let state = |seconds| {
            Ok(ClockState {
                now: at(seconds),
                ahead_seconds: seconds,
            })
        };
        let past = |asked| {
            Err(ClockRefusal::Past {
                asked: at(asked),
                now: at(160),
            })
        };
        let cases = [
            (ClockMove::AdvanceSeconds(60), state(60)),
            (ClockMove::AdvanceSeconds(0), state(60)),
            (ClockMove::Now(at(160)), state(160)),
            (ClockMove::Now(at(160)), state(160)),
            (ClockMove::Now(at(159)), past(159)),
            (
                ClockMove::AdvanceSeconds(u64::MAX),
                Err(ClockRefusal::TooFar),
            ),
            (ClockMove::Now(Timestamp::MAX), Err(ClockRefusal::TooFar)),
        ];
        for (by, expected) in cases {
            assert_eq!(clock.go(by), expected, "{by:?}");
        }
        clock.reset();
        assert_eq!(Ok(clock.state()), state(0));
    }
}
