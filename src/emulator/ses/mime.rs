//! Mails as bytes: composed from their parts, or taken as they come, and stamped by SES.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use mailparse::ParsedMail;
use memchr::memmem;

use super::error::SesException;

/// Header lines that SES writes itself, or takes out
/// (<https://docs.aws.amazon.com/ses/latest/dg/header-fields.html>).
const REPLACED: [&str; 6] = [
    "Bcc",
    "Date",
    "Message-ID",
    "Return-Path",
    "X-SES-CONFIGURATION-SET",
    "X-SES-MESSAGE-TAGS",
];
/// What virus scanners agree to take for a virus, in two halves so that none takes this program for
/// one; SES's page on the mailbox simulator proposes it for tests of Reject events.
const EICAR: [&str; 2] = [
    r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD",
    "-ANTIVIRUS-TEST-FILE!$H+H*",
];

/// A mail in its parts, as `Simple` content has it.
#[derive(Debug, Clone)]
pub(crate) struct SimpleMail {
    pub(crate) from: Mailbox,
    pub(crate) to: Vec<Mailbox>,
    pub(crate) cc: Vec<Mailbox>,
    pub(crate) reply_to: Vec<Mailbox>,
    pub(crate) subject: String,
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    /// Other header lines.
    pub(crate) headers: Vec<(String, String)>,
}

/// A mail as header lines and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mime {
    /// Names, and lines with their folding but without the last line break.
    fields: Vec<(String, String)>,
    /// With CRLF between lines.
    body: Vec<u8>,
}

impl SimpleMail {
    /// Writes the mail: one part, or two that say the same.
    ///
    /// # Errors
    /// `BadRequestException` for header lines that mail cannot have, or a mail without a body.
    pub(super) fn compose(self) -> Result<Mime, SesException> {
        let bad = |error: &dyn ToString| SesException::bad_request(error.to_string());
        // A template may have line breaks, which would begin another header line.
        let subject = self.subject.replace(char::is_control, " ");
        let sender = self.from.email.clone();
        let envelope = Envelope::new(Some(sender.clone()), vec![sender]);
        let mut builder = Message::builder()
            // Replaced when the mail is stamped; without one, the library would ask this machine's clock.
            .date(SystemTime::UNIX_EPOCH)
            .envelope(envelope.map_err(|error| bad(&error))?)
            .from(self.from)
            .subject(subject);
        for to in self.to {
            builder = builder.to(to);
        }
        for cc in self.cc {
            builder = builder.cc(cc);
        }
        for reply_to in self.reply_to {
            builder = builder.reply_to(reply_to);
        }
        for (name, value) in self.headers {
            let name = HeaderName::new_from_ascii(name).map_err(|error| bad(&error))?;
            if value.contains(char::is_control) {
                return Err(bad(&"A header line's value has a control character."));
            }
            builder = builder.raw_header(HeaderValue::new(name, value));
        }
        let message = match (self.text, self.html) {
            (Some(text), Some(html)) => {
                builder.multipart(MultiPart::alternative_plain_html(text, html))
            }
            (Some(text), None) => builder.header(ContentType::TEXT_PLAIN).body(text),
            (None, Some(html)) => builder.singlepart(SinglePart::html(html)),
            (None, None) => return Err(bad(&"Body is empty: text or html is required.")),
        };
        let message = message.map_err(|error| bad(&error))?;
        Mime::parse(&message.formatted())
    }
}

impl Mime {
    /// Takes a mail apart; line breaks become CRLF.
    ///
    /// # Errors
    /// `BadRequestException` if the lines before the first empty one are no header (the text is a
    /// guess).
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, SesException> {
        let bytes = with_crlf(bytes);
        let end = if bytes.starts_with(b"\r\n") {
            0
        } else {
            memmem::find(&bytes, b"\r\n\r\n").map_or(bytes.len(), |end| end + 2)
        };
        let body = bytes.get(end + 2..).unwrap_or_default().to_vec();
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in head.split_terminator("\r\n") {
            match (fields.last_mut(), line.split_once(':')) {
                (Some((_, field)), _) if line.starts_with([' ', '\t']) => {
                    field.push_str("\r\n");
                    field.push_str(line);
                }
                (_, Some((name, _))) if is_field_name(name.trim_end()) => {
                    fields.push((name.trim_end().to_owned(), line.to_owned()));
                }
                _ => {
                    return Err(SesException::bad_request(
                        "The message's header has a line that is no header line.",
                    ));
                }
            }
        }
        Ok(Self { fields, body })
    }

