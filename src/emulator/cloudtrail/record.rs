//! An event of the trail as JSON.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::identity::UserIdentity;

/// The version of the format that a recent event of InitiateAuth had (CAUSES.md, evidence source 2).
const EVENT_VERSION: &str = "1.10";

/// One event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record<'a> {
    pub(super) event_version: &'static str,
    pub(super) user_identity: &'a UserIdentity<'a>,
    #[serde(serialize_with = "whole_seconds")]
    pub(super) event_time: Timestamp,
    pub(super) event_source: &'static str,
    pub(super) event_name: &'a str,
    pub(super) aws_region: &'a str,
    #[serde(rename = "sourceIPAddress")]
    pub(super) source_ip_address: &'a str,
    pub(super) user_agent: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error_message: Option<&'a str>,
    pub(super) request_parameters: Option<&'a RawValue>,
    /// Always null, as consumers of a user pool's events expect; that AWS leaves the answer out of
    /// all of them is a guess.
    pub(super) response_elements: Option<()>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) additional_event_data: Option<AdditionalEventData>,
    #[serde(rename = "requestID")]
    pub(super) request_id: Uuid,
    #[serde(rename = "eventID")]
    pub(super) event_id: Uuid,
    pub(super) read_only: bool,
    pub(super) event_type: &'static str,
    pub(super) management_event: bool,
    pub(super) recipient_account_id: &'a str,
    pub(super) event_category: &'static str,
}

/// What Cognito adds: the user's `sub`, never the name.
#[derive(Debug, Serialize)]
pub(super) struct AdditionalEventData {
    pub(super) sub: Uuid,
}

impl<'a> Record<'a> {
    /// An event with what all events of this emulator have in common.
    pub(super) fn new(user_identity: &'a UserIdentity<'a>, event_name: &'a str) -> Self {
        Self {
            event_version: EVENT_VERSION,
            user_identity,
            event_time: Timestamp::UNIX_EPOCH,
            event_source: "",
            event_name,
            aws_region: "",
            source_ip_address: "",
            user_agent: "",
            error_code: None,
            error_message: None,
            request_parameters: None,
            response_elements: None,
            additional_event_data: None,
            request_id: Uuid::nil(),
            event_id: Uuid::nil(),
            read_only: false,
            event_type: "AwsApiCall",
            management_event: true,
            recipient_account_id: "",
            event_category: "Management",
        }
    }
}

/// Whether an operation changes nothing.
pub(super) fn is_read_only(operation: &str) -> bool {
    let verb = operation.strip_prefix("Admin").unwrap_or(operation);
    let reads = ["Get", "List", "Describe", "Lookup"].iter();
    // The codes that it sends change the user.
    operation != "GetUserAttributeVerificationCode"
        && operation != "GetTokensFromRefreshToken"
        && (reads.copied().any(|read| verb.starts_with(read)) || uses_a_key(operation))
}

/// What KMS does with a key changes nothing either:
/// <https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html>.
fn uses_a_key(operation: &str) -> bool {
    matches!(operation, "Encrypt" | "Decrypt") || operation.starts_with("GenerateDataKey")
}

/// CloudTrail writes moments without a fraction: `2025-10-09T07:57:09Z`.
fn whole_seconds<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_and_changing_are_told_apart() {
        for (operation, reads) in [
            ("AdminGetUser", true),
            ("ListUsers", true),
            ("DescribeUserPool", true),
            ("SignUp", false),
            ("AdminDeleteUser", false),
            ("GenerateDataKey", true),
            ("DisableKey", false),
            ("GetUserAttributeVerificationCode", false),
        ] {
            assert_eq!(is_read_only(operation), reads, "{operation}");
        }
    }
}
