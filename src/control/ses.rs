//! Amazon SES, as AWS's people, DNS and recipients change it; members have AWS's names.

use serde::{Deserialize, Serialize};

use super::{Client, ClientError, Route};

/// Settings of the SES account; what is not named stays as it is.
///
/// On AWS a person grants production access and quotas. Granting access also answers a pending
/// request of `PutAccountDetails`.
///
/// ```
/// use reverify::control::SesAccount;
///
/// let granted: SesAccount = serde_json::from_str(r#"{"ProductionAccessEnabled": true}"#)?;
/// assert_eq!(granted.production_access_enabled, Some(true));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SesAccount {
    /// Whether mail may go to recipients that are not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub production_access_enabled: Option<bool>,
    /// Whether the account sends at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sending_enabled: Option<bool>,
    /// Whether AWS objects to how the account sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforcement_status: Option<EnforcementStatus>,
    /// Why an address is put on the suppression list, and why one on it gets no mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressed_reasons: Option<Vec<SuppressionReason>>,
    /// Recipients in 24 hours; -1 for any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max24_hour_send: Option<f64>,
    /// Recipients in a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_send_rate: Option<f64>,
}

/// Whether AWS objects to how an account sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EnforcementStatus {
    /// No.
    #[default]
    Healthy,
    /// It is under review, and still sends.
    Probation,
    /// Nothing is sent, whatever the account's own setting.
    Shutdown,
}

/// Why an address is on the suppression list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SuppressionReason {
    /// A mail to it came back for good.
    Bounce,
    /// Its owner took a mail for spam.
    Complaint,
}

/// What DNS says of a domain, or somebody by opening the link in a mail.
///
/// What is not named stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SesVerification {
    /// `SUCCESS` lets mail come from the identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_status: Option<VerificationStatus>,
    /// Whether the identity's MAIL FROM domain has its MX record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_from_domain_status: Option<VerificationStatus>,
}

impl SesVerification {
    /// That the identity itself is verified, or is not.
    #[must_use]
    pub fn of(status: VerificationStatus) -> Self {
        Self {
            verification_status: Some(status),
            mail_from_domain_status: None,
        }
    }

    /// That its MAIL FROM domain is.
    #[must_use]
    pub fn of_mail_from(status: VerificationStatus) -> Self {
        Self {
            verification_status: None,
            mail_from_domain_status: Some(status),
        }
    }
}

/// Whether an identity is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VerificationStatus {
    /// Not yet.
    Pending,
    /// It is.
    Success,
    /// It was asked for and not proved.
    Failed,
    /// It was verified, and the proof is gone; AWS waits three days.
    TemporaryFailure,
    /// Nobody asked.
    NotStarted,
}

/// A recipient who complains, or whose server sends a mail back late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SesFeedback {
    /// The recipient.
    pub email_address: String,
    /// What happened.
    pub feedback_type: SuppressionReason,
}

/// About which mail a feedback is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SesFeedbackTold {
    /// The latest one that SES delivered to the recipient; without one there is no event, and the
    /// suppression list alone changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
}

/// A rule of EventBridge that writes SES's events into a log group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SesEventRule {
    /// The log group that is the rule's target.
    pub log_group_name: String,
    /// The events that the rule's pattern matches, such as `Email Bounced`; all without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detail_type: Vec<String>,
}

/// The answer to what was done and has nothing to tell.
#[derive(Deserialize)]
struct Done {}

impl Client {
    /// Changes the SES account as AWS's people do.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn set_ses_account(&self, account: &SesAccount) -> Result<(), ClientError> {
        let Done {} = self.tell(&Route::SesAccount, account).await?;
        Ok(())
    }

    /// Changes whether an SES identity is verified; one that is missing comes to be.
    ///
    /// # Errors
    /// [`ClientError::Refused`] for a name that is neither an address nor a domain, and see
    /// [`Client::mails`].
    pub async fn set_ses_verification(
        &self,
        identity: &str,
        verification: SesVerification,
    ) -> Result<(), ClientError> {
        let route = Route::SesIdentity(identity.to_owned());
        let Done {} = self.tell(&route, &verification).await?;
        Ok(())
    }

    /// Has a recipient complain, or a mail come back late.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn give_ses_feedback(
        &self,
        feedback: &SesFeedback,
    ) -> Result<SesFeedbackTold, ClientError> {
        self.tell(&Route::SesFeedback, feedback).await
    }

    /// The rules by which SES's events reach log groups.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn ses_event_rules(&self) -> Result<Vec<SesEventRule>, ClientError> {
        self.ask(&Route::SesEventRules).await
    }

    /// Replaces those rules.
    ///
    /// # Errors
    /// See [`Client::mails`].
    pub async fn set_ses_event_rules(&self, rules: &[SesEventRule]) -> Result<(), ClientError> {
        let Done {} = self.tell(&Route::SetSesEventRules, &rules).await?;
        Ok(())
    }
}
