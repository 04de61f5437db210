//! From an operation's name and body to its answer.

use std::sync::Arc;

use axum::body::Bytes;
use serde::Serialize;
use serde::de::Deserialize;

use super::super::exception::Exception;
use super::super::service::Logs;
use super::{
    filter_log_events, get_log_events, groups, put_log_events, query_results, start_query, streams,
    tags,
};

/// Whether CloudTrail records an operation: what moves events is data and not management, see
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/logging_cw_api_calls_cwl.html>.
pub(crate) fn is_management(operation: &str) -> bool {
    !matches!(
        operation,
        "PutLogEvents" | "GetLogEvents" | "FilterLogEvents"
    )
}

/// Runs one operation.
///
/// # Errors
/// The operation's exception; `NotImplementedException` for one that is not here.
pub(crate) async fn call(
    logs: &Arc<Logs>,
    operation: &str,
    body: Bytes,
) -> Result<Vec<u8>, Exception> {
    if matches!(operation, "FilterLogEvents" | "GetLogEvents") {
        // They may read every event of a group; others are served meanwhile.
        let place = Arc::clone(&logs.searches).acquire_owned().await;
        let (logs, operation) = (Arc::clone(logs), operation.to_owned());
        let work = tokio::task::spawn_blocking(move || {
            // Free again when the search is done, also if its client is gone by then.
            let _place = place;
            run(&logs, &operation, &body)
        });
        let failed = |_| Exception::Internal("the search did not end".to_owned());
        return work.await.map_err(failed)?;
    }
    run(logs, operation, &body)
}

fn run(logs: &Logs, operation: &str, body: &[u8]) -> Result<Vec<u8>, Exception> {
    match operation {
        "CreateLogGroup" => nothing(groups::create_log_group(logs, typed(body)?)),
        "CreateLogStream" => nothing(streams::create_log_stream(logs, typed(body)?)),
        "DeleteLogGroup" => nothing(groups::delete_log_group(logs, typed(body)?)),
        "DeleteLogStream" => nothing(streams::delete_log_stream(logs, typed(body)?)),
        "DeleteRetentionPolicy" => nothing(groups::delete_retention_policy(logs, typed(body)?)),
        "DescribeLogGroups" => answer(groups::describe_log_groups(logs, &typed(body)?)?),
        "DescribeLogStreams" => answer(streams::describe_log_streams(logs, typed(body)?)?),
        "DescribeQueries" => answer(query_results::describe_queries(logs, &typed(body)?)?),
        "FilterLogEvents" => answer(filter_log_events::filter_log_events(logs, typed(body)?)?),
        "GetLogEvents" => answer(get_log_events::get_log_events(logs, typed(body)?)?),
        "GetQueryResults" => answer(query_results::query_results(logs, typed(body)?)?),
        "ListTagsForResource" => answer(tags::list_tags_for_resource(logs, typed(body)?)?),
        "PutLogEvents" => answer(put_log_events::put_log_events(logs, typed(body)?)?),
        "PutRetentionPolicy" => nothing(groups::put_retention_policy(logs, typed(body)?)),
        "StartQuery" => answer(start_query::start_query(logs, typed(body)?)?),
        "StopQuery" => answer(start_query::stop_query(logs, typed(body)?)?),
        "TagResource" => nothing(tags::tag_resource(logs, typed(body)?)),
        "UntagResource" => nothing(tags::untag_resource(logs, typed(body)?)),
        unknown => Err(Exception::NotImplemented(format!(
            "The operation {unknown} of CloudWatch Logs"
        ))),
    }
}

fn typed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Exception> {
    serde_json::from_slice(body).map_err(|error| Exception::Serialization(error.to_string()))
}

fn answer(response: impl Serialize) -> Result<Vec<u8>, Exception> {
    serde_json::to_vec(&response)
        .map_err(|error| Exception::Internal(format!("the answer has no JSON form: {error}")))
}

/// The answer of an operation without output: nothing at all.
fn nothing(done: Result<(), Exception>) -> Result<Vec<u8>, Exception> {
    done.map(|()| Vec::new())
}
