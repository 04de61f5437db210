//! The way of a mail from SES to its recipients' server.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lettre::Address;

use super::error::SesException;
use super::events::{BounceType, Happening, Recipient, Reject};
use super::mime;
use super::outgoing::{Fate, Outgoing, accept};
use super::sent::{BOUNCING_MTA, BounceOf, DelayOf, NO_MTA, SentMail};
use super::service::Ses;
use super::simulator::Simulated;
use super::suppression::Reason;
use crate::emulator::mailer::{MailerError, SmtpReply};

/// How long SES tries: `MaxDeliverySeconds` is 50,400 at most, and its bounces say 840 minutes.
const DELIVERY: SignedDuration = SignedDuration::from_mins(840);
/// The wait before the second try; each further one is twice as long. AWS names no schedule.
const FIRST_RETRY: SignedDuration = SignedDuration::from_mins(1);
/// How often the clock is looked at while mails wait; a test may have moved it by hours.
const LOOK_MILLISECONDS: u64 = 50;
/// Mails that wait for another try at once, so that a dead server costs neither memory nor time.
const DELAYED_MAX: usize = 200;
/// What a bounce says of an address on the account's list (recorded).
const ON_ACCOUNT_LIST: &str = "Amazon SES did not send the message to this address because it is \
    on the suppression list for your account. For more information about removing addresses from \
    the suppression list, see the Amazon SES Developer Guide at \
    https://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-email-suppression-list.html";
/// What a bounce says of an address on AWS's list (recorded).
const ON_GLOBAL_LIST: &str = "Amazon SES has suppressed sending to this address because it has a \
    recent history of bouncing as an invalid address. For more information about how to remove an \
    address from the suppression list, see the Amazon SES Developer Guide: \
    http://docs.aws.amazon.com/ses/latest/DeveloperGuide/remove-from-suppressionlist.html";

/// A mail that waits for another try.
#[derive(Debug)]
pub(super) struct DelayedMail {
    sent: Arc<SentMail>,
    to: Address,
    /// The wait before the next try, and when that is.
    wait: SignedDuration,
    next: Timestamp,
    /// When it is given up.
    until: Timestamp,
}

/// What the receiving server made of a mail.
#[derive(Debug)]
enum Outcome {
    Delivered(SmtpReply),
    Bounced(BounceOf),
    Delayed(DelayOf),
}

impl Ses {
    /// Takes a mail, and tries once to hand it to each recipient before this returns, so that mails
    /// leave in the order of the requests. What becomes of it then is told by events alone, as on
    /// AWS.
    ///
    /// # Errors
    /// The reason why SES does not take the mail.
    pub(crate) async fn send(&self, outgoing: Outgoing) -> Result<String, SesException> {
        let now = self.now();
        let accepted = accept(&mut self.state(), &outgoing, &self.region, now)?;
        let sent = Arc::new(SentMail::new(self, &outgoing, &accepted, now));
        if let Some(failure) = outgoing.failure {
            // That there is no Send event, and that the quota is used, are guesses.
            self.publish(&sent, &Happening::RenderingFailure(failure));
            return Ok(sent.id().to_owned());
        }
        if mime::has_virus(&sent.bytes) {
            let reason = "Bad content";
            self.publish(&sent, &Happening::Reject(Reject { reason }));
            return Ok(sent.id().to_owned());
        }
        self.publish(&sent, &Happening::Send {});
        for fate in accepted.fates {
            match fate {
                Fate::Deliver(to) => self.first_try(&sent, to.email).await,
                Fate::Bounce(to) => {
                    let reply = SmtpReply::new(550, "5.1.1 user unknown");
                    self.tell(&sent, &to.email, refusal(&reply, &to.email));
                }
                Fate::Simulate(to, simulated) => self.simulate(&sent, &to.email, simulated),
                Fate::Suppress(to, reason) => self.hold_back(&sent, &to.email, reason),
            }
        }
        Ok(sent.id().to_owned())
    }

    async fn first_try(&self, sent: &Arc<SentMail>, to: Address) {
        let outcome = self.attempt(sent, &to).await;
        let Outcome::Delayed(delay) = outcome else {
            self.tell(sent, &to, outcome);
            return;
        };
        let until = sent.mail.timestamp + DELIVERY;
        self.delayed(sent, delay, until);
        let later = DelayedMail {
            sent: Arc::clone(sent),
            to,
            wait: FIRST_RETRY,
            next: (self.now() + FIRST_RETRY).min(until),
            until,
        };
        self.wait(later);
    }

