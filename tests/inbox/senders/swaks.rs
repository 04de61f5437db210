//! swaks, which postmasters try servers with.

use std::process::{Command, Stdio};

use reverify::inbox::SmtpSink;
use reverify::inbox::sink::{CutAt, RefusedAt, SinkEffect};

use super::sink;
use crate::address;
use crate::installed::installed;

/// A mail with eight bits to a byte, and lines that begin with a dot.
const MAIL: &str = "Subject: Prüfung\r\n\r\nIhr Code für heute: 123456\r\n.\r\n..\r\n";

/// Sends [`MAIL`] and returns whether swaks calls it a success, and the dialogue.
fn send(swaks: &std::path::Path, sink: &SmtpSink, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(swaks);
    command
        .args(["--server", &sink.address().to_string()])
        .args(["--helo", "sender.test", "--from", "app@example.com"])
        .args(["--timeout", "20", "--data", MAIL])
        .args(arguments)
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (output.status.success(), said)
}

#[test]
fn swaks_delivers_in_each_of_its_ways() {
    let Some(swaks) = installed("REVERIFY_SWAKS", "swaks into the sink") else {
        return;
    };
    // The arguments, and what swaks says if it did what they ask for.
    let cases: [(&[&str], &str); 5] = [
        (&[], "250 2.0.0 kept"),
        (&["--protocol", "SMTP"], " -> HELO sender.test"),
        (&["--pipeline"], "250 2.0.0 kept"),
        (&["--tls"], "=== TLS started with cipher"),
        (&["--tls", "--pipeline"], "=== TLS started with cipher"),
    ];
    for (arguments, said) in cases {
        let sink = sink(&[]);
        let to = ["--to", "ada@mail.test,bob@mail.test"];
        let (sent, dialogue) = send(&swaks, &sink, &[&to, arguments].concat());
        assert!(sent && dialogue.contains(said), "{arguments:?}: {dialogue}");
        let mails = sink.mails();
        assert_eq!(mails.len(), 2, "{arguments:?}");
        let [mail] = &mails.to(&address("bob@mail.test"))[..] else {
            panic!("{arguments:?}: one mail")
        };
        let text = String::from_utf8_lossy(&mail.raw);
        assert!(text.starts_with(MAIL), "{arguments:?}: {text:?}");
        assert_eq!(mail.envelope_from, Some(address("app@example.com")));
        sink.stop().unwrap();
    }
}

#[test]
fn swaks_hears_of_each_refusal() {
    let Some(swaks) = installed("REVERIFY_SWAKS", "swaks and refusals") else {
        return;
    };
    let refuse = |at, reply: &str| SinkEffect::Refuse {
        at,
        reply: reply.parse().unwrap(),
    };
    let cases = [
        (
            refuse(RefusedAt::Recipient, "550 5.1.1 nobody here"),
            "<** 550 5.1.1 nobody here",
        ),
        (
            refuse(RefusedAt::Data, "554 5.7.1 spam"),
            "<** 554 5.7.1 spam",
        ),
        (
            SinkEffect::Cut {
                at: CutAt::Recipient,
            },
            "*** Remote host closed connection unexpectedly",
        ),
    ];
    for (effect, said) in cases {
        let sink = sink(&[("ada@mail.test", effect.clone())]);
        let (sent, dialogue) = send(&swaks, &sink, &["--to", "ada@mail.test"]);
        assert!(!sent && dialogue.contains(said), "{effect:?}: {dialogue}");
        assert!(sink.mails().is_empty());
        sink.stop().unwrap();
    }
}
