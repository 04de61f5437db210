//! `PutLogEvents`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::super::exception::Exception;
use super::super::group::EVENT_OVERHEAD_BYTES;
use super::super::service::Logs;
use super::super::store::MESSAGE_BYTES_MAX;
use super::constraint;

/// Events of one request, and the limits below:
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html>.
const EVENTS_MAX: usize = 10_000;
/// Bytes of one request, where each event counts for 26 more than its text.
const BATCH_BYTES_MAX: u64 = 1024 * 1024;
const HOUR_MILLISECONDS: i64 = 60 * 60 * 1_000;
/// How much time there may be between the first and the last event.
const SPAN_MILLISECONDS_MAX: i64 = 24 * HOUR_MILLISECONDS;
/// How old an event may be.
const AGE_MILLISECONDS_MAX: i64 = 14 * 24 * HOUR_MILLISECONDS;
/// How far in the future an event may be.
const AHEAD_MILLISECONDS_MAX: i64 = 2 * HOUR_MILLISECONDS;

/// The request. `sequenceToken` and `entity` are not looked at, as tokens are not on AWS since 2023.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the members of the wire")]
pub(super) struct PutLogEventsRequest<'a> {
    log_group_name: Option<String>,
    log_stream_name: Option<String>,
    #[serde(borrow)]
    log_events: Option<Vec<InputLogEvent<'a>>>,
}

/// `InputLogEvent`.
#[derive(Deserialize)]
struct InputLogEvent<'a> {
    timestamp: Option<i64>,
    #[serde(borrow)]
    message: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PutLogEventsResponse {
    next_sequence_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_log_events_info: Option<RejectedLogEventsInfo>,
}

/// `RejectedLogEventsInfo`: the ends are the index after the last such event.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the members of the wire")]
struct RejectedLogEventsInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    too_new_log_event_start_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    too_old_log_event_end_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expired_log_event_end_index: Option<usize>,
}

/// Writes events into a stream; those that are too old or too new are left out and reported.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn put_log_events(
    logs: &Logs,
    request: PutLogEventsRequest<'_>,
) -> Result<PutLogEventsResponse, Exception> {
    let group = constraint::group_name(request.log_group_name)?;
    let stream = constraint::stream_name(request.log_stream_name, "logStreamName")?;
    let events = constraint::required(request.log_events, "logEvents")?;
    let events = checked(events)?;

    let now = logs.now();
    let mut store = logs.store();
    let found = store.group(&group).ok_or(Exception::GroupNotFound)?;
    let (stream, _) = found.stream(&stream).ok_or(Exception::StreamNotFound)?;
    let times: Vec<i64> = events.iter().map(|(at, _)| *at).collect();
    let (taken, rejected) = taken(&times, now, found.kept_from(now));
    for (at, message) in &events[taken] {
        store.write(&group, stream, *at, now, message);
    }
    Ok(PutLogEventsResponse {
        next_sequence_token: format!("{:056}", store.next_id()),
        rejected_log_events_info: rejected,
    })
}

