//! What a round found, and how it becomes part of the evidence.

use jiff::Timestamp;

use super::log::LogReading;
use super::pool::DescribedPool;
use super::round::PoolNow;
use super::values::unread;
use crate::diagnosis::{
    ClientSettings, ClockSkew, Evidence, FunctionLog, LogDelivery, Notification, PoolSnapshot,
    Remark, SesEvent, SesEvidence, Source, SourceName, TrailEvent, User,
};

/// Half of the second to which a server's `Date` is cut.
const HALF_SECOND_MILLISECONDS: i64 = 500;

/// SES as it was found; its events stand apart, because they come with remarks.
#[derive(Debug, Default)]
pub(super) struct CollectedSes {
    pub(super) settings: SesEvidence,
    pub(super) events: Option<LogReading<SesEvent>>,
}

/// What a round found.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) pool: PoolNow,
    pub(super) client: Source<ClientSettings>,
    pub(super) user: Source<Option<User>>,
    pub(super) users_of_address: Source<Vec<User>>,
    pub(super) log_delivery: Source<LogDelivery>,
    pub(super) notifications: LogReading<Notification>,
    pub(super) functions: LogReading<FunctionLog>,
    pub(super) trail: LogReading<TrailEvent>,
    pub(super) ses: CollectedSes,
}

impl Collected {
    /// Adds what was found to what was known.
    pub(super) fn into_evidence(self, mut evidence: Evidence) -> Evidence {
        let remarks = &mut evidence.remarks;
        let snapshot = self.pool.described.map(|pool| PoolSnapshot {
            at: pool.date.unwrap_or_else(|| self.pool.clock.now()),
            settings: pool.settings,
        });
        evidence.pool = with_snapshot(evidence.pool, snapshot, remarks);
        evidence.client = self.client;
        evidence.user = self.user;
        evidence.users_of_address = self.users_of_address;
        evidence.log_delivery = self.log_delivery;
        evidence.notifications = told(self.notifications, SourceName::NotificationLog, remarks);
        evidence.functions = told(self.functions, SourceName::FunctionLogs, remarks);
        evidence.trail = told(self.trail, SourceName::Trail, remarks);
        evidence.ses = self.ses.settings;
        if let Some(events) = self.ses.events {
            evidence.ses.events = told(events, SourceName::SesEvents, remarks);
        }
        if evidence.clock == Source::NotAsked {
            evidence.clock = self.pool.skew;
        }
        evidence
    }
}

/// The outcome of a log, with its remarks handed on.
fn told<T>(
    reading: LogReading<T>,
    source: SourceName,
    remarks: &mut Vec<Remark>,
) -> Source<Vec<T>> {
    let texts = reading.remarks.into_iter();
    remarks.extend(texts.map(|text| Remark { source, text }));
    reading.source
}

/// Earlier snapshots with one of now. If that could not be taken, the earlier ones are still true.
fn with_snapshot(
    earlier: Source<Vec<PoolSnapshot>>,
    now: Source<PoolSnapshot>,
    remarks: &mut Vec<Remark>,
) -> Source<Vec<PoolSnapshot>> {
    let mut all = match earlier {
        Source::Read { found } | Source::Lagging { found, .. } => found,
        _ => Vec::new(),
    };
    match now {
        Source::Read { found } => all.push(found),
        other if all.is_empty() => return other.map(|now| vec![now]),
        other => {
            let gap = other.need(SourceName::UserPool).err();
            remarks.extend(gap.map(|gap| Remark {
                source: SourceName::UserPool,
                text: format!("as it is now, {gap}"),
            }));
        }
    }
    Source::from(all)
}

/// How far this machine's clock is from the one in the answer's `Date`, which is cut to a second: the
/// figure is true to half a second and the time that the answer took.
pub(super) fn skew(described: &Source<DescribedPool>, local: Timestamp) -> Source<ClockSkew> {
    match described {
        Source::Read { found } | Source::Lagging { found, .. } => match found.date {
            Some(date) => {
                let server = date.as_millisecond() + HALF_SECOND_MILLISECONDS;
                Source::from(ClockSkew {
                    ahead_ms: local.as_millisecond() - server,
                })
            }
            None => Source::Failed {
                reason: "the service's answer has no Date".to_owned(),
            },
        },
        other => unread(&other.outcome()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::PoolSettings;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    fn snapshot(milliseconds: i64) -> PoolSnapshot {
        PoolSnapshot {
            at: at(milliseconds),
            settings: PoolSettings::default(),
        }
    }

    fn denied<T>() -> Source<T> {
        Source::Denied {
            permission: "cognito-idp:DescribeUserPool".to_owned(),
        }
    }

    #[test]
    fn snapshots_are_added_and_never_lost() {
        let one = || Source::from(vec![snapshot(1)]);
        let cases = [
            (
                Source::NotAsked,
                Source::from(snapshot(2)),
                Source::from(vec![snapshot(2)]),
                0,
            ),
            (
                one(),
                Source::from(snapshot(2)),
                Source::from(vec![snapshot(1), snapshot(2)]),
                0,
            ),
            (one(), denied(), one(), 1),
            (Source::NotAsked, denied(), denied(), 0),
        ];
        for (earlier, now, expected, said) in cases {
            let mut remarks = Vec::new();
            assert_eq!(with_snapshot(earlier, now, &mut remarks), expected);
            assert_eq!(remarks.len(), said, "{remarks:?}");
        }
    }

    #[test]
    fn the_skew_is_that_of_the_middle_of_the_second() {
        let described = |date| {
            Source::from(DescribedPool {
                settings: PoolSettings::default(),
                date,
            })
        };
        let ahead = |ahead_ms| Source::from(ClockSkew { ahead_ms });
        assert_eq!(skew(&described(Some(at(5_000))), at(5_500)), ahead(0));
        assert_eq!(skew(&described(Some(at(5_000))), at(3_000)), ahead(-2_500));
        assert!(matches!(
            skew(&described(None), at(1)),
            Source::Failed { .. }
        ));
        assert_eq!(skew(&denied(), at(1)), denied());
    }
}
