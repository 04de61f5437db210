//! Asking a log group with CloudWatch Logs Insights.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html>, and
//! CAUSES.md, evidence sources 6.

use std::time::Duration;

use aws_sdk_cloudwatchlogs as logs;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use logs::error::SdkError;
use logs::operation::start_query::StartQueryError;
use logs::types::{QueryStatus, ResultField};
use tokio::runtime::Handle;

use super::miss::{Miss, Pauses, ask};
use super::permission;
use super::query_text::LINES_MAX;

/// The pause before results are asked for; an embedded emulator has them by then.
const POLL_MILLISECONDS_MIN: u64 = 10;
/// The longest pause, which costs a tenth of the five requests a second that AWS allows a person.
const POLL_MILLISECONDS_MAX: u64 = 2_000;
/// How long stopping a query may take, when nobody waits for it any more.
const STOP_SECONDS_MAX: u64 = 5;

/// A question to one log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// The group's name.
    pub(super) group: String,
    /// What is asked.
    pub(super) text: String,
    /// The first moment.
    pub(super) from: Timestamp,
    /// The last moment.
    pub(super) until: Timestamp,
}

/// An event of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: Timestamp,
    /// The log stream.
    pub(super) stream: String,
    pub(super) message: String,
}

/// The events that a query found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) lines: Vec<Line>,
    /// There may be more: the limit was reached.
    pub(super) is_cut: bool,
}

/// Asks, waits for the end, and gives the events in order.
///
/// A query that is left running, because this was dropped or has failed, is stopped.
///
/// # Errors
///
/// [`Miss::Absent`] if there is no such group; else why there is no answer.
pub(super) async fn run(client: &logs::Client, query: &Query) -> Result<Lines, Miss> {
    let started = ask(permission::START_QUERY, || start(client, query)).await;
    let mut running = match started {
        Ok(running) => running,
        Err(Miss::Failed(words)) if is_before_the_group(&words) => return Ok(Lines::default()),
        Err(miss) => return Err(miss),
    };
    let mut pauses = Pauses::between(
        Duration::from_millis(POLL_MILLISECONDS_MIN),
        Duration::from_millis(POLL_MILLISECONDS_MAX),
    );
    let mut lines: Vec<Line> = Vec::new();
    let mut page = None;
    loop {
        let answer = ask(permission::GET_QUERY_RESULTS, || {
            let request = client.get_query_results().query_id(&running.id);
            request.set_next_token(page.clone()).send()
        })
        .await?;
        match answer.status() {
            Some(QueryStatus::Scheduled | QueryStatus::Running) => {
                // The end of a query is announced to nobody.
                tokio::time::sleep(pauses.take()).await;
            }
            Some(QueryStatus::Complete) => {
                running.has_ended = true;
                lines.extend(answer.results().iter().filter_map(|row| line(row)));
                page = answer.next_token().map(str::to_owned);
                if page.is_none() || lines.len() >= LINES_MAX {
                    return Ok(Lines {
                        is_cut: lines.len() >= LINES_MAX,
                        lines,
                    });
                }
            }
            other => {
                running.has_ended = true;
                let status = other.map_or("no status", QueryStatus::as_str);
                return Err(Miss::Failed(format!("the query ended with {status}")));
            }
        }
    }
}

/// Whether a query was refused because its time lies before the group's, where nothing can be.
fn is_before_the_group(words: &str) -> bool {
    words.contains("before the log groups creation time")
}

/// A query at work. Dropped before its end, it is stopped.
struct Running {
    client: logs::Client,
    runtime: Handle,
    id: String,
    has_ended: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        let stop = self.client.stop_query().query_id(&self.id).send();
        let limit = Duration::from_secs(STOP_SECONDS_MAX);
        // Nobody is left who could be told that it failed; AWS ends each query by itself.
        drop(self.runtime.spawn(tokio::time::timeout(limit, stop)));
    }
}

/// Starts a query once.
///
/// On a task of its own: if whoever waits is gone before the answer, the query's id still comes back
/// to a [`Running`], which stops it.
async fn start(
    client: &logs::Client,
    query: &Query,
) -> Result<Running, SdkError<StartQueryError, logs::config::http::HttpResponse>> {
    let request = client
        .start_query()
        .log_group_name(&query.group)
        .query_string(&query.text)
        .start_time(query.from.as_second())
        .end_time(query.until.as_second());
    let client = client.clone();
    let started = tokio::spawn(async move {
        let answer = request.send().await?;
        Ok(Running {
            client,
            runtime: Handle::current(),
            id: answer.query_id().unwrap_or_default().to_owned(),
            has_ended: false,
        })
    });
    match started.await {
        Ok(started) => started,
        Err(end) => Err(SdkError::construction_failure(end)),
    }
}

/// A row of `@timestamp`, `@logStream` and `@message`; nothing without a time.
fn line(row: &[ResultField]) -> Option<Line> {
    let value = |name: &str| {
        let field = row.iter().find(|field| field.field() == Some(name));
        field.and_then(ResultField::value)
    };
    Some(Line {
        at: moment(value("@timestamp")?)?,
        stream: value("@logStream").unwrap_or_default().to_owned(),
        message: value("@message").unwrap_or_default().to_owned(),
    })
}

/// A moment as Insights writes it: `2026-03-01 12:00:00.000`, in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let moment: DateTime = text.parse().ok()?;
    Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, value: &str) -> ResultField {
        ResultField::builder().field(name).value(value).build()
    }

    #[test]
    fn rows_become_lines() {
        let at: Timestamp = "2026-03-01T12:00:00.25Z".parse().unwrap();
        let time = field("@timestamp", "2026-03-01 12:00:00.250");
        let line_of = |message: &str| Line {
            at,
            stream: String::new(),
            message: message.to_owned(),
        };
        let cases = [
            (
                vec![time.clone(), field("@message", "x"), field("@ptr", "p")],
                Some(line_of("x")),
            ),
            (vec![time], Some(line_of(""))),
            (vec![field("@message", "x")], None),
            (
                vec![field("@timestamp", "noon"), field("@message", "x")],
                None,
            ),
        ];
        for (row, expected) in cases {
            assert_eq!(line(&row), expected, "{row:?}");
        }
    }
}
