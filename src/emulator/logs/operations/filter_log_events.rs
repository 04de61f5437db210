//! `FilterLogEvents`.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::super::chunk::StreamId;
use super::super::exception::Exception;
use super::super::filter_pattern::{FilterPattern, InvalidPattern};
use super::super::group::Group;
use super::super::service::Logs;
use super::events::{FilteredLogEvent, PAGE_EVENTS_MAX, Page};
use super::position::Position;
use super::{constraint, identifier};

const PATTERN_CHARS_MAX: usize = 1_024;
const STREAMS_MAX: usize = 100;
/// Events that are searched for one page; a page may come out empty and have a successor, as on AWS.
const SEARCHED_MAX: usize = 200_000;

/// The request. `interleaved` and `unmask` change nothing here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilterLogEventsRequest {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    filter_pattern: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
    start_from_head: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilterLogEventsResponse {
    events: Vec<FilteredLogEvent>,
    /// Always empty, as on AWS since 2020.
    searched_log_streams: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl From<InvalidPattern> for Exception {
    fn from(error: InvalidPattern) -> Self {
        match error {
            InvalidPattern::MissingHere(_) => Self::NotImplemented(error.to_string()),
            error => Self::InvalidParameter(error.to_string()),
        }
    }
}

/// Lists the events of a group that fit a pattern, in the order of time.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn filter_log_events(
    logs: &Logs,
    request: FilterLogEventsRequest,
) -> Result<FilterLogEventsResponse, Exception> {
    let group = identifier::group(request.log_group_name, request.log_group_identifier)?;
    let limit = constraint::limit(request.limit, PAGE_EVENTS_MAX, "limit")?;
    let start = constraint::moment(request.start_time, "startTime")?;
    let end = constraint::moment(request.end_time, "endTime")?;
    let pattern = request.filter_pattern.unwrap_or_default();
    constraint::text(&pattern, PATTERN_CHARS_MAX, "filterPattern")?;
    let pattern = FilterPattern::parse(&pattern)?;
    if request.start_from_head == Some(false) {
        let what = "FilterLogEvents from the newest event on";
        return Err(Exception::NotImplemented(what.to_owned()));
    }
    let after = request.next_token.as_deref().map(|token| {
        Position::from_digits(token)
            .ok_or_else(|| Exception::invalid_parameter("The specified nextToken is invalid."))
    });
    let after = after.transpose()?;
    let (snapshot, streams) = {
        let store = logs.store();
        let found = store.group(&group).ok_or(Exception::GroupNotFound)?;
        let names = request.log_stream_names;
        let streams = streams(found, names, request.log_stream_name_prefix.as_deref())?;
        (found.snapshot(logs.now()), streams)
    };

    let start = start
        .unwrap_or(i64::MIN)
        .max(after.map_or(i64::MIN, |after| after.at));
    // The end is part of the range (COGNITO.md 7.2).
    let end = end.map_or(i64::MAX, |end| end.saturating_add(1));
    let mut page = Page::default();
    let mut events = Vec::new();
    let mut last = None;
    let mut searched = 0;
    for place in snapshot.between(start, end) {
        let Some(event) = snapshot.event(place) else {
            continue;
        };
        let position = Position::of(event.stamp);
        if after.is_some_and(|after| position <= after) {
            continue;
        }
        let is_meant = streams
            .as_ref()
            .is_none_or(|streams| streams.contains(&event.stamp.stream));
        let fits = is_meant && pattern.matches(event.message);
        if searched == SEARCHED_MAX || (fits && !page.takes(event.message, limit)) {
            return Ok(answer(events, last));
        }
        if fits {
            let stream = snapshot.stream_name(event.stamp.stream);
            events.push(FilteredLogEvent::new(event, stream));
        }
        searched += 1;
        last = Some(position);
    }
    Ok(answer(events, None))
}

fn answer(events: Vec<FilteredLogEvent>, last: Option<Position>) -> FilterLogEventsResponse {
    FilterLogEventsResponse {
        events,
        searched_log_streams: [],
        next_token: last.map(Position::digits),
    }
}

/// The streams that are meant; none for all.
fn streams(
    group: &Group,
    names: Option<Vec<String>>,
    prefix: Option<&str>,
) -> Result<Option<HashSet<StreamId>>, Exception> {
    match (names, prefix) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(Exception::invalid_parameter(
            "The parameters logStreamNames and logStreamNamePrefix are mutually exclusive.",
        )),
        (Some(names), None) => {
            constraint::count(names.len(), STREAMS_MAX, "logStreamNames")?;
            let id = |name: String| group.stream(&name).map(|(id, _)| id);
            let ids = names
                .into_iter()
                .map(|name| id(name).ok_or(Exception::StreamNotFound));
            ids.collect::<Result<_, _>>().map(Some)
        }
        (None, Some(prefix)) => {
            let meant = group
                .streams()
                .filter(|stream| stream.name.starts_with(prefix));
            let ids = meant.filter_map(|stream| group.stream(&stream.name));
            Ok(Some(ids.map(|(id, _)| id).collect()))
        }
    }
}
