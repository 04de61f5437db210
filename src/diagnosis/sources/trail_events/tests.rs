//! Events of the trail, and the time from which on they are asked for.

use super::super::log::tests::{case, line};
use super::*;
use crate::diagnosis::{EmailSettings, PoolSnapshot, Reply, Source};

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn an_event_is_read_member_by_member() {
    let text = r#"{"eventVersion":"1.10","userIdentity":{"type":"Unknown","arn":"arn:ada"},
        "eventTime":"2026-03-01T12:00:05Z","eventSource":"cognito-idp.amazonaws.com","eventName":"SignUp",
        "sourceIPAddress":"192.0.2.1","errorCode":"LimitExceededException","errorMessage":"Exceeded",
        "requestParameters":{"userPoolId":"p","username":["hidden"]},"additionalEventData":{"sub":"s","other":[1]},"requestID":"r"}"#;
    let text_of = |text: &str| Some(text.to_owned());
    let expected = TrailEvent {
        at: time("2026-03-01T12:00:05Z"),
        source: COGNITO.to_owned(),
        name: "SignUp".to_owned(),
        error_code: text_of("LimitExceededException"),
        error_message: text_of("Exceeded"),
        sub: Some(UserSub::new("s")),
        user_pool_id: Some(UserPoolId::new("p")),
        request_id: text_of("r"),
        source_ip: text_of("192.0.2.1"),
        who: text_of("arn:ada"),
    };
    assert_eq!(event(text, None), Some(expected));
}

#[test]
fn missing_and_empty_members_are_nothing() {
    let text = r#"{"eventSource":"s","eventName":"Signup_POST","errorCode":"","userIdentity":null,"additionalEventData":{},"requestParameters":null}"#;
    let read = parse(&[
        line(5, text),
        line(6, "garbage"),
        line(7, r#"{"eventName":"x"}"#),
    ]);
    assert_eq!((read.found.len(), read.unread), (1, 2));
    let event = &read.found[0];
    assert_eq!(event.at, time("2026-03-01T12:00:05Z"));
    assert_eq!(
        (&event.error_code, &event.sub, &event.who),
        (&None, &None, &None)
    );
    assert_eq!(super::event(text, None), None);
}

#[test]
fn the_day_of_the_quota_begins_at_nine() {
    for (moment, day) in [
        ("2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"),
        ("2026-03-01T08:59:59Z", "2026-02-28T09:00:00Z"),
        ("2026-03-01T23:00:00Z", "2026-03-01T09:00:00Z"),
    ] {
        assert_eq!(quota_day(time(moment)), Some(time(day)), "{moment}");
    }
}

#[test]
fn the_day_is_asked_for_only_where_its_mails_count() {
    let evidence = Evidence::of(case());
    let own = PoolSettings {
        email: EmailSettings {
            own_ses: true,
            ..EmailSettings::default()
        },
        ..PoolSettings::default()
    };
    let story = time("2026-03-01T11:59:00Z");
    let day = time("2026-03-01T09:00:00Z");
    assert_eq!(since(&evidence, Some(&own)), story);
    assert_eq!(since(&evidence, Some(&PoolSettings::default())), day);
    assert_eq!(since(&evidence, None), day);
}

#[test]
fn a_story_that_was_watched_is_asked_for_alone() {
    let call = |reply| Call {
        operation: "SignUp".to_owned(),
        at: time("2026-03-01T12:00:00Z"),
        request_id: None,
        username: None,
        user_pool_id: None,
        client_id: None,
        asked_for_mail: None,
        reply,
    };
    let pool = PoolSettings::default();
    let mut evidence = Evidence::of(case());
    evidence.case.request = Some(0);
    evidence.calls = vec![call(Reply::Unanswered {
        reason: "cut".to_owned(),
    })];
    let story = time("2026-03-01T11:59:00Z");
    assert_eq!(since(&evidence, Some(&pool)), story);
    evidence.pool = Source::from(vec![PoolSnapshot {
        at: time("2026-03-01T11:59:58Z"),
        settings: pool.clone(),
    }]);
    let watched = time("2026-03-01T11:59:56Z");
    assert_eq!(since(&evidence, Some(&pool)), watched);
    evidence.calls = vec![call(Reply::Refused {
        code: "LimitExceededException".to_owned(),
        message: String::new(),
    })];
    let day = time("2026-03-01T09:00:00Z");
    assert_eq!(since(&evidence, Some(&pool)), day);
}

#[test]
fn what_is_wanted_is_what_is_asked_for() {
    let text = query();
    let one = |source: &str, name: &str| TrailEvent {
        at: time("2026-03-01T12:00:00Z"),
        source: source.to_owned(),
        name: name.to_owned(),
        error_code: None,
        error_message: None,
        sub: None,
        user_pool_id: None,
        request_id: None,
        source_ip: None,
        who: None,
    };
    for (source, name, wanted) in [
        (COGNITO, "SignUp", true),
        (COGNITO, "UpdateUserPool", true),
        (COGNITO, "DescribeUserPool", false),
        ("ses.amazonaws.com", "PutAccountSendingAttributes", true),
        ("ses.amazonaws.com", "GetAccount", false),
        ("lambda.amazonaws.com", "UpdateFunctionCode20150331v2", true),
        ("kms.amazonaws.com", "Decrypt", false),
        ("kms.amazonaws.com", "DisableKey", true),
        ("s3.amazonaws.com", "PutObject", false),
    ] {
        assert_eq!(is_wanted(&one(source, name)), wanted, "{name}");
    }
    let refused = TrailEvent {
        error_code: Some("AccessDenied".to_owned()),
        ..one("kms.amazonaws.com", "Decrypt")
    };
    assert!(is_wanted(&refused));
    assert!(
        text.contains("\"SignUp\"") && text.contains("/^(Delete|Put|Set|Update)/"),
        "{text}"
    );
}
