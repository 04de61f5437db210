//! A mail as MIME.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};

use super::MailerError;

/// A mail before it is written as MIME.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// The From line: an address, or a name and an address in angle brackets.
    pub(crate) from: String,
    /// The address for answers, if it is another.
    pub(crate) reply_to: Option<String>,
    /// The one recipient.
    pub(crate) to: String,
    /// The subject; encoded where it is not ASCII (RFC 2047).
    pub(crate) subject: String,
    /// The body. Cognito's templates are HTML, and a text without markup is sent as HTML too.
    pub(crate) html: String,
    /// The Date line.
    pub(crate) date: Timestamp,
    /// The Message-ID, in its angle brackets.
    pub(crate) message_id: String,
    /// A filter on the way takes it for spam.
    pub(crate) is_spam: bool,
    /// The receiving server refuses it for good.
    pub(crate) bounces: bool,
}

/// The header that filters of receiving servers write above a mail that they take for spam, and that
/// mailboxes sort by.
pub(crate) const SPAM_FLAG: &str = "X-Spam-Flag";

/// A mail that is written and can be sent, more than once if need be.
pub(crate) struct Outgoing(Message);

impl Outgoing {
    /// Writes a mail.
    ///
    /// # Errors
    /// [`MailerError`] if an address cannot stand in a mail.
    pub(crate) fn write(mail: Mail) -> Result<Self, MailerError> {
        message(mail).map(Self)
    }

    pub(super) fn message(&self) -> &Message {
        &self.0
    }
}

/// One part, `text/html` in UTF-8; that AWS writes it so is a guess (COGNITO.md 5.4 \[U\]).
fn message(mail: Mail) -> Result<Message, MailerError> {
    // A template may have line breaks, which would begin another header line.
    let subject = mail.subject.replace(char::is_control, " ");
    let mut builder = Message::builder()
        .message_id(Some(mail.message_id))
        .date(SystemTime::from(mail.date))
        .from(mailbox("From", mail.from)?)
        .to(mailbox("To", mail.to)?)
        .subject(subject)
        .header(ContentType::TEXT_HTML);
    if let Some(reply_to) = mail.reply_to {
        builder = builder.reply_to(mailbox("Reply-To", reply_to)?);
    }
    let mut message = builder.body(mail.html)?;
    if mail.is_spam {
        let name = HeaderName::new_from_ascii_str(SPAM_FLAG);
        let flag = HeaderValue::new(name, "YES".to_owned());
        message.headers_mut().insert_raw(flag);
    }
    Ok(message)
}

fn mailbox(line: &'static str, text: String) -> Result<Mailbox, MailerError> {
    text.parse()
        .map_err(|source| MailerError::Address { line, text, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            from: "Prüfer <no-reply@example.com>".to_owned(),
            reply_to: Some("help@example.com".to_owned()),
            to: "ada+tag@example.com".to_owned(),
            subject: "Dein Prüfcode".to_owned(),
            html: "<b>012345</b> grüßt".to_owned(),
            date: Timestamp::UNIX_EPOCH,
            message_id: "<1@email.amazonses.com>".to_owned(),
            is_spam: false,
            bounces: false,
        }
    }

    #[test]
    fn writes_the_headers_of_a_mail_service() {
        let text = String::from_utf8(message(mail()).unwrap().formatted()).unwrap();
        for line in [
            "Message-ID: <1@email.amazonses.com>\r\n",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n",
            "To: ada+tag@example.com\r\n",
            "Reply-To: help@example.com\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
            "Subject: Dein =?utf-8?b?",
        ] {
            assert!(text.contains(line), "no `{line}` in\n{text}");
        }
        assert!(text.is_ascii(), "{text}");
    }

    #[test]
    fn refuses_an_address_that_mail_cannot_have() {
        let error = message(Mail {
            to: "ada".to_owned(),
            ..mail()
        })
        .unwrap_err()
        .to_string();
        assert!(
            error.contains("`ada` cannot stand in a mail's To line"),
            "{error}"
        );
    }
}
