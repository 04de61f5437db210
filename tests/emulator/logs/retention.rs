//! What is forgotten: by retention, by the limit, by a reset.

use jiff::SignedDuration;
use reverify::emulator::Starting;
use serde_json::{Value, json};

use super::client::{call, create, group_with, put, sdk};
use crate::wire::send;
use crate::world::World;

fn usage(world: &World) -> Value {
    send(
        &world.emulator.endpoint(),
        "GET",
        "/_reverify/v1/logs",
        "",
        b"",
    )
    .json()
}

#[tokio::test]
async fn events_expire_by_the_clock() {
    let world = World::standard();
    let sdk = sdk(&world);
    group_with(&world, &sdk, &["old"]).await;
    let policy = sdk
        .put_retention_policy()
        .log_group_name("g")
        .retention_in_days(1);
    policy.send().await.unwrap();
    let count = async || {
        let found = sdk
            .filter_log_events()
            .log_group_name("g")
            .send()
            .await
            .unwrap();
        found.events().len()
    };
    assert_eq!(count().await, 1);
    world.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(count().await, 0);
    assert_eq!(usage(&world)["events"], 0);
    sdk.delete_retention_policy()
        .log_group_name("g")
        .send()
        .await
        .unwrap();
    let groups = sdk.describe_log_groups().send().await.unwrap();
    assert_eq!(groups.log_groups()[0].retention_in_days(), None);
}

#[tokio::test]
async fn the_limit_is_told_when_it_is_reached() {
    let world = World::with(Starting::standard(), |settings| {
        settings.limits.log_bytes = 1_000;
    });
    let sdk = sdk(&world);
    for group in ["a", "b"] {
        create(&sdk, group, "s").await;
        put(&world, &sdk, group, "s", &["x".repeat(500).as_str()]).await;
    }
    let seen = usage(&world);
    assert_eq!(
        seen,
        json!({
            "events": 1, "bytes": 526, "dropped_events": 1, "dropped_bytes": 526,
            "log_events_max": 2_000_000, "log_bytes_max": 1_000,
        })
    );
    let oldest = sdk
        .filter_log_events()
        .log_group_name("a")
        .send()
        .await
        .unwrap();
    assert!(oldest.events().is_empty());
}

#[tokio::test]
async fn a_reset_leaves_nothing() {
    let world = World::standard();
    let sdk = sdk(&world);
    group_with(&world, &sdk, &["a"]).await;
    let started = json!({"logGroupName": "g", "startTime": 0, "endTime": super::client::now(&world), "queryString": "limit 1"});
    let id = call(&world, "StartQuery", &started).json()["queryId"].clone();
    let reset = send(
        &world.emulator.endpoint(),
        "POST",
        "/_reverify/v1/reset",
        "",
        b"",
    );
    assert_eq!(reset.status, 200);
    let groups = sdk.describe_log_groups().send().await.unwrap();
    assert!(groups.log_groups().is_empty());
    let (name, _) = call(&world, "GetQueryResults", &json!({"queryId": id})).error();
    assert_eq!(name, "ResourceNotFoundException");
    assert_eq!(usage(&world)["events"], 0);
}
