//! What a person or time does on AWS, and the control interface here.

use serde::Deserialize;

use super::account::AccountSettings;
use super::email_identities::set_verification;
use super::error::SesException;
use super::event_rules::EventRule;
use super::events::{BounceType, Recipient};
use super::identities::VerificationStatus;
use super::sent::{BOUNCING_MTA, BounceOf};
use super::service::Ses;
use super::suppression::Reason;

/// What DNS says of a domain, or a person by opening a link.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct VerificationChange {
    verification_status: VerificationStatus,
}

/// A recipient who complains of the latest mail, or whose server sends it back late.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct FeedbackReport {
    email_address: String,
    feedback_type: Reason,
}

impl Ses {
    /// Changes the account as AWS's people do.
    pub(crate) fn change_account(&self, settings: &AccountSettings) {
        self.state().account.apply(settings);
    }

    /// Changes what is known of an identity; one that is missing comes to be.
    ///
    /// # Errors
    /// `BadRequestException` for a name that is neither an address nor a domain.
    pub(crate) fn change_verification(
        &self,
        identity: &str,
        change: &VerificationChange,
    ) -> Result<(), SesException> {
        set_verification(self, identity, change.verification_status)
    }

    /// The rules by which events reach log groups.
    pub(crate) fn event_rules(&self) -> Vec<EventRule> {
        self.state().event_rules.clone()
    }

    /// Replaces the rules.
    pub(crate) fn set_event_rules(&self, rules: Vec<EventRule>) {
        self.state().event_rules = rules;
    }

    /// Tells of a complaint or a late bounce of the latest mail to an address.
    ///
    /// # Errors
    /// `NotFoundException` if no such mail was delivered.
    pub(crate) fn report(&self, report: &FeedbackReport) -> Result<(), SesException> {
        let address = &report.email_address;
        let latest = self.state().recent.latest_to(address);
        let (to, sent) = latest.ok_or_else(|| {
            SesException::NotFound(format!("no mail that SES sent was delivered to {address}"))
        })?;
        match report.feedback_type {
            Reason::Complaint => self.complained(&sent, to.as_ref(), None, true),
            Reason::Bounce => {
                let bounce = BounceOf {
                    kind: BounceType::Permanent,
                    sub_type: "General",
                    recipient: Recipient {
                        email_address: to.to_string(),
                        action: Some("failed"),
                        status: Some("5.1.1".to_owned()),
                        diagnostic_code: Some("smtp; 550 5.1.1 user unknown".to_owned()),
                    },
                    reporting_mta: BOUNCING_MTA,
                };
                self.bounced(&sent, bounce, true);
            }
        }
        Ok(())
    }
}
