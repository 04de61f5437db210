//! `CreateLogStream`, `DeleteLogStream` and `DescribeLogStreams`.

use serde::{Deserialize, Serialize};

use super::super::exception::Exception;
use super::super::group::Stream;
use super::super::service::Logs;
use super::super::store::{Full, STREAMS_MAX};
use super::{constraint, identifier};

const DESCRIBED_MAX: usize = 50;

/// A request that names a stream and nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogStreamRequest {
    log_group_name: Option<String>,
    log_stream_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeLogStreamsRequest {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    #[serde(default)]
    order_by: OrderBy,
    #[serde(default)]
    descending: Option<bool>,
    limit: Option<i64>,
    next_token: Option<String>,
}

/// `OrderBy`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum OrderBy {
    #[default]
    LogStreamName,
    LastEventTime,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeLogStreamsResponse {
    log_streams: Vec<LogStream>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// `LogStream`. `storedBytes` is always zero, as on AWS since 2019.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the members of the wire")]
struct LogStream {
    log_stream_name: String,
    creation_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_event_timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_ingestion_time: Option<i64>,
    arn: String,
    stored_bytes: u64,
}

/// Makes a stream.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`, `ResourceAlreadyExistsException` and,
/// where AWS has no quota, `LimitExceededException`.
pub(super) fn create_log_stream(logs: &Logs, request: LogStreamRequest) -> Result<(), Exception> {
    let group = constraint::group_name(request.log_group_name)?;
    let stream = constraint::stream_name(request.log_stream_name, "logStreamName")?;
    let mut store = logs.store();
    let found = store.group(&group).ok_or(Exception::GroupNotFound)?;
    if found.stream(&stream).is_some() {
        return Err(Exception::StreamExists);
    }
    match store.open_stream(&group, &stream, logs.now()) {
        Ok(_) => Ok(()),
        Err(Full::Groups | Full::Streams) => Err(Exception::LimitExceeded(format!(
            "The maximum number of log streams of this emulator is {STREAMS_MAX}."
        ))),
    }
}

/// Removes a stream with its events.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn delete_log_stream(logs: &Logs, request: LogStreamRequest) -> Result<(), Exception> {
    let group = constraint::group_name(request.log_group_name)?;
    let stream = constraint::stream_name(request.log_stream_name, "logStreamName")?;
    let mut store = logs.store();
    if store.group(&group).is_none() {
        return Err(Exception::GroupNotFound);
    }
    if store.remove_stream(&group, &stream) {
        Ok(())
    } else {
        Err(Exception::StreamNotFound)
    }
}

/// Lists the streams of a group.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn describe_log_streams(
    logs: &Logs,
    request: DescribeLogStreamsRequest,
) -> Result<DescribeLogStreamsResponse, Exception> {
    let group = identifier::group(request.log_group_name, request.log_group_identifier)?;
    let limit = constraint::limit(request.limit, DESCRIBED_MAX, "limit")?;
    let prefix = request.log_stream_name_prefix.as_deref();
    let by_time = request.order_by == OrderBy::LastEventTime;
    if by_time && prefix.is_some() {
        return Err(Exception::invalid_parameter(
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ));
    }
    let store = logs.store();
    let found = store.group(&group).ok_or(Exception::GroupNotFound)?;
    let is_wanted = |stream: &&Stream| prefix.is_none_or(|prefix| stream.name.starts_with(prefix));
    let mut streams: Vec<&Stream> = found.streams().filter(is_wanted).collect();
    if by_time {
        streams.sort_by_key(|stream| stream.last_event);
    }
    if request.descending == Some(true) {
        streams.reverse();
    }
    let first = match request.next_token.as_deref() {
        None => 0,
        Some(token) => {
            let known = streams.iter().position(|stream| &*stream.name == token);
            known.map(|index| index + 1).ok_or_else(|| {
                Exception::invalid_parameter("The specified nextToken is invalid.")
            })?
        }
    };
    let arn = logs.arn(&group);
    let page = streams.iter().skip(first).take(limit);
    let log_streams: Vec<LogStream> = page.map(|stream| described(stream, &arn)).collect();
    let last = log_streams
        .last()
        .map(|stream| stream.log_stream_name.clone());
    Ok(DescribeLogStreamsResponse {
        next_token: last.filter(|_| first + limit < streams.len()),
        log_streams,
    })
}

fn described(stream: &Stream, group_arn: &str) -> LogStream {
    LogStream {
        log_stream_name: stream.name.to_string(),
        creation_time: stream.created,
        first_event_timestamp: stream.first_event,
        last_event_timestamp: stream.last_event,
        last_ingestion_time: stream.last_ingestion,
        arn: format!("{group_arn}:log-stream:{}", stream.name),
        stored_bytes: 0,
    }
}
