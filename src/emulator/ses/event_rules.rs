//! Rules of EventBridge that write SES's events into log groups.
//!
//! EventBridge itself is not here: a rule is its one use, from the event bus to CloudWatch Logs
//! (CAUSES.md, evidence sources 4), and comes from a seed file or the control interface.

use serde::{Deserialize, Serialize};

/// A rule for events whose source is `aws.ses`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct EventRule {
    /// The log group that the rule's target is.
    pub(super) log_group_name: String,
    /// The events that the rule's pattern matches, such as `Email Bounced`; all without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    detail_type: Vec<String>,
}

impl EventRule {
    /// Whether the rule's pattern matches.
    pub(super) fn matches(&self, detail_type: &str) -> bool {
        self.detail_type.is_empty() || self.detail_type.iter().any(|name| name == detail_type)
    }
}
