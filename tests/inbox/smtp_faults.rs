//! What a receiving server does to mail, by recipient: on the wire and in the inbox.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reverify::inbox::sink::{
    CutAt, Recipients, RefusedAt, SinkEffect, SinkFault, SinkFaults, SinkSettings,
};
use reverify::inbox::{Folder, Inbox as _, SmtpSink};
use reverify::model::SystemClock;

use super::{Wire, address};

const ADA: &str = "ada@mail.test";

/// A sink in which these befall Ada's mail, each once.
fn faulty(effects: impl IntoIterator<Item = SinkEffect>) -> (SmtpSink, SinkFaults) {
    let faults = SinkFaults::new(Arc::new(SystemClock));
    for effect in effects {
        faults.add(SinkFault {
            effect,
            to: Recipients::Mailbox(address(ADA)),
            times: Some(1),
        });
    }
    let settings = SinkSettings {
        reception: Some(Arc::new(faults.clone())),
        ..SinkSettings::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (SmtpSink::start(listener, settings).unwrap(), faults)
}

/// A client that has begun a mail.
fn begun(sink: &SmtpSink) -> Wire {
    let mut wire = Wire::connect(sink);
    assert_eq!(wire.say("EHLO x"), "250");
    assert_eq!(wire.say("MAIL FROM:<app@example.com>"), "250");
    wire
}

fn refuse(at: RefusedAt, reply: &str) -> SinkEffect {
    let reply = reply.parse().unwrap();
    SinkEffect::Refuse { at, reply }
}

#[test]
fn a_recipient_is_refused_for_now_or_for_good_and_others_are_not() {
    for reply in ["450 4.2.1 not now", "550 5.1.1 nobody here"] {
        let (sink, faults) = faulty([refuse(RefusedAt::Recipient, reply)]);
        let mut wire = begun(&sink);
        wire.send(b"RCPT TO:<Ada@mail.test>\r\n");
        assert_eq!(wire.reply(), reply);
        assert_eq!(wire.say("RCPT TO:<bob@mail.test>"), "250");
        assert_eq!(wire.say("DATA"), "354");
        assert_eq!(wire.say("Subject: x\r\n\r\ny\r\n."), "250");
        assert_eq!(sink.mails().len(), 1);
        assert!(sink.mails().to(&address(ADA)).is_empty());
        assert_eq!(faults.hits(), [1]);
        let refused = sink.inbox().refused(&address(ADA)).unwrap();
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert_eq!(
            (refused[0].to.as_str(), &*refused[0].answer),
            ("Ada@mail.test", reply)
        );
        assert_eq!(
            sink.inbox().refused(&address("bob@mail.test")),
            Some(Vec::new())
        );
        // Only once.
        assert!(wire.deliver(ADA, b"x\r\n.\r\n").starts_with("250"));
        sink.stop().unwrap();
    }
}

#[test]
fn a_mail_is_refused_when_it_has_come() {
    let (sink, _) = faulty([refuse(RefusedAt::Data, "554 5.7.1 it looks like spam")]);
    let mut wire = Wire::connect(&sink);
    assert_eq!(wire.say("EHLO x"), "250");
    let reply = wire.deliver(ADA, b"x\r\n.\r\n");
    assert_eq!(reply, "554 5.7.1 it looks like spam");
    let refused = sink.inbox().refused(&address(ADA)).unwrap();
    assert_eq!(refused[0].answer, "554 5.7.1 it looks like spam");
    assert!(sink.mails().is_empty());
    assert!(wire.deliver(ADA, b"x\r\n.\r\n").starts_with("250"));
    sink.stop().unwrap();
}

#[test]
fn a_connection_is_cut_where_it_should_be() {
    // Where, how far the client comes, and how many mails are kept.
    for (at, code, kept) in [(CutAt::Recipient, None, 0), (CutAt::Data, Some("354"), 0)] {
        let (sink, _) = faulty([SinkEffect::Cut { at }]);
        let mut wire = begun(&sink);
        wire.send(format!("RCPT TO:<{ADA}>\r\n").as_bytes());
        if let Some(code) = code {
            assert!(wire.reply().starts_with("250"));
            assert_eq!(wire.say("DATA"), code);
            wire.send(b"Subject: half a m");
        }
        assert_eq!(wire.rest(), "", "{at:?}");
        assert_eq!(sink.mails().len(), kept, "{at:?}");
        sink.stop().unwrap();
    }
}

#[test]
fn a_sender_that_does_not_hear_of_its_mail_sends_it_twice() {
    let (sink, _) = faulty([SinkEffect::Cut { at: CutAt::Answer }]);
    let mail = b"Message-ID: <1@example.com>\r\n\r\ny\r\n.\r\n";
    let mut wire = begun(&sink);
    assert_eq!(wire.say(&format!("RCPT TO:<{ADA}>")), "250");
    assert_eq!(wire.say("DATA"), "354");
    wire.send(mail);
    assert_eq!(wire.rest(), "");
    assert_eq!(sink.mails().len(), 1);
    let mut again = Wire::connect(&sink);
    assert_eq!(again.say("EHLO x"), "250");
    assert!(again.deliver(ADA, mail).starts_with("250"));
    assert_eq!(sink.mails().len(), 2);
    sink.stop().unwrap();
}

#[test]
fn a_tarpit_holds_its_own_connection_alone() {
    let delay = Duration::from_millis(300);
    let (sink, _) = faulty([SinkEffect::Tarpit { delay }]);
    let mut slow = begun(&sink);
    let began = Instant::now();
    slow.send(format!("RCPT TO:<{ADA}>\r\nNOOP\r\n").as_bytes());
    let mut other = begun(&sink);
    assert_eq!(other.say("RCPT TO:<bob@mail.test>"), "250");
    assert!(slow.reply().starts_with("250 2.1.5"));
    assert!(began.elapsed() >= delay);
    assert!(slow.reply().starts_with("250 2.0.0"));
    sink.stop().unwrap();
}

#[tokio::test]
async fn mails_are_filed_as_junk_late_and_twice() {
    let (sink, _) = faulty([
        SinkEffect::Junk,
        SinkEffect::Delay {
            delay: Duration::from_millis(20),
        },
        SinkEffect::Duplicate { copies: 1 },
    ]);
    let inbox = sink.inbox();
    let mut watch = inbox.watch(&address(ADA)).await.unwrap();
    let mut wire = Wire::connect(&sink);
    assert_eq!(wire.say("EHLO x"), "250");
    assert!(
        wire.deliver(ADA, b"Subject: one\r\n\r\ny\r\n.\r\n")
            .starts_with("250")
    );
    let soon = tokio::time::Instant::now() + Duration::from_millis(500);
    let missing = watch.next(soon).await.unwrap_err();
    assert!(
        missing
            .to_string()
            .contains("one lies in the junk folder `Junk` (\"one\")"),
        "{missing}"
    );
    assert_eq!(missing.elsewhere.len() as u64 + missing.duplicates, 2);
    let mails = sink.mails().to(&address(ADA));
    assert_eq!(mails.len(), 2);
    assert!(
        mails
            .iter()
            .all(|mail| mail.folder == Folder::Junk("Junk".to_owned()))
    );
    sink.stop().unwrap();
}

#[test]
fn mails_change_their_order() {
    let (sink, _) = faulty([SinkEffect::Reorder]);
    let mut wire = Wire::connect(&sink);
    assert_eq!(wire.say("EHLO x"), "250");
    for (to, body) in [(ADA, "1"), ("bob@mail.test", "2"), (ADA, "3")] {
        let reply = wire.deliver(to, format!("{body}\r\n.\r\n").as_bytes());
        assert!(reply.starts_with("250"));
    }
    let mails = sink.mails().all();
    let order: Vec<_> = mails.iter().map(|mail| mail.raw[0]).collect();
    assert_eq!(order, *b"231");
    sink.stop().unwrap();
}
