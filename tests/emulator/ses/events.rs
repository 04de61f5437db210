//! Events of SES as EventBridge writes them into a log group (CAUSES.md, evidence sources 4), the mailbox
//! simulator, and what the mail server's answers become.

use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{EmailContent, RawMessage};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::fixture::{Account, PRODUCTION, SHOP};
use crate::smtp::{GREYLISTED, REFUSED};
use crate::wire::{SIGNED, send};

const GROUP: &str = "/aws/events/ses";

/// An account whose mails all have events, which a rule writes into the group.
fn account(more: &str) -> Account {
    Account::of(&format!(
        "{PRODUCTION}ConfigurationSetName = \"set\"\n\
         [[ses_configuration_set]]\nConfigurationSetName = \"set\"\n\
         [ses_configuration_set.EventDestinations.bus]\nEnabled = true\n\
         MatchingEventTypes = [\"SEND\", \"REJECT\", \"BOUNCE\", \"COMPLAINT\", \"DELIVERY\", \
         \"DELIVERY_DELAY\"]\n\
         EventBridgeDestination = {{ EventBusArn = \
         \"arn:aws:events:us-east-1:123456789012:event-bus/default\" }}\n\
         [[ses_event_rule]]\nLogGroupName = \"{GROUP}\"\n{more}"
    ))
}

/// The events in the group, oldest first.
fn events(account: &Account) -> Vec<Value> {
    let target = format!("X-Amz-Target: Logs_20140328.FilterLogEvents\r\n{SIGNED}");
    let body = json!({"logGroupName": GROUP}).to_string();
    let endpoint = account.world.emulator.endpoint();
    let reply = send(&endpoint, "POST", "/", &target, body.as_bytes());
    let reply = reply.json();
    let events = reply["events"].as_array().into_iter().flatten();
    events
        .map(|event| serde_json::from_str(event["message"].as_str().unwrap()).unwrap())
        .collect()
}

/// The detail types of the events since the last look, and what the last one tells.
fn told(account: &Account, seen: &mut usize) -> (Vec<String>, Value) {
    let events = events(account);
    let new = &events[*seen..];
    *seen = events.len();
    let kind = |event: &Value| event["detail-type"].as_str().unwrap().to_owned();
    let last = new.last().cloned().unwrap_or_default();
    (new.iter().map(kind).collect(), last["detail"].clone())
}

#[tokio::test]
async fn a_delivery_is_told_with_all_that_was_sent() {
    let account = account("");
    let mail = account.mail("Shop <shop@example.com>", "ada@else.org");
    let tag = aws_sdk_sesv2::types::MessageTag::builder()
        .name("run")
        .value("7");
    let sent = mail.email_tags(tag.build().unwrap()).send().await.unwrap();
    let id = sent.message_id.unwrap();
    let events = events(&account);
    assert_eq!(events.len(), 2);
    let event = &events[1];
    for (member, expected) in [
        ("version", "0"),
        ("detail-type", "Email Delivered"),
        ("source", "aws.ses"),
        ("account", "123456789012"),
        ("region", "us-east-1"),
    ] {
        assert_eq!(event[member], expected);
    }
    assert_eq!(event["resources"], json!([]));
    let mail = &event["detail"]["mail"];
    assert_eq!(event["detail"]["eventType"], "Delivery");
    assert_eq!(mail["messageId"], id.as_str());
    assert_eq!(mail["source"], "Shop <shop@example.com>");
    assert_eq!(
        mail["sourceArn"],
        "arn:aws:ses:us-east-1:123456789012:identity/example.com"
    );
    assert_eq!(mail["destination"], json!(["ada@else.org"]));
    assert_eq!(mail["commonHeaders"]["subject"], "Grüße");
    assert_eq!(mail["commonHeaders"]["messageId"], id.as_str());
    assert_eq!(mail["tags"]["ses:configuration-set"], json!(["set"]));
    assert_eq!(mail["tags"]["ses:from-domain"], json!(["example.com"]));
    assert_eq!(mail["tags"]["ses:caller-identity"], json!(["AKIDTEST"]));
    assert_eq!(mail["tags"]["run"], json!(["7"]));
    let delivery = &event["detail"]["delivery"];
    assert_eq!(delivery["recipients"], json!(["ada@else.org"]));
    assert_eq!(delivery["smtpResponse"], "250 accepted");
    assert_eq!(events[0]["detail"]["send"], json!({}));
}

