//! `GetLogEvents`.

use serde::{Deserialize, Serialize};

use super::super::chunk::Event;
use super::super::exception::Exception;
use super::super::service::Logs;
use super::events::{OutputLogEvent, PAGE_EVENTS_MAX, Page};
use super::position::Position;
use super::{constraint, identifier};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetLogEventsRequest {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    next_token: Option<String>,
    limit: Option<i64>,
    start_from_head: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetLogEventsResponse {
    events: Vec<OutputLogEvent>,
    next_forward_token: String,
    next_backward_token: String,
}

/// Which events come next: those after a place, or those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    After(Position),
    Before(Position),
}

impl From {
    /// Reads a token: `f/DIGITS/s` or `b/DIGITS/s`.
    fn token(token: &str) -> Result<Self, Exception> {
        let read = |prefix: &str| {
            let digits = token.strip_prefix(prefix)?.strip_suffix("/s")?;
            Position::from_digits(digits)
        };
        read("f/")
            .map(Self::After)
            .or_else(|| read("b/").map(Self::Before))
            .ok_or_else(|| Exception::invalid_parameter("The specified nextToken is invalid."))
    }

    fn position(self) -> Position {
        match self {
            Self::After(position) | Self::Before(position) => position,
        }
    }

    fn includes(self, position: Position) -> bool {
        match self {
            Self::After(other) => position > other,
            Self::Before(other) => position < other,
        }
    }
}

/// Lists events of one stream in the order of time, from the oldest or from the newest on.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn get_log_events(
    logs: &Logs,
    request: GetLogEventsRequest,
) -> Result<GetLogEventsResponse, Exception> {
    let group = identifier::group(request.log_group_name, request.log_group_identifier)?;
    let stream = constraint::stream_name(request.log_stream_name, "logStreamName")?;
    let limit = constraint::limit(request.limit, PAGE_EVENTS_MAX, "limit")?;
    let start = constraint::moment(request.start_time, "startTime")?;
    let end = constraint::moment(request.end_time, "endTime")?;
    let from = request.next_token.as_deref().map(From::token).transpose()?;

    let (snapshot, stream) = {
        let store = logs.store();
        let found = store.group(&group).ok_or(Exception::GroupNotFound)?;
        let (id, _) = found.stream(&stream).ok_or(Exception::StreamNotFound)?;
        (found.snapshot(logs.now()), id)
    };
    let places = snapshot.between(start.unwrap_or(i64::MIN), end.unwrap_or(i64::MAX));
    let of_stream = places
        .into_iter()
        .filter_map(|place| snapshot.event(place))
        .filter(|event| event.stamp.stream == stream)
        .filter(|event| from.is_none_or(|from| from.includes(Position::of(event.stamp))));
    let forward = match from {
        Some(From::After(_)) => true,
        Some(From::Before(_)) => false,
        None => request.start_from_head == Some(true),
    };
    let events = if forward {
        page(of_stream, limit)
    } else {
        // The newest of them, but in the order of time.
        let all: Vec<Event<'_>> = of_stream.collect();
        let mut newest = page(all.into_iter().rev(), limit);
        newest.reverse();
        newest
    };
    // Where there is nothing more, the tokens stay where they are.
    let here = from.map_or(Position { at: 0, id: 0 }, From::position);
    let place = |event: Option<&Event<'_>>| {
        event
            .map_or(here, |event| Position::of(event.stamp))
            .digits()
    };
    Ok(GetLogEventsResponse {
        next_forward_token: format!("f/{}/s", place(events.last())),
        next_backward_token: format!("b/{}/s", place(events.first())),
        events: events.into_iter().map(OutputLogEvent::from).collect(),
    })
}

fn page<'a>(events: impl Iterator<Item = Event<'a>>, limit: usize) -> Vec<Event<'a>> {
    let mut page = Page::default();
    events
        .take_while(|event| page.takes(event.message, limit))
        .collect()
}
