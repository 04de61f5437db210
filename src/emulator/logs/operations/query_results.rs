//! `GetQueryResults` and `DescribeQueries`.

use std::sync::Arc;

use data_encoding::BASE64;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

use super::super::exception::Exception;
use super::super::insights::{ROWS_MAX, ResultRow, Results};
use super::super::queries::{Query, State};
use super::super::service::Logs;
use super::constraint;
use super::position::Position;

const DESCRIBED_MAX: usize = 1_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetQueryResultsRequest {
    query_id: Option<String>,
    next_token: Option<String>,
    max_items: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetQueryResultsResponse {
    query_language: &'static str,
    results: Rows,
    statistics: QueryStatistics,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// `QueryStatistics`, whose members are doubles.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueryStatistics {
    records_matched: f64,
    records_scanned: f64,
    estimated_records_skipped: f64,
    bytes_scanned: f64,
    estimated_bytes_skipped: f64,
    log_groups_scanned: f64,
}

/// The rows of a page, written without a copy of them.
struct Rows {
    query: Arc<Query>,
    results: Option<Arc<Results>>,
    page: std::ops::Range<usize>,
}

/// `ResultField`.
#[derive(Serialize)]
struct ResultField<'a> {
    field: &'a str,
    value: &'a str,
}

/// One row; `@ptr` ends one that is an event.
struct Row<'a> {
    columns: &'a [String],
    result: &'a ResultRow,
    query: &'a Query,
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(results) = &self.results else {
            return serializer.serialize_seq(Some(0))?.end();
        };
        let rows = results.rows.get(self.page.clone()).unwrap_or_default();
        serializer.collect_seq(rows.iter().map(|row| Row {
            columns: &results.columns,
            result: row,
            query: &self.query,
        }))
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_seq(None)?;
        for (field, value) in self.columns.iter().zip(&self.result.values) {
            if let Some(value) = value {
                fields.serialize_element(&ResultField { field, value })?;
            }
        }
        if let Some(event) = self.result.event {
            let group = self.query.groups.get(event.group);
            let digits = Position {
                at: event.at,
                id: event.id,
            }
            .digits();
            let pointer = format!("{}:{digits}", group.map_or("", |group| group));
            fields.serialize_element(&ResultField {
                field: "@ptr",
                value: &BASE64.encode(pointer.as_bytes()),
            })?;
        }
        fields.end()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeQueriesRequest {
    log_group_name: Option<String>,
    status: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeQueriesResponse {
    queries: Vec<QueryInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// `QueryInfo`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueryInfo {
    query_language: &'static str,
    query_id: String,
    query_string: String,
    status: &'static str,
    create_time: i64,
    log_group_name: String,
}

/// Tells how far a query is, and its results once it is complete. AWS shows some of them earlier.
///
/// # Errors
/// `InvalidParameterException`, `ResourceNotFoundException`.
pub(super) fn query_results(
    logs: &Logs,
    request: GetQueryResultsRequest,
) -> Result<GetQueryResultsResponse, Exception> {
    let id = constraint::required(request.query_id, "queryId")?;
    let limit = constraint::limit(request.max_items, ROWS_MAX, "maxItems")?;
    let first = first(request.next_token.as_deref())?;
    let query = logs.queries.query(&id).ok_or(Exception::QueryNotFound)?;
    let state = query.state();
    let statistics = query.statistics();
    let results = match &state {
        State::Complete(results) => Some(Arc::clone(results)),
        _ => None,
    };
    let count = results.as_ref().map_or(0, |results| results.rows.len());
    let end = first.saturating_add(limit).min(count);
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    let double = |count: u64| count as f64;
    Ok(GetQueryResultsResponse {
        query_language: "CWLI",
        statistics: QueryStatistics {
            records_matched: double(statistics.matched),
            records_scanned: double(statistics.scanned),
            estimated_records_skipped: 0.0,
            bytes_scanned: double(statistics.bytes),
            estimated_bytes_skipped: 0.0,
            log_groups_scanned: double(query.groups.len() as u64),
        },
        status: state.name(),
        next_token: (end < count).then(|| end.to_string()),
        results: Rows {
            query,
            results,
            page: first.min(end)..end,
        },
    })
}

/// Lists queries, the newest first.
///
/// # Errors
/// `InvalidParameterException`.
pub(super) fn describe_queries(
    logs: &Logs,
    request: &DescribeQueriesRequest,
) -> Result<DescribeQueriesResponse, Exception> {
    let limit = constraint::limit(request.max_results, DESCRIBED_MAX, "maxResults")?;
    let first = first(request.next_token.as_deref())?;
    let group = request.log_group_name.as_deref();
    let is_wanted = |query: &Arc<Query>| {
        group.is_none_or(|name| query.groups.iter().any(|group| &**group == name))
            && request
                .status
                .as_deref()
                .is_none_or(|status| query.state().name() == status)
    };
    let all = logs.queries.all();
    let mut wanted = all.into_iter().filter(is_wanted).skip(first).peekable();
    let queries: Vec<QueryInfo> = wanted
        .by_ref()
        .take(limit)
        .map(|query| QueryInfo {
            query_language: "CWLI",
            query_id: query.id.clone(),
            query_string: query.text.clone(),
            status: query.state().name(),
            create_time: query.created,
            log_group_name: query
                .groups
                .first()
                .map_or_else(String::new, ToString::to_string),
        })
        .collect();
    let next = first + queries.len();
    Ok(DescribeQueriesResponse {
        queries,
        next_token: wanted.peek().map(|_| next.to_string()),
    })
}

/// The first row of a page, by its token.
fn first(token: Option<&str>) -> Result<usize, Exception> {
    let number = token.map(str::parse).transpose();
    let number =
        number.map_err(|_| Exception::invalid_parameter("The specified nextToken is invalid."))?;
    Ok(number.unwrap_or(0))
}
