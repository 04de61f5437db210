//! CloudTrail's events of calls (CAUSES.md, evidence source 2).

use std::time::Duration;

use jiff::Timestamp;
use reverify::control::{Effect, Fault, Moment, TrailSettings};
use reverify::emulator::Starting;
use serde_json::{Value, json};

use crate::controlled::Controlled;
use crate::wire::{answer, send};
use crate::world::World;

const GROUP: &str = "aws-cloudtrail-logs";
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// The standard pool, with a trail from the start.
fn world() -> World {
    let seed = format!(
        "[[user_pool]]\nPoolName = \"p\"\nAutoVerifiedAttributes = [\"email\"]\n\
         [[user_pool.client]]\nClientName = \"c\"\n\
         [cloudtrail]\nlog_group = \"{GROUP}\"\n"
    );
    World::of(Starting::from_toml(&seed).unwrap())
}

/// The events in the log group, oldest first.
fn events(world: &World) -> Vec<Value> {
    let messages = world.log_messages(GROUP);
    let event = |message: &String| serde_json::from_str(message).unwrap();
    messages.iter().map(event).collect()
}

#[test]
fn a_call_leaves_an_event_that_its_answer_can_be_joined_to() {
    let world = world();
    let answer = world.sign_up("ada", "ada@example.com");
    let sub = answer.json()["UserSub"].clone();
    let ada = json!({"UserPoolId": "POOL", "Username": "ada"});
    let deletion = world.call("AdminDeleteUser", &ada);
    let missing = world.call("AdminGetUser", &ada);
    let [sign_up, delete, get] = events(&world).try_into().unwrap();

    assert_eq!(
        sign_up["requestParameters"],
        json!({
            "clientId": world.client, "username": HIDDEN, "password": HIDDEN,
            "userAttributes": HIDDEN,
        })
    );
    assert_eq!(
        sign_up["userIdentity"],
        json!({
            "type": "IAMUser", "principalId": "test", "accountId": "123456789012",
            "arn": "arn:aws:iam::123456789012:user/test", "accessKeyId": "test",
            "userName": "test",
        })
    );
    assert_eq!(
        delete["requestParameters"],
        json!({
            "userPoolId": world.pool, "username": HIDDEN,
        })
    );
    for (event, reply, name, read_only) in [
        (&sign_up, &answer, "SignUp", false),
        (&delete, &deletion, "AdminDeleteUser", false),
        (&get, &missing, "AdminGetUser", true),
    ] {
        assert_eq!(event["eventSource"], "cognito-idp.amazonaws.com");
        assert_eq!(event["eventName"], name);
        assert_eq!(
            event["requestID"],
            reply.header("x-amzn-requestid").unwrap()
        );
        assert_eq!(event["awsRegion"], "us-east-1");
        assert_eq!(event["sourceIPAddress"], "127.0.0.1");
        assert_eq!(event["eventType"], "AwsApiCall");
        assert_eq!(event["recipientAccountId"], "123456789012");
        assert_eq!(event["readOnly"], read_only, "{name}");
        assert_eq!(event["responseElements"], Value::Null);
        let time: Timestamp = event["eventTime"].as_str().unwrap().parse().unwrap();
        assert_eq!(time.subsec_nanosecond(), 0);
    }
    // The user is named by its sub alone, before and after its deletion.
    assert_eq!(sign_up["additionalEventData"], json!({"sub": sub}));
    assert_eq!(delete["additionalEventData"], json!({"sub": sub}));
    assert_eq!(sign_up.get("errorCode"), None);
    assert_eq!(get["errorCode"], "UserNotFoundException");
    assert_eq!(get["errorMessage"], "User does not exist.");
    assert_eq!(get.get("additionalEventData"), None);
    let text = events(&world)
        .iter()
        .map(Value::to_string)
        .collect::<String>();
    for secret in ["ada@example.com", "Passw0rd!", "\"ada\""] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// What manages SES and CloudWatch Logs is recorded; mails and log events are data, and are not.
#[test]
fn calls_of_the_services_around_are_recorded_too() {
    let world = world();
    let endpoint = world.emulator.endpoint();
    let signed = "Authorization: AWS4-HMAC-SHA256 Credential=test\r\n";
    let account = "/v2/email/account";
    let read = send(&endpoint, "GET", account, signed, b"");
    let missing = "/v2/email/configuration-sets/none";
    let refused = send(&endpoint, "DELETE", missing, signed, b"");
    send(
        &endpoint,
        "POST",
        "/v2/email/outbound-emails",
        signed,
        b"{}",
    );
    let of_logs = |operation: &str, body: &[u8]| {
        let headers = format!("{signed}X-Amz-Target: Logs_20140328.{operation}\r\n");
        send(&endpoint, "POST", "/", &headers, body)
    };
    let made = of_logs("CreateLogGroup", br#"{"logGroupName":"a"}"#);
    of_logs(
        "PutLogEvents",
        br#"{"logGroupName":"a","logStreamName":"b","logEvents":[]}"#,
    );
    let events = events(&world);
    let expected = [
        ("ses", "GetAccount", true, &read),
        ("ses", "DeleteConfigurationSet", false, &refused),
        ("logs", "CreateLogGroup", false, &made),
    ];
    assert_eq!(events.len(), expected.len(), "{events:#?}");
    for (event, (service, name, read_only, reply)) in events.iter().zip(expected) {
        assert_eq!(event["eventSource"], format!("{service}.amazonaws.com"));
        assert_eq!(event["eventName"], name);
        assert_eq!(event["readOnly"], read_only);
        assert_eq!(event["userIdentity"]["userName"], "test");
        let id = reply.header("x-amzn-requestid").unwrap();
        assert_eq!(event["requestID"], id);
    }
    assert_eq!(events[1]["errorCode"], "NotFoundException");
    assert_eq!(events[0].get("errorCode"), None);
}

#[test]
fn an_unsigned_call_has_no_caller_and_a_cut_one_still_happened() {
    let world = world();
    let control = Controlled::of(&world);
    let endpoint = world.emulator.endpoint();
    let unsigned = "X-Amz-Target: AWSCognitoIdentityProviderService.ForgotPassword\r\n\
                    User-Agent: a-client/1.0\r\n";
    let body = json!({"ClientId": world.client, "Username": "ada"}).to_string();
    send(&endpoint, "POST", "/", unsigned, body.as_bytes());
    for when in [Moment::Before, Moment::After] {
        control.inject(&Fault::new(Effect::CutConnection { when }).times(1));
        let ada = json!({"UserPoolId": world.pool, "Username": "ada"});
        assert_eq!(answer(&endpoint, "AdminGetUser", &ada), "", "{when:?}");
    }
    let [forgot, cut] = events(&world).try_into().unwrap();
    let anonymous = json!({"type": "Unknown", "principalId": "Anonymous"});
    assert_eq!(forgot["userIdentity"], anonymous);
    assert_eq!(forgot["userAgent"], "a-client/1.0");
    assert_eq!(forgot["errorCode"], "UserNotFoundException");
    assert_eq!(cut["eventName"], "AdminGetUser");
}

#[test]
fn events_come_late_when_the_trail_or_the_log_is_slow() {
    let world = world();
    let control = Controlled::of(&world);
    let trail = |delay_seconds| TrailSettings {
        log_group: Some(GROUP.to_owned()),
        delay_seconds,
    };
    control.wait(control.client.set_trail(&trail(300))).unwrap();
    world.admin_get_user("ada");
    control.advance(Duration::from_secs(299));
    assert_eq!(events(&world).len(), 0);
    control.advance(Duration::from_secs(1));
    assert_eq!(events(&world).len(), 1);

    control.wait(control.client.set_trail(&trail(0))).unwrap();
    let lag = Effect::DelayLogs {
        seconds: 60,
        log_group: Some("aws-*".parse().unwrap()),
    };
    control.inject(&Fault::new(lag));
    world.admin_get_user("bob");
    assert_eq!(events(&world).len(), 1);
    control.advance(Duration::from_mins(1));
    assert_eq!(events(&world).len(), 2);

    control
        .wait(control.client.set_trail(&TrailSettings::default()))
        .unwrap();
    world.admin_get_user("eve");
    control.advance(Duration::from_mins(1));
    assert_eq!(events(&world).len(), 2);
    let bad = control.raw("PUT", "cloudtrail", r#"{"log_group":"a b"}"#);
    assert!(bad.status == 400 && bad.body.contains("`a b`"), "{bad:?}");
}