    /// Has a mail wait for its next try, or gives it up if too many do.
    fn wait(&self, mail: DelayedMail) {
        let mut state = self.state();
        if state.delayed.len() < DELAYED_MAX {
            state.delayed.push(mail);
            drop(state);
            self.waiting.notify_one();
        } else {
            drop(state);
            self.expire(&mail.sent, &mail.to);
        }
    }

    /// Tries the delayed mails again that are due; on return they were tried, those that were begun
    /// before included.
    pub(crate) async fn try_due(&self) {
        let _trying = self.trying.lock().await;
        let now = self.now();
        let (due, life) = {
            let mut state = self.state();
            let due = state.delayed.extract_if(.., |mail| mail.next <= now);
            (due.collect::<Vec<_>>(), state.life)
        };
        for mail in due {
            let outcome = self.attempt(&mail.sent, &mail.to).await;
            if self.state().life != life {
                return;
            }
            match outcome {
                Outcome::Delayed(_) if self.now() >= mail.until => {
                    self.expire(&mail.sent, &mail.to);
                }
                Outcome::Delayed(_) => {
                    let wait = mail.wait + mail.wait;
                    let next = (self.now() + wait).min(mail.until);
                    self.wait(DelayedMail { wait, next, ..mail });
                }
                outcome => self.tell(&mail.sent, &mail.to, outcome),
            }
        }
    }

    /// Tries delayed mails again at their times, until the emulator ends.
    pub(crate) async fn work(self: Arc<Self>) {
        loop {
            let waiting = self.waiting.notified();
            if self.state().delayed.is_empty() {
                waiting.await;
            }
            tokio::time::sleep(Duration::from_millis(LOOK_MILLISECONDS)).await;
            self.try_due().await;
        }
    }

    async fn attempt(&self, sent: &SentMail, to: &Address) -> Outcome {
        // Bounces come back to SES, whose address tells the mail.
        let sender = Address::new(sent.id(), "amazonses.com");
        let handed = match sender {
            Ok(sender) => self.mailer.deliver(sender, to.clone(), &sent.bytes).await,
            Err(source) => Err(MailerError::Address {
                line: "Return-Path",
                text: sent.id().to_owned(),
                source,
            }),
        };
        outcome(handed, to)
    }

    fn tell(&self, sent: &Arc<SentMail>, to: &Address, outcome: Outcome) {
        match outcome {
            Outcome::Delivered(reply) => self.delivered(sent, to, reply.to_string()),
            Outcome::Bounced(bounce) => self.bounced(sent, bounce, true),
            // Told once, when it began.
            Outcome::Delayed(_) => {}
        }
    }

    /// Gives up; the text is that of AWS's bounces.
    fn expire(&self, sent: &SentMail, to: &Address) {
        let minutes = DELIVERY.as_mins();
        let code =
            format!("smtp; 550 4.4.7 Message expired: unable to deliver in {minutes} minutes.");
        let recipient = failed(to, "4.4.7", code);
        self.bounced(sent, transient(recipient, "General"), true);
    }

    fn hold_back(&self, sent: &SentMail, to: &Address, reason: Reason) {
        let sub_type = "OnAccountSuppressionList";
        match reason {
            Reason::Bounce => self.bounced(
                sent,
                BounceOf {
                    kind: BounceType::Permanent,
                    sub_type,
                    recipient: failed(to, "5.1.1", ON_ACCOUNT_LIST.to_owned()),
                    reporting_mta: NO_MTA,
                },
                false,
            ),
            Reason::Complaint => self.complained(sent, to.as_ref(), Some(sub_type), false),
        }
    }

    fn simulate(&self, sent: &Arc<SentMail>, to: &Address, simulated: Simulated) {
        let accepted = || "250 ok:  Message 64111812 accepted".to_owned();
        match simulated {
            Simulated::Success => self.delivered(sent, to, accepted()),
            Simulated::Bounce => {
                let code = "smtp; 550 5.1.1 user unknown".to_owned();
                let recipient = failed(to, "5.1.1", code);
                self.bounced(sent, permanent(recipient), false);
            }
            Simulated::OutOfOffice => {
                self.delivered(sent, to, accepted());
                // Recorded in 2013: the automatic answer counts as a soft bounce without a status.
                let recipient = Recipient {
                    email_address: to.to_string(),
                    ..Recipient::default()
                };
                self.bounced(sent, transient(recipient, "General"), false);
            }
            Simulated::Complaint => {
                self.delivered(sent, to, accepted());
                self.complained(sent, to.as_ref(), None, false);
            }
            Simulated::SuppressionList => {
                let recipient = failed(to, "5.1.1", ON_GLOBAL_LIST.to_owned());
                let bounce = BounceOf {
                    sub_type: "Suppressed",
                    reporting_mta: NO_MTA,
                    ..permanent(recipient)
                };
                self.bounced(sent, bounce, false);
            }
        }
    }
}

