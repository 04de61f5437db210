//! The trail of API calls.

use serde::{Deserialize, Serialize};

/// Longest name of a log group (COGNITO.md 7.2 \[M\]).
const GROUP_BYTES_MAX: usize = 512;
/// Longest delay of an event: a day, beyond the slowest that was reported.
const DELAY_SECONDS_MAX: u32 = 24 * 60 * 60;

/// Where CloudTrail's events go besides its event history; nowhere by default, as on an account whose
/// trails have no log group.
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
    /// Time on the emulator's clock from a call to its event, in the history as in the log group. On AWS
    /// "an average of about 5 minutes" (CAUSES.md, evidence source 2); none by default, so that tests
    /// need not wait.
    #[serde(default)]
    pub delay_seconds: u32,
}

/// The trail, and how much of the event history is held.
///
/// ```
/// use reverify::control::TrailState;
///
/// let state: TrailState = serde_json::from_str(
///     r#"{"log_group": null, "delay_seconds": 0, "events": 2, "dropped_events": 0,
///         "events_max": 50000, "request_bytes_max": 16777216}"#,
/// )?;
/// assert_eq!(state.events, 2);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailState {
    /// As in [`TrailSettings`].
    pub log_group: Option<String>,
    /// As in [`TrailSettings`].
    pub delay_seconds: u32,
    /// Events that are held.
    pub events: u64,
    /// Events that made room for newer ones, since the start or the last reset.
    pub dropped_events: u64,
    /// The most events that are held.
    pub events_max: u64,
    /// The most bytes of requests that are held with them.
    pub request_bytes_max: u64,
}

/// Why a trail cannot be set so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTrail {
    /// No log group has such a name.
    #[error("`{0}` is not a log group's name: letters, digits and `.-_/#`, at most 512")]
    Group(String),
    /// The delay is out of all proportion.
    #[error("`delay_seconds` is at most {DELAY_SECONDS_MAX}")]
    Delay,
}

impl TrailSettings {
    /// Whether a trail can be set so.
    ///
    /// # Errors
    /// [`InvalidTrail`] for a name that no log group has, or a delay out of all proportion.
    pub fn check(&self) -> Result<(), InvalidTrail> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_/#".contains(c);
        if let Some(name) = &self.log_group
            && !((1..=GROUP_BYTES_MAX).contains(&name.len()) && name.chars().all(allowed))
        {
            return Err(InvalidTrail::Group(name.clone()));
        }
        if self.delay_seconds > DELAY_SECONDS_MAX {
            return Err(InvalidTrail::Delay);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_goes_into_a_log_group() {
        let cases = [
            (
                r#"{"log_group":"aws-cloudtrail-logs/a.b_c#1","delay_seconds":300}"#,
                true,
            ),
            ("{}", true),
            (r#"{"log_group":""}"#, false),
            (r#"{"log_group":"a b"}"#, false),
            (r#"{"delay_seconds":86401}"#, false),
        ];
        for (json, right) in cases {
            let settings: TrailSettings = serde_json::from_str(json).unwrap();
            assert_eq!(settings.check().is_ok(), right, "{json}");
        }
    }
}