    /// The same without the header lines of this name.
    pub(super) fn without(mut self, name: &str) -> Self {
        self.fields
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// All header lines, decoded.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        let fields = self.fields.iter();
        fields
            .map(|(name, line)| (name.clone(), decoded(line)))
            .collect()
    }

    /// The decoded value of a header line.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let mut fields = self.fields.iter();
        let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, line)| decoded(line))
    }

    /// The addresses in all header lines of this name.
    ///
    /// # Errors
    /// `BadRequestException` for a text that holds no addresses.
    pub(super) fn mailboxes(&self, name: &str) -> Result<Vec<Mailbox>, SesException> {
        let fields = self.fields.iter();
        let lines = fields.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let mut found = Vec::new();
        for (_, line) in lines {
            let illegal = |_| SesException::bad_request(format!("Illegal address in {name}."));
            let (header, _) = mailparse::parse_header(line.as_bytes()).map_err(illegal)?;
            let list = mailparse::addrparse_header(&header).map_err(illegal)?;
            for entry in list.iter() {
                let singles = match entry {
                    mailparse::MailAddr::Single(single) => std::slice::from_ref(single),
                    mailparse::MailAddr::Group(group) => &group.addrs,
                };
                for single in singles {
                    let address = address(&single.addr)?;
                    found.push(Mailbox::new(single.display_name.clone(), address));
                }
            }
        }
        Ok(found)
    }

    /// The mail as it goes out: with SES's Message-ID and date, and without what is not for
    /// recipients.
    pub(super) fn stamped(&self, message_id: &str, date: Timestamp) -> Vec<u8> {
        let date = date.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let mut mail = format!("Message-ID: {message_id}\r\nDate: {date}\r\n");
        for (name, line) in &self.fields {
            let is_replaced = |replaced: &&str| replaced.eq_ignore_ascii_case(name);
            if !REPLACED.iter().any(is_replaced) {
                mail.push_str(line);
                mail.push_str("\r\n");
            }
        }
        mail.push_str("\r\n");
        let mut mail = mail.into_bytes();
        mail.extend_from_slice(&self.body);
        mail
    }
}

/// Whether a virus scanner would refuse the mail.
pub(super) fn has_virus(mail: &[u8]) -> bool {
    fn in_part(part: &ParsedMail<'_>, virus: &[u8]) -> bool {
        let body = part.get_body_raw().unwrap_or_default();
        memmem::find(&body, virus).is_some() || part.subparts.iter().any(|p| in_part(p, virus))
    }
    let virus = EICAR.concat();
    mailparse::parse_mail(mail).is_ok_and(|mail| in_part(&mail, virus.as_bytes()))
}

/// Reads an address as SES reads one; the texts are those of the older API.
///
/// # Errors
/// `BadRequestException`.
pub(super) fn address(text: &str) -> Result<Address, SesException> {
    if !text.contains('@') {
        return Err(SesException::bad_request("Missing final '@domain'"));
    }
    text.parse()
        .map_err(|_| SesException::bad_request(format!("Illegal address <{text}>")))
}

/// Reads an address, or a name and an address in angle brackets.
///
/// # Errors
/// `BadRequestException`.
pub(crate) fn mailbox(text: &str) -> Result<Mailbox, SesException> {
    let text = text.trim();
    match text.parse() {
        Ok(mailbox) => Ok(mailbox),
        Err(_) => match text.rsplit_once('<') {
            Some((name, rest)) => {
                let address = address(rest.trim_end_matches('>'))?;
                let name = name.trim().trim_matches('"');
                Ok(Mailbox::new(Some(name.to_owned()), address))
            }
            None => address(text).map(|address| Mailbox::new(None, address)),
        },
    }
}

fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic())
}

