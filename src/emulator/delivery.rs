//! The way of a mail from Cognito to the mail server, with all that may befall it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;

use super::agenda::Errand;
use super::cognito::{Cognito, Exception};
use super::faults::{MailPlan, Occurrence, Stage};
use super::mailer::{Mail, MailerError, Outgoing};
use crate::model::UserPoolId;

/// How long a mail is held back for a later one that does not come.
const HOLD_SECONDS_MAX: i64 = 60;
/// Pause before a mail is offered again to a server that put it off; it doubles each time. AWS's
/// schedule is not known; greylisting servers commonly want some minutes.
const RETRY_SECONDS: i64 = 60;
/// Attempts before a mail is given up: the last one is some 17 hours after the first.
const ATTEMPTS_MAX: u32 = 10;

/// What filters of receiving servers write above a mail that they take for spam.
pub(crate) const SPAM_FLAG: &str = "X-Spam-Flag";

/// What a mail is about, as far as faults and quotas ask.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The operations that may have caused it.
    pub(crate) operations: &'static [&'static str],
    pub(crate) pool: &'a UserPoolId,
    /// The user's names besides the address.
    pub(crate) username: &'a str,
    /// Whether Cognito's own sender sends it, rather than the developer's SES.
    pub(crate) default_sender: bool,
}

/// Mails that wait for a later one to the same address.
#[derive(Default)]
pub(crate) struct HeldMails(Mutex<HashMap<String, Vec<Outgoing>>>);

/// What became of a mail that AWS would have told the pool's log about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It left, or something happened that the service does not notice.
    Accepted,
    /// The service dropped it: its destination had too many.
    Throttled,
}

impl HeldMails {
    /// Forgets them.
    pub(crate) fn clear(&self) {
        self.with(HashMap::clear);
    }

    /// Holds a mail unless one is held for the address already: then this is the later one.
    fn hold(&self, address: &str, mail: Outgoing) -> Result<(), Outgoing> {
        self.with(|held| {
            let mails = held.entry(address.to_lowercase()).or_default();
            if mails.is_empty() {
                mails.push(mail);
                Ok(())
            } else {
                Err(mail)
            }
        })
    }

    fn take(&self, address: &str) -> Vec<Outgoing> {
        self.with(|held| held.remove(&address.to_lowercase()).unwrap_or_default())
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, Vec<Outgoing>>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Sends a mail as the faults and quotas in force let it go.
///
/// Without any the mail was accepted by the server when this returns, as AWS hands it to SES. A
/// server that puts it off is asked again later, and the caller is not told: its request succeeded.
///
/// # Errors
/// `CodeDeliveryFailureException` if the server refuses the mail, `LimitExceededException` if the
/// day's mails are used up (COGNITO.md 2.7).
pub(crate) async fn deliver(
    cognito: &Cognito,
    mail: Mail,
    subject: Subject<'_>,
) -> Result<Fate, Exception> {
    let conditions = &cognito.conditions;
    if subject.default_sender {
        conditions.quotas.mail(cognito.now())?;
    }
    let outgoing = |mail| Outgoing::write(mail).map_err(undeliverable);
    if !conditions.faults.any() {
        hand_over(cognito, outgoing(mail)?).await?;
        return Ok(Fate::Accepted);
    }
    let to = mail.to.clone();
    let plan = plan(cognito, &to, subject);
    if plan.over_quota {
        return Err(Exception::DailyMailsExceeded);
    }
    if plan.throttled {
        return Ok(Fate::Throttled);
    }
    if plan.lost {
        return Ok(Fate::Accepted);
    }
    let mut mail = outgoing(mail)?;
    if plan.junk {
        mail.mark_as_spam();
    }
    send_as_planned(cognito, mail, &to, &plan).await?;
    Ok(Fate::Accepted)
}

/// What the faults in force do to a mail.
pub(crate) fn plan(cognito: &Cognito, to: &str, subject: Subject<'_>) -> MailPlan {
    let occurrence = Occurrence {
        operations: subject.operations,
        pool: Some(subject.pool),
        addresses: &[to, subject.username],
    };
    let now = Some(cognito.now());
    let faults = &cognito.conditions.faults;
    MailPlan::of(&faults.strike(Stage::Mail, &occurrence, now))
}

async fn send_as_planned(
    cognito: &Cognito,
    mail: Outgoing,
    to: &str,
    plan: &MailPlan,
) -> Result<(), Exception> {
    let conditions = &cognito.conditions;
    let mail = if plan.held {
        match conditions.held.hold(to, mail) {
            Ok(()) => {
                let address = to.to_owned();
                return later(cognito, HOLD_SECONDS_MAX, Errand::ReleaseMails { address });
            }
            Err(later_mail) => later_mail,
        }
    } else {
        mail
    };
    for _ in 0..plan.copies {
        if plan.delay_seconds > 0 {
            let errand = Errand::SendMail {
                mail: mail.clone(),
                failed_attempts: 0,
            };
            later(cognito, plan.delay_seconds.into(), errand)?;
        } else {
            hand_over(cognito, mail.clone()).await?;
        }
    }
    release(cognito, to).await;
    Ok(())
}

/// Sends the mails that were held back for a later one to this address.
pub(crate) async fn release(cognito: &Cognito, address: &str) {
    for mail in cognito.conditions.held.take(address) {
        send_later(cognito, mail, 0).await;
    }
}

/// Sends a mail whose request was answered long ago: nobody is left to be told of a refusal.
pub(crate) async fn send_later(cognito: &Cognito, mail: Outgoing, failed_attempts: u32) {
    if let Err(MailerError::Refused(error)) = cognito.mailer.send(&mail).await
        && error.is_transient()
    {
        // A full agenda loses the mail, as a mail server without disk space would.
        let _ = retry(cognito, mail, failed_attempts + 1);
    }
}

async fn hand_over(cognito: &Cognito, mail: Outgoing) -> Result<(), Exception> {
    match cognito.mailer.send(&mail).await {
        Ok(()) => Ok(()),
        Err(MailerError::Refused(error)) if error.is_transient() => retry(cognito, mail, 1),
        Err(error) => Err(undeliverable(error)),
    }
}

fn retry(cognito: &Cognito, mail: Outgoing, failed_attempts: u32) -> Result<(), Exception> {
    if failed_attempts >= ATTEMPTS_MAX {
        return Ok(());
    }
    let pause = RETRY_SECONDS << (failed_attempts - 1);
    let errand = Errand::SendMail {
        mail,
        failed_attempts,
    };
    later(cognito, pause, errand)
}

fn later(cognito: &Cognito, seconds: i64, errand: Errand) -> Result<(), Exception> {
    let due = cognito.now() + SignedDuration::from_secs(seconds);
    let added = cognito.conditions.agenda.add(due, errand);
    added.map_err(|full| Exception::InternalError(full.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "it is a map of errors")]
fn undeliverable(error: MailerError) -> Exception {
    Exception::CodeDeliveryFailure(error.to_string())
}
