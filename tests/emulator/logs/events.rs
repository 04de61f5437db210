//! Events in and out: limits, pages, tokens and filter patterns (COGNITO.md 7.2).

use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsOutput as Page;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use jiff::SignedDuration;
use serde_json::json;

use super::client::{call, create, group_with, now, put, sdk};
use crate::world::World;

#[tokio::test]
async fn what_is_too_old_or_too_new_is_reported() {
    let world = World::standard();
    let sdk = sdk(&world);
    create(&sdk, "g", "s").await;
    let hour = 3_600_000;
    let times = [-1, hour, 3 * hour].map(|offset| now(&world) + offset);
    let mut request = sdk
        .put_log_events()
        .log_group_name("g")
        .log_stream_name("s");
    for at in times {
        let event = InputLogEvent::builder().timestamp(at).message("m");
        request = request.log_events(event.build().unwrap());
    }
    let answer = request.sequence_token("whatever").send().await.unwrap();
    let rejected = answer.rejected_log_events_info().unwrap();
    assert_eq!(rejected.too_new_log_event_start_index(), Some(2));
    assert_eq!(rejected.too_old_log_event_end_index(), None);
    let kept = sdk
        .filter_log_events()
        .log_group_name("g")
        .send()
        .await
        .unwrap();
    assert_eq!(kept.events().len(), 2);

    let old = now(&world) - 15 * 24 * hour;
    let body = json!({"logGroupName": "g", "logStreamName": "s",
        "logEvents": [{"timestamp": old, "message": "m"}]});
    let answer = call(&world, "PutLogEvents", &body).json();
    assert_eq!(
        answer["rejectedLogEventsInfo"],
        json!({"tooOldLogEventEndIndex": 1})
    );
}

#[tokio::test]
async fn a_whole_batch_is_taken_and_a_larger_one_refused() {
    let world = World::standard();
    let sdk = sdk(&world);
    create(&sdk, "g", "s").await;
    // Escaped as Python writes it: three times its bytes on the wire.
    let message = "\u{e9}".repeat((1024 * 1024 - 26) / 2);
    let escaped = message.replace('\u{e9}', "\\u00e9");
    let body = |text: &str| {
        format!(
            r#"{{"logGroupName":"g","logStreamName":"s","logEvents":[{{"timestamp":{},"message":"{text}"}}]}}"#,
            now(&world)
        )
    };
    let target = format!(
        "X-Amz-Target: Logs_20140328.PutLogEvents\r\n{}",
        crate::wire::SIGNED
    );
    let put = |body: &str| {
        let endpoint = world.emulator.endpoint();
        crate::wire::send(&endpoint, "POST", "/", &target, body.as_bytes())
    };
    assert_eq!(put(&body(&escaped)).status, 200);
    let (name, text) = put(&body(&format!("{escaped}x"))).error();
    assert_eq!(name, "InvalidParameterException");
    assert!(text.contains("too large"), "{text}");
    let read = sdk
        .get_log_events()
        .log_group_name("g")
        .log_stream_name("s");
    assert_eq!(
        read.send().await.unwrap().events()[0].message(),
        Some(&*message)
    );
}

#[tokio::test]
async fn pages_go_forward_and_backward() {
    let world = World::standard();
    let sdk = sdk(&world);
    group_with(&world, &sdk, &["a", "b", "c", "d", "e"]).await;
    let page = |token: Option<String>, from_head: bool| {
        let sdk = sdk.clone();
        async move {
            let request = sdk
                .get_log_events()
                .log_group_name("g")
                .log_stream_name("s")
                .limit(2);
            let request = request.start_from_head(from_head).set_next_token(token);
            let answer = request.send().await.unwrap();
            let texts = answer
                .events()
                .iter()
                .map(|event| event.message().unwrap().to_owned());
            let texts: String = texts.collect();
            let token = |token: Option<&str>| token.unwrap().to_owned();
            (
                texts,
                token(answer.next_forward_token()),
                token(answer.next_backward_token()),
            )
        }
    };
    let (first, forward, _) = page(None, true).await;
    assert_eq!(first, "ab");
    let (second, forward, backward) = page(Some(forward), true).await;
    assert_eq!(second, "cd");
    let (before, ..) = page(Some(backward), true).await;
    assert_eq!(before, "ab");
    let (third, forward, _) = page(Some(forward), true).await;
    assert_eq!(third, "e");
    let (none, same, _) = page(Some(forward.clone()), true).await;
    assert_eq!((none.as_str(), &same), ("", &forward));
    let (newest, ..) = page(None, false).await;
    assert_eq!(newest, "de");

    world.clock.advance(SignedDuration::from_secs(5));
    put(&world, &sdk, "g", "s", &["f"]).await;
    let (later, ..) = page(Some(same), true).await;
    assert_eq!(later, "f");
}

#[tokio::test]
async fn a_filter_searches_streams_times_and_patterns() {
    let world = World::standard();
    let sdk = sdk(&world);
    let lines = ["ERROR one", r#"{"level":"ERROR","n":2}"#, "INFO three"];
    group_with(&world, &sdk, &lines).await;
    let other = sdk
        .create_log_stream()
        .log_group_name("g")
        .log_stream_name("t");
    other.send().await.unwrap();
    put(&world, &sdk, "g", "t", &["ERROR four"]).await;
    let end = now(&world);
    let cases = [
        (
            json!({"filterPattern": "ERROR"}),
            vec!["ERROR one", lines[1], "ERROR four"],
        ),
        (
            json!({"filterPattern": "{ $.level = \"ERROR\" && $.n > 1 }"}),
            vec![lines[1]],
        ),
        (
            json!({"filterPattern": "[level = ERROR, rest]"}),
            vec!["ERROR one", "ERROR four"],
        ),
        (json!({"filterPattern": "%^[A-Z]+ t%"}), vec!["INFO three"]),
        (json!({"logStreamNames": ["t"]}), vec!["ERROR four"]),
        (
            json!({"logStreamNamePrefix": "s", "filterPattern": "-ERROR"}),
            vec!["INFO three"],
        ),
        (
            json!({"startTime": end, "endTime": end}),
            vec!["INFO three", "ERROR four"],
        ),
        (json!({"startTime": end + 1}), vec![]),
        (json!({"startTime": end, "endTime": end - 1}), vec![]),
    ];
    for (mut body, expected) in cases {
        body["logGroupName"] = json!("g");
        let answer = call(&world, "FilterLogEvents", &body).json();
        let events = answer["events"].as_array().unwrap();
        let texts: Vec<_> = events
            .iter()
            .map(|event| event["message"].as_str().unwrap())
            .collect();
        assert_eq!(texts, expected, "{body}");
        assert_eq!(answer["searchedLogStreams"], json!([]));
    }
    let pages = sdk.filter_log_events().log_group_name("g").limit(1);
    let pages = pages.into_paginator().send();
    let pages = pages.collect::<Result<Vec<_>, _>>().await.unwrap();
    let all: Vec<_> = pages.iter().flat_map(Page::events).collect();
    assert_eq!(all.len(), 4);
    assert_eq!(all[3].log_stream_name(), Some("t"));
    assert_eq!(all[0].event_id().map(str::len), Some(56));
}
