//! The sink against clients that err, lie or leave, byte by byte.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use reverify::inbox::sink::SinkLimits;

use reverify::inbox::SmtpSink;
use reverify::inbox::sink::{SinkError, SinkSettings, SinkTls};
use reverify::model::Clock;

use super::{Wire, address, sink, sink_with};

#[test]
fn a_pipelined_mail_is_answered_in_order_and_kept() {
    let sink = sink();
    let mut wire = Wire::connect(&sink);
    wire.send(
        b"EHLO test\r\nMAIL FROM:<a@b.example> BODY=8BITMIME SIZE=20\r\nRCPT TO:<ada@example.com>\r\n\
          DATA\r\n",
    );
    for expected in ["250 ENHANCEDSTATUSCODES", "250 2.1.0", "250 2.1.5", "354"] {
        let reply = wire.reply();
        assert!(reply.starts_with(expected), "{reply}");
    }
    // The mail's end and the next commands in one packet.
    wire.send(b"Subject: x\r\n\r\n..y\r\n.\r\nNOOP\r\nQUIT\r\n");
    for expected in ["250 2.0.0 kept", "250 2.0.0 ok", "221 2.0.0"] {
        let reply = wire.reply();
        assert!(reply.starts_with(expected), "{reply}");
    }
    assert_eq!(wire.rest(), "");
    let [mail] = &sink.mails().all()[..] else {
        panic!("one mail")
    };
    assert_eq!(mail.raw.as_ref(), b"Subject: x\r\n\r\n.y\r\n");
    sink.stop().unwrap();
}

#[test]
fn bytes_may_come_one_by_one() {
    let sink = sink();
    let mut wire = Wire::connect(&sink);
    let dialogue =
        b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ada@example.com>\r\nDATA\r\n.a\r\n..\r\n.\r\n";
    for byte in dialogue {
        wire.send(&[*byte]);
    }
    let codes: Vec<String> = (0..5).map(|_| wire.reply()[..3].to_owned()).collect();
    assert_eq!(codes, ["250", "250", "250", "354", "250"]);
    let mail = sink.mails().latest_to(&address("ada@example.com")).unwrap();
    assert_eq!(
        (mail.raw.as_ref(), mail.envelope_from),
        (&b"a\r\n.\r\n"[..], None)
    );
    sink.stop().unwrap();
}

#[test]
fn no_mail_is_smuggled_in_by_other_line_ends() {
    let sink = sink();
    let mut wire = Wire::connect(&sink);
    assert_eq!(wire.say("EHLO x"), "250");
    for end in [
        "\n.\n",
        "\n.\r\n",
        "\r\n.\n",
        "\r.\r",
        "\r\n.\r",
        "\r.\r\n",
        "\n.\r",
        "\r\n\x00.\r\n",
    ] {
        sink.mails().forget_all();
        let smuggled = "MAIL FROM:<eve@example.com>\r\nRCPT TO:<bob@example.com>\r\nDATA\r\nX\r\n";
        let data = format!("Subject: x\r\n\r\nhello{end}{smuggled}\r\n.\r\n");
        assert_eq!(
            &wire.deliver("ada@example.com", data.as_bytes())[..3],
            "250",
            "{end:?}"
        );
        let mails = sink.mails().all();
        assert_eq!(mails.len(), 1, "{end:?}");
        let raw = String::from_utf8_lossy(&mails[0].raw).into_owned();
        assert!(
            raw.contains("eve@example.com"),
            "{end:?}: it stays text of the mail"
        );
    }
    wire.send(b"NOOP\nMAIL FROM:<eve@example.com>\r\n");
    assert!(wire.reply().starts_with("500 5.5.2"));
    assert_eq!(wire.say("RCPT TO:<bob@example.com>"), "503");
    sink.stop().unwrap();
}

