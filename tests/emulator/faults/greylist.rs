//! A receiving server that greylists, by the embedded target and its control interface: the first
//! attempt is put off, the next one arrives.

use std::time::Duration;

use reverify::control::{Client, Effect, Fault, Query};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::emulator::Starting;
use serde_json::{Value, json};

use crate::wire::{SIGNED, call, send};

const ADA: &str = "ada@mail.test";
const GROUP: &str = "/aws/events/ses";

/// A pool with the default sender.
const COGNITO_DEFAULT: &str = r#"
    [[user_pool]]
    PoolName = "p"
    AutoVerifiedAttributes = ["email"]
    [[user_pool.client]]
    ClientName = "c"
"#;

/// A pool that mails through SES, whose delays and deliveries go into a log group.
const DEVELOPER: &str = r#"
    [[user_pool]]
    PoolName = "p"
    AutoVerifiedAttributes = ["email"]
    [user_pool.EmailConfiguration]
    EmailSendingAccount = "DEVELOPER"
    SourceArn = "arn:aws:ses:us-east-1:123456789012:identity/shop@example.com"
    ConfigurationSet = "set"
    [[user_pool.client]]
    ClientName = "c"
    [ses]
    ProductionAccessEnabled = true
    [[ses_identity]]
    EmailIdentity = "shop@example.com"
    [[ses_configuration_set]]
    ConfigurationSetName = "set"
    [ses_configuration_set.EventDestinations.bus]
    Enabled = true
    MatchingEventTypes = ["DELIVERY", "DELIVERY_DELAY"]
    EventBridgeDestination = { EventBusArn = "arn:aws:events:us-east-1:123456789012:event-bus/default" }
    [[ses_event_rule]]
    LogGroupName = "/aws/events/ses"
"#;

/// Signs up at a target whose server greylists once, and moves the clock until the mail is there; gives
/// the target with how many minutes that took.
async fn greylisted(seed: &str) -> (Embedded, u32) {
    let settings = EmbeddedSettings {
        starting: Starting::from_toml(seed).unwrap(),
        ..EmbeddedSettings::default()
    };
    let embedded = Embedded::start(settings).unwrap();
    let control = Client::new(&embedded.endpoint()).unwrap();
    let fault = Fault::new(Effect::GreylistMail {}).address(ADA.parse().unwrap());
    let fault = control.add_fault(&fault.times(1)).await.unwrap();
    let body = json!({
        "ClientId": embedded.client_id().unwrap(), "Username": "ada", "Password": "Passw0rd!",
        "UserAttributes": [{"Name": "email", "Value": ADA}],
    });
    let reply = call(&embedded.endpoint(), "SignUp", &body);
    assert_eq!(reply.status, 200, "{reply:?}");

    let hits = control.faults().await.unwrap()[0].hits;
    assert_eq!((fault.hits, hits), (0, 1), "put off once");
    let mut minutes = 0;
    while control.mails(Query::all()).await.unwrap().is_empty() {
        assert!(minutes < 10, "the mail never came");
        minutes += 1;
        control.advance(Duration::from_mins(1)).await.unwrap();
    }
    let mails = control.mails(Query::all()).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].code.is_some(), "{mails:?}");
    (embedded, minutes)
}

fn events(embedded: &Embedded) -> Vec<Value> {
    let headers = format!("X-Amz-Target: Logs_20140328.FilterLogEvents\r\n{SIGNED}");
    let body = json!({"logGroupName": GROUP}).to_string();
    let endpoint = embedded.endpoint();
    let reply = send(&endpoint, "POST", "/", &headers, body.as_bytes()).json();
    let events = reply["events"].as_array().unwrap().iter();
    events
        .map(|event| serde_json::from_str(event["message"].as_str().unwrap()).unwrap())
        .collect()
}

#[tokio::test]
async fn the_default_sender_tries_again_on_the_emulators_clock() {
    let (embedded, minutes) = greylisted(COGNITO_DEFAULT).await;
    assert_eq!(minutes, 1);
    embedded.stop().unwrap();
}

#[tokio::test]
async fn ses_tells_of_the_delay_and_then_of_the_delivery() {
    let (embedded, minutes) = greylisted(DEVELOPER).await;
    assert_eq!(minutes, 1);
    let events = events(&embedded);
    let kinds: Vec<_> = events.iter().map(|event| &event["detail-type"]).collect();
    assert_eq!(kinds, ["Email Delivery Delayed", "Email Delivered"]);
    let delay = &events[0]["detail"]["deliveryDelay"];
    let recipient = &delay["delayedRecipients"][0];
    assert_eq!(recipient["emailAddress"], ADA);
    let code = recipient["diagnosticCode"].as_str().unwrap();
    assert!(code.starts_with("smtp; 451"), "{code}");
    embedded.stop().unwrap();
}
