//! A mail as a sender hands it to SES, and what SES decides of it before anything is sent.

use jiff::Timestamp;
use lettre::message::Mailbox;

use super::error::SesException;
use super::events::RenderingFailure;
use super::mime::{Mime, SimpleMail};
use super::quota::Recipients;
use super::service::State;
use super::simulator::{Simulated, simulated};
use super::suppression::Reason;

/// Recipients of one mail (SES's page on quotas).
const RECIPIENTS_MAX: usize = 50;

/// A mail on its way into SES.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(super) from: Mailbox,
    /// The identity that the sender claims to use; else the closest to the From address.
    pub(super) identity: Option<IdentityArn>,
    /// Everybody who gets the mail, hidden ones included.
    pub(super) recipients: Vec<Mailbox>,
    pub(super) configuration_set: Option<String>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) caller: Caller,
    pub(super) mime: Mime,
    /// Why there is nothing to send after all: its template could not be written.
    pub(super) failure: Option<RenderingFailure>,
    /// The receiving server will refuse it for good.
    pub(crate) bounces: bool,
}

/// Who calls, as events tell it.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// `ses:caller-identity`.
    pub(crate) identity: String,
    /// `ses:source-ip`.
    pub(crate) ip: String,
}

/// `arn:aws:ses:REGION:ACCOUNT:identity/NAME`. This emulator has one SES for all regions and accounts;
/// the region is what refusals tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdentityArn {
    text: String,
    region: String,
    name: String,
}

/// A mail that SES takes.
#[derive(Debug, PartialEq)]
pub(super) struct Accepted {
    /// The name of the identity that it comes from.
    pub(super) identity: String,
    pub(super) configuration_set: Option<String>,
    pub(super) fates: Vec<Fate>,
}

/// What becomes of the mail for one recipient.
#[derive(Debug, PartialEq)]
pub(super) enum Fate {
    Deliver(Mailbox),
    Bounce(Mailbox),
    Simulate(Mailbox, Simulated),
    Suppress(Mailbox, Reason),
}

