//! Logs Insights through the SDK: states, results, statistics and mistakes.

use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata as _;
use aws_sdk_cloudwatchlogs::operation::start_query::StartQueryError;
use aws_sdk_cloudwatchlogs::types::QueryStatus;
use serde_json::json;

use super::client::{call, finished, group_with, now, put, query, rows, sdk};
use crate::world::World;

#[tokio::test]
async fn a_query_runs_to_its_end_and_tells_what_it_read() {
    let world = World::standard();
    let sdk = sdk(&world);
    let lines = [r#"{"a":{"b":1}}"#, r#"{"a":{"b":2}}"#, "x"];
    group_with(&world, &sdk, &lines).await;
    let results = query(&world, &sdk, "g", "fields a.b as b | filter b > 1").await;
    assert_eq!(results.status(), Some(&QueryStatus::Complete));
    assert_eq!(rows(&results), ["b=2"]);
    let statistics = results.statistics().unwrap();
    let bytes: usize = lines.iter().map(|line| line.len()).sum();
    let figures = [
        statistics.records_matched(),
        statistics.records_scanned(),
        statistics.bytes_scanned(),
    ];
    assert_eq!(
        figures.map(|figure| format!("{figure}")),
        ["1", "3", &bytes.to_string()]
    );
    let pointers = results.results()[0]
        .iter()
        .filter(|field| field.field() == Some("@ptr"));
    assert_eq!(pointers.count(), 1);

    let stats = query(
        &world,
        &sdk,
        "g",
        "stats count(*) as c, max(@ingestionTime - @timestamp) as lag by bin(1h) | display c, lag",
    )
    .await;
    assert_eq!(rows(&stats).len(), stats.results().len());
    assert!(rows(&stats)[0].starts_with("c="), "{:?}", rows(&stats));

    let described = sdk
        .describe_queries()
        .log_group_name("g")
        .send()
        .await
        .unwrap();
    assert_eq!(described.queries().len(), 2);
    let none = query(&world, &sdk, "g", "filter a.b > 9").await;
    assert_eq!(
        (
            rows(&none).len(),
            none.statistics().unwrap().records_scanned()
        ),
        (0, 3.0)
    );
}

#[tokio::test]
async fn several_groups_and_a_limit() {
    let world = World::standard();
    let sdk = sdk(&world);
    group_with(&world, &sdk, &["a1", "a2"]).await;
    super::client::create(&sdk, "h", "s").await;
    put(&world, &sdk, "h", "s", &["b1", "b2"]).await;
    let end = now(&world) / 1_000;
    let start = sdk
        .start_query()
        .log_group_names("g")
        .log_group_names("h")
        .limit(3);
    let start = start.query_string("fields @log, @message | sort @log desc, @message");
    let started = start
        .start_time(end - 60)
        .end_time(end)
        .send()
        .await
        .unwrap();
    let results = finished(&sdk, started.query_id().unwrap()).await;
    assert_eq!(
        rows(&results),
        [
            "@log=123456789012:h|@message=b1",
            "@log=123456789012:h|@message=b2",
            "@log=123456789012:g|@message=a1",
        ]
    );
}

#[tokio::test]
async fn a_query_that_cannot_be_read_says_where() {
    let world = World::standard();
    let sdk = sdk(&world);
    group_with(&world, &sdk, &["a"]).await;
    let end = now(&world) / 1_000;
    let start = sdk
        .start_query()
        .log_group_name("g")
        .query_string("fields @timestamp | filter x = ");
    let error = start
        .start_time(end - 60)
        .end_time(end)
        .send()
        .await
        .unwrap_err();
    let StartQueryError::MalformedQueryException(malformed) = error.into_service_error() else {
        panic!("another error");
    };
    assert_eq!(
        malformed.meta().message(),
        Some("unexpected symbol found <EOF> at line 1 and position 31")
    );
    let compile = malformed.query_compile_error().unwrap();
    let location = compile.location().unwrap();
    assert_eq!(
        (location.start_char_offset(), location.end_char_offset()),
        (Some(31), Some(31))
    );
}

/// A member, its value as JSON, and the exception's name and words.
type Refusal = (&'static str, &'static str, &'static str, &'static str);

const INVALID: &str = "InvalidParameterException";

/// Changes that make a good request a bad one.
const REFUSALS: &[Refusal] = &[
    (
        "logGroupName",
        r#""x""#,
        "ResourceNotFoundException",
        "log group does not exist",
    ),
    ("logGroupName", "null", INVALID, "Exactly one of"),
    ("logGroupNames", r#"["g"]"#, INVALID, "Exactly one of"),
    ("endTime", "1", INVALID, "before its start"),
    ("startTime", "-1", INVALID, "'startTime'"),
    ("limit", "10001", INVALID, "less than or equal to 10000"),
    (
        "queryString",
        r#""filter @message like /(a{999}){999}/""#,
        "MalformedQueryException",
        "invalid regular expression",
    ),
    (
        "queryString",
        r#""pattern @message""#,
        "NotImplementedException",
        "Logs Insights' `pattern` is not implemented",
    ),
    (
        "queryLanguage",
        r#""SQL""#,
        "NotImplementedException",
        "query language",
    ),
];

#[tokio::test]
async fn requests_that_make_no_sense_are_refused() {
    let world = World::standard();
    let sdk = sdk(&world);
    group_with(&world, &sdk, &["a"]).await;
    let end = now(&world) / 1_000;
    let ok = json!({"logGroupName": "g", "startTime": end - 60, "endTime": end, "queryString": "limit 1"});
    assert_eq!(call(&world, "StartQuery", &ok).status, 200);
    for (member, value, name, message) in REFUSALS {
        let mut body = ok.clone();
        body[member] = serde_json::from_str(value).unwrap();
        let (seen, text) = call(&world, "StartQuery", &body).error();
        assert_eq!(seen, *name, "{member}: {text}");
        assert!(text.contains(message), "{member}: {text}");
    }
    let mut long = ok.clone();
    long["queryString"] = json!("x".repeat(10_001));
    assert_eq!(call(&world, "StartQuery", &long).error().0, INVALID);
    let mut long_ago = ok.clone();
    (long_ago["startTime"], long_ago["endTime"]) = (json!(0), json!(60));
    let (name, text) = call(&world, "StartQuery", &long_ago).error();
    assert_eq!(name, "MalformedQueryException");
    assert!(
        text.contains("before the log groups creation time"),
        "{text}"
    );
}

#[tokio::test]
async fn a_hostile_expression_stalls_nobody_and_can_be_stopped() {
    let world = World::standard();
    let sdk = sdk(&world);
    let line = "a".repeat(100_000);
    let lines = vec![line.as_str(); 9];
    group_with(&world, &sdk, &lines).await;
    let end = now(&world) / 1_000;
    let mut ids = Vec::new();
    for _ in 0..4 {
        let start = sdk.start_query().log_group_name("g");
        let start = start
            .query_string(r"filter @message like /^(a?){40}(a*)*b$/ or @message like /(x+x+)+y/");
        let started = start
            .start_time(end - 60)
            .end_time(end)
            .send()
            .await
            .unwrap();
        ids.push(started.query_id().unwrap().to_owned());
    }
    // Others are answered meanwhile.
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    for id in ids {
        let stopped = sdk.stop_query().query_id(&id).send().await;
        let expected = if stopped.is_ok() {
            QueryStatus::Cancelled
        } else {
            QueryStatus::Complete
        };
        let results = finished(&sdk, &id).await;
        assert_eq!(results.status(), Some(&expected));
    }
}
