//! An SDK client of CloudWatch Logs, and what the tests do with it.

use aws_sdk_cloudwatchlogs as logs;
use jiff::Timestamp;
use logs::config::retry::RetryConfig;
use logs::config::{BehaviorVersion, Credentials, Region};
use logs::operation::get_query_results::GetQueryResultsOutput;
use logs::types::{InputLogEvent, QueryStatus};
use reverify::model::Clock as _;
use serde_json::Value;

use crate::wire::{Reply, SIGNED, send};
use crate::world::World;

/// Times of asking for a query's results: enough for a machine that is busy.
const ASKED_MAX: usize = 3_000;

pub(crate) fn sdk(world: &World) -> logs::Client {
    let config = logs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(world.emulator.endpoint())
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    logs::Client::from_conf(config)
}

/// The present moment of the emulator, in milliseconds.
pub(crate) fn now(world: &World) -> i64 {
    let now: Timestamp = world.clock.now();
    now.as_millisecond()
}

/// A group `g` with a stream `s` that has these messages, one a second up to now.
pub(super) async fn group_with(world: &World, sdk: &logs::Client, messages: &[&str]) {
    create(sdk, "g", "s").await;
    put(world, sdk, "g", "s", messages).await;
}

pub(crate) async fn create(sdk: &logs::Client, group: &str, stream: &str) {
    sdk.create_log_group()
        .log_group_name(group)
        .send()
        .await
        .unwrap();
    let request = sdk.create_log_stream();
    let request = request.log_group_name(group).log_stream_name(stream);
    request.send().await.unwrap();
}

pub(crate) async fn put(
    world: &World,
    sdk: &logs::Client,
    group: &str,
    stream: &str,
    messages: &[&str],
) {
    let first = now(world) - 1_000 * i64::try_from(messages.len()).unwrap();
    let mut request = sdk
        .put_log_events()
        .log_group_name(group)
        .log_stream_name(stream);
    for (second, message) in (1..).zip(messages) {
        let event = InputLogEvent::builder()
            .timestamp(first + second * 1_000)
            .message(*message);
        request = request.log_events(event.build().unwrap());
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.rejected_log_events_info(), None);
}

/// Runs a query over a group's last day to its end.
pub(super) async fn query(
    world: &World,
    sdk: &logs::Client,
    group: &str,
    text: &str,
) -> GetQueryResultsOutput {
    let end = now(world) / 1_000;
    let start = sdk.start_query().log_group_name(group).query_string(text);
    let started = start.start_time(end - 86_400).end_time(end).send().await;
    let started =
        started.unwrap_or_else(|error| panic!("{text}: {:?}", error.into_service_error()));
    finished(sdk, started.query_id().unwrap()).await
}

/// The results of a query that has come to its end.
pub(crate) async fn finished(sdk: &logs::Client, id: &str) -> GetQueryResultsOutput {
    for _ in 0..ASKED_MAX {
        let results = sdk.get_query_results().query_id(id).send().await.unwrap();
        match results.status() {
            Some(QueryStatus::Scheduled | QueryStatus::Running) => tokio::task::yield_now().await,
            _ => return results,
        }
    }
    panic!("query {id} does not end");
}

/// The rows as `name=value` with `|` between, without `@ptr`.
pub(crate) fn rows(results: &GetQueryResultsOutput) -> Vec<String> {
    let row = |row: &Vec<logs::types::ResultField>| {
        let fields = row.iter().filter(|field| field.field() != Some("@ptr"));
        let fields =
            fields.map(|field| format!("{}={}", field.field().unwrap(), field.value().unwrap()));
        fields.collect::<Vec<_>>().join("|")
    };
    results.results().iter().map(row).collect()
}

/// Calls an operation on the wire.
pub(super) fn call(world: &World, operation: &str, body: &Value) -> Reply {
    let target = format!("X-Amz-Target: Logs_20140328.{operation}\r\n{SIGNED}");
    let body = body.to_string();
    send(
        &world.emulator.endpoint(),
        "POST",
        "/",
        &target,
        body.as_bytes(),
    )
}
