//! Who called.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use serde::Serialize;

use crate::emulator::caller::{access_key, arn_of_key};

/// What a request's headers say of its sender; many calls share one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Caller {
    access_key: Option<Box<str>>,
    user_agent: Box<[u8]>,
    /// A service of AWS that called in somebody's place.
    service: Option<&'static str>,
}

/// `userIdentity` of a record.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserIdentity<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoked_by: Option<&'static str>,
}

impl Caller {
    /// The sender of a request with these headers.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self {
            access_key: access_key(headers).map(Box::from),
            user_agent: user_agent(headers).into(),
            service: None,
        }
    }

    /// A service of AWS, such as `cognito-idp.amazonaws.com`, which also is its address and program:
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>.
    pub(super) fn of_service(service: &'static str) -> Self {
        Self {
            access_key: None,
            user_agent: service.as_bytes().into(),
            service: Some(service),
        }
    }

    /// `sourceIPAddress` of a record where the call came from no address.
    pub(super) fn service(&self) -> Option<&'static str> {
        self.service
    }

    /// Whether a request with these headers has the same sender.
    pub(super) fn sends(&self, headers: &HeaderMap) -> bool {
        self.service.is_none()
            && *self.user_agent == *user_agent(headers)
            && self.access_key() == access_key(headers)
    }

    /// The access key that signed the call.
    pub(super) fn access_key(&self) -> Option<&str> {
        self.access_key.as_deref()
    }

    /// The IAM user who called. There are no IAM users here, so that the key's name is the user's.
    pub(super) fn user_name(&self) -> Option<&str> {
        self.access_key()
    }

    /// `userAgent` of a record.
    pub(super) fn user_agent(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.user_agent)
    }

    /// `userIdentity` of a record: an IAM user, or nobody.
    ///
    /// That an unsigned call is `Unknown` and `Anonymous` is a guess.
    pub(super) fn identity<'a>(&'a self, account_id: &'a str) -> UserIdentity<'a> {
        let (Some(key), Some(user)) = (self.access_key(), self.user_name()) else {
            return UserIdentity {
                kind: if self.service.is_some() {
                    "AWSService"
                } else {
                    "Unknown"
                },
                principal_id: Some("Anonymous").filter(|_| self.service.is_none()),
                arn: None,
                account_id: None,
                access_key_id: None,
                user_name: None,
                invoked_by: self.service,
            };
        };
        UserIdentity {
            kind: "IAMUser",
            principal_id: Some(key),
            arn: Some(arn_of_key(account_id, user)),
            account_id: Some(account_id),
            access_key_id: Some(key),
            user_name: Some(user),
            invoked_by: None,
        }
    }
}

fn user_agent(headers: &HeaderMap) -> &[u8] {
    let agent = headers.get(USER_AGENT);
    agent.map_or(b"", |agent| agent.as_bytes())
}

#[cfg(test)]
mod tests {
    use axum::http::header::AUTHORIZATION;

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
            let caller = Caller::of(&headers);
            let identity = caller.identity("1");
            assert_eq!(
                (identity.kind, identity.principal_id),
                (kind, Some(principal))
            );
            assert!(caller.sends(&headers));
            headers.insert(USER_AGENT, "another/1.0".parse().unwrap());
            assert!(!caller.sends(&headers));
        }
    }
}
