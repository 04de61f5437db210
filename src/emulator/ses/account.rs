//! The account: whether it sends, to whom and how much. `GetAccount` and what changes it.

use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::quota::{Quotas, Usage};
use super::service::Ses;
use super::wire::{Empty, Unsupported, required, typed, unsupported};
use crate::control::{EnforcementStatus, SesAccount, SuppressionReason as Reason};

/// Case number of the request for production access; AWS's are of this shape.
const CASE_ID: &str = "case-123456789012-muen-2026-0000000000000000";

/// An account in one region.
#[derive(Debug)]
pub(super) struct Account {
    production_access: bool,
    sending_enabled: bool,
    enforcement: EnforcementStatus,
    /// Why an address is put on the suppression list, and why one on it gets no mail.
    pub(super) suppressed_reasons: Vec<Reason>,
    /// Quotas that were chosen; else those that go with the access.
    max_24_hour_send: Option<f64>,
    max_send_rate: Option<f64>,
    details: Option<Details>,
    pub(super) usage: Usage,
}

/// What the account's owner says about the mails.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Details {
    mail_type: MailType,
    #[serde(rename = "WebsiteURL")]
    website_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_language: Option<ContactLanguage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    use_case_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_contact_email_addresses: Option<Vec<String>>,
    #[serde(rename = "ReviewDetails", skip_serializing_if = "Option::is_none")]
    review: Option<ReviewDetails>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum MailType {
    Marketing,
    Transactional,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ContactLanguage {
    En,
    Ja,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReviewDetails {
    status: ReviewStatus,
    case_id: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ReviewStatus {
    Pending,
    Granted,
    Denied,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccountResponse {
    dedicated_ip_auto_warmup_enabled: bool,
    enforcement_status: EnforcementStatus,
    production_access_enabled: bool,
    send_quota: SendQuota,
    sending_enabled: bool,
    suppression_attributes: SuppressionAttributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

/// `SendQuota`; all numbers are doubles on the wire.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SendQuota {
    max24_hour_send: f64,
    max_send_rate: f64,
    sent_last24_hours: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SuppressionAttributes {
    suppressed_reasons: Vec<Reason>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendingRequest {
    #[serde(default)]
    sending_enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SuppressionRequest {
    #[serde(default)]
    suppressed_reasons: Vec<Reason>,
    validation_attributes: Option<Unsupported>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DetailsRequest {
    mail_type: Option<MailType>,
    #[serde(rename = "WebsiteURL")]
    website_url: Option<String>,
    contact_language: Option<ContactLanguage>,
    use_case_description: Option<String>,
    additional_contact_email_addresses: Option<Vec<String>>,
    production_access_enabled: Option<bool>,
}

impl Default for Account {
    /// A new account: in the sandbox, and with the suppression list on for both reasons, as accounts
    /// are since November 2019.
    fn default() -> Self {
        Self {
            production_access: false,
            sending_enabled: true,
            enforcement: EnforcementStatus::default(),
            suppressed_reasons: vec![Reason::Bounce, Reason::Complaint],
            max_24_hour_send: None,
            max_send_rate: None,
            details: None,
            usage: Usage::default(),
        }
    }
}

impl Account {
    /// Changes what the settings name, and answers a pending request for production access.
    pub(super) fn apply(&mut self, settings: &SesAccount) {
        if let Some(granted) = settings.production_access_enabled {
            self.production_access = granted;
            let review = self.details.as_mut();
            if let Some(review) = review.and_then(|details| details.review.as_mut()) {
                review.status = if granted {
                    ReviewStatus::Granted
                } else {
                    ReviewStatus::Denied
                };
            }
        }
        if let Some(enabled) = settings.sending_enabled {
            self.sending_enabled = enabled;
        }
        if let Some(enforcement) = settings.enforcement_status {
            self.enforcement = enforcement;
        }
        if let Some(reasons) = &settings.suppressed_reasons {
            self.suppressed_reasons.clone_from(reasons);
        }
        self.max_24_hour_send = settings.max24_hour_send.or(self.max_24_hour_send);
        self.max_send_rate = settings.max_send_rate.or(self.max_send_rate);
    }

    /// Whether only verified recipients get mail.
    pub(super) const fn is_in_sandbox(&self) -> bool {
        !self.production_access
    }

    pub(super) fn quotas(&self) -> Quotas {
        let usual = Quotas::usual(self.production_access);
        Quotas {
            max_24_hour_send: self.max_24_hour_send.unwrap_or(usual.max_24_hour_send),
            max_send_rate: self.max_send_rate.unwrap_or(usual.max_send_rate),
        }
    }

    /// Whether the account sends at all.
    ///
    /// # Errors
    /// `SendingPausedException` in the words of CAUSES.md, `ses-account-paused`.
    pub(super) fn check_sending(&self) -> Result<(), SesException> {
        if self.sends() {
            return Ok(());
        }
        Err(SesException::SendingPaused(
            "Sending paused for this account. For more information, please check the inbox of the \
             email address associated with your AWS account."
                .to_owned(),
        ))
    }

    fn sends(&self) -> bool {
        self.sending_enabled && self.enforcement != EnforcementStatus::Shutdown
    }
}

/// `GetAccount`. `VdmAttributes` and `PricingAttributes` are not shown: nothing is behind them here.
pub(super) fn get_account(ses: &Ses) -> AccountResponse {
    let now = ses.now();
    let mut state = ses.state();
    let account = &mut state.account;
    let quotas = account.quotas();
    AccountResponse {
        dedicated_ip_auto_warmup_enabled: false,
        enforcement_status: account.enforcement,
        production_access_enabled: account.production_access,
        send_quota: SendQuota {
            max24_hour_send: quotas.max_24_hour_send,
            max_send_rate: quotas.max_send_rate,
            sent_last24_hours: f64::from(account.usage.sent(now)),
        },
        sending_enabled: account.sends(),
        suppression_attributes: SuppressionAttributes {
            suppressed_reasons: account.suppressed_reasons.clone(),
        },
        details: account.details.clone(),
    }
}

/// `PutAccountSendingAttributes`; without the member, sending is off, as `false` is its default.
///
/// # Errors
/// `BadRequestException` for an account that AWS shut down (a guess).
pub(super) fn put_account_sending_attributes(
    ses: &Ses,
    body: &[u8],
) -> Result<Empty, SesException> {
    let request: SendingRequest = typed(body)?;
    let account = &mut ses.state().account;
    if account.enforcement == EnforcementStatus::Shutdown {
        return Err(SesException::bad_request(
            "Sending cannot be changed while the account is shut down.",
        ));
    }
    account.sending_enabled = request.sending_enabled;
    Ok(Empty {})
}

/// `PutAccountSuppressionAttributes`.
///
/// # Errors
/// `BadRequestException`.
pub(super) fn put_account_suppression_attributes(
    ses: &Ses,
    body: &[u8],
) -> Result<Empty, SesException> {
    let request: SuppressionRequest = typed(body)?;
    unsupported(&[("ValidationAttributes", request.validation_attributes)])?;
    ses.state().account.suppressed_reasons = request.suppressed_reasons;
    Ok(Empty {})
}

/// `PutAccountDetails`: keeps what the owner says, and asks for production access, which the control
/// interface grants or denies as AWS's support does.
///
/// # Errors
/// `ConflictException` while a request is under review, `BadRequestException`; the text is a guess.
pub(super) fn put_account_details(ses: &Ses, body: &[u8]) -> Result<Empty, SesException> {
    let request: DetailsRequest = typed(body)?;
    let mail_type = required(request.mail_type, "mailType")?;
    let website_url = required(request.website_url, "websiteURL")?;
    let account = &mut ses.state().account;
    let pending = |details: &Details| {
        let review = details.review.as_ref();
        review.is_some_and(|review| review.status == ReviewStatus::Pending)
    };
    if account.details.as_ref().is_some_and(pending) {
        return Err(SesException::Conflict(
            "A request for production access is under review.".to_owned(),
        ));
    }
    let asks = request.production_access_enabled == Some(true) && !account.production_access;
    let review = asks.then_some(ReviewDetails {
        status: ReviewStatus::Pending,
        case_id: CASE_ID,
    });
    let earlier = account.details.take();
    account.details = Some(Details {
        mail_type,
        website_url,
        contact_language: request.contact_language,
        use_case_description: request.use_case_description,
        additional_contact_email_addresses: request.additional_contact_email_addresses,
        review: review.or(earlier.and_then(|details| details.review)),
    });
    Ok(Empty {})
}