/// SES's page on the mailbox simulator.
#[tokio::test]
async fn the_simulator_behaves_as_documented() {
    let account = account("");
    let mut seen = 0;
    let cases: [(&str, &[&str], &str, &str); 5] = [
        (
            "success+label",
            &["Email Sent", "Email Delivered"],
            "/delivery/recipients/0",
            "success+label@simulator.amazonses.com",
        ),
        (
            "bounce",
            &["Email Sent", "Email Bounced"],
            "/bounce/bouncedRecipients/0/diagnosticCode",
            "smtp; 550 5.1.1 user unknown",
        ),
        (
            "ooto",
            &["Email Sent", "Email Delivered", "Email Bounced"],
            "/bounce/bounceType",
            "Transient",
        ),
        (
            "complaint",
            &["Email Sent", "Email Delivered", "Email Complaint Received"],
            "/complaint/complaintFeedbackType",
            "abuse",
        ),
        (
            "suppressionlist",
            &["Email Sent", "Email Bounced"],
            "/bounce/bounceSubType",
            "Suppressed",
        ),
    ];
    for (name, kinds, member, expected) in cases {
        let to = format!("{name}@simulator.amazonses.com");
        account.send(&to).await.unwrap();
        let (told, detail) = told(&account, &mut seen);
        assert_eq!(told, kinds, "{name}");
        let found = detail.pointer(member).and_then(Value::as_str);
        assert_eq!(found, Some(expected), "{detail}");
    }
    assert!(account.recipients().is_empty());
    let listed = account.ses.list_suppressed_destinations().send();
    let listed = listed.await.unwrap();
    assert!(listed.suppressed_destination_summaries().is_empty());
}

#[tokio::test]
async fn what_the_mail_server_says_is_told() {
    let account = account("");
    let mut seen = 0;
    account.send(REFUSED).await.unwrap();
    let (kinds, detail) = told(&account, &mut seen);
    assert_eq!(kinds, ["Email Sent", "Email Bounced"]);
    let bounce = &detail["bounce"];
    assert_eq!(bounce["bounceType"], "Permanent");
    assert_eq!(bounce["bounceSubType"], "General");
    let recipient = &bounce["bouncedRecipients"][0];
    assert_eq!(recipient["emailAddress"], REFUSED);
    assert_eq!(recipient["action"], "failed");
    assert_eq!(recipient["diagnosticCode"], "smtp; 550 no such mailbox");

    account.send(REFUSED).await.unwrap();
    let (kinds, detail) = told(&account, &mut seen);
    assert_eq!(kinds, ["Email Sent", "Email Bounced"]);
    assert_eq!(
        detail["bounce"]["bounceSubType"],
        "OnAccountSuppressionList"
    );
    assert_eq!(detail["bounce"]["reportingMTA"], "dns; amazonses.com");

    account.send("ada@else.org").await.unwrap();
    let complaint = r#"{"EmailAddress":"ada@else.org","FeedbackType":"COMPLAINT"}"#;
    account.control("POST", "feedback", complaint);
    account.send("ada@else.org").await.unwrap();
    let (kinds, detail) = told(&account, &mut seen);
    assert_eq!(
        kinds,
        [
            "Email Sent",
            "Email Delivered",
            "Email Complaint Received",
            "Email Sent",
            "Email Complaint Received"
        ]
    );
    assert_eq!(
        detail["complaint"]["complaintSubType"],
        "OnAccountSuppressionList"
    );
}

#[tokio::test]
async fn a_mail_that_is_put_off_is_tried_again() {
    let account = account("");
    let mut seen = 0;
    account.send(GREYLISTED).await.unwrap();
    let (kinds, detail) = told(&account, &mut seen);
    assert_eq!(kinds, ["Email Sent", "Email Delivery Delayed"]);
    let delay = &detail["deliveryDelay"];
    let recipient = &delay["delayedRecipients"][0];
    assert_eq!(recipient["status"], "4.7.1");
    assert_eq!(
        recipient["diagnosticCode"],
        "smtp; 451 4.7.1 greylisted, try again later"
    );
    assert!(account.recipients().is_empty());
    move_clock(&account, SignedDuration::from_mins(2));
    let (kinds, _) = told(&account, &mut seen);
    assert_eq!(kinds, ["Email Delivered"]);
    assert_eq!(account.recipients(), [GREYLISTED]);
}

