//! Logs Insights through the SDK: states, results, statistics and mistakes.

use aws_sdk_cloudwatchlogs::types::QueryStatus;

use super::client::{finished, group_with, now, put, query, rows, sdk};
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
