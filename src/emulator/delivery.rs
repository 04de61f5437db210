//! The way of a mail from Cognito to whoever sends it, with all that may befall it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;

use super::agenda::Errand;
use super::cognito::{self, Cognito, Exception, UserPool};
use super::faults::{MailEnd, MailPlan, Occurrence, Stage};
use super::mailer::{Mail, MailerError, Outgoing};
use super::service::Service;
use crate::model::UserPoolId;

/// How long a mail is held back for a later one that does not come.
const HOLD_SECONDS_MAX: i64 = 60;
/// Pause before a mail is offered again to a server that put it off; it doubles each time. AWS's
/// schedule is not known; greylisting servers commonly want some minutes.
const RETRY_SECONDS: i64 = 60;
/// Attempts before a mail is given up: the last one is some 17 hours after the first.
const ATTEMPTS_MAX: u32 = 11;

/// What a pool's log says of a mail whose destination had too many. AWS's words are not published
/// (CAUSES.md, per-destination-throttle).
const THROTTLED: &str = "Message delivery was throttled: too many messages were sent to this \
                         destination in a short time.";

/// What a mail is about, as far as faults ask.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The operations that may have caused it.
    pub(crate) operations: &'static [&'static str],
    /// The user's name, besides the address.
    pub(crate) username: &'a str,
}

/// Mails that wait for a later one to the same address, each with its pool.
#[derive(Default)]
pub(crate) struct HeldMails(Mutex<HashMap<String, (UserPoolId, Mail)>>);

impl HeldMails {
    /// Forgets them.
    pub(crate) fn clear(&self) {
        self.with(HashMap::clear);
    }

    /// Holds a mail unless one is held for its address already: then this is the later one, and
    /// comes back.
    fn hold(&self, pool: &UserPoolId, mail: Mail) -> Option<Mail> {
        self.with(|held| {
            let address = mail.to.to_lowercase();
            if held.contains_key(&address) {
                return Some(mail);
            }
            held.insert(address, (pool.clone(), mail));
            None
        })
    }

    fn take(&self, address: &str) -> Option<(UserPoolId, Mail)> {
        self.with(|held| held.remove(&address.to_lowercase()))
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, (UserPoolId, Mail)>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Sends a pool's mail as the faults and quotas in force let it go.
///
/// # Errors
/// `LimitExceededException` if the default sender's mails of the day are used up, and what
/// [`cognito::send_email`] says.
pub(crate) async fn deliver(
    cognito: &Cognito,
    pool: &UserPool,
    mut mail: Mail,
    subject: Subject<'_>,
) -> Result<(), Exception> {
    let conditions = &cognito.conditions;
    let default_sender = !cognito::is_developer(&pool.settings.email_configuration);
    if default_sender {
        conditions.quotas.mail(cognito.now())?;
    }
    if !conditions.faults.any() {
        return cognito::send_email(cognito, pool, mail).await;
    }
    let plan = plan(cognito, &pool.id, &mail.to, subject);
    match plan.end {
        MailEnd::OverQuota => return Err(Exception::DailyMailsExceeded),
        MailEnd::Throttled => {
            cognito::not_delivered(cognito, pool, THROTTLED);
            return Ok(());
        }
        MailEnd::Lost => return Ok(()),
        // Of the default sender's bounces nobody outside AWS hears (CAUSES.md, triage 7).
        MailEnd::Bounced if default_sender => return Ok(()),
        MailEnd::Bounced => mail.bounces = true,
        MailEnd::Delivery => {}
    }
    mail.is_spam = plan.junk;
    send_as_planned(cognito, pool, mail, &plan).await
}

fn plan(cognito: &Cognito, pool: &UserPoolId, to: &str, subject: Subject<'_>) -> MailPlan {
    let occurrence = Occurrence {
        service: Service::UserPools,
        operations: subject.operations,
        pool: Some(pool),
        addresses: &[to, subject.username],
        caller: None,
        asks_iam: false,
    };
    let now = Some(cognito.now());
    let faults = &cognito.conditions.faults;
    MailPlan::of(&faults.strike(Stage::Mail, &occurrence, now))
}

async fn send_as_planned(
    cognito: &Cognito,
    pool: &UserPool,
    mail: Mail,
    plan: &MailPlan,
) -> Result<(), Exception> {
    let address = mail.to.clone();
    let mail = if plan.held {
        match cognito.conditions.held.hold(&pool.id, mail) {
            None => return later(cognito, HOLD_SECONDS_MAX, Errand::ReleaseMail { address }),
            Some(later) => later,
        }
    } else {
        mail
    };
    for _ in 0..plan.copies {
        if plan.delay_seconds > 0 {
            let errand = Errand::SendMail {
                pool: pool.id.clone(),
                mail: mail.clone(),
            };
            later(cognito, plan.delay_seconds.into(), errand)?;
        } else {
            cognito::send_email(cognito, pool, mail.clone()).await?;
        }
    }
    release(cognito, &address).await;
    Ok(())
}

/// Sends the mail that was held back for a later one to this address, if there is one.
pub(crate) async fn release(cognito: &Cognito, address: &str) {
    if let Some((pool, mail)) = cognito.conditions.held.take(address) {
        send_late(cognito, &pool, mail).await;
    }
}

/// Sends a mail whose request was answered long ago: nobody is left to be told of a refusal, and a
/// pool that is gone sends nothing.
pub(crate) async fn send_late(cognito: &Cognito, pool: &UserPoolId, mail: Mail) {
    if let Ok(pool) = cognito.pool(pool) {
        let _ = cognito::send_email(cognito, &pool, mail).await;
    }
}

/// Hands a mail of the default sender to the SMTP server, as AWS hands it to SES. A server that puts
/// it off, or breaks the dialogue off, is asked again later, and the caller is not told: its request succeeded.
///
/// # Errors
/// `CodeDeliveryFailureException` if the server refuses the mail for good.
pub(crate) async fn hand_over(cognito: &Cognito, mail: Mail) -> Result<(), Exception> {
    let mail = Outgoing::write(mail).map_err(|error| undeliverable(&error))?;
    match cognito.mailer.send(&mail).await {
        Ok(()) => Ok(()),
        Err(error) if is_put_off(&error) => retry(cognito, mail, 1),
        Err(error) => Err(undeliverable(&error)),
    }
}

/// Offers a mail again that the server put off.
pub(crate) async fn offer_again(cognito: &Cognito, mail: Outgoing, failed_attempts: u32) {
    match cognito.mailer.send(&mail).await {
        Err(error) if is_put_off(&error) => {
            // A full agenda loses the mail, as a mail server without disk space would.
            let _ = retry(cognito, mail, failed_attempts + 1);
        }
        _ => {}
    }
}

fn is_put_off(error: &MailerError) -> bool {
    let reply = error.reply();
    error.is_broken_off() || reply.is_some_and(|reply| !reply.is_permanent())
}

fn retry(cognito: &Cognito, mail: Outgoing, failed_attempts: u32) -> Result<(), Exception> {
    if failed_attempts >= ATTEMPTS_MAX {
        return Ok(());
    }
    let pause = RETRY_SECONDS << (failed_attempts - 1);
    let errand = Errand::RetryMail {
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

fn undeliverable(error: &MailerError) -> Exception {
    Exception::CodeDeliveryFailure(error.to_string())
}
