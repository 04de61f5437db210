//! One mail's way from MAIL FROM to its data.

use std::borrow::Cow;
use std::time::Duration;

use super::command::{MailFrom, Refusal};
use super::reception::{CutAt, Filing, RefusedAt, Treatment};
use super::settings::SinkSettings;
use crate::model::{EmailAddress, SmtpRefusal};

const SEQUENCE_NESTED: Refusal = Refusal::new("503 5.5.1 a mail is under way already");
const SEQUENCE_MAIL: Refusal = Refusal::new("503 5.5.1 say MAIL FROM first");
const SEQUENCE_RCPT: Refusal = Refusal::new("503 5.5.1 say RCPT TO first");
const TOO_MANY_RECIPIENTS: Refusal = Refusal::new("452 4.5.3 too many recipients");
const NEEDS_SMTPUTF8: Refusal = Refusal::new("553 5.6.7 the address needs SMTPUTF8");
const RELAY_DENIED: Refusal = Refusal::new("550 5.7.1 relay denied");
pub(super) const TOO_LARGE: Refusal =
    Refusal::new("552 5.3.4 the message is larger than this server accepts");

/// Who sends a mail to whom.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) sender: Option<EmailAddress>,
    /// Each mailbox once.
    pub(super) recipients: Vec<Addressee>,
    pub(super) client: Client,
}

/// Who gets a mail, and how it is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addressee {
    pub(super) address: EmailAddress,
    pub(super) filing: Filing,
}

impl Addressee {
    /// The address in whose mailbox the mail is filed.
    pub(super) fn mailbox(&self) -> EmailAddress {
        if self.filing.untagged {
            self.address.untagged()
        } else {
            self.address.clone()
        }
    }
}

/// What follows a recipient.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Added {
    /// How long the answer is held back.
    pub(super) pause: Duration,
    /// Nothing if the connection is cut instead.
    pub(super) answer: Option<Result<(), Refusal>>,
}

impl Added {
    fn at_once(answer: Result<(), Refusal>) -> Self {
        Self {
            pause: Duration::ZERO,
            answer: Some(answer),
        }
    }
}

/// From whom a mail comes, and how, for its `Received` line.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Client {
    /// What it called itself.
    pub(super) name: String,
    /// What this server calls itself.
    pub(super) host_name: String,
    /// The protocol by its registered name (RFC 3848).
    pub(super) protocol: &'static str,
}

/// A mail in the making (RFC 5321 §3.3).
#[derive(Debug, Default)]
pub(super) struct Transaction {
    mail: Option<MailFrom>,
    recipients: Vec<Addressee>,
    /// What becomes of the mail at its data, because of one of the recipients.
    cut: Option<CutAt>,
    refusal: Option<SmtpRefusal>,
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
    pub(super) fn add(&mut self, recipient: EmailAddress, settings: &SinkSettings) -> Added {
        match self.is_new(&recipient, settings) {
            Ok(true) => {}
            Ok(false) => return Added::at_once(Ok(())),
            Err(refusal) => return Added::at_once(Err(refusal)),
        }
        let sender = self.mail.as_ref().and_then(|mail| mail.sender.as_ref());
        let reception = settings.reception.as_deref();
        let treatment = reception.map(|reception| reception.treat(sender, &recipient));
        self.treat(recipient, treatment.unwrap_or_default())
    }

    /// Whether a recipient that may be named was not named yet. Named twice, a mailbox still gets the
    /// mail once.
    fn is_new(&self, recipient: &EmailAddress, settings: &SinkSettings) -> Result<bool, Refusal> {
        let mail = self.mail.as_ref().ok_or(SEQUENCE_MAIL)?;
        if !(mail.utf8 || recipient.as_str().is_ascii()) {
            return Err(NEEDS_SMTPUTF8);
        }
        if !is_ours(recipient, settings) {
            return Err(RELAY_DENIED);
        }
        let mut known = self.recipients.iter();
        if known.any(|known| known.address.same_mailbox(recipient)) {
            return Ok(false);
        }
        if self.recipients.len() == settings.limits.recipients_max {
            return Err(TOO_MANY_RECIPIENTS);
        }
        Ok(true)
    }

