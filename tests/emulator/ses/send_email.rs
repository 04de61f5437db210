//! `SendEmail`.

use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, MessageHeader, RawMessage, Template};
use mailparse::MailHeaderMap;
use reverify::emulator::MailView;

use super::fixture::{Account, PRODUCTION, SHOP, name, named};

#[tokio::test]
async fn a_simple_mail_arrives_with_the_id_that_the_caller_got() {
    let account = Account::of(PRODUCTION);
    let destination = Destination::builder()
        .to_addresses("Ada <ada@else.org>")
        .cc_addresses("bob@else.org")
        .bcc_addresses("eve@else.org");
    let mail = account.mail("Läden <shop@example.com>", "nobody@else.org");
    let mail = mail.destination(destination.build());
    let sent = mail.reply_to_addresses("help@example.com").send();
    let id = sent.await.unwrap().message_id.unwrap();
    assert_eq!(
        account.recipients(),
        ["ada@else.org", "bob@else.org", "eve@else.org"]
    );
    let raw = account.world.smtp.raw("2").unwrap();
    let mail = mailparse::parse_mail(&raw).unwrap();
    let header = |name: &str| mail.headers.get_first_value(name);
    assert_eq!(
        header("Message-ID"),
        Some(format!("<{id}@email.amazonses.com>"))
    );
    assert_eq!(header("From").as_deref(), Some("Läden <shop@example.com>"));
    assert_eq!(header("To").as_deref(), Some("Ada <ada@else.org>"));
    assert_eq!(header("Cc").as_deref(), Some("bob@else.org"));
    assert_eq!(header("Reply-To").as_deref(), Some("help@example.com"));
    assert_eq!(header("Subject").as_deref(), Some("Grüße"));
    assert_eq!(header("Bcc"), None);
    assert_eq!(mail.ctype.mimetype, "multipart/alternative");
    let body = mail.subparts[1].get_body().unwrap();
    assert_eq!(body.trim_end(), "<b>Guten Tag</b>");
}

#[tokio::test]
async fn a_raw_mail_arrives_as_it_was_written() {
    let account = Account::of(PRODUCTION);
    let raw = "From: Shop <shop@example.com>\nTo: ada@else.org\nBcc: eve@else.org\n\
               Message-ID: <own@example.com>\nSubject: raw\nX-Run: 7\n\nline\n.dot\n";
    let raw = RawMessage::builder().data(Blob::new(raw)).build().unwrap();
    let content = EmailContent::builder().raw(raw).build();
    let sent = account.ses.send_email().content(content.clone()).send();
    let id = sent.await.unwrap().message_id.unwrap();
    assert_eq!(account.recipients(), ["ada@else.org", "eve@else.org"]);
    let raw = account.world.smtp.raw("0").unwrap();
    let mail = mailparse::parse_mail(&raw).unwrap();
    let header = |name: &str| mail.headers.get_all_values(name);
    assert_eq!(
        header("Message-ID"),
        [format!("<{id}@email.amazonses.com>")]
    );
    assert_eq!(header("X-Run"), ["7"]);
    assert!(header("Bcc").is_empty());
    assert_eq!(mail.get_body().unwrap().trim_end(), "line\r\n.dot");

    let only = Destination::builder().to_addresses("only@else.org").build();
    let sent = account.ses.send_email().content(content);
    sent.destination(only).send().await.unwrap();
    assert_eq!(account.recipients()[2..], ["only@else.org"]);
}

#[tokio::test]
async fn the_sender_has_to_be_verified() {
    let account = Account::of(PRODUCTION);
    let region = "Email address is not verified. The following identities failed the check in \
                  region";
    let refused = account.mail("Me <me@else.org>", "ada@else.org").send();
    assert_eq!(
        named(&refused.await.unwrap_err()),
        (
            "MessageRejected".to_owned(),
            format!("{region} US-EAST-1: Me <me@else.org>")
        )
    );
    let arn = "arn:aws:ses:eu-west-1:123456789012:identity/shop@example.com";
    let mail = account.mail(SHOP, "ada@else.org");
    let refused = mail.from_email_address_identity_arn(arn).send();
    assert_eq!(
        named(&refused.await.unwrap_err()).1,
        format!("{region} EU-WEST-1: {arn}"),
        "the domain is verified, the address is no identity"
    );
    let arn = "arn:aws:ses:us-east-1:123456789012:identity/example.com";
    let mail = account.mail(SHOP, "ada@else.org");
    let sent = mail.from_email_address_identity_arn(arn).send();
    sent.await.unwrap();
    assert_eq!(account.recipients(), ["ada@else.org"]);
}

#[tokio::test]
async fn refuses_what_it_cannot_send() {
    let account = Account::of(PRODUCTION);
    let template = Template::builder().template_name("t").build();
    let content = EmailContent::builder().template(template).build();
    let sent = account.ses.send_email().content(content).send();
    assert_eq!(name(sent.await), "NotFoundException");
    let many = (0..51).map(|number| format!("ada+{number}@else.org"));
    let many = Destination::builder().set_to_addresses(Some(many.collect()));
    let sent = account.mail(SHOP, "x@else.org").destination(many.build());
    assert_eq!(
        named(&sent.send().await.unwrap_err()).1,
        "Recipient count exceeds 50."
    );
    let nobody = account.mail(SHOP, "x@else.org");
    let nobody = nobody.destination(Destination::builder().build());
    assert_eq!(name(nobody.send().await), "BadRequestException");
    let illegal = account.mail(SHOP, "no address").send();
    assert_eq!(
        named(&illegal.await.unwrap_err()).1,
        "Missing final '@domain'"
    );
    assert!(account.recipients().is_empty());
}

/// A line of a mail cannot become two.
#[tokio::test]
async fn a_header_line_cannot_be_smuggled_in() {
    let account = Account::of(PRODUCTION);
    let header = MessageHeader::builder()
        .name("X-A")
        .value("1\r\nBcc: eve@else.org");
    let header = header.build().unwrap();
    let text = |text: &str| {
        let text = aws_sdk_sesv2::types::Content::builder().data(text);
        text.build().unwrap()
    };
    let body = aws_sdk_sesv2::types::Body::builder()
        .text(text("t"))
        .build();
    let message = aws_sdk_sesv2::types::Message::builder()
        .subject(text("s"))
        .body(body)
        .headers(header)
        .build();
    let mail = account.mail(SHOP, "ada@else.org");
    let sent = mail.content(EmailContent::builder().simple(message).build());
    assert_eq!(name(sent.send().await), "BadRequestException");
}
