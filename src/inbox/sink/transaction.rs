//! One mail's way from MAIL FROM to its data.

use super::command::{MailFrom, Refusal};
use super::settings::SinkSettings;
use crate::model::EmailAddress;

const SEQUENCE_NESTED: Refusal = Refusal::new("503 5.5.1 a mail is under way already");
const SEQUENCE_MAIL: Refusal = Refusal::new("503 5.5.1 say MAIL FROM first");
const SEQUENCE_RCPT: Refusal = Refusal::new("503 5.5.1 say RCPT TO first");
const TOO_MANY_RECIPIENTS: Refusal = Refusal::new("452 4.5.3 too many recipients");
const NEEDS_SMTPUTF8: Refusal = Refusal::new("553 5.6.7 the address needs SMTPUTF8");
const GREYLISTED: Refusal = Refusal::new("451 4.7.1 greylisted, try again later");
const RELAY_DENIED: Refusal = Refusal::new("550 5.7.1 relay denied");
pub(super) const TOO_LARGE: Refusal =
    Refusal::new("552 5.3.4 the message is larger than this server accepts");

/// Who sends a mail to whom.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) sender: Option<EmailAddress>,
    /// Each mailbox once.
    pub(super) recipients: Vec<EmailAddress>,
}

/// A mail in the making (RFC 5321 §3.3).
#[derive(Debug, Default)]
pub(super) struct Transaction {
    mail: Option<MailFrom>,
    recipients: Vec<EmailAddress>,
}

impl Transaction {
    /// Follows MAIL.
    pub(super) fn begin(&mut self, mail: MailFrom, settings: &SinkSettings) -> Result<(), Refusal> {
        if self.mail.is_some() {
            return Err(SEQUENCE_NESTED);
        }
        let bytes_max = settings.limits.message_bytes_max;
        if mail.bytes.is_some_and(|bytes| bytes > bytes_max) {
            return Err(TOO_LARGE);
        }
        let sender = mail.sender.as_ref();
        if !(mail.utf8 || sender.is_none_or(|sender| sender.as_str().is_ascii())) {
            return Err(NEEDS_SMTPUTF8);
        }
        self.mail = Some(mail);
        Ok(())
    }

    /// Follows RCPT.
    pub(super) fn add(
        &mut self,
        recipient: EmailAddress,
        settings: &SinkSettings,
    ) -> Result<(), Refusal> {
        let mail = self.mail.as_ref().ok_or(SEQUENCE_MAIL)?;
        if !(mail.utf8 || recipient.as_str().is_ascii()) {
            return Err(NEEDS_SMTPUTF8);
        }
        if !is_ours(&recipient, settings) {
            return Err(RELAY_DENIED);
        }
        // Named twice, a mailbox still gets the mail once.
        let mut known = self.recipients.iter();
        if known.any(|known| known.same_mailbox(&recipient)) {
            return Ok(());
        }
        if self.recipients.len() == settings.limits.recipients_max {
            return Err(TOO_MANY_RECIPIENTS);
        }
        let reception = settings.reception.as_deref();
        if reception.is_some_and(|reception| reception.defers(&recipient)) {
            return Err(GREYLISTED);
        }
        self.recipients.push(recipient);
        Ok(())
    }

    /// Follows DATA: how many bytes the client has announced.
    pub(super) fn bytes_expected(&self) -> Result<usize, Refusal> {
        let mail = self.mail.as_ref().ok_or(SEQUENCE_MAIL)?;
        if self.recipients.is_empty() {
            return Err(SEQUENCE_RCPT);
        }
        Ok(mail.bytes.unwrap_or(0))
    }

    /// Ends the mail and begins anew.
    pub(super) fn finish(&mut self) -> Envelope {
        let Self { mail, recipients } = std::mem::take(self);
        Envelope {
            sender: mail.and_then(|mail| mail.sender),
            recipients,
        }
    }
}

/// Whether mail for this address stays here. What does not is refused: nothing is ever relayed.
fn is_ours(recipient: &EmailAddress, settings: &SinkSettings) -> bool {
    // Whoever runs a mail server can be written to (RFC 5321 §4.5.1).
    let is_postmaster = recipient.local_part().eq_ignore_ascii_case("postmaster")
        && (recipient.domain()).eq_ignore_ascii_case(&settings.host_name);
    is_postmaster || settings.accepted.accepts(recipient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sink::AcceptedDomains;

    #[test]
    fn mail_of_other_domains_is_not_relayed() {
        let settings = SinkSettings {
            host_name: "mx.example.net".to_owned(),
            accepted: AcceptedDomains::Listed(vec![
                "Staging.Example.com".parse().unwrap(),
                "bücher.example".parse().unwrap(),
            ]),
            ..SinkSettings::default()
        };
        let cases = [
            ("ada@staging.example.com", true),
            ("ada@STAGING.example.COM", true),
            ("ada@bücher.example", true),
            ("ada@xn--bcher-kva.example", true),
            ("postmaster@mx.example.net", true),
            ("ada@example.com", false),
            ("ada@sub.staging.example.com", false),
            ("ada@notstaging.example.com", false),
            ("ada%example.com@example.org", false),
            ("ada@mx.example.net", false),
            ("ada@127.0.0.1", false),
        ];
        for (recipient, is_taken) in cases {
            let mut transaction = Transaction::default();
            let mail = MailFrom {
                sender: None,
                bytes: None,
                utf8: true,
            };
            transaction.begin(mail, &settings).unwrap();
            let added = transaction.add(recipient.parse().unwrap(), &settings);
            let expected = if is_taken { Ok(()) } else { Err(RELAY_DENIED) };
            assert_eq!(added, expected, "{recipient}");
        }
    }
}
