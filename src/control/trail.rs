//! The trail of API calls.

use serde::{Deserialize, Serialize};

/// Where CloudTrail's events go; nowhere by default, as on an account whose trails have no log group.
///
/// ```
/// use reverify::control::TrailSettings;
///
/// let trail: TrailSettings = serde_json::from_str(r#"{"log_group": "aws-cloudtrail-logs"}"#)?;
/// assert_eq!(trail.delay_seconds, 0);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrailSettings {
    /// The CloudWatch log group that gets an event for each call, created when it is missing.
    #[serde(default)]
    pub log_group: Option<String>,
    /// Time on the emulator's clock from a call to its event. On AWS "an average of about 5 minutes"
    /// (CAUSES.md, evidence source 2); none by default, so that tests need not wait.
    #[serde(default)]
    pub delay_seconds: u32,
}
