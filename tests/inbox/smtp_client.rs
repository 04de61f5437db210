//! A real client library against the sink.

use lettre::message::{Mailbox, MultiPart, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message as Outgoing, Tokio1Executor};
use reverify::inbox::SmtpSink;
use reverify::mail::Message;

use super::{address, sink};

fn transport(sink: &SmtpSink) -> AsyncSmtpTransport<Tokio1Executor> {
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(sink.address().port())
        .build()
}

fn mailbox(text: &str) -> Mailbox {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_mail_of_lettre_arrives_whole() {
    let sink = sink();
    let mail = Outgoing::builder()
        .from(mailbox("Café <app@example.com>"))
        .to(mailbox("ada@example.com"))
        .subject("Bestätigung für Ada")
        .multipart(MultiPart::alternative_plain_html(
            "Ihr Code: 123456\n.\n..zwei Punkte".to_owned(),
            "<p>Ihr Code: <b>123456</b></p>".to_owned(),
        ))
        .unwrap();
    transport(&sink).send(mail.clone()).await.unwrap();

    let [stored] = &sink.mails().all()[..] else {
        panic!("one mail")
    };
    // The client ends every mail with a line end of its own, one more than this mail needs.
    let sent = [mail.formatted(), b"\r\n".to_vec()].concat();
    assert!(
        stored.raw[..] == sent,
        "the bytes are not those that were sent"
    );
    assert_eq!(stored.envelope_from, Some(address("app@example.com")));
    let message = Message::parse(&stored.raw);
    assert_eq!(message.subject(), Some("Bestätigung für Ada"));
    assert_eq!(message.from()[0].name.as_deref(), Some("Café"));
    assert_eq!(
        message.readable_text(),
        "Ihr Code: 123456\n.\n..zwei Punkte"
    );
    assert_eq!(message.problems(), []);
    sink.stop().unwrap();
}

#[tokio::test]
async fn each_recipient_gets_a_delivery() {
    let sink = sink();
    let mail = Outgoing::builder()
        .from(mailbox("app@example.com"))
        .to(mailbox("Ada@Example.com"))
        .cc(mailbox("bob@example.com"))
        .bcc(mailbox("grüße@example.com"))
        .header(ContentType::TEXT_PLAIN)
        .body("Hello".to_owned())
        .unwrap();
    transport(&sink).send(mail).await.unwrap();

    let mails = sink.mails();
    assert_eq!(mails.len(), 3);
    for recipient in ["ada@example.com", "BOB@example.com", "grüße@example.com"] {
        let [stored] = &mails.to(&address(recipient))[..] else {
            panic!("{recipient}")
        };
        assert!(stored.envelope_to.same_mailbox(&address(recipient)));
        assert_eq!(mails.raw(&stored.id), Some(stored.raw.clone()));
    }
    assert!(mails.to(&address("eve@example.com")).is_empty());
    mails.forget_all();
    assert!(mails.all().is_empty());
    sink.stop().unwrap();
}

#[tokio::test]
async fn a_kept_connection_carries_many_mails_in_order() {
    let sink = sink();
    let transport = transport(&sink);
    for number in 0..50 {
        let mail = Outgoing::builder()
            .from(mailbox("app@example.com"))
            .to(mailbox("ada@example.com"))
            .body(format!("number {number}"))
            .unwrap();
        transport.send(mail).await.unwrap();
    }
    let stored = sink.mails().to(&address("ada@example.com"));
    let texts = stored
        .iter()
        .map(|mail| Message::parse(&mail.raw).readable_text());
    assert!(texts.eq((0..50).map(|number| format!("number {number}"))));
    sink.stop().unwrap();
}
