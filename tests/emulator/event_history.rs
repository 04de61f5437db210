//! CloudTrail's event history (CAUSES.md, evidence source 2), by the SDK and on the wire.

use std::time::Duration;

use aws_sdk_cloudtrail as cloudtrail;
use cloudtrail::config::retry::RetryConfig;
use cloudtrail::config::{BehaviorVersion, Credentials, Region};
use cloudtrail::error::ProvideErrorMetadata as _;
use cloudtrail::primitives::DateTime;
use cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use jiff::{SignedDuration, Timestamp};
use reverify::control::{Quotas, TrailSettings};
use reverify::model::Clock as _;
use serde_json::{Value, json};

use crate::controlled::Controlled;
use crate::wire::{Reply, SIGNED, send};
use crate::world::World;

pub(crate) fn sdk(world: &World) -> cloudtrail::Client {
    let config = cloudtrail::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(world.emulator.endpoint())
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    cloudtrail::Client::from_conf(config)
}

fn attribute(key: &str, value: &str) -> LookupAttribute {
    let attribute = LookupAttribute::builder().attribute_value(value);
    let attribute = attribute.attribute_key(LookupAttributeKey::from(key));
    attribute.build().unwrap()
}

/// The names of the events with this attribute, newest first.
async fn named(sdk: &cloudtrail::Client, key: &str, value: &str) -> Vec<String> {
    let found = sdk.lookup_events();
    let found = found.lookup_attributes(attribute(key, value)).send().await;
    names(found.unwrap().events())
}

fn names(events: &[Event]) -> Vec<String> {
    let name = |event: &Event| event.event_name().unwrap().to_owned();
    events.iter().map(name).collect()
}

/// The same request as bytes.
fn look_up(world: &World, body: &Value) -> Reply {
    let headers = format!("X-Amz-Target: CloudTrail_20131101.LookupEvents\r\n{SIGNED}");
    let body = body.to_string();
    send(
        &world.emulator.endpoint(),
        "POST",
        "/",
        &headers,
        body.as_bytes(),
    )
}

#[tokio::test]
async fn an_event_is_found_by_each_attribute_and_hides_what_is_private() {
    let world = World::standard();
    let sdk = sdk(&world);
    let sub = world.sign_up("ada", "ada@example.com").json()["UserSub"].clone();
    let refused = world.admin_get_user("bob");
    let events = sdk.lookup_events().send().await.unwrap();
    assert_eq!(names(events.events()), ["AdminGetUser", "SignUp"]);
    assert_eq!(events.next_token(), None);

    let [get, sign_up] = events.events() else {
        panic!("{events:?}")
    };
    assert_eq!(sign_up.event_source(), Some("cognito-idp.amazonaws.com"));
    assert_eq!(sign_up.read_only(), Some("false"));
    assert_eq!(get.read_only(), Some("true"));
    assert_eq!(sign_up.username(), Some("test"));
    assert_eq!(sign_up.access_key_id(), Some("test"));
    let now = world.clock.now().as_second();
    assert_eq!(sign_up.event_time(), Some(&DateTime::from_secs(now)));
    let text = sign_up.cloud_trail_event().unwrap();
    let event: Value = serde_json::from_str(text).unwrap();
    assert_eq!(event["additionalEventData"]["sub"], sub);
    assert_eq!(event["eventID"], sign_up.event_id().unwrap());
    let hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";
    assert_eq!(event["requestParameters"]["clientId"], world.client);
    for member in ["username", "password", "userAttributes"] {
        assert_eq!(event["requestParameters"][member], hidden);
    }
    for private in ["ada@example.com", "Passw0rd!", "\"ada\""] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    let event: Value = serde_json::from_str(get.cloud_trail_event().unwrap()).unwrap();
    assert_eq!(event["errorCode"], "UserNotFoundException");
    let id = refused.header("x-amzn-requestid").unwrap();
    assert_eq!(event["requestID"], id);

    let id = sign_up.event_id().unwrap();
    for (key, value) in [
        ("EventId", id),
        ("EventName", "SignUp"),
        ("ReadOnly", "false"),
    ] {
        assert_eq!(named(&sdk, key, value).await, ["SignUp"], "{key}");
    }
    let source = "cognito-idp.amazonaws.com";
    let found = named(&sdk, "EventSource", source).await;
    assert_eq!(found, ["AdminGetUser", "SignUp"]);
    // Looking up is a call of its own, and reads.
    for (key, value) in [
        ("Username", "test"),
        ("AccessKeyId", "test"),
        ("ReadOnly", "true"),
    ] {
        let found = named(&sdk, key, value).await;
        assert_eq!(found.first().unwrap(), "LookupEvents", "{key}");
        assert!(found.iter().any(|name| name == "AdminGetUser"), "{key}");
    }
    for (key, value) in [
        ("EventName", "signup"),
        ("Username", "ada"),
        ("ResourceName", &world.pool),
        ("ResourceType", "AWS::Cognito::UserPool"),
    ] {
        assert_eq!(named(&sdk, key, value).await, [""; 0], "{key}={value}");
    }
}

