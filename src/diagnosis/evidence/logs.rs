//! What log groups say.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{UserPoolId, UserSub};

/// Where the pool exports its delivery errors.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogDelivery {
    /// The log group of `userNotification` at level ERROR, if one is set.
    pub notification_log_group: Option<String>,
}

/// A line of the `userNotification` export (CAUSES.md, evidence 1). It names no user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Its own time.
    pub at: Timestamp,
    /// `message.details`.
    pub details: String,
}

/// What the log of one trigger's function says about the time of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionLog {
    /// The trigger, such as `CustomEmailSender`.
    pub trigger: String,
    /// The log group.
    pub log_group: String,
    /// The invocations of that time, in order.
    pub invocations: Vec<Invocation>,
}

/// One invocation of a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invocation {
    /// When it began.
    pub at: Timestamp,
    /// Lambda's request id.
    pub request_id: String,
    /// How it ended.
    #[serde(flatten)]
    pub end: InvocationEnd,
    /// Lines that name the user or a fault, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// How an invocation ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "kebab-case")]
pub enum InvocationEnd {
    /// Without an error that the log shows.
    Clean,
    /// With an error.
    Error {
        /// The line that says so.
        line: String,
    },
    /// It was stopped at its limit.
    TimedOut {
        /// The line that says so.
        line: String,
    },
    /// The log does not show its end yet.
    Unfinished,
}

/// A CloudTrail event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEvent {
    /// `eventTime`.
    pub at: Timestamp,
    /// `eventSource`, such as `cognito-idp.amazonaws.com`.
    pub source: String,
    /// `eventName`, such as `SignUp`.
    pub name: String,
    /// `errorCode`; an empty one counts as none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// `errorMessage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// `additionalEventData.sub`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<UserSub>,
    /// `requestParameters.userPoolId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_pool_id: Option<UserPoolId>,
    /// `requestID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// `sourceIPAddress`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<String>,
    /// `userIdentity.arn`: who called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
}

impl TrailEvent {
    /// Whether it is a call of Cognito's by this name.
    pub fn is_cognito(&self, name: &str) -> bool {
        self.source == "cognito-idp.amazonaws.com" && self.name == name
    }
}