impl IdentityArn {
    /// Reads an identity's ARN; none for another text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (head, name) = text.split_once(":identity/")?;
        let parts: Vec<_> = head.split(':').collect();
        let ["arn", _, "ses", region, _] = parts[..] else {
            return None;
        };
        Some(Self {
            text: text.to_owned(),
            region: region.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The address or domain.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The refusal of mail from this identity.
    pub(super) fn not_verified(&self) -> SesException {
        SesException::NotVerified {
            region: self.region.clone(),
            identities: vec![self.text.clone()],
            sender: true,
        }
    }
}

impl Outgoing {
    /// A mail of Cognito, or another with one recipient.
    ///
    /// # Errors
    /// `BadRequestException` for lines that mail cannot have.
    pub(crate) fn to_one(
        mail: SimpleMail,
        identity: Option<IdentityArn>,
        configuration_set: Option<String>,
        caller: Caller,
    ) -> Result<Self, SesException> {
        Ok(Self {
            from: mail.from.clone(),
            identity,
            recipients: mail.to.clone(),
            configuration_set,
            tags: Vec::new(),
            caller,
            mime: mail.compose()?,
            failure: None,
            bounces: false,
        })
    }

    fn check_recipients(&self) -> Result<(), SesException> {
        match self.recipients.len() {
            // The first text is a guess, the second that of the older API.
            0 => Err(SesException::bad_request("There are no recipients.")),
            1..=RECIPIENTS_MAX => Ok(()),
            _ => Err(SesException::bad_request(format!(
                "Recipient count exceeds {RECIPIENTS_MAX}."
            ))),
        }
    }
}

/// Decides whether the account may send the mail, counts it, and decides what becomes of it for
/// each recipient. The order of the checks is a guess.
///
/// # Errors
/// The first reason not to take it.
pub(super) fn accept(
    state: &mut State,
    outgoing: &Outgoing,
    region: &str,
    now: Timestamp,
) -> Result<Accepted, SesException> {
    state.account.check_sending()?;
    outgoing.check_recipients()?;
    let configuration_set = configuration_set(state, outgoing)?;
    let identity = verified(state, outgoing, region)?;
    state.identities.find(&identity)?.check_sending(&identity)?;
    let fates = fates(state, outgoing, configuration_set.as_deref());
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let simulated = |fate: &&Fate| matches!(fate, Fate::Simulate(..));
    let recipients = Recipients {
        all: count(fates.len()),
        counted: count(fates.len() - fates.iter().filter(simulated).count()),
    };
    let quotas = state.account.quotas();
    state.account.usage.count(quotas, now, recipients)?;
    Ok(Accepted {
        identity,
        configuration_set,
        fates,
    })
}

/// The set that the mail names, or else its identity's, if that one sends.
///
/// # Errors
/// `NotFoundException`; `BadRequestException` for an identity's default that was deleted
/// (<https://docs.aws.amazon.com/ses/latest/dg/managing-configuration-sets.html>).
fn configuration_set(state: &State, outgoing: &Outgoing) -> Result<Option<String>, SesException> {
    let sets = &state.configuration_sets;
    let by_default = || {
        let mut covering = state.identities.covering(&outgoing.from.email);
        covering.find_map(|(_, identity)| identity.configuration_set.clone())
    };
    let (name, set) = if let Some(name) = outgoing.configuration_set.clone() {
        let set = sets.find(&name)?;
        (name, set)
    } else if let Some(name) = by_default() {
        let missing = |gone: SesException| SesException::BadRequest(gone.to_string());
        let set = sets.find(&name).map_err(missing)?;
        (name, set)
    } else {
        return Ok(None);
    };
    set.check_sending(&name)?;
    Ok(Some(name))
}

/// The name of the identity that the mail comes from, if it and, in the sandbox, the recipients are
/// verified.
///
/// # Errors
/// `MessageRejected` with everything that is not; an identity that was named by its ARN is shown so
/// (recorded in aws/aws-cdk#18964).
fn verified(state: &State, outgoing: &Outgoing, region: &str) -> Result<String, SesException> {
    let identities = &state.identities;
    let from = &outgoing.from;
    let mut covering = identities.covering(&from.email);
    let used = covering.find(|(name, identity)| {
        let wanted = outgoing.identity.as_ref();
        identity.is_verified() && wanted.is_none_or(|arn| arn.name.eq_ignore_ascii_case(name))
    });
    let mut failed = Vec::new();
    if used.is_none() {
        let arn = outgoing.identity.as_ref();
        failed.push(arn.map_or_else(|| from.to_string(), |arn| arn.text.clone()));
    }
    let sender = !failed.is_empty();
    if state.account.is_in_sandbox() {
        let unverified = outgoing.recipients.iter().filter(|recipient| {
            simulated(&recipient.email).is_none() && !identities.is_verified(&recipient.email)
        });
        failed.extend(unverified.map(|recipient| recipient.email.to_string()));
    }
    match used {
        Some((name, _)) if failed.is_empty() => Ok(name.to_owned()),
        _ => {
            let arn = outgoing.identity.as_ref();
            Err(SesException::NotVerified {
                region: arn.map_or(region, |arn| &arn.region).to_owned(),
                identities: failed,
                sender,
            })
        }
    }
}

fn fates(state: &State, outgoing: &Outgoing, configuration_set: Option<&str>) -> Vec<Fate> {
    let active = state.suppressed_reasons(configuration_set);
    let fate = |recipient: &Mailbox| {
        let recipient = recipient.clone();
        if let Some(simulated) = simulated(&recipient.email) {
            return Fate::Simulate(recipient, simulated);
        }
        match state.suppressed.reason(recipient.email.as_ref(), active) {
            Some(reason) => Fate::Suppress(recipient, reason),
            None if outgoing.bounces => Fate::Bounce(recipient),
            None => Fate::Deliver(recipient),
        }
    };
    outgoing.recipients.iter().map(fate).collect()
}
