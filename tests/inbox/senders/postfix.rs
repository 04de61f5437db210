//! Postfix: a mail server with a queue, as those of other people are.

use std::time::Duration;

use reverify::inbox::sink::{CutAt, RefusedAt, SinkEffect};
use reverify::inbox::{Arrival, Inbox as _, Watch};
use reverify::mail::Message;
use tokio::time::Instant;

use super::server::Postfix;
use super::sink;
use crate::{PATIENCE, Wire, address};

const SENDER: &str = "app@example.com";

/// Gives Postfix a mail.
fn submit(postfix: &Postfix, recipients: &[&str], subject: &str) {
    let mut wire = Wire::connect_to(postfix.address);
    assert!(wire.reply().starts_with("220"));
    assert_eq!(wire.say("EHLO test"), "250");
    let mail = format!("MAIL FROM:<{SENDER}> BODY=8BITMIME SMTPUTF8");
    assert_eq!(wire.say(&mail), "250");
    for recipient in recipients {
        assert_eq!(wire.say(&format!("RCPT TO:<{recipient}>")), "250");
    }
    assert_eq!(wire.say("DATA"), "354");
    let text = format!("Subject: {subject}\r\n\r\nIhr Code für heute: 123456\r\n..\r\n.");
    assert_eq!(wire.say(&text), "250");
    assert_eq!(wire.say("QUIT"), "221");
}

async fn next(watch: &mut Watch) -> Arrival {
    watch.next(Instant::now() + PATIENCE).await.unwrap()
}

#[tokio::test]
async fn postfix_delivers_tries_again_and_bounces() {
    let refusal = "550 5.1.1 nobody here".parse().unwrap();
    let sink = sink(&[
        (
            "grey@mail.test",
            SinkEffect::Greylist {
                wait: Duration::from_secs(1),
            },
        ),
        (
            "nobody@mail.test",
            SinkEffect::Refuse {
                at: RefusedAt::Recipient,
                reply: refusal,
            },
        ),
        ("doubt@mail.test", SinkEffect::Cut { at: CutAt::Answer }),
    ]);
    let Some(postfix) = Postfix::start("Postfix into the sink", sink.address()) else {
        return;
    };
    let inbox = sink.inbox();
    let watch = async |recipient: &str| inbox.watch(&address(recipient)).await.unwrap();
    let mut ada = watch("ada@mail.test").await;
    let mut greetings = watch("grüße@mail.test").await;
    let mut grey = watch("grey@mail.test").await;
    let mut sender = watch(SENDER).await;

    submit(&postfix, &["ada@mail.test", "grüße@mail.test"], "Prüfung");
    for watch in [&mut ada, &mut greetings] {
        let mail = next(watch).await;
        assert_eq!(mail.envelope_from, Some(address(SENDER)));
        let message = Message::parse(&mail.raw);
        assert_eq!(message.subject(), Some("Prüfung"));
        assert_eq!(message.readable_text(), "Ihr Code für heute: 123456\n.");
    }
    postfix.await_log("TLS connection established to 127.0.0.1");

    submit(&postfix, &["grey@mail.test"], "Greylisted");
    let mail = next(&mut grey).await;
    assert_eq!(Message::parse(&mail.raw).subject(), Some("Greylisted"));
    postfix.await_log("451 4.7.1 greylisted, try again later");

    submit(&postfix, &["nobody@mail.test", "ada@mail.test"], "Half");
    assert_eq!(next(&mut ada).await.envelope_to, address("ada@mail.test"));
    let bounce = next(&mut sender).await;
    assert_eq!(bounce.envelope_from, None, "the null path of a bounce");
    let text = String::from_utf8_lossy(&bounce.raw).into_owned();
    assert!(text.contains("550 5.1.1 nobody here"), "{text}");
    assert!(sink.mails().to(&address("nobody@mail.test")).is_empty());

    // It does not hear that its mail was kept, and sends it again.
    submit(&postfix, &["doubt@mail.test"], "Twice");
    let until = std::time::Instant::now() + PATIENCE;
    while sink.mails().to(&address("doubt@mail.test")).len() < 2 {
        assert!(std::time::Instant::now() < until, "{}", postfix.log());
        tokio::task::yield_now().await;
    }
    drop(postfix);
    sink.stop().unwrap();
}
