//! The event as it was recorded (COGNITO.md 6.5 \[R S78\]), and the message in it.

use serde_json::{Value, json};

use super::encryption_sdk::Message;
use super::fixture::{KEY_ARN, Senders};

const SETTINGS: &str = "UsernameAttributes = [\"email\"]\nAutoVerifiedAttributes = [\"email\"]";

fn sign_up(senders: &Senders, metadata: &Value) -> Value {
    let body = json!({
        "ClientId": "CLIENT", "Username": "ada@example.com", "Password": "Passw0rd!",
        "UserAttributes": [], "ClientMetadata": metadata,
    });
    senders.call("SignUp", &body);
    senders.event()
}

#[test]
fn the_event_is_as_recorded() {
    let senders = Senders::new(SETTINGS);
    let mut event = sign_up(&senders, &Value::Null);
    let code = event["request"]["code"].take();
    assert!(code.as_str().unwrap().starts_with("AYADe"), "{code}");
    let sub = event["userName"].clone();
    assert_eq!(
        event,
        json!({
            "version": "1", "triggerSource": "CustomEmailSender_SignUp", "region": "us-east-1",
            "userPoolId": senders.world.pool, "userName": sub,
            "callerContext": {
                "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": senders.world.client,
            },
            "request": {
                "type": "customEmailSenderRequestV1", "code": null, "clientMetadata": null,
                "userAttributes": {
                    "sub": sub, "email_verified": "false", "email": "ada@example.com",
                    "cognito:user_status": "UNCONFIRMED", "cognito:email_alias": "ada@example.com",
                },
            },
        })
    );
}

#[test]
fn metadata_of_the_caller_reaches_the_function() {
    let senders = Senders::new(SETTINGS);
    let event = sign_up(&senders, &json!({"campaign": "spring"}));
    assert_eq!(
        event["request"]["clientMetadata"],
        json!({"campaign": "spring"})
    );
}

/// COGNITO.md 6.5: the recorded header is that of version 1, type 0x80 and suite 0x0378, with 129
/// bytes of encryption context for a pool id of 19 characters.
#[test]
fn the_code_is_a_message_of_the_encryption_sdk() {
    let senders = Senders::new(SETTINGS);
    let event = sign_up(&senders, &Value::Null);
    let message = Message::parse(event["request"]["code"].as_str().unwrap());
    assert_eq!(
        (message.version, message.kind, message.algorithm),
        (1, 0x80, 0x0378)
    );
    assert_eq!(senders.world.pool.len(), 19);
    assert_eq!(message.context_bytes, 129);
    let names: Vec<&String> = message.context.keys().collect();
    assert_eq!(names, ["aws-crypto-public-key", "userpool-id"]);
    assert_eq!(message.context["userpool-id"], senders.world.pool);
    assert_eq!((&*message.provider, &*message.key), ("aws-kms", KEY_ARN));
    let code = senders.secret(&event);
    let confirmed = senders.world.confirm("ada@example.com", &code);
    assert_eq!(confirmed.status, 200);
}

/// What every user of this trigger runs into: the code is no ciphertext of KMS's own, and the data
/// key in it is bound to its pool.
#[test]
fn kms_alone_cannot_decrypt_the_code() {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    let senders = Senders::new(SETTINGS);
    let event = sign_up(&senders, &Value::Null);
    let message = Message::parse(event["request"]["code"].as_str().unwrap());
    let mut elsewhere = message.context.clone();
    elsewhere.insert("userpool-id".to_owned(), "us-east-1_000000000".to_owned());
    let data_key = BASE64_STANDARD.encode(&message.data_key);
    for body in [
        json!({"CiphertextBlob": event["request"]["code"]}),
        json!({"CiphertextBlob": data_key}),
        json!({"CiphertextBlob": data_key, "EncryptionContext": elsewhere}),
    ] {
        let refused = senders.kms("Decrypt", &body);
        assert_eq!(
            (refused.status, refused.body.as_str()),
            (400, r#"{"__type":"InvalidCiphertextException"}"#)
        );
    }
}
