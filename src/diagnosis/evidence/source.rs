//! What became of each place that was looked at.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place where evidence is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceName {
    /// The answers to the run's own calls.
    OwnCalls,
    /// `DescribeUserPool`, before, between and after.
    UserPool,
    /// `DescribeUserPoolClient`.
    AppClient,
    /// `AdminGetUser`.
    User,
    /// `ListUsers` by address.
    UsersOfAddress,
    /// `GetLogDeliveryConfiguration`.
    LogDelivery,
    /// The log group that the pool exports delivery errors to.
    NotificationLog,
    /// The log groups of the pool's functions.
    FunctionLogs,
    /// CloudTrail, in its log group or by `LookupEvents`.
    Trail,
    /// SES `GetAccount`.
    SesAccount,
    /// SES `GetEmailIdentity` of the sender.
    SesSender,
    /// SES `GetEmailIdentity` of the recipient.
    SesRecipient,
    /// SES `GetConfigurationSet`.
    SesConfigurationSet,
    /// SES `GetSuppressedDestination`.
    SesSuppression,
    /// The log group that SES events are sent to.
    SesEvents,
    /// The folders of the inbox.
    Inbox,
    /// What the receiving server refused.
    RejectedMails,
    /// The mailbox's quota.
    MailboxQuota,
    /// A mail that the checker sent to the inbox itself.
    ProbeMail,
    /// This machine's clock against the server's.
    Clock,
    /// A fresh address of the same mailbox in the same minute.
    ControlExperiment,
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OwnCalls => "the run's own calls",
            Self::UserPool => "the user pool's settings",
            Self::AppClient => "the app client's settings",
            Self::User => "the user",
            Self::UsersOfAddress => "the users with this address",
            Self::LogDelivery => "the pool's log export",
            Self::NotificationLog => "the log of delivery errors",
            Self::FunctionLogs => "the logs of the pool's functions",
            Self::Trail => "CloudTrail",
            Self::SesAccount => "the SES account",
            Self::SesSender => "the sender's SES identity",
            Self::SesRecipient => "the recipient's SES identity",
            Self::SesConfigurationSet => "the SES configuration set",
            Self::SesSuppression => "the SES suppression list",
            Self::SesEvents => "the log of SES events",
            Self::Inbox => "the inbox",
            Self::RejectedMails => "mails that the receiving server refused",
            Self::MailboxQuota => "the mailbox's quota",
            Self::ProbeMail => "the probe mail",
            Self::Clock => "the clocks",
            Self::ControlExperiment => "the control experiment",
        })
    }
}

/// What came of looking at one place.
///
/// Only [`Source::Read`] says anything about the world; every other outcome is a gap, and a rule that
/// needs the place answers "unknown".
///
/// ```
/// use reverify::diagnosis::{Source, SourceName};
///
/// let denied: Source<u32> = Source::Denied {
///     permission: "ses:GetAccount".to_owned(),
/// };
/// let gap = denied.need(SourceName::SesAccount).unwrap_err();
/// assert_eq!(
///     gap.to_string(),
///     "the SES account could not be read: access was denied; grant ses:GetAccount"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Source<T> {
    /// It was read to the end. A list may be empty.
    Read {
        /// What was found.
        found: T,
    },
    /// It was read, but later entries may still appear: logs lag.
    Lagging {
        /// What was found so far.
        found: T,
        /// How far behind it may be, in seconds.
        behind_seconds: u64,
    },
    /// The service refused to show it.
    Denied {
        /// The permission that opens it.
        permission: String,
    },
    /// Nothing is kept there.
    NotConfigured {
        /// The setting that changes this.
        setting: String,
    },
    /// It did not answer before the deadline.
    TimedOut {
        /// Seconds waited.
        after_seconds: u64,
    },
    /// It answered with something else.
    Failed {
        /// What, in its own words.
        reason: String,
    },
    /// Nobody looked: there was no occasion, or the target has no such place.
    #[default]
    NotAsked,
}

