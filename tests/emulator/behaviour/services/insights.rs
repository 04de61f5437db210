//! The table of Logs Insights: queries over one group's events, and what they give.

use std::collections::BTreeMap;

use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata as _;
use aws_sdk_cloudwatchlogs::operation::start_query::StartQueryError;
use jiff::Timestamp;
use reverify::model::Clock as _;
use serde::Deserialize;

use super::super::case::Trust;
use super::super::message::is_like;
use super::table::queries;
use crate::logs::{create, finished, now, put, rows, sdk};
use crate::world::World;

/// When the queries run, so that their rows have known times.
const MOMENT: &str = "2040-01-01T09:00:00Z";
/// What the queries look back over: more than there are events, in seconds.
const RANGE_SECONDS: i64 = 3_600;

/// Queries and the events that they are about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Queries {
    /// The messages of each group, one a second, the last one at [`MOMENT`].
    pub(super) groups: BTreeMap<String, Vec<String>>,
    #[serde(rename = "case")]
    pub(super) cases: Vec<QueryCase>,
}

/// A query over a group, with its rows or its refusal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QueryCase {
    pub(super) what: String,
    #[serde(default = "trail")]
    pub(super) group: String,
    pub(super) query: String,
    /// As in the other tables.
    pub(super) known: Option<Trust>,
    pub(super) source: Option<String>,
    /// `name=value` with `|` between, without `@ptr`.
    pub(super) rows: Option<Vec<String>>,
    /// The exception's name and message; `*` is any text.
    pub(super) error: Option<(String, String)>,
    /// The first character that the refusal means, and the one after the last.
    pub(super) location: Option<(i32, i32)>,
}

fn trail() -> String {
    "trail".to_owned()
}

/// A world at [`MOMENT`], with the groups and their events.
async fn world(queries: &Queries) -> (World, aws_sdk_cloudwatchlogs::Client) {
    let world = World::standard();
    let moment: Timestamp = MOMENT.parse().unwrap();
    world
        .clock
        .advance(moment.duration_since(world.clock.now()));
    let sdk = sdk(&world);
    for (group, messages) in &queries.groups {
        create(&sdk, group, "s").await;
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        put(&world, &sdk, group, "s", &messages).await;
    }
    (world, sdk)
}

/// What a query gives: rows, or a refusal with its place.
type Given = Result<Vec<String>, (String, String, Option<(i32, i32)>)>;

async fn given(world: &World, sdk: &aws_sdk_cloudwatchlogs::Client, case: &QueryCase) -> Given {
    let end = now(world) / 1_000;
    let start = sdk.start_query().log_group_name(&case.group);
    let start = start.query_string(&case.query).end_time(end);
    let started = start.start_time(end - RANGE_SECONDS).send().await;
    let started = started.map_err(|error| {
        let error = error.into_service_error();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let (name, message) = (text(error.code()), text(error.message()));
        let location = match &error {
            StartQueryError::MalformedQueryException(malformed) => {
                let compile = malformed.query_compile_error();
                let location = compile.and_then(|compile| compile.location());
                location.and_then(|it| it.start_char_offset().zip(it.end_char_offset()))
            }
            _ => None,
        };
        (name, message, location)
    })?;
    Ok(rows(&finished(sdk, started.query_id().unwrap()).await))
}

#[tokio::test]
async fn queries_give_what_the_table_says() {
    let queries = queries();
    let (world, sdk) = world(&queries).await;
    let mut wrong = Vec::new();
    for case in &queries.cases {
        let given = given(&world, &sdk, case).await;
        let is_as_expected = match (&given, &case.rows, &case.error) {
            (Ok(rows), Some(expected), None) => rows == expected,
            (Err((name, message, location)), None, Some((expected, pattern))) => {
                name == expected && is_like(message, pattern) && *location == case.location
            }
            _ => false,
        };
        if !is_as_expected {
            wrong.push(format!("{}\n  {given:?}", case.query));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
