//! What SES answers, as settings.

use aws_sdk_sesv2 as sdk;
use sdk::operation::get_account::GetAccountOutput;
use sdk::operation::get_configuration_set::GetConfigurationSetOutput;
use sdk::operation::get_email_identity::GetEmailIdentityOutput;
use sdk::types::{
    BehaviorOnMxFailure, FeatureStatus, MailFromAttributes, ReputationEntity, SendingOptions,
    SendingStatus, SuppressedDestination, SuppressionConditionThreshold,
};

use super::values::{moment, names};
use crate::diagnosis::{MailFrom, SesAccount, SesConfigurationSet, SesIdentity, Suppressed};
use crate::model::EmailAddress;

/// The ARN of an identity, `arn:aws:ses:REGION:ACCOUNT:identity/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IdentityArn {
    pub(super) text: String,
    pub(super) region: String,
    pub(super) name: String,
}

impl IdentityArn {
    /// Takes an ARN apart; nothing for a text that is none of an identity.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (arn, service) = (parts.next()?, parts.nth(1)?);
        let (region, name) = (parts.next()?, parts.nth(1)?.strip_prefix("identity/")?);
        (arn == "arn" && service == "ses" && !name.is_empty()).then(|| Self {
            text: text.to_owned(),
            region: region.to_owned(),
            name: name.to_owned(),
        })
    }
}

/// An identity, and the configuration set that its mails have unless another is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) settings: SesIdentity,
    pub(super) configuration_set: Option<String>,
}

/// The forms in which an address may be on the suppression list: as it is, in small letters, and
/// without its tag. Which of them SES matches is not documented (CAUSES.md, ses-account-suppressed).
pub(super) fn listed_forms(address: &EmailAddress) -> Vec<String> {
    let small = address.as_str().to_lowercase();
    let mut forms = vec![address.as_str().to_owned(), small.clone()];
    if let Some((local, domain)) = small.split_once('@')
        && let Some((plain, _)) = local.split_once('+')
        && !plain.is_empty()
    {
        forms.push(format!("{plain}@{domain}"));
    }
    forms.dedup();
    forms
}

pub(super) fn account(answer: &GetAccountOutput) -> SesAccount {
    let quota = answer.send_quota();
    let whole = |value: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "quotas are far below 2^53, and a fraction of a mail is none"
        )]
        let whole = value.floor() as i64;
        whole
    };
    let suppression = answer.suppression_attributes();
    let validation = suppression.and_then(|attributes| attributes.validation_attributes());
    SesAccount {
        production_access: answer.production_access_enabled(),
        sending_enabled: answer.sending_enabled(),
        enforcement: answer.enforcement_status().unwrap_or_default().to_owned(),
        max_24_hours: quota.map_or(-1, |quota| whole(quota.max24_hour_send())),
        sent_24_hours: quota.map_or(0, |quota| whole(quota.sent_last24_hours())),
        max_per_second: quota.map_or(-1, |quota| whole(quota.max_send_rate())),
        suppressed_reasons: suppression
            .map(|attributes| names(attributes.suppressed_reasons()))
            .unwrap_or_default(),
        auto_validation: is_on(validation.and_then(|attributes| attributes.condition_threshold())),
    }
}

pub(super) fn identity(name: &str, answer: &GetEmailIdentityOutput) -> Identity {
    let information = answer.verification_info();
    let error = information.and_then(|information| information.error_type());
    let dkim = answer.dkim_attributes().and_then(|dkim| dkim.status());
    let mut policies: Vec<_> = answer.policies().into_iter().flatten().collect();
    policies.sort();
    let settings = SesIdentity {
        name: name.to_owned(),
        verified: answer.verified_for_sending_status(),
        status: answer
            .verification_status()
            .map_or_else(String::new, |status| status.as_str().to_owned()),
        error: error.map(|error| error.as_str().to_owned()),
        mail_from: answer.mail_from_attributes().and_then(mail_from),
        dkim: dkim.map(|status| status.as_str().to_owned()),
        policies: policies.into_iter().map(|(_, text)| text.clone()).collect(),
        sending_disabled: None,
    };
    Identity {
        settings,
        configuration_set: answer.configuration_set_name().map(str::to_owned),
    }
}

/// A custom MAIL FROM domain; without one, SES answers with an empty name.
fn mail_from(attributes: &MailFromAttributes) -> Option<MailFrom> {
    let domain = attributes.mail_from_domain();
    (!domain.is_empty()).then(|| MailFrom {
        domain: domain.to_owned(),
        status: attributes.mail_from_domain_status().as_str().to_owned(),
        rejects: *attributes.behavior_on_mx_failure() == BehaviorOnMxFailure::RejectMessage,
    })
}

pub(super) fn configuration_set(
    name: &str,
    answer: &GetConfigurationSetOutput,
) -> SesConfigurationSet {
    let suppression = answer.suppression_options();
    let validation = suppression.and_then(|options| options.validation_options());
    let sending = answer.sending_options();
    SesConfigurationSet {
        name: name.to_owned(),
        // What is not said is on, as a new set is.
        sending_enabled: sending.is_none_or(SendingOptions::sending_enabled),
        auto_validation: is_on(validation.and_then(|options| options.condition_threshold())),
    }
}

fn is_on(threshold: Option<&SuppressionConditionThreshold>) -> bool {
    threshold
        .is_some_and(|threshold| *threshold.condition_threshold_enabled() == FeatureStatus::Enabled)
}

pub(super) fn suppressed(entry: &SuppressedDestination) -> Option<Suppressed> {
    Some(Suppressed {
        address: entry.email_address().to_owned(),
        reason: entry.reason().as_str().to_owned(),
        since: moment(Some(entry.last_update_time()))?,
    })
}

pub(super) fn is_disabled(entity: &ReputationEntity) -> bool {
    entity.sending_status_aggregate() == Some(&SendingStatus::Disabled)
}

#[cfg(test)]
mod tests;