/// Why a place tells nothing that there was no occasion to look at.
pub(in crate::diagnosis) const NOBODY_LOOKED: &str = "nobody looked";

/// A place that could not be looked at, and what would open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The place.
    pub source: SourceName,
    /// What happened, as a phrase after "could not be read:".
    pub why: String,
    /// What to grant, to set or to do, if anything helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} could not be read: {}", self.source, self.why)?;
        match &self.remedy {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl<T> Source<T> {
    /// What was read, however late the source is.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read { found } | Self::Lagging { found, .. } => Some(found),
            _ => None,
        }
    }

    /// What was read.
    ///
    /// # Errors
    ///
    /// The gap, where nothing was.
    pub fn need(&self, source: SourceName) -> Result<&T, Gap> {
        let (why, remedy) = match self {
            Self::Read { found } | Self::Lagging { found, .. } => return Ok(found),
            Self::Denied { permission } => (
                "access was denied".to_owned(),
                Some(format!("grant {permission}")),
            ),
            Self::NotConfigured { setting } => (
                "nothing is kept there".to_owned(),
                Some(format!("set {setting}")),
            ),
            Self::TimedOut { after_seconds } => (
                format!("no answer within {after_seconds} s"),
                Some("ask again later".to_owned()),
            ),
            Self::Failed { reason } => (reason.clone(), None),
            Self::NotAsked => (NOBODY_LOOKED.to_owned(), None),
        };
        Err(Gap {
            source,
            why,
            remedy,
        })
    }

    /// The same outcome with what was found in another form.
    #[must_use]
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Source<U> {
        match self {
            Self::Read { found } => Source::Read {
                found: convert(found),
            },
            Self::Lagging {
                found,
                behind_seconds,
            } => Source::Lagging {
                found: convert(found),
                behind_seconds,
            },
            Self::Denied { permission } => Source::Denied { permission },
            Self::NotConfigured { setting } => Source::NotConfigured { setting },
            Self::TimedOut { after_seconds } => Source::TimedOut { after_seconds },
            Self::Failed { reason } => Source::Failed { reason },
            Self::NotAsked => Source::NotAsked,
        }
    }

    /// Whether an entry that is missing may still appear.
    pub fn is_lagging(&self) -> bool {
        matches!(self, Self::Lagging { .. })
    }

    /// The same outcome without what was found.
    pub fn outcome(&self) -> Source<()> {
        match self {
            Self::Read { .. } => Source::Read { found: () },
            Self::Lagging { behind_seconds, .. } => Source::Lagging {
                found: (),
                behind_seconds: *behind_seconds,
            },
            Self::Denied { permission } => Source::Denied {
                permission: permission.clone(),
            },
            Self::NotConfigured { setting } => Source::NotConfigured {
                setting: setting.clone(),
            },
            Self::TimedOut { after_seconds } => Source::TimedOut {
                after_seconds: *after_seconds,
            },
            Self::Failed { reason } => Source::Failed {
                reason: reason.clone(),
            },
            Self::NotAsked => Source::NotAsked,
        }
    }
}

impl Source<()> {
    /// The same outcome with something found, where anything was.
    pub fn with<T>(self, found: T) -> Source<T> {
        match self {
            Self::Read { .. } => Source::Read { found },
            Self::Lagging { behind_seconds, .. } => Source::Lagging {
                found,
                behind_seconds,
            },
            Self::Denied { permission } => Source::Denied { permission },
            Self::NotConfigured { setting } => Source::NotConfigured { setting },
            Self::TimedOut { after_seconds } => Source::TimedOut { after_seconds },
            Self::Failed { reason } => Source::Failed { reason },
            Self::NotAsked => Source::NotAsked,
        }
    }
}

impl<T> From<T> for Source<T> {
    fn from(found: T) -> Self {
        Self::Read { found }
    }
}