#[test]
fn an_overlong_line_is_refused_once_and_skipped() {
    let sink = sink();
    let mut wire = Wire::connect(&sink);
    wire.send(&vec![b'A'; 100_000]);
    wire.send(b"\r\nNOOP\r\n");
    assert!(wire.reply().starts_with("500 5.5.6"));
    assert!(wire.reply().starts_with("250"));
    sink.stop().unwrap();
}

#[test]
fn limits_on_size_and_recipients_hold() {
    let sink = sink_with(SinkLimits {
        message_bytes_max: 1_000,
        recipients_max: 2,
        ..SinkLimits::default()
    });
    let mut wire = Wire::connect(&sink);
    assert_eq!(wire.say("EHLO x"), "250");
    assert_eq!(wire.say("MAIL FROM:<a@b.example> SIZE=1001"), "552");
    let mut large = vec![b'x'; 2_000];
    large.extend(b"\r\n.\r\n");
    assert!(
        wire.deliver("ada@example.com", &large)
            .starts_with("552 5.3.4")
    );
    assert!(sink.mails().is_empty());

    assert_eq!(wire.say("MAIL FROM:<a@b.example>"), "250");
    let codes: Vec<String> = (0..3)
        .map(|number| wire.say(&format!("RCPT TO:<u{number}@example.com>")))
        .collect();
    assert_eq!(codes, ["250", "250", "452"]);
    assert_eq!(wire.say("DATA"), "354");
    wire.send(b"Subject: x\r\n\r\ny\r\n.\r\n");
    assert!(wire.reply().starts_with("250"));
    assert_eq!(sink.mails().len(), 2);
    sink.stop().unwrap();
}

#[test]
fn a_mail_without_end_is_cut_off() {
    let sink = sink_with(SinkLimits {
        message_bytes_max: 1_000,
        ..SinkLimits::default()
    });
    let mut wire = Wire::connect(&sink);
    for line in [
        "EHLO x",
        "MAIL FROM:<>",
        "RCPT TO:<ada@example.com>",
        "DATA",
    ] {
        wire.say(line);
    }
    wire.send(&[b'x'; 5_000]);
    assert_eq!(wire.rest(), "");
    sink.stop().unwrap();
}

#[test]
fn too_many_errors_end_the_connection() {
    let sink = sink_with(SinkLimits {
        errors_max: 3,
        ..SinkLimits::default()
    });
    let mut wire = Wire::connect(&sink);
    wire.send(b"GET / HTTP/1.1\r\nHost: x\r\nAccept: y\r\nMore: z\r\n");
    let rest = wire.rest();
    assert_eq!(rest.lines().count(), 4, "{rest}");
    assert!(rest.contains("421 4.7.0"), "{rest}");
    sink.stop().unwrap();
}

#[test]
fn a_connection_too_many_is_turned_away() {
    let sink = sink_with(SinkLimits {
        connections_max: 1,
        ..SinkLimits::default()
    });
    let mut first = Wire::connect(&sink);
    assert!(
        Wire::connect_silently(&sink)
            .rest()
            .starts_with("421 4.3.2")
    );
    assert_eq!(first.say("QUIT"), "221");
    assert_eq!(first.rest(), "");
    sink.stop().unwrap();
}

#[test]
fn a_silent_client_is_sent_away() {
    let idle_time_max = Duration::from_millis(30);
    let sink = sink_with(SinkLimits {
        idle_time_max,
        ..SinkLimits::default()
    });
    let mut wire = Wire::connect(&sink);
    assert!(wire.rest().starts_with("421 4.4.2"));
    sink.stop().unwrap();
}

