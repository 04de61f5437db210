use super::*;

#[test]
fn reads_the_headers() {
    let mail = Message::parse(
        b"From: =?utf-8?q?Jos=C3=A9?= <jose@example.com>\r\n\
          To: Ada <ada@example.com>, bob@example.com\r\n\
          Reply-To: <help@example.com>\r\nMessage-ID: <1@a.example>\r\n\
          Date: Sat, 21 Nov 2026 04:00:00 +0100\r\n\
          Subject: =?utf-8?b?QmVzdMOkdGlndW5n?=\r\n =?utf-8?q?_jetzt?=\r\n\r\nText\r\n",
    );
    assert_eq!(mail.subject(), Some("Bestätigung jetzt"));
    assert_eq!(mail.from()[0].name.as_deref(), Some("José"));
    assert_eq!(mail.to().len(), 2);
    assert_eq!(mail.reply_to()[0].address.as_str(), "help@example.com");
    assert_eq!(mail.message_id(), Some("1@a.example"));
    let at = "2026-11-21T03:00:00Z".parse().unwrap();
    assert_eq!(mail.date(), Some(at));
    assert_eq!(mail.problems(), []);
}

#[test]
fn keeps_what_it_can_of_broken_mails() {
    let cases: [(&[u8], &str, &str); 10] = [
        (b"", "", ""),
        (b"Subject: a\n\nb", "a", "b"),
        (b"\xef\xbb\xbfSubject: a\n\nb", "a", "b"),
        (b"\n\r\nSubject: a\n\nb", "a", "b"),
        (
            b"From ada Sat Nov 21 03:00:00 2026\nSubject: a\n\nb",
            "a",
            "b",
        ),
        (b"Subject: a\n\n<html><p>b</p></html>", "a", "b"),
        (b" \nSubject: a\n\nb", "a", "b"),
        (b"Subject: a\rX: y\r\n\r\nb\r\n", "a", "b"),
        (b"Subject: =?x-none?q?caf=C3=A9?=\n\nb", "café", "b"),
        (b"Subject: a", "a", ""),
    ];
    for (bytes, subject, text) in cases {
        let mail = Message::parse(bytes);
        let seen = mail.subject().unwrap_or_default();
        assert!(seen.starts_with(subject), "{bytes:?}: {seen}");
        assert_eq!(mail.readable_text(), text, "{bytes:?}");
    }
}

#[test]
fn opens_messages_inside_messages_to_the_bound() {
    let mut mail = "Subject: inner\n\ninnermost".to_owned();
    for depth in 0..=NESTED_MESSAGES_DEPTH_MAX {
        if depth == NESTED_MESSAGES_DEPTH_MAX {
            assert!(
                Message::parse(mail.as_bytes())
                    .readable_text()
                    .contains("innermost")
            );
        }
        mail = format!("Content-Type: message/rfc822\n\n{mail}");
    }
    let too_deep = Message::parse(mail.as_bytes());
    assert!(!too_deep.readable_text().contains("innermost"));
    let mut message = &too_deep;
    while let Some(inner) = message.nested().first() {
        message = inner;
    }
    assert_eq!(message.problems(), [MessageProblem::NestedTooDeeply]);
}

#[test]
fn reads_text_first_and_leaves_attachments_out() {
    let mail = Message::parse(
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\
          Content-Type: text/html\n\n<p>html</p>\n--b\n\
          Content-Type: text/plain; format=flowed; delsp=no\n\nfl \nowed\n--b\n\
          Content-Type: text/plain\nContent-Disposition: attachment\n\nattached\n--b--\n",
    );
    assert_eq!(mail.readable_text(), "fl owed");
    assert_eq!(mail.visible_html(), Some("html"));
}

#[test]
fn what_it_shows_for_debugging_has_no_text() {
    let mail = Message::parse(b"Subject: 123456\n\n123456");
    assert!(!format!("{mail:?}").contains("123456"));
}

#[test]
fn hostile_header_lines_cost_no_quadratic_time() {
    for name in ["Subject", "Content-Type", "X-Other"] {
        let mail = format!("{name}: {}\n\nText", "=? ".repeat(500_000));
        let mail = Message::parse(mail.as_bytes());
        // A content type that nobody can read is no text.
        assert_eq!(mail.text().is_some(), name != "Content-Type");
        assert!(!mail.problems().is_empty());
    }
}
