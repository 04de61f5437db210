//! Events in every form that SES documents.

use super::super::log::tests::{case, line};
use super::*;
use crate::diagnosis::{Content, Place, Recipient as MailRecipient, Source};

const TIME: &str = "2026-03-01T12:00:09.000Z";

fn at() -> Timestamp {
    TIME.parse().unwrap()
}

/// An event with this type and member.
fn event(kind: &str, member: &str) -> String {
    format!(
        r#"{{"version":"0","detail-type":"Email","source":"aws.ses","detail":{{"eventType":"{kind}","mail":{{"timestamp":"{TIME}","messageId":"0102-000000","destination":["Ada@Example.com"]}}{member}}}}}"#
    )
}

fn read(text: &str) -> Parsed<SesEvent> {
    parse(&[line(10, text)], &Evidence::of(case()))
}

fn kinds(text: &str) -> Vec<SesEventKind> {
    let found = read(text).found.into_iter();
    found.map(|event| event.kind).collect()
}

#[test]
fn every_kind_is_read() {
    let bounced = r#","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"bob@example.com","diagnosticCode":"no"},{"emailAddress":"ada@example.com","diagnosticCode":"smtp; 550 5.1.1 user unknown"}],"timestamp":null}"#;
    let cases = [
        ("Send", r#","send":{}"#, SesEventKind::Send),
        (
            "Delivery",
            r#","delivery":{"smtpResponse":"250 ok"}"#,
            SesEventKind::Delivery {
                smtp_response: "250 ok".to_owned(),
            },
        ),
        (
            "Bounce",
            bounced,
            SesEventKind::Bounce {
                kind: "Permanent".to_owned(),
                sub_kind: "General".to_owned(),
                diagnostic: "smtp; 550 5.1.1 user unknown".to_owned(),
            },
        ),
        (
            "Complaint",
            r#","complaint":{"complaintSubType":null}"#,
            SesEventKind::Complaint {
                sub_kind: String::new(),
            },
        ),
        (
            "Reject",
            r#","reject":{"reason":"Bad content"}"#,
            SesEventKind::Reject {
                reason: "Bad content".to_owned(),
            },
        ),
        (
            "DeliveryDelay",
            r#","deliveryDelay":{"delayType":"MailboxFull"}"#,
            SesEventKind::DeliveryDelay {
                kind: "MailboxFull".to_owned(),
                diagnostic: String::new(),
            },
        ),
        (
            "Rendering Failure",
            r#","failure":{"errorMessage":"Attribute 'name' is not present","templateName":"t"}"#,
            SesEventKind::RenderingFailure {
                error: "Attribute 'name' is not present".to_owned(),
            },
        ),
    ];
    for (kind, member, expected) in cases {
        assert_eq!(kinds(&event(kind, member)), [expected], "{kind}");
    }
}

#[test]
fn what_is_about_something_else_is_left_out() {
    let send = event("Send", "");
    assert_eq!(kinds(&event("Open", r#","open":{}"#)), []);
    assert_eq!(kinds(&event("Bounce", "")), []);
    assert_eq!(kinds(&send.replace("Ada@", "notAda@")), []);
    assert_eq!(kinds(&send.replace("12:00:09", "11:59:59")), []);
    let by_feedback = send.replace("eventType", "notificationType");
    assert_eq!(kinds(&by_feedback), [SesEventKind::Send]);
}

#[test]
fn malformed_lines_are_counted() {
    for text in [
        "",
        "ada@example.com",
        "{}",
        r#"{"detail":{"eventType":null}}"#,
    ] {
        let read = read(text);
        assert_eq!((read.found.len(), read.unread), (0, 1), "{text}");
    }
}

#[test]
fn the_first_mail_in_the_inbox_is_not_the_missing_one() {
    let mut evidence = Evidence::of(case());
    let first = FoundMail {
        folder: "INBOX".to_owned(),
        place: Place::Watched,
        at: at(),
        after_position: false,
        recipient: MailRecipient::Exact,
        from: String::new(),
        subject: String::new(),
        message_id: Some("<0102-000000@eu-west-1.amazonses.com>".to_owned()),
        content: Content::Code,
        used: true,
        repeats_earlier: false,
        seen_by_watch: true,
        follows_template: None,
        dmarc: None,
    };
    let send = line(10, &event("Send", ""));
    evidence.inbox.mails = Source::from(vec![first.clone()]);
    assert_eq!(parse(std::slice::from_ref(&send), &evidence).found, []);
    let awaited = FoundMail {
        after_position: true,
        ..first
    };
    evidence.inbox.mails = Source::from(vec![awaited]);
    assert_eq!(parse(&[send], &evidence).found.len(), 1);
}
