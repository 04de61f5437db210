//! What goes wrong before a function runs: no caller is told (COGNITO.md 6.1 \[D\]).

use serde_json::{Value, json};

use super::fixture::{KEY_ARN, KEY_ID, Senders, arn, sender};

const EMAIL: &str = "AutoVerifiedAttributes = [\"email\"]";

/// The trail's events of KMS: operation, who asked, and the error.
fn trail(senders: &Senders) -> Vec<(String, Value, Value)> {
    let messages = senders.world.log_messages("trail").into_iter();
    let events = messages.map(|message| serde_json::from_str::<Value>(&message).unwrap());
    let of_kms = events.filter(|event| event["eventSource"] == "kms.amazonaws.com");
    let shown = of_kms.map(|event| {
        let name = event["eventName"].as_str().unwrap().to_owned();
        let caller = event["userIdentity"]["invokedBy"].clone();
        (name, caller, event["errorCode"].clone())
    });
    shown.collect()
}

/// CAUSES.md `custom-email-sender-kms`.
#[test]
fn a_disabled_key_stops_the_mails_and_not_the_sign_ups() {
    let senders = Senders::new(EMAIL);
    senders.log_notifications();
    let key = json!({"KeyId": KEY_ID});
    assert_eq!(senders.kms("DisableKey", &key).status, 200);
    assert_eq!(senders.world.sign_up("ada", "ada@example.com").status, 200);
    senders.assert_no_event();
    let expected = format!("the code was not encrypted: {KEY_ARN} is disabled.");
    assert_eq!(senders.notifications(), [expected]);

    assert_eq!(senders.kms("EnableKey", &key).status, 200);
    let resend = json!({"ClientId": "CLIENT", "Username": "ada"});
    senders.call("ResendConfirmationCode", &resend);
    let (_, code) = senders.next();
    assert_eq!(senders.world.confirm("ada", &code).status, 200);

    let cognito = json!("cognito-idp.amazonaws.com");
    let events = trail(&senders);
    let by_cognito: Vec<_> = events.iter().filter(|event| event.1 == cognito).collect();
    let generated = "GenerateDataKey".to_owned();
    assert_eq!(
        by_cognito,
        [
            &(
                generated.clone(),
                cognito.clone(),
                json!("DisabledException")
            ),
            &(generated, cognito.clone(), Value::Null),
        ]
    );
    let names: Vec<&str> = events.iter().map(|event| &*event.0).collect();
    assert!(
        names.starts_with(&["DisableKey"]) && names.ends_with(&["Decrypt"]),
        "{names:?}"
    );
}

#[test]
fn a_function_that_is_not_there_gets_nothing() {
    let settings = format!("{}{EMAIL}", sender("CustomEmailSender", "gone"));
    let senders = Senders::of(&settings, |_| Ok(()));
    senders.log_notifications();
    assert_eq!(senders.world.sign_up("ada", "ada@example.com").status, 200);
    assert_eq!(
        senders.notifications(),
        ["the function gone does not exist"]
    );
    senders.assert_nothing_sent();
}

/// A medium whose messages a function sends has no use for the function that words them (a guess);
/// the other medium has.
#[test]
fn custom_message_words_what_cognito_sends_and_nothing_else() {
    let settings = format!(
        "LambdaConfig.CustomMessage = \"{}\"\n{}AutoVerifiedAttributes = [\"email\", \
         \"phone_number\"]\nSmsConfiguration = {{ SnsCallerArn = \"arn:aws:iam::1:role/r\" }}",
        arn("send"),
        sender("CustomEmailSender", "send"),
    );
    let senders = Senders::of(&settings, |_| Ok(()));
    let sources = |attribute: &str, address: &str| {
        let body = json!({
            "ClientId": "CLIENT", "Username": attribute, "Password": "Passw0rd!",
            "UserAttributes": [{"Name": attribute, "Value": address}],
        });
        let reply = senders.world.call("SignUp", &body);
        let source = senders.event()["triggerSource"].clone();
        senders.assert_no_event();
        (reply.status, source)
    };
    assert_eq!(
        sources("email", "ada@example.com"),
        (200, json!("CustomEmailSender_SignUp"))
    );
    // The answer `null` is none that a function may give to CustomMessage.
    assert_eq!(
        sources("phone_number", "+12025559934"),
        (400, json!("CustomMessage_SignUp"))
    );
}

/// A link needs a domain; a function gets the code, and makes of it what it likes (a guess).
#[test]
fn a_pool_that_confirms_by_link_hands_over_the_code() {
    let settings = format!(
        "{EMAIL}\nVerificationMessageTemplate = {{ DefaultEmailOption = \"CONFIRM_WITH_LINK\" }}"
    );
    let senders = Senders::new(&settings);
    assert_eq!(senders.world.sign_up("ada", "ada@example.com").status, 200);
    let (_, code) = senders.next();
    assert_eq!(senders.world.confirm("ada", &code).status, 200);
}
