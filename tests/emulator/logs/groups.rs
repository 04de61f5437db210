//! Groups, streams, tags and the front door (COGNITO.md 7.2).

use serde_json::json;

use super::client::{call, create, group_with, sdk};
use crate::world::World;

#[tokio::test]
async fn groups_and_streams_come_and_go() {
    let world = World::standard();
    let sdk = sdk(&world);
    for (group, stream) in [("/a/one", "s1"), ("/a/two", "s1"), ("/b/one", "s1")] {
        create(&sdk, group, stream).await;
    }
    let described = sdk
        .describe_log_groups()
        .log_group_name_prefix("/a/")
        .send()
        .await
        .unwrap();
    let group = &described.log_groups()[0];
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/a/one";
    assert_eq!(group.arn(), Some(&*format!("{arn}:*")));
    assert_eq!(group.log_group_arn(), Some(arn));
    assert_eq!(described.log_groups().len(), 2);

    let pages = sdk
        .describe_log_groups()
        .limit(1)
        .into_paginator()
        .items()
        .send();
    let names: Vec<_> = pages.collect::<Result<Vec<_>, _>>().await.unwrap();
    assert_eq!(names.len(), 3);

    let streams = sdk
        .describe_log_streams()
        .log_group_identifier(arn)
        .send()
        .await
        .unwrap();
    let stream = &streams.log_streams()[0];
    assert_eq!(stream.arn(), Some(&*format!("{arn}:log-stream:s1")));
    assert_eq!(stream.last_event_timestamp(), None);

    sdk.delete_log_stream()
        .log_group_name("/a/one")
        .log_stream_name("s1")
        .send()
        .await
        .unwrap();
    sdk.delete_log_group()
        .log_group_name("/a/two")
        .send()
        .await
        .unwrap();
    let left = sdk
        .describe_log_groups()
        .log_group_name_pattern("one")
        .send()
        .await
        .unwrap();
    assert_eq!(left.log_groups().len(), 2);
    let none = sdk
        .describe_log_streams()
        .log_group_name("/a/one")
        .send()
        .await
        .unwrap();
    assert!(none.log_streams().is_empty());
}

#[tokio::test]
async fn streams_are_listed_by_name_or_by_their_last_event() {
    let world = World::standard();
    let sdk = sdk(&world);
    group_with(&world, &sdk, &["newest"]).await;
    for stream in ["a", "z"] {
        let request = sdk
            .create_log_stream()
            .log_group_name("g")
            .log_stream_name(stream);
        request.send().await.unwrap();
    }
    let by_time =
        json!({"logGroupName": "g", "orderBy": "LastEventTime", "descending": true, "limit": 1});
    let page = call(&world, "DescribeLogStreams", &by_time).json();
    assert_eq!(page["logStreams"][0]["logStreamName"], "s");
    let next = json!({"logGroupName": "g", "nextToken": "a", "limit": 1});
    let page = call(&world, "DescribeLogStreams", &next).json();
    assert_eq!(
        (&page["logStreams"][0]["logStreamName"], &page["nextToken"]),
        (&json!("s"), &json!("s"))
    );
}

#[tokio::test]
async fn tags_are_kept() {
    let world = World::standard();
    let sdk = sdk(&world);
    let create = sdk
        .create_log_group()
        .log_group_name("g")
        .tags("team", "mail");
    create.send().await.unwrap();
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:g";
    sdk.tag_resource()
        .resource_arn(arn)
        .tags("stage", "test")
        .send()
        .await
        .unwrap();
    sdk.untag_resource()
        .resource_arn(arn)
        .tag_keys("team")
        .send()
        .await
        .unwrap();
    let listed = sdk
        .list_tags_for_resource()
        .resource_arn(arn)
        .send()
        .await
        .unwrap();
    let tags: Vec<_> = listed.tags().unwrap().iter().collect();
    assert_eq!(tags, [(&"stage".to_owned(), &"test".to_owned())]);
}
