//! How late the logs are.

use jiff::Timestamp;

use crate::diagnosis::{Case, Source};

/// How long after an event a place may still be without it.
///
/// None of the services promises a bound; these are the times after which asking again has brought
/// nothing new (CAUSES.md, evidence sources 2 and 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lag {
    seconds: u64,
}

/// CloudTrail delivers "within an average of about 5 minutes of an API call", and does not guarantee
/// it (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html>). Half
/// of the events are later than an average, so that this is four times as long.
pub(super) const TRAIL: Lag = Lag { seconds: 20 * 60 };
/// No figure is published for a log group: a function's lines are there within seconds, but
/// "delivery of logs from Amazon Cognito is best effort", as is EventBridge's of SES's events
/// (<https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html>).
pub(super) const LOG_GROUP: Lag = Lag { seconds: 6 * 60 };

impl Lag {
    /// Whether something of the time of the case may still appear.
    ///
    /// An emulator shows what it has at once.
    pub(super) fn may_hide(self, case: &Case, now: Timestamp) -> bool {
        !case.emulated && now.duration_since(case.until).as_secs() < self.seconds.cast_signed()
    }

    /// What was found, as the outcome of a place that may be late.
    pub(super) fn outcome<T>(self, found: T, case: &Case, now: Timestamp) -> Source<T> {
        if self.may_hide(case, now) {
            Source::Lagging {
                found,
                behind_seconds: self.seconds,
            }
        } else {
            Source::from(found)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Trouble;
    use crate::model::UserPoolId;

    #[test]
    fn a_place_is_late_until_its_time_is_over_and_only_on_aws() {
        let until: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let case = |emulated| Case {
            address: "ada@example.com".parse().unwrap(),
            trouble: Trouble::Missing,
            user_pool_id: UserPoolId::new("p"),
            client_id: None,
            request: None,
            since: until,
            until,
            emulated,
        };
        let after = |seconds| until + jiff::SignedDuration::from_secs(seconds);
        let lagging = Source::Lagging {
            found: 1,
            behind_seconds: 360,
        };
        for (emulated, seconds, expected) in [
            (false, -1, &lagging),
            (false, 0, &lagging),
            (false, 359, &lagging),
            (false, 360, &Source::from(1)),
            (true, 0, &Source::from(1)),
        ] {
            let found = LOG_GROUP.outcome(1, &case(emulated), after(seconds));
            assert_eq!(found, *expected, "{emulated} {seconds}");
        }
    }
}