#[test]
fn a_client_that_falls_silent_within_its_data_or_the_handshake_is_sent_away() {
    let settings = SinkSettings {
        tls: Some(SinkTls::self_signed("localhost").unwrap()),
        limits: SinkLimits {
            idle_time_max: Duration::from_millis(100),
            ..SinkLimits::default()
        },
        ..SinkSettings::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sink = SmtpSink::start(listener, settings).unwrap();
    let mut wire = Wire::connect(&sink);
    wire.send(b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<ada@example.com>\r\nDATA\r\nhalf");
    let rest = wire.rest();
    assert!(
        rest.contains("354 ") && rest.contains("421 4.4.2"),
        "{rest}"
    );
    let mut wire = Wire::connect(&sink);
    wire.send(b"EHLO x\r\nSTARTTLS\r\n");
    assert!(wire.rest().ends_with("220 2.0.0 begin\r\n"));
    assert!(sink.mails().is_empty());
    sink.stop().unwrap();
}

#[test]
fn lines_are_as_long_as_they_may_be() {
    let sink = sink();
    let line_bytes_max = SinkLimits::default().command_line_bytes_max;
    let mut wire = Wire::connect(&sink);
    let noop = |bytes: usize| format!("NOOP {}", "x".repeat(bytes - "NOOP \r\n".len()));
    assert_eq!(wire.say(&noop(line_bytes_max)), "250");
    assert_eq!(wire.say(&noop(line_bytes_max + 1)), "500");
    assert_eq!(wire.say("EHLO x"), "250");
    // RFC 5321 §4.5.3.1.6 allows 1,000 bytes; what came is what the sender has sent.
    let mail = format!("Subject: x\r\n\r\n{}\r\n", "y".repeat(100_000));
    let reply = wire.deliver("ada@example.com", format!("{mail}.\r\n").as_bytes());
    assert!(reply.starts_with("250"), "{reply}");
    assert_eq!(*sink.mails().all()[0].raw, *mail.as_bytes());
    sink.stop().unwrap();
}

#[test]
fn the_limits_are_no_less_than_what_the_standard_asks_for() {
    let limits = SinkLimits::default();
    // RFC 5321 §4.5.3.1.4, .7 and .8, §4.5.3.2.7.
    assert!(limits.command_line_bytes_max >= 512);
    assert!(limits.message_bytes_max >= 64 * 1024);
    assert!(limits.recipients_max >= 100);
    assert!(limits.idle_time_max >= Duration::from_mins(5));
}

#[test]
fn a_client_that_leaves_within_its_data_leaves_no_mail() {
    let sink = sink();
    let mut leaver = Wire::connect(&sink);
    for line in [
        "EHLO x",
        "MAIL FROM:<>",
        "RCPT TO:<ada@example.com>",
        "DATA",
    ] {
        leaver.say(line);
    }
    leaver.send(b"Subject: x\r\n\r\nhalf a mail\r\n");
    drop(leaver);
    let mut other = Wire::connect(&sink);
    assert_eq!(other.say("EHLO x"), "250");
    assert!(
        other
            .deliver("bob@example.com", b"whole\r\n.\r\n")
            .starts_with("250")
    );
    assert!(sink.mails().to(&address("ada@example.com")).is_empty());
    assert_eq!(sink.mails().len(), 1);
    sink.stop().unwrap();
}

/// A clock that is broken, to make the sink panic where it asks for the time.
#[derive(Debug)]
struct BrokenClock;

impl Clock for BrokenClock {
    fn now(&self) -> jiff::Timestamp {
        panic!("the clock is broken")
    }
}

#[test]
fn a_panic_of_the_sink_is_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = SinkSettings {
        clock: Arc::new(BrokenClock),
        ..SinkSettings::default()
    };
    let sink = SmtpSink::start(listener, settings).unwrap();
    let mut wire = Wire::connect(&sink);
    for line in [
        "EHLO x",
        "MAIL FROM:<>",
        "RCPT TO:<ada@example.com>",
        "DATA",
    ] {
        wire.say(line);
    }
    wire.send(b"Subject: x\r\n\r\ny\r\n.\r\n");
    assert_eq!(wire.rest(), "", "nothing was accepted");
    let error = sink.stop().unwrap_err();
    assert!(matches!(&error, SinkError::Panicked { message } if message == "the clock is broken"));
}