/// Reads what the server made of the mail.
fn outcome(handed: Result<SmtpReply, MailerError>, to: &Address) -> Outcome {
    match handed {
        Ok(reply) => Outcome::Delivered(reply),
        Err(error) => {
            let reply = error.reply().unwrap_or_else(|| unreachable_reply(&error));
            refusal(&reply, to)
        }
    }
}

/// What a reply means that is not an acceptance.
fn refusal(reply: &SmtpReply, to: &Address) -> Outcome {
    let status = reply.status();
    let recipient = failed(to, &status, format!("smtp; {reply}"));
    if !reply.is_permanent() {
        return Outcome::Delayed(DelayOf {
            kind: delay_type(&status),
            recipient: Recipient {
                action: None,
                ..recipient
            },
        });
    }
    Outcome::Bounced(match soft_bounce(&status) {
        Some(sub_type) => transient(recipient, sub_type),
        None => permanent(recipient),
    })
}

/// What stands for the reply of a server that said nothing. A mail that cannot be written for it
/// will never be; anything else may be better later, in the words of AWS's example.
fn unreachable_reply(error: &MailerError) -> SmtpReply {
    match error {
        MailerError::Address { .. } | MailerError::Format(_) => {
            SmtpReply::new(554, format!("5.6.0 {error}"))
        }
        MailerError::Unreachable(_) | MailerError::Refused(_) | MailerError::TimedOut => {
            SmtpReply::new(421, "4.4.1 Unable to connect to remote host")
        }
    }
}

/// The sub-type of refusals that do not mean that the address is wrong; which status has which is a
/// guess after RFC 3463.
fn soft_bounce(status: &str) -> Option<&'static str> {
    match status {
        "5.2.2" => Some("MailboxFull"),
        "5.2.3" | "5.3.4" => Some("MessageTooLarge"),
        "5.6.0" | "5.7.0" => Some("ContentRejected"),
        _ => None,
    }
}

/// The kind of a delay; which status has which is a guess after RFC 3463.
fn delay_type(status: &str) -> &'static str {
    match status {
        "4.2.2" => "MailboxFull",
        "4.3.0" | "4.3.2" => "RecipientServerError",
        "4.4.1" | "4.4.2" => "TransientCommunicationFailure",
        _ => "General",
    }
}

fn failed(to: &Address, status: &str, diagnostic_code: String) -> Recipient {
    Recipient {
        email_address: to.to_string(),
        action: Some("failed"),
        status: Some(status.to_owned()),
        diagnostic_code: Some(diagnostic_code),
    }
}

fn permanent(recipient: Recipient) -> BounceOf {
    BounceOf {
        kind: BounceType::Permanent,
        sub_type: "General",
        recipient,
        reporting_mta: BOUNCING_MTA,
    }
}

fn transient(recipient: Recipient, sub_type: &'static str) -> BounceOf {
    BounceOf {
        kind: BounceType::Transient,
        sub_type,
        recipient,
        reporting_mta: BOUNCING_MTA,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_decides() {
        let to: Address = "ada@example.com".parse().unwrap();
        let cases = [
            (550, "5.1.1 user unknown", "Permanent General"),
            (550, "no such mailbox", "Permanent General"),
            (552, "5.2.2 over quota", "Transient MailboxFull"),
            (552, "5.3.4 too big", "Transient MessageTooLarge"),
            (451, "4.7.1 greylisted", "General"),
            (452, "4.2.2 full for now", "MailboxFull"),
            (421, "4.4.2 goodbye", "TransientCommunicationFailure"),
        ];
        for (code, text, expected) in cases {
            let seen = match refusal(&SmtpReply::new(code, text), &to) {
                Outcome::Bounced(bounce) => format!("{:?} {}", bounce.kind, bounce.sub_type),
                Outcome::Delayed(delay) => delay.kind.to_owned(),
                Outcome::Delivered(_) => "delivered".to_owned(),
            };
            assert_eq!(seen, expected, "{code} {text}");
        }
    }
}