#[tokio::test]
async fn pages_show_every_event_once_whatever_is_called_meanwhile() {
    let world = World::standard();
    let sdk = sdk(&world);
    for number in 0..7 {
        world.admin_get_user(&format!("user{number}"));
        if number % 2 == 0 {
            world.clock.advance(SignedDuration::from_secs(1));
        }
    }
    let page = |token: Option<String>| {
        let request = sdk.lookup_events().max_results(3).set_next_token(token);
        let get = attribute("EventName", "AdminGetUser");
        request.lookup_attributes(get).send()
    };
    let (mut token, mut ids, mut pages) = (None, Vec::new(), 0);
    loop {
        let answer = page(token).await.unwrap();
        let id = |event: &Event| event.event_id().unwrap().to_owned();
        ids.extend(answer.events().iter().map(id));
        token = answer.next_token().map(str::to_owned);
        pages += 1;
        if token.is_none() {
            break;
        }
        world.admin_get_user("meanwhile");
    }
    assert_eq!((ids.len(), pages), (7, 3));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 7);

    // A token belongs to the parameters that it was given out for.
    let token = page(None).await.unwrap().next_token().unwrap().to_owned();
    let other = sdk.lookup_events().next_token(&token).send().await;
    let other = other.unwrap_err().into_service_error();
    assert_eq!(other.code(), Some("InvalidNextTokenException"));
}

#[tokio::test]
async fn a_range_of_time_counts_whole_seconds_and_both_ends() {
    let world = World::standard();
    let sdk = sdk(&world);
    let start: Timestamp = "2040-01-01T00:00:00.9Z".parse().unwrap();
    world.clock.advance(start.duration_since(world.clock.now()));
    for _ in 0..3 {
        world.admin_get_user("ada");
        world.clock.advance(SignedDuration::from_secs(1));
    }
    let first = start.as_second();
    let precise = |millis: i64| DateTime::from_millis(first * 1_000 + millis);
    for (from, to, found) in [
        (None, None, 3),
        (Some(precise(0)), None, 3),
        // The event says :00, though the call was made at :00.9.
        (Some(precise(500)), None, 2),
        (Some(precise(1_000)), Some(precise(1_000)), 1),
        (None, Some(precise(1_999)), 2),
        (Some(precise(2_001)), None, 0),
    ] {
        let request = sdk
            .lookup_events()
            .set_start_time(from)
            .set_end_time(to)
            .lookup_attributes(attribute("EventName", "AdminGetUser"));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.events().len(), found, "{from:?} {to:?}");
    }
}

#[test]
fn events_are_seen_late_if_so_set_and_kept_for_ninety_days() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let found = || {
        let reads = json!([{"AttributeKey": "EventName", "AttributeValue": "AdminGetUser"}]);
        let answer = look_up(&world, &json!({"LookupAttributes": reads})).json();
        answer["Events"].as_array().unwrap().len()
    };
    let late = TrailSettings {
        log_group: None,
        delay_seconds: 300,
    };
    control.wait(control.client.set_trail(&late)).unwrap();
    world.admin_get_user("ada");
    control.advance(Duration::from_secs(299));
    assert_eq!(found(), 0);
    control.advance(Duration::from_secs(1));
    assert_eq!(found(), 1);
    let state = control.wait(control.client.trail()).unwrap();
    assert_eq!((state.delay_seconds, state.dropped_events), (300, 0));
    assert!(state.events >= 1 && state.events < state.events_max);

    let day = Duration::from_hours(24);
    control.advance(day * 89);
    control.advance(Duration::from_mins(24 * 60 - 5));
    assert_eq!(found(), 1);
    control.advance(Duration::from_secs(1));
    assert_eq!(found(), 0);

    world.admin_get_user("ada");
    control.reset();
    assert_eq!(control.wait(control.client.trail()).unwrap().events, 0);
}

#[test]
fn two_look_ups_a_second_are_answered_where_quotas_are_those_of_aws() {
    let world = World::standard();
    let control = Controlled::of(&world);
    let ask = || look_up(&world, &json!({})).status;
    assert_eq!([ask(), ask(), ask(), ask()], [200; 4]);
    control.set_quotas(&Quotas::aws());
    assert_eq!([ask(), ask()], [200; 2]);
    let refused = look_up(&world, &json!({}));
    let throttled = ("ThrottlingException".into(), "Rate exceeded".into());
    assert_eq!((refused.status, refused.error()), (400, throttled));
    control.advance(Duration::from_secs(1));
    assert_eq!(ask(), 200);
}