/// The events with their times, if the batch is one that AWS takes.
fn checked(events: Vec<InputLogEvent<'_>>) -> Result<Vec<(i64, Cow<'_, str>)>, Exception> {
    constraint::count(events.len(), EVENTS_MAX, "logEvents")?;
    let mut read: Vec<(i64, Cow<'_, str>)> = Vec::with_capacity(events.len());
    let mut bytes = 0;
    for (index, event) in (1..).zip(events) {
        // The names of members are made for the one that is wrong.
        let member = |name: &str| format!("logEvents.{index}.member.{name}");
        let (Some(at), Some(message)) = (event.timestamp, event.message) else {
            let name = event.timestamp.map_or("timestamp", |_| "message");
            return Err(constraint::missing(&member(name)));
        };
        if at < 0 {
            constraint::moment(Some(at), &member("timestamp"))?;
        }
        if message.is_empty() {
            constraint::not_empty(&message, &member("message"))?;
        }
        if message.len() > MESSAGE_BYTES_MAX {
            let size = message.len() as u64 + EVENT_OVERHEAD_BYTES;
            return Err(Exception::InvalidParameter(format!(
                "Log event too large: {size} bytes exceeds limit of {BATCH_BYTES_MAX}"
            )));
        }
        if read.last().is_some_and(|(before, _)| *before > at) {
            return Err(Exception::invalid_parameter(
                "Log events in a single PutLogEvents request must be in chronological order.",
            ));
        }
        bytes += message.len() as u64 + EVENT_OVERHEAD_BYTES;
        read.push((at, message));
    }
    if bytes > BATCH_BYTES_MAX {
        return Err(Exception::InvalidParameter(format!(
            "Upload too large: {bytes} bytes exceeds limit of {BATCH_BYTES_MAX}"
        )));
    }
    let span = read.last().zip(read.first());
    if span.is_some_and(|(last, first)| last.0 - first.0 > SPAN_MILLISECONDS_MAX) {
        return Err(Exception::invalid_parameter(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 \
             hours.",
        ));
    }
    Ok(read)
}

/// Which events are taken, of those at these times in order.
fn taken(
    times: &[i64],
    now: i64,
    kept_from: i64,
) -> (std::ops::Range<usize>, Option<RejectedLogEventsInfo>) {
    let too_old = times.partition_point(|at| *at < now - AGE_MILLISECONDS_MAX);
    let expired = times.partition_point(|at| *at < kept_from);
    let too_new = times.partition_point(|at| *at <= now + AHEAD_MILLISECONDS_MAX);
    let first = too_old.max(expired);
    let info = RejectedLogEventsInfo {
        too_new_log_event_start_index: (too_new < times.len()).then_some(too_new),
        too_old_log_event_end_index: (too_old > 0).then_some(too_old),
        expired_log_event_end_index: (expired > 0).then_some(expired),
    };
    let is_whole = first == 0 && too_new == times.len();
    (first..too_new.max(first), (!is_whole).then_some(info))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(events: &[(i64, &str)]) -> Result<usize, String> {
        let events = events.iter().map(|(at, message)| InputLogEvent {
            timestamp: Some(*at),
            message: Some(Cow::Owned((*message).to_owned())),
        });
        let checked = checked(events.collect());
        checked
            .map(|events| events.len())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn holds_to_the_limits_of_a_batch() {
        let full = "x".repeat(MESSAGE_BYTES_MAX);
        let day = SPAN_MILLISECONDS_MAX;
        let many = vec![(0, "x"); EVENTS_MAX + 1];
        let cases = [
            (&[(1, "a"), (1, "b"), (2, "c")][..], Ok(3)),
            (&[(0, &full)], Ok(1)),
            (&[(0, "a"), (day, "b")], Ok(2)),
            (
                &[(0, "a"), (day + 1, "b")],
                Err("cannot span more than 24 hours"),
            ),
            (&[(2, "a"), (1, "b")], Err("must be in chronological order")),
            (
                &[(0, &full), (0, "b")],
                Err("Upload too large: 1048603 bytes exceeds limit of 1048576"),
            ),
            (&[(0, "")], Err("'logEvents.1.member.message'")),
            (&[(-1, "a")], Err("'logEvents.1.member.timestamp'")),
            (&[], Err("greater than or equal to 1")),
            (&many[..EVENTS_MAX], Ok(EVENTS_MAX)),
            (&many, Err("less than or equal to 10000")),
        ];
        for (events, expected) in cases {
            match (batch(events), expected) {
                (Ok(count), Ok(expected)) => assert_eq!(count, expected),
                (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
                (seen, expected) => panic!("{seen:?} instead of {expected:?}"),
            }
        }
    }

    #[test]
    fn leaves_out_what_is_too_old_or_too_new() {
        let now = 100 * SPAN_MILLISECONDS_MAX;
        let (old, new) = (now - AGE_MILLISECONDS_MAX, now + AHEAD_MILLISECONDS_MAX);
        let info = |new, old, expired| RejectedLogEventsInfo {
            too_new_log_event_start_index: new,
            too_old_log_event_end_index: old,
            expired_log_event_end_index: expired,
        };
        let cases = [
            (vec![old, now, new], i64::MIN, 0..3, None),
            (
                vec![old - 1, now, new + 1],
                i64::MIN,
                1..2,
                Some(info(Some(2), Some(1), None)),
            ),
            (
                vec![old - 1, old],
                i64::MIN,
                1..2,
                Some(info(None, Some(1), None)),
            ),
            (
                vec![now - 2, now],
                now - 1,
                1..2,
                Some(info(None, None, Some(1))),
            ),
            (
                vec![new + 1],
                i64::MIN,
                0..0,
                Some(info(Some(0), None, None)),
            ),
        ];
        for (times, kept_from, range, rejected) in cases {
            assert_eq!(
                taken(&times, now, kept_from),
                (range, rejected),
                "{times:?}"
            );
        }
    }
}
