//! When a mail passed each host, as far as clocks that disagree can tell.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::delivery::Delivery;

/// Mail headers give whole seconds (RFC 5322 §3.3), so what they name lasts this long.
const STAMP_GRAIN: SignedDuration = SignedDuration::from_secs(1);

/// The way of a mail in time, from the request that caused it to its arrival.
///
/// Request and arrival are known by this machine's clock; what lies between is known by the clocks
/// of other hosts. A stamp that cannot be true is moved to the nearest time that can, and tells by
/// how much that host's clock is wrong at least.
///
/// ```
/// use reverify::mail::Delivery;
///
/// let delivery = Delivery::parse(
///     b"Received: by mx.example; Sat, 21 Nov 2026 03:00:04 +0000\r\n\
///       Received: by relay.example; Sat, 21 Nov 2026 02:00:01 +0000\r\n\r\n",
/// );
/// let (requested, arrived) = ("2026-11-21T03:00:00Z".parse()?, "2026-11-21T03:00:05Z".parse()?);
/// let timeline = delivery.timeline(requested, arrived);
/// let [Some(relay), Some(mx)] = timeline.hops[..] else { panic!() };
/// assert_eq!((relay.after.as_secs(), relay.skew.as_secs()), (0, -3598));
/// assert_eq!((mx.after.as_secs(), mx.skew.as_secs()), (4, 0));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// When it was written.
    pub written: Option<Moment>,
    /// When each host took it, in the order of [`Delivery::hops`].
    pub hops: Vec<Option<Moment>>,
}

/// A moment on the way of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The time since the request.
    pub after: Duration,
    /// By how much the host's clock is wrong at least: ahead if positive, behind if negative.
    /// Against this machine's clock, or for the latter against a host's before it.
    pub skew: SignedDuration,
}

impl Delivery {
    /// Puts the stamps of the mail between the request that caused it and its arrival, both by
    /// this machine's clock.
    pub fn timeline(&self, requested: Timestamp, arrived: Timestamp) -> Timeline {
        let mut way = Way {
            requested,
            earliest: requested,
            latest: arrived.max(requested),
        };
        Timeline {
            written: self.written_at.map(|at| way.place(at)),
            hops: self
                .hops
                .iter()
                .map(|hop| hop.at.map(|at| way.place(at)))
                .collect(),
        }
    }
}

struct Way {
    requested: Timestamp,
    /// The latest stamp so far that can be true: what follows cannot have been before it.
    earliest: Timestamp,
    latest: Timestamp,
}

impl Way {
    fn place(&mut self, stamp: Timestamp) -> Moment {
        let behind = self.earliest.duration_since(stamp) - STAMP_GRAIN;
        let (at, skew) = if stamp > self.latest {
            (self.latest, stamp.duration_since(self.latest))
        } else if behind.is_positive() {
            (self.earliest, -behind)
        } else {
            // Only a stamp that can be true bounds those after it.
            self.earliest = stamp.max(self.earliest);
            (self.earliest, SignedDuration::ZERO)
        };
        let after = at.duration_since(self.requested);
        Moment {
            after: after.try_into().unwrap_or_default(),
            skew,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::ReceivedHop;

    /// Milliseconds since the epoch.
    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).unwrap()
    }

    /// The moments as milliseconds after the request and of skew, the writing first.
    fn timeline(stamps: &[Option<i64>], requested: i64, arrived: i64) -> Vec<Option<(u128, i128)>> {
        let hop = |millis: &Option<i64>| ReceivedHop {
            from: None,
            by: None,
            at: millis.map(at),
        };
        let delivery = Delivery {
            written_at: stamps[0].map(at),
            hops: stamps[1..].iter().map(hop).collect(),
            ..Delivery::default()
        };
        let Timeline { written, hops } = delivery.timeline(at(requested), at(arrived));
        let moments = [written].into_iter().chain(hops);
        moments
            .map(|moment| moment.map(|one| (one.after.as_millis(), one.skew.as_millis())))
            .collect()
    }

    #[test]
    fn a_way_by_true_clocks_has_no_skew() {
        // Stamps lose the fraction of their second, so the first ones seem to precede the request.
        let stamps = [Some(10_000), Some(10_000), None, Some(12_000)];
        let expected = [Some((0, 0)), Some((0, 0)), None, Some((1_500, 0))];
        assert_eq!(timeline(&stamps, 10_500, 12_700), expected);
    }

    #[test]
    fn no_stamp_lies_before_the_request_or_after_the_arrival() {
        let ahead = [Some(70_000), Some(11_000), Some(70_000)];
        let expected = [
            Some((2_000, 58_000)),
            Some((1_000, 0)),
            Some((2_000, 58_000)),
        ];
        assert_eq!(timeline(&ahead, 10_000, 12_000), expected);
        let behind = [Some(1_000), Some(11_000)];
        assert_eq!(
            timeline(&behind, 10_000, 12_000),
            [Some((0, -8_000)), Some((1_000, 0))]
        );
    }

    #[test]
    fn a_host_that_took_it_before_the_one_before_has_a_wrong_clock() {
        let stamps = [Some(10_000), Some(15_000), Some(12_000), Some(16_000)];
        let expected = [
            Some((0, 0)),
            Some((5_000, 0)),
            Some((5_000, -2_000)),
            Some((6_000, 0)),
        ];
        assert_eq!(timeline(&stamps, 10_000, 17_000), expected);
    }

    #[test]
    fn an_arrival_before_the_request_bounds_nothing() {
        assert_eq!(timeline(&[Some(10_000)], 10_000, 9_000), [Some((0, 0))]);
        assert_eq!(timeline(&[None], 10_000, 9_000), [None]);
    }
}
