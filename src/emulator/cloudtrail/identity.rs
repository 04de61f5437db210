//! Who called.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use serde::Serialize;

/// `userIdentity` of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserIdentity {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoked_by: Option<&'static str>,
}

impl UserIdentity {
    /// The caller of a request: an IAM user named like the access key that signed it, or nobody.
    ///
    /// There are no IAM users here, so that the name is made up; that an unsigned call is `Unknown`
    /// and `Anonymous` is a guess.
    pub(super) fn of(headers: &HeaderMap, account_id: &str) -> Self {
        let Some(key) = access_key(headers) else {
            return Self {
                kind: "Unknown",
                principal_id: Some("Anonymous".to_owned()),
                arn: None,
                account_id: None,
                access_key_id: None,
                user_name: None,
                invoked_by: None,
            };
        };
        Self {
            kind: "IAMUser",
            principal_id: Some(key.to_owned()),
            arn: Some(format!("arn:aws:iam::{account_id}:user/{key}")),
            account_id: Some(account_id.to_owned()),
            access_key_id: Some(key.to_owned()),
            user_name: Some(key.to_owned()),
            invoked_by: None,
        }
    }

    /// A service of AWS, such as `cognito-idp.amazonaws.com`:
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>.
    pub(super) fn of_service(service: &'static str) -> Self {
        Self {
            kind: "AWSService",
            principal_id: None,
            arn: None,
            account_id: None,
            access_key_id: None,
            user_name: None,
            invoked_by: Some(service),
        }
    }
}

/// The access key in `AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/cognito-idp/aws4_request`.
fn access_key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let credential = value
        .strip_prefix("AWS4-")?
        .split_once("Credential=")?
        .1
        .split([',', ' '])
        .next()?;
    credential.split('/').next().filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_names_the_caller() {
        let cases = [
            (
                Some(
                    "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/cognito-idp/aws4_request, \
                     SignedHeaders=host, Signature=0",
                ),
                ("IAMUser", "AKID"),
            ),
            (
                Some("AWS4-HMAC-SHA256 Credential=test"),
                ("IAMUser", "test"),
            ),
            (Some("Bearer token"), ("Unknown", "Anonymous")),
            (None, ("Unknown", "Anonymous")),
        ];
        for (value, (kind, principal)) in cases {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(AUTHORIZATION, value.parse().unwrap());
            }
            let identity = UserIdentity::of(&headers, "1");
            let shown = (identity.kind, identity.principal_id.as_deref());
            assert_eq!(shown, (kind, Some(principal)));
        }
    }
}
