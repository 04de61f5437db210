//! `PutEmailIdentityMailFromAttributes`: the domain of the envelope's sender.

use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::service::Ses;
use super::wire::{Empty, typed};
use crate::control::VerificationStatus;

/// A custom MAIL FROM domain of an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MailFrom {
    pub(super) domain: String,
    /// What the search for its MX record found.
    pub(super) status: VerificationStatus,
    pub(super) behavior: Behavior,
}

/// `BehaviorOnMxFailure`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Behavior {
    #[default]
    UseDefaultValue,
    RejectMessage,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutRequest {
    mail_from_domain: Option<String>,
    #[serde(default)]
    behavior_on_mx_failure: Behavior,
}

/// `MailFromAttributes`; without a domain its name is empty.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attributes {
    mail_from_domain: String,
    mail_from_domain_status: VerificationStatus,
    behavior_on_mx_failure: Behavior,
}

impl Attributes {
    pub(super) fn of(mail_from: Option<&MailFrom>) -> Option<Self> {
        let MailFrom {
            domain,
            status,
            behavior,
        } = mail_from?.clone();
        Some(Self {
            mail_from_domain: domain,
            mail_from_domain_status: status,
            behavior_on_mx_failure: behavior,
        })
    }
}

impl MailFrom {
    /// Whether mails may go out: without the MX record `REJECT_MESSAGE` refuses them, and
    /// `USE_DEFAULT_VALUE` sends them from a domain of SES (SESV2 `MailFromAttributes`).
    ///
    /// # Errors
    /// `MailFromDomainNotVerifiedException`; the text is a guess.
    pub(super) fn check_sending(&self) -> Result<(), SesException> {
        let is_verified = self.status == VerificationStatus::Success;
        if is_verified || self.behavior == Behavior::UseDefaultValue {
            return Ok(());
        }
        Err(SesException::MailFromDomainNotVerified(self.domain.clone()))
    }
}

/// `PutEmailIdentityMailFromAttributes`. The new domain is pending: DNS, which on AWS is searched for
/// its MX record, is the control interface here. Without a domain the present one is given up.
///
/// # Errors
/// `NotFoundException`, `BadRequestException`.
pub(super) fn put_mail_from(ses: &Ses, identity: &str, body: &[u8]) -> Result<Empty, SesException> {
    let request: PutRequest = typed(body)?;
    let mut state = ses.state();
    let identity = state.identities.find_mut(identity)?;
    let behavior = request.behavior_on_mx_failure;
    let domain = request.mail_from_domain.filter(|name| !name.is_empty());
    identity.mail_from = domain.map(|domain| MailFrom {
        domain,
        status: VerificationStatus::Pending,
        behavior,
    });
    Ok(Empty {})
}