    fn treat(&mut self, address: EmailAddress, treatment: Treatment) -> Added {
        let pause = treatment.tarpit;
        if treatment.cut == Some(CutAt::Recipient) {
            let answer = None;
            return Added { pause, answer };
        }
        match treatment.refusal {
            Some((RefusedAt::Recipient, reply)) => {
                let refusal = Refusal(Cow::Owned(reply.into()));
                let answer = Some(Err(refusal));
                return Added { pause, answer };
            }
            Some((RefusedAt::Data, reply)) => {
                self.refusal.get_or_insert(reply);
            }
            None => {}
        }
        self.cut = self.cut.or(treatment.cut);
        let filing = treatment.filing;
        self.recipients.push(Addressee { address, filing });
        let answer = Some(Ok(()));
        Added { pause, answer }
    }

    /// Follows DATA: how many bytes the client has announced.
    pub(super) fn bytes_expected(&self) -> Result<usize, Refusal> {
        let mail = self.mail.as_ref().ok_or(SEQUENCE_MAIL)?;
        if self.recipients.is_empty() {
            return Err(SEQUENCE_RCPT);
        }
        Ok(mail.bytes.unwrap_or(0))
    }

    /// Where the connection is cut from now on, if it is.
    pub(super) fn cut(&self) -> Option<CutAt> {
        self.cut
    }

    /// The refusal of the data, if it is refused whatever it says.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        let refusal = self.refusal.clone()?;
        Some(Refusal(Cow::Owned(refusal.into())))
    }

    /// Ends the mail and begins anew.
    pub(super) fn finish(&mut self, client: Client) -> Envelope {
        let Self {
            mail, recipients, ..
        } = std::mem::take(self);
        Envelope {
            sender: mail.and_then(|mail| mail.sender),
            recipients,
            client,
        }
    }
}

/// Whether this server takes mail for this address. It relays nothing for strangers.
fn is_ours(recipient: &EmailAddress, settings: &SinkSettings) -> bool {
    // Whoever runs a mail server can be written to (RFC 5321 §4.5.1).
    let is_postmaster = recipient.local_part().eq_ignore_ascii_case("postmaster")
        && (recipient.domain()).eq_ignore_ascii_case(&settings.host_name);
    is_postmaster || settings.accepted.accepts(recipient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sink::{AcceptedDomains, SinkLimits};

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
            assert_eq!(added, Added::at_once(expected), "{recipient}");
        }
    }

    #[test]
    fn takes_each_mailbox_once_and_no_more_than_the_limit() {
        let settings = SinkSettings {
            limits: SinkLimits {
                recipients_max: 2,
                ..SinkLimits::default()
            },
            ..SinkSettings::default()
        };
        let mut transaction = Transaction {
            mail: Some(MailFrom {
                sender: None,
                bytes: None,
                utf8: false,
            }),
            ..Transaction::default()
        };
        let cases = [
            ("c@d.example", Ok(())),
            ("C@D.example", Ok(())),
            ("é@d.example", Err(NEEDS_SMTPUTF8)),
            ("e@f.example", Ok(())),
            ("g@h.example", Err(TOO_MANY_RECIPIENTS)),
        ];
        for (recipient, expected) in cases {
            let added = transaction.add(recipient.parse().unwrap(), &settings);
            assert_eq!(added, Added::at_once(expected), "{recipient}");
        }
        let envelope = transaction.finish(Client::default());
        let recipients = envelope.recipients.iter();
        let recipients: Vec<_> = recipients.map(|to| to.address.as_str()).collect();
        assert_eq!(recipients, ["c@d.example", "e@f.example"]);
    }
}
