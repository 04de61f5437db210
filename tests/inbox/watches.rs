//! What a watch yields, and what it says when there is nothing to yield.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use reverify::inbox::{Inbox, InboxError, SmtpSink, Unexpected, WaitEnd};
use reverify::mail::Message;
use tokio::time::Instant;

use super::{PATIENCE, Wire, address, sink};

/// Sends mails over one connection, on a thread where it may block.
async fn deliver(sink: &Arc<SmtpSink>, mails: Vec<(String, String)>) {
    let sink = Arc::clone(sink);
    tokio::task::spawn_blocking(move || {
        let mut wire = Wire::connect(&sink);
        assert_eq!(wire.say("EHLO test"), "250");
        for (recipient, subject) in mails {
            let data = format!("Subject: {subject}\r\n\r\nText\r\n.\r\n");
            assert!(wire.deliver(&recipient, data.as_bytes()).starts_with("250"));
        }
    })
    .await
    .unwrap();
}

fn one(recipient: &str, subject: &str) -> Vec<(String, String)> {
    vec![(recipient.to_owned(), subject.to_owned())]
}

fn soon() -> Instant {
    Instant::now() + PATIENCE
}

fn stop(sink: Arc<SmtpSink>) {
    Arc::into_inner(sink).unwrap().stop().unwrap();
}

fn subject(raw: &[u8]) -> String {
    Message::parse(raw).subject().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_mail_before_the_position_is_never_yielded() {
    let sink = Arc::new(sink());
    deliver(&sink, one("ada@example.com", "first")).await;
    let mut watch = sink
        .inbox()
        .watch(&address("ADA@example.com"))
        .await
        .unwrap();
    deliver(&sink, one("ada@example.com", "second")).await;
    let arrival = watch.next(soon()).await.unwrap();
    assert_eq!(subject(&arrival.raw), "second");
    assert!(arrival.position.reached(watch.position()));
    watch.expect_none_until(Instant::now()).await.unwrap();
    stop(sink);
}

#[tokio::test]
async fn mails_come_once_and_in_order_to_each_watch() {
    let sink = Arc::new(sink());
    let ada = address("ada@example.com");
    let mut first = sink.inbox().watch(&ada).await.unwrap();
    let mails = (0..20)
        .map(|number| (ada.to_string(), number.to_string()))
        .collect();
    deliver(&sink, mails).await;
    let mut second = sink.inbox().watch(&ada).await.unwrap();
    deliver(&sink, one("ada@example.com", "last")).await;
    for number in 0..20 {
        assert_eq!(
            subject(&first.next(soon()).await.unwrap().raw),
            number.to_string()
        );
    }
    for watch in [&mut first, &mut second] {
        assert_eq!(subject(&watch.next(soon()).await.unwrap().raw), "last");
        assert!(watch.next(Instant::now()).await.is_err());
    }
    drop((first, second));
    stop(sink);
}

#[tokio::test]
async fn five_hundred_waiters_get_their_own() {
    let sink = Arc::new(sink());
    let inbox = sink.inbox();
    let mut waiting = Vec::new();
    for number in 0..500 {
        let recipient = address(&format!("user+{number}@example.com"));
        let mut watch = inbox.watch(&recipient).await.unwrap();
        waiting.push(tokio::spawn(async move {
            let arrival = watch.next(soon()).await.unwrap();
            assert!(arrival.envelope_to.same_mailbox(watch.recipient()));
            assert_eq!(subject(&arrival.raw), format!("for {number}"));
            watch.expect_none_until(Instant::now()).await.unwrap();
        }));
    }
    // In another order than they wait in: 7 and 500 have no common factor.
    let order = (0..500).map(|step| step * 7 % 500);
    deliver(
        &sink,
        order
            .map(|n| (format!("User+{n}@example.com"), format!("for {n}")))
            .collect(),
    )
    .await;
    for waiter in waiting {
        waiter.await.unwrap();
    }
    stop(sink);
}

#[tokio::test]
async fn a_missing_mail_is_told_with_what_came_instead() {
    let sink = Arc::new(sink());
    let mut watch = sink
        .inbox()
        .watch(&address("ada@example.com"))
        .await
        .unwrap();
    let mut mails = one("bob@example.com", "123456 is your code");
    mails.extend(one("eve@example.com", "Hello"));
    deliver(&sink, mails).await;
    let missing = watch
        .next(Instant::now() + Duration::from_millis(1))
        .await
        .unwrap_err();
    assert_eq!(
        (missing.others, &missing.end),
        (2, &WaitEnd::DeadlinePassed)
    );
    assert_eq!(missing.since, watch.position());
    let text = missing.to_string();
    for expected in [
        "no message to ada@example.com",
        "2 messages for other",
        "bob@example.com",
        "Hello",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    assert!(!text.contains("123456"), "{text}");
    drop(watch);
    stop(sink);
}

#[tokio::test]
async fn the_deadline_ends_the_wait() {
    let sink = sink();
    let patience = Duration::from_millis(20);
    let mut watch = sink
        .inbox()
        .watch(&address("ada@example.com"))
        .await
        .unwrap();
    let missing = watch.next(Instant::now() + patience).await.unwrap_err();
    assert!(missing.waited >= patience && missing.waited < PATIENCE);
    assert_eq!(missing.others, 0);
    sink.stop().unwrap();
}

#[tokio::test]
async fn an_unexpected_mail_is_told() {
    let sink = Arc::new(sink());
    let mut watch = sink
        .inbox()
        .watch(&address("ada@example.com"))
        .await
        .unwrap();
    deliver(&sink, one("ada@example.com", "surprise")).await;
    let unexpected = watch.expect_none_until(soon()).await.unwrap_err();
    let Unexpected::Arrived(arrival) = unexpected else {
        panic!("{unexpected}")
    };
    assert_eq!(subject(&arrival.raw), "surprise");
    drop(watch);
    stop(sink);
}

#[tokio::test]
async fn a_stopped_sink_ends_all_waits() {
    let sink = sink();
    let inbox = sink.inbox();
    let address_before = sink.address();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    sink.stop().unwrap();
    let missing = watch.next(soon()).await.unwrap_err();
    assert_eq!(missing.end, WaitEnd::InboxStopped);
    let silence = watch.expect_none_until(soon()).await.unwrap_err();
    assert!(
        matches!(silence, Unexpected::Unknown(_)),
        "silence of a dead inbox is no proof"
    );
    let refused = inbox.watch(&address("ada@example.com")).await.unwrap_err();
    assert_eq!(refused, InboxError::Stopped);
    let connect = std::net::TcpStream::connect(address_before).unwrap_err();
    assert_eq!(connect.kind(), io::ErrorKind::ConnectionRefused);
}
