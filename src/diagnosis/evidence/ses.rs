//! What SES says: its settings for account, sender and recipient, and its events.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Source;

/// Everything that was asked of SES, in the region of the sender's identity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SesEvidence {
    /// `GetAccount`.
    pub account: Source<SesAccount>,
    /// `GetEmailIdentity` of the sender; nothing if there is none.
    pub sender: Source<Option<SesIdentity>>,
    /// `GetEmailIdentity` of the recipient or its domain; nothing if there is none.
    pub recipient: Source<Option<SesIdentity>>,
    /// `GetConfigurationSet` of the pool's or the identity's set; nothing if it does not exist.
    pub configuration_set: Source<Option<SesConfigurationSet>>,
    /// `GetSuppressedDestination`; nothing if the address is not on the list.
    pub suppression: Source<Option<Suppressed>>,
    /// Events about mails to the address in the time of the case, in order.
    pub events: Source<Vec<SesEvent>>,
}

/// `GetAccount` of SES.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SesAccount {
    /// `ProductionAccessEnabled`; the sandbox if not.
    pub production_access: bool,
    /// `SendingEnabled`.
    pub sending_enabled: bool,
    /// `EnforcementStatus`: `HEALTHY`, `PROBATION` or `SHUTDOWN`.
    pub enforcement: String,
    /// `Max24HourSend`; -1 is unlimited.
    pub max_24_hours: i64,
    /// `SentLast24Hours`.
    pub sent_24_hours: i64,
    /// `MaxSendRate`, mails a second, rounded down.
    pub max_per_second: i64,
    /// `SuppressionAttributes.SuppressedReasons`: `BOUNCE`, `COMPLAINT`.
    #[serde(default)]
    pub suppressed_reasons: Vec<String>,
    /// Auto Validation is on.
    #[serde(default)]
    pub auto_validation: bool,
}

/// `GetEmailIdentity` of SES.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SesIdentity {
    /// The address or domain.
    pub name: String,
    /// `VerifiedForSendingStatus`.
    pub verified: bool,
    /// `VerificationStatus`, such as `PENDING`.
    pub status: String,
    /// `VerificationInfo.ErrorType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// `MailFromAttributes`, if a MAIL FROM domain is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_from: Option<MailFrom>,
    /// `DkimAttributes.Status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dkim: Option<String>,
    /// `Policies`, as JSON texts.
    #[serde(default)]
    pub policies: Vec<String>,
    /// `SendingStatusAggregate` of the identity's reputation entity is `DISABLED`; nothing if that
    /// could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending_disabled: Option<bool>,
}

/// `MailFromAttributes` of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFrom {
    /// `MailFromDomain`.
    pub domain: String,
    /// `MailFromDomainStatus`, such as `SUCCESS`.
    pub status: String,
    /// `BehaviorOnMxFailure` is `REJECT_MESSAGE`.
    pub rejects: bool,
}

/// `GetConfigurationSet` of SES.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SesConfigurationSet {
    /// Its name.
    pub name: String,
    /// `SendingOptions.SendingEnabled`.
    pub sending_enabled: bool,
    /// Auto Validation is on for it.
    #[serde(default)]
    pub auto_validation: bool,
}

/// An entry of the account's suppression list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// The address as it is listed.
    pub address: String,
    /// `BOUNCE` or `COMPLAINT`.
    pub reason: String,
    /// `LastUpdateTime`.
    pub since: Timestamp,
}

/// An event of SES about a mail to the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SesEvent {
    /// When it happened.
    pub at: Timestamp,
    /// SES's message id.
    pub message_id: String,
    /// What happened.
    #[serde(flatten)]
    pub kind: SesEventKind,
}

/// What an SES event tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum SesEventKind {
    /// SES took the mail.
    Send,
    /// The receiving server took it.
    Delivery {
        /// Its words.
        smtp_response: String,
    },
    /// It came back.
    Bounce {
        /// `Permanent`, `Transient` or `Undetermined`.
        kind: String,
        /// Such as `General` or `OnAccountSuppressionList`.
        sub_kind: String,
        /// The receiving server's words.
        #[serde(default)]
        diagnostic: String,
    },
    /// The recipient complained, or had before.
    Complaint {
        /// `OnAccountSuppressionList` or empty.
        #[serde(default)]
        sub_kind: String,
    },
    /// SES refused the content.
    Reject {
        /// `reject.reason`.
        reason: String,
    },
    /// SES still tries.
    DeliveryDelay {
        /// Such as `RecipientServerError`.
        kind: String,
        /// The receiving server's words.
        #[serde(default)]
        diagnostic: String,
    },
    /// A template could not be filled in.
    RenderingFailure {
        /// `failure.errorMessage`.
        error: String,
    },
}