/// Moves the clock; what became due by that is done when this returns.
fn move_clock(account: &Account, by: SignedDuration) {
    let body = json!({"advance_seconds": by.as_secs()}).to_string();
    let endpoint = account.world.emulator.endpoint();
    let reply = send(&endpoint, "PUT", "/_reverify/v1/clock", "", body.as_bytes());
    assert_eq!(reply.status, 200, "{reply:?}");
}

/// SES's page on the mailbox simulator proposes this file.
#[tokio::test]
async fn a_virus_is_rejected_and_counts() {
    let account = account("");
    let virus = concat!(
        r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD",
        "-ANTIVIRUS-TEST-FILE!$H+H*"
    );
    let raw = format!("From: {SHOP}\r\nTo: ada@else.org\r\nSubject: v\r\n\r\n{virus}\r\n");
    let raw = RawMessage::builder().data(Blob::new(raw)).build().unwrap();
    let content = EmailContent::builder().raw(raw).build();
    account
        .ses
        .send_email()
        .content(content)
        .send()
        .await
        .unwrap();
    let (kinds, detail) = told(&account, &mut 0);
    assert_eq!(kinds, ["Email Rejected"]);
    assert_eq!(detail["reject"]["reason"], "Bad content");
    assert!(account.recipients().is_empty());
    let shown = account.ses.get_account().send().await.unwrap();
    let sent = shown.send_quota.unwrap().sent_last24_hours;
    assert_eq!(format!("{sent:?}"), "1.0");
}

#[tokio::test]
async fn rules_and_destinations_pick() {
    let account = account("DetailType = [\"Email Bounced\"]\n");
    account.send("ada@else.org").await.unwrap();
    account.send(REFUSED).await.unwrap();
    let (kinds, _) = told(&account, &mut 0);
    assert_eq!(kinds, ["Email Bounced"]);
    account.control("PUT", "event-rules", "[]");
    account
        .send("bounce@simulator.amazonses.com")
        .await
        .unwrap();
    assert_eq!(events(&account).len(), 1);
    let rules = account.control("GET", "event-rules", "");
    assert_eq!(rules.json(), json!([]));
}

/// A pool's mail has the same events (CAUSES.md, stage D), and what is lost before SES is in the pool's log.
#[test]
fn a_pools_mail_has_events_and_its_loss_a_notification() {
    let account = account(
        "[[user_pool]]\nPoolName = \"p\"\nAutoVerifiedAttributes = [\"email\"]\n\
         [user_pool.EmailConfiguration]\nEmailSendingAccount = \"DEVELOPER\"\n\
         From = \"Shop <shop@example.com>\"\nConfigurationSet = \"set\"\n\
         SourceArn = \"arn:aws:ses:us-east-1:123456789012:identity/example.com\"\n\
         [[user_pool.client]]\nClientName = \"c\"\n",
    );
    let world = &account.world;
    let group = format!("arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}");
    let configuration = json!({"UserPoolId": "POOL", "LogConfigurations": [{
        "LogLevel": "ERROR", "EventSource": "userNotification",
        "CloudWatchLogsConfiguration": {"LogGroupArn": group}}]});
    let set = world.call("SetLogDeliveryConfiguration", &configuration);
    assert_eq!(set.status, 200, "{set:?}");
    assert_eq!(world.sign_up("ada", "ada@else.org").status, 200);
    let told = events(&account);
    assert_eq!(told.len(), 2);
    let detail = &told[1]["detail"];
    assert_eq!(detail["eventType"], "Delivery");
    assert_eq!(detail["mail"]["source"], "Shop <shop@example.com>");

    account.control("PUT", "account", r#"{"MaxSendRate":1}"#);
    world.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(world.sign_up("bob", "bob@else.org").status, 200);
    let lost = world.sign_up("eve", "eve@else.org");
    assert_eq!(lost.status, 200, "{lost:?}");
    account.control("PUT", "account", r#"{"SendingEnabled":false}"#);
    assert_eq!(
        world.sign_up("joe", "joe@else.org").error().0,
        "CodeDeliveryFailureException"
    );
    let told = events(&account);
    let [.., throttled, paused] = told.as_slice() else {
        panic!("{told:?}");
    };
    for notification in [throttled, paused] {
        assert_eq!(notification["eventSource"], "USER_NOTIFICATION");
    }
    let details = throttled["message"]["details"].as_str().unwrap();
    assert!(
        details.ends_with("Maximum sending rate exceeded."),
        "{details}"
    );
    let details = paused["message"]["details"].as_str().unwrap();
    assert!(details.contains("Sending paused"), "{details}");
}
