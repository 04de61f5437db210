//! Which pools may have senders.

use serde_json::{Value, json};

use super::fixture::{KEY_ARN, KEY_ID, Senders, arn};

const ALIAS_ARN: &str = "arn:aws:kms:us-east-1:123456789012:alias/shop";

fn config(trigger: &str, key: &Value) -> Value {
    json!({
        trigger: {"LambdaVersion": "V1_0", "LambdaArn": arn("send")},
        "KMSKeyID": key,
    })
}

#[test]
fn a_pool_shows_its_senders() {
    let senders = Senders::new("");
    for trigger in ["CustomEmailSender", "CustomSMSSender"] {
        for key in [KEY_ARN, ALIAS_ARN] {
            let config = config(trigger, &json!(key));
            let body = json!({"PoolName": "q", "LambdaConfig": config});
            let made = senders.call("CreateUserPool", &body);
            assert_eq!(made["UserPool"]["LambdaConfig"], config);
        }
    }
}

/// AWS makes a grant for the key; its words are not recorded \[U\].
#[test]
fn a_pool_with_a_sender_has_a_usable_key() {
    let senders = Senders::new("");
    let elsewhere = KEY_ARN.replace("us-east-1", "eu-west-1");
    let missing = KEY_ARN.replace("1234abcd", "00000000");
    let cases = [
        (
            Value::Null,
            "KMSKeyID is required when CustomEmailSender or CustomSMSSender is configured."
                .to_owned(),
        ),
        (json!(missing), format!("Key '{missing}' does not exist")),
        (
            json!(elsewhere),
            format!("Key '{elsewhere}' does not exist"),
        ),
        (
            json!(format!("{ALIAS_ARN}s")),
            format!("Alias {ALIAS_ARN}s is not found."),
        ),
    ];
    let refused = |key: &Value, expected: &str| {
        for (operation, name) in [
            ("CreateUserPool", "PoolName"),
            ("UpdateUserPool", "UserPoolId"),
        ] {
            let mut body = json!({name: "POOL"});
            body["LambdaConfig"] = config("CustomSMSSender", key);
            let reply = senders.world.call(operation, &body);
            let error = ("InvalidParameterException".to_owned(), expected.to_owned());
            assert_eq!(reply.error(), error, "{operation} {key}");
        }
    };
    for (key, expected) in cases {
        refused(&key, &expected);
    }
    senders.kms("DisableKey", &json!({"KeyId": KEY_ID}));
    refused(&json!(KEY_ARN), &format!("{KEY_ARN} is disabled."));
    // A key without a sender is not looked at.
    let body = json!({"PoolName": "q", "LambdaConfig": {"KMSKeyID": missing}});
    senders.call("CreateUserPool", &body);
}

#[test]
fn a_sender_has_the_one_version() {
    let senders = Senders::new("");
    let mut config = config("CustomEmailSender", &json!(KEY_ARN));
    config["CustomEmailSender"]["LambdaVersion"] = json!("V2_0");
    let body = json!({"PoolName": "q", "LambdaConfig": config});
    let reply = senders.world.call("CreateUserPool", &body);
    let (name, message) = reply.error();
    assert_eq!(name, "InvalidParameterException");
    assert!(message.contains("enum value set: [V1_0]"), "{message}");
}

/// A reset brings the seed file's keys back, and the pools that need them.
#[test]
fn a_reset_brings_the_keys_back() {
    let senders = Senders::new("AutoVerifiedAttributes = [\"email\"]");
    senders.kms("DisableKey", &json!({"KeyId": KEY_ID}));
    senders.kms("CreateKey", &json!({}));
    let endpoint = senders.world.emulator.endpoint();
    let reset = crate::wire::send(&endpoint, "POST", "/_reverify/v1/reset", "", b"");
    assert_eq!(reset.status, 200, "{reset:?}");
    let keys = senders.kms("ListKeys", &json!({})).json();
    assert_eq!(
        keys,
        json!({"Keys": [{"KeyId": KEY_ID, "KeyArn": KEY_ARN}], "Truncated": false})
    );
    senders.world.sign_up("ada", "ada@example.com");
    let (_, code) = senders.next();
    assert_eq!(senders.world.confirm("ada", &code).status, 200);
}
