//! Reading a log group to an outcome: lines that come late, and lines that cannot be read.

use std::time::Duration;

use aws_sdk_cloudwatchlogs as logs;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::insights::{self, Line, Query};
use super::lag::Lag;
use super::miss::{Miss, Pauses};
use super::query_text::LINES_MAX;
use crate::diagnosis::{Case, Source};

/// The pause before a log that has nothing yet is asked again. Each time costs what the first one did:
/// AWS bills the bytes that a query scans.
const AGAIN_SECONDS_MIN: u64 = 5;
/// The longest such pause.
const AGAIN_SECONDS_MAX: u64 = 60;
/// The time that must be left for another query: on AWS one takes a second or two.
const QUERY_SECONDS: u64 = 5;

/// How long after the case was looked at its last lines may be dated, in seconds.
const AFTER_SECONDS: i64 = 60;

/// What was read of some lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed<T> {
    pub(super) found: Vec<T>,
    /// Lines that could not be read.
    pub(super) unread: usize,
}

impl<T> Default for Parsed<T> {
    fn default() -> Self {
        Self {
            found: Vec::new(),
            unread: 0,
        }
    }
}

/// What a log says, with what is to be said about the reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LogReading<T> {
    pub(super) source: Source<Vec<T>>,
    pub(super) remarks: Vec<String>,
}

impl<T> From<Source<Vec<T>>> for LogReading<T> {
    fn from(source: Source<Vec<T>>) -> Self {
        Self {
            source,
            remarks: Vec::new(),
        }
    }
}

/// The server's clock, from one look at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ServerClock {
    shown: Timestamp,
    seen: Instant,
}

impl ServerClock {
    /// A clock that shows this moment now.
    pub(super) fn showing(shown: Timestamp) -> Self {
        Self {
            shown,
            seen: Instant::now(),
        }
    }

    /// What it shows by now.
    pub(super) fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.seen.elapsed()).unwrap_or(SignedDuration::MAX);
        self.shown.checked_add(passed).unwrap_or(Timestamp::MAX)
    }
}

/// A log, and how long it may be waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogReader<'a> {
    pub(super) client: &'a logs::Client,
    pub(super) case: &'a Case,
    pub(super) clock: ServerClock,
    pub(super) deadline: Instant,
    pub(super) lag: Lag,
}

impl LogReader<'_> {
    /// The last moment that matters for the case.
    pub(super) fn until(&self) -> Timestamp {
        let after = SignedDuration::from_secs(AFTER_SECONDS);
        let last = self.case.until.max(self.case.since);
        last.checked_add(after).unwrap_or(last)
    }

    /// The last moment that matters for mails on their way, which may be now.
    pub(super) fn until_now(&self) -> Timestamp {
        self.until().max(self.clock.now())
    }

    /// What was found, as the outcome of this log.
    pub(super) fn outcome<T>(&self, found: T) -> Source<T> {
        self.lag.outcome(found, self.case, self.clock.now())
    }

    /// Asks a group, and asks again while nothing is there, may still appear, and time remains.
    pub(super) async fn read<T>(
        &self,
        query: &Query,
        parse: impl Fn(&[Line]) -> Parsed<T>,
    ) -> Result<LogReading<T>, Miss> {
        let mut pauses = Pauses::between(
            Duration::from_secs(AGAIN_SECONDS_MIN),
            Duration::from_secs(AGAIN_SECONDS_MAX),
        );
        let mut reading = self.read_once(query, &parse).await?;
        loop {
            let wait = pauses.take();
            let is_empty = reading.source.read().is_none_or(Vec::is_empty);
            let last = Instant::now() + wait + Duration::from_secs(QUERY_SECONDS);
            let may_hide = self.lag.may_hide(self.case, self.clock.now());
            if !is_empty || !may_hide || last > self.deadline {
                return Ok(reading);
            }
            tokio::time::sleep(wait).await;
            // What was there before is still true if asking again fails.
            match tokio::time::timeout_at(self.deadline, self.read_once(query, &parse)).await {
                Ok(Ok(next)) => reading = next,
                Ok(Err(_)) | Err(_) => return Ok(reading),
            }
        }
    }

    async fn read_once<T>(
        &self,
        query: &Query,
        parse: &impl Fn(&[Line]) -> Parsed<T>,
    ) -> Result<LogReading<T>, Miss> {
        let answer = insights::run(self.client, query).await?;
        let parsed = parse(&answer.lines);
        let mut remarks = Vec::new();
        if answer.is_cut {
            remarks.push(format!(
                "{} has more than {LINES_MAX} lines of that time; the first of them were read",
                query.group
            ));
        }
        if parsed.unread > 0 {
            let count = parsed.unread;
            let group = &query.group;
            remarks.push(format!("{count} lines of {group} could not be read"));
        }
        Ok(LogReading {
            source: self.outcome(parsed.found),
            remarks,
        })
    }
}

/// The outcome of a group that a setting names.
pub(super) fn of_group<T>(group: &str, reading: Result<LogReading<T>, Miss>) -> LogReading<T> {
    match reading {
        Ok(reading) => reading,
        Err(Miss::Absent(_)) => LogReading::from(Source::NotConfigured {
            setting: format!("up the log group {group}, which does not exist"),
        }),
        Err(miss) => LogReading::from(miss.outcome()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::diagnosis::Trouble;
    use crate::model::UserPoolId;

    fn at(seconds: i64) -> Timestamp {
        let noon: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        noon + SignedDuration::from_secs(seconds)
    }

    /// A case of the minute after noon.
    pub(in super::super) fn case() -> Case {
        Case {
            address: "ada@example.com".parse().unwrap(),
            trouble: Trouble::Missing,
            user_pool_id: UserPoolId::new("eu-west-1_AbCdEfGhI"),
            client_id: None,
            request: None,
            since: at(0),
            until: at(60),
            emulated: false,
        }
    }

    /// A line so many seconds after noon.
    pub(in super::super) fn line(seconds: i64, message: &str) -> Line {
        Line {
            at: at(seconds),
            stream: "stream".to_owned(),
            message: message.to_owned(),
        }
    }

    #[test]
    fn a_group_that_does_not_exist_is_a_matter_of_settings() {
        let absent: Result<LogReading<()>, _> = Err(Miss::Absent("no".to_owned()));
        let Source::NotConfigured { setting } = of_group("g", absent).source else {
            panic!("not a setting");
        };
        assert!(setting.contains("log group g"), "{setting}");
        let denied: Result<LogReading<()>, _> = Err(Miss::Denied("logs:StartQuery".to_owned()));
        let expected = Source::Denied {
            permission: "logs:StartQuery".to_owned(),
        };
        assert_eq!(of_group("g", denied).source, expected);
    }
}