fn decoded(line: &str) -> String {
    mailparse::parse_headers(format!("{line}\r\n\r\n").as_bytes())
        .ok()
        .and_then(|(headers, _)| headers.first().map(mailparse::MailHeader::get_value))
        .unwrap_or_default()
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(bytes.len());
    let mut previous = 0;
    for byte in bytes {
        if *byte == b'\n' && previous != b'\r' {
            written.push(b'\r');
        }
        written.push(*byte);
        previous = *byte;
    }
    written
}

#[cfg(test)]
mod tests {
    use mailparse::MailHeaderMap;

    use super::*;

    fn simple() -> SimpleMail {
        SimpleMail {
            from: mailbox("Läden <shop@example.com>").unwrap(),
            to: vec![mailbox("ada@example.com").unwrap()],
            cc: Vec::new(),
            reply_to: vec![mailbox("help@example.com").unwrap()],
            subject: "Grüße\r\nBcc: eve@example.com".to_owned(),
            text: None,
            html: Some("<b>ä</b>".to_owned()),
            headers: vec![("X-Run".to_owned(), "7".to_owned())],
        }
    }

    #[test]
    fn composes_and_stamps() {
        let mime = simple().compose().unwrap();
        assert_eq!(mime.mailboxes("to").unwrap(), simple().to);
        assert_eq!(mime.header("X-Run").as_deref(), Some("7"));
        let mail = mime.stamped("<1@email.amazonses.com>", Timestamp::UNIX_EPOCH);
        let mail = mailparse::parse_mail(&mail).unwrap();
        let header = |name: &str| mail.headers.get_all_values(name);
        assert_eq!(header("Message-ID"), ["<1@email.amazonses.com>"]);
        assert_eq!(header("Date"), ["Thu, 01 Jan 1970 00:00:00 +0000"]);
        assert_eq!(header("From"), ["Läden <shop@example.com>"]);
        assert_eq!(header("Subject"), ["Grüße  Bcc: eve@example.com"]);
        assert!(header("Bcc").is_empty());
        assert_eq!(mail.get_body().unwrap().trim_end(), "<b>ä</b>");
    }

    #[test]
    fn a_raw_mail_keeps_its_lines_but_for_those_of_ses() {
        let raw = b"From: a@b.c\nBcc: eve@b.c\nmessage-id: <mine@b.c>\nX-Long: one\n two\n\
                    X-SES-CONFIGURATION-SET: set\n\nline\n.\n";
        let mime = Mime::parse(raw).unwrap();
        assert_eq!(mime.header("x-ses-configuration-set").unwrap(), "set");
        assert_eq!(
            mime.stamped("<1@x>", Timestamp::UNIX_EPOCH),
            b"Message-ID: <1@x>\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\nFrom: a@b.c\r\n\
              X-Long: one\r\n two\r\n\r\nline\r\n.\r\n"
        );
        assert_eq!(Mime::parse(b"\nbody").unwrap().body, b"body");
        for raw in [&b"no header"[..], b": empty\n\n", b" folded first\n\n"] {
            assert!(Mime::parse(raw).is_err());
        }
    }

    #[test]
    fn finds_the_test_virus_in_any_encoding() {
        use base64::Engine;
        let virus = EICAR.concat();
        let encoded = base64::prelude::BASE64_STANDARD.encode(&virus);
        let plain = format!("Subject: x\r\n\r\n{virus}");
        let attached = format!(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--b--\r\n"
        );
        assert!(has_virus(plain.as_bytes()) && has_virus(attached.as_bytes()));
        assert!(!has_virus(b"Subject: x\r\n\r\nharmless"));
    }

    #[test]
    fn reads_addresses_with_and_without_names() {
        let cases = [
            ("ada@example.com", Some((None, "ada@example.com"))),
            (
                "Shop, Inc <a@example.com>",
                Some((Some("Shop, Inc"), "a@example.com")),
            ),
            (
                "\"Shop\" <a@example.com>",
                Some((Some("Shop"), "a@example.com")),
            ),
            ("ada", None),
            ("ada @example.com", None),
        ];
        for (text, expected) in cases {
            let read = mailbox(text).ok();
            let read = read.map(|mailbox| (mailbox.name, mailbox.email.to_string()));
            let expected = expected.map(|(name, address): (Option<&str>, &str)| {
                (name.map(str::to_owned), address.to_owned())
            });
            assert_eq!(read, expected, "{text}");
        }
    }
}
