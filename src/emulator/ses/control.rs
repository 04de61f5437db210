//! What a person or time does on AWS, and the control interface here.

use super::email_identities::set_verification;
use super::error::SesException;
use super::events::{BounceType, Recipient};
use super::sent::{BOUNCING_MTA, BounceOf};
use super::service::Ses;
use crate::control::{
    SesAccount, SesEventRule, SesFeedback, SesFeedbackTold, SesVerification, SuppressionReason,
};

impl Ses {
    /// Changes the account as AWS's people do.
    pub(crate) fn change_account(&self, settings: &SesAccount) {
        self.state().account.apply(settings);
    }

    /// Changes what is known of an identity; one that is missing comes to be.
    ///
    /// # Errors
    /// As [`set_verification`].
    pub(crate) fn change_verification(
        &self,
        identity: &str,
        found: SesVerification,
    ) -> Result<(), SesException> {
        set_verification(self, identity, found)
    }

    /// The rules by which events reach log groups.
    pub(crate) fn event_rules(&self) -> Vec<SesEventRule> {
        self.state().event_rules.clone()
    }

    /// Replaces the rules.
    pub(crate) fn set_event_rules(&self, rules: Vec<SesEventRule>) {
        self.state().event_rules = rules;
    }

    /// Tells of a complaint or a late bounce of the latest mail to an address. Without one, the mail
    /// is older than this emulator, and the suppression list alone changes.
    ///
    /// # Errors
    /// `LimitExceededException` if the list is full.
    pub(crate) fn take_feedback(
        &self,
        feedback: &SesFeedback,
    ) -> Result<SesFeedbackTold, SesException> {
        let address = &feedback.email_address;
        let now = self.now();
        let latest = {
            let mut state = self.state();
            let latest = state.recent.latest_to(address);
            let counts = state.suppressed_reasons(None);
            if latest.is_none() && counts.contains(&feedback.feedback_type) {
                let reason = feedback.feedback_type;
                state.suppressed.put(address, reason, now, None)?;
            }
            latest
        };
        let Some((to, sent)) = latest else {
            return Ok(SesFeedbackTold { message_id: None });
        };
        match feedback.feedback_type {
            SuppressionReason::Complaint => self.complained(&sent, to.as_ref(), None, true),
            SuppressionReason::Bounce => {
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
        let message_id = Some(sent.id().to_owned());
        Ok(SesFeedbackTold { message_id })
    }
}
