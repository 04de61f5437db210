//! Groups, streams, tags and the front door (COGNITO.md 7.2).

use serde_json::json;

use super::client::{call, create, group_with, sdk};
use crate::wire::send;
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

/// An operation, its request, and the exception's name and words.
type Refusal = (&'static str, &'static str, &'static str, &'static str);

const EXISTS: &str = "ResourceAlreadyExistsException";
const INVALID: &str = "InvalidParameterException";
const MISSING: &str = "ResourceNotFoundException";
const NO_GROUP: &str = "The specified log group does not exist.";
const NO_STREAM: &str = "The specified log stream does not exist.";

/// Where there is a group `g` with a stream `s`.
const REFUSALS: &[Refusal] = &[
    (
        "CreateLogGroup",
        r#"{"logGroupName":"g"}"#,
        EXISTS,
        "The specified log group already exists",
    ),
    (
        "CreateLogStream",
        r#"{"logGroupName":"g","logStreamName":"s"}"#,
        EXISTS,
        "The specified log stream already exists",
    ),
    (
        "CreateLogGroup",
        r#"{"logGroupName":"a b"}"#,
        INVALID,
        r"pattern: [\.\-_/#A-Za-z0-9]+",
    ),
    (
        "CreateLogGroup",
        "{}",
        INVALID,
        "Value null at 'logGroupName'",
    ),
    (
        "CreateLogGroup",
        r#"{"logGroupName":1}"#,
        "SerializationException",
        "expected a string",
    ),
    (
        "DeleteLogGroup",
        r#"{"logGroupName":"x"}"#,
        MISSING,
        NO_GROUP,
    ),
    (
        "DeleteLogStream",
        r#"{"logGroupName":"g","logStreamName":"x"}"#,
        MISSING,
        NO_STREAM,
    ),
    (
        "DescribeLogStreams",
        r#"{"logGroupName":"x"}"#,
        MISSING,
        NO_GROUP,
    ),
    (
        "DescribeLogStreams",
        r#"{"logGroupIdentifier":"arn:aws:logs:us-east-1:1:log-group:g:*"}"#,
        INVALID,
        "Value at 'logGroupIdentifier' failed",
    ),
    (
        "DescribeLogStreams",
        r#"{"logGroupName":"g","limit":51}"#,
        INVALID,
        "less than or equal to 50",
    ),
    (
        "PutRetentionPolicy",
        r#"{"logGroupName":"g","retentionInDays":2}"#,
        INVALID,
        "enum value set: [1, 3, 5,",
    ),
    (
        "PutLogEvents",
        r#"{"logGroupName":"g","logStreamName":"x","logEvents":[{"timestamp":1,"message":"m"}]}"#,
        MISSING,
        NO_STREAM,
    ),
    (
        "GetLogEvents",
        r#"{"logGroupName":"g","logStreamName":"s","nextToken":"x"}"#,
        INVALID,
        "nextToken is invalid",
    ),
    (
        "FilterLogEvents",
        r#"{"logGroupName":"g","filterPattern":"a-b"}"#,
        INVALID,
        "Invalid character(s) in term 'a-b'",
    ),
    (
        "FilterLogEvents",
        r#"{"logGroupName":"g","logStreamNames":["x"]}"#,
        MISSING,
        NO_STREAM,
    ),
    (
        "GetQueryResults",
        r#"{"queryId":"x"}"#,
        MISSING,
        "query does not exist",
    ),
    (
        "TagResource",
        r#"{"resourceArn":"arn:aws:s3:::b","tags":{}}"#,
        INVALID,
        "not one of a log group",
    ),
    (
        "PutMetricFilter",
        "{}",
        "NotImplementedException",
        "The operation PutMetricFilter of CloudWatch Logs is not implemented",
    ),
];

#[test]
fn errors_have_the_names_and_words_of_aws() {
    let world = World::standard();
    let group = json!({"logGroupName": "g"});
    assert_eq!(call(&world, "CreateLogGroup", &group).status, 200);
    let stream = json!({"logGroupName": "g", "logStreamName": "s"});
    assert_eq!(call(&world, "CreateLogStream", &stream).body, "");
    for (operation, body, name, message) in REFUSALS {
        let body = serde_json::from_str(body).unwrap();
        let (seen, text) = call(&world, operation, &body).error();
        assert_eq!(seen, *name, "{operation} {body}: {text}");
        assert!(text.contains(message), "{operation} {body}: {text}");
    }
}

#[test]
fn a_request_needs_a_signature() {
    let world = World::standard();
    let target = "X-Amz-Target: Logs_20140328.DescribeLogGroups\r\n";
    let reply = send(&world.emulator.endpoint(), "POST", "/", target, b"{}");
    assert_eq!(reply.error().0, "MissingAuthenticationTokenException");
}
