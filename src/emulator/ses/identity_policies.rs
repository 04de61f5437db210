//! `CreateEmailIdentityPolicy`, `UpdateEmailIdentityPolicy`, `DeleteEmailIdentityPolicy` and
//! `GetEmailIdentityPolicies`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::policy::Policy;
use super::service::Ses;
use super::wire::{Empty, required, typed};

/// Policies of one identity (SES's page on sending authorization).
const POLICIES_MAX: usize = 20;
/// Longest name (`PolicyName`).
const POLICY_NAME_CHARS_MAX: usize = 64;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyRequest {
    policy: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PoliciesResponse {
    policies: BTreeMap<String, String>,
}

/// `CreateEmailIdentityPolicy`.
///
/// # Errors
/// `NotFoundException`, `AlreadyExistsException`, `LimitExceededException`, `BadRequestException`.
pub(super) fn create_email_identity_policy(
    ses: &Ses,
    identity: &str,
    name: &str,
    body: &[u8],
) -> Result<Empty, SesException> {
    let policy = policy(body)?;
    if name.chars().count() > POLICY_NAME_CHARS_MAX {
        return Err(SesException::bad_request(format!(
            "PolicyName is longer than {POLICY_NAME_CHARS_MAX} characters."
        )));
    }
    let mut state = ses.state();
    let policies = &mut state.identities.find_mut(identity)?.policies;
    if policies.contains_key(name) {
        return Err(SesException::AlreadyExists(format!("Policy {name}")));
    }
    if policies.len() >= POLICIES_MAX {
        return Err(SesException::LimitExceeded {
            things: "policies of an identity",
            max: POLICIES_MAX,
        });
    }
    policies.insert(name.to_owned(), policy);
    Ok(Empty {})
}

/// `UpdateEmailIdentityPolicy`.
///
/// # Errors
/// `NotFoundException`, `BadRequestException`.
pub(super) fn update_email_identity_policy(
    ses: &Ses,
    identity: &str,
    name: &str,
    body: &[u8],
) -> Result<Empty, SesException> {
    let policy = policy(body)?;
    let mut state = ses.state();
    let known = state.identities.find_mut(identity)?.policies.get_mut(name);
    *known.ok_or_else(|| no_policy(name))? = policy;
    Ok(Empty {})
}

/// `DeleteEmailIdentityPolicy`.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn delete_email_identity_policy(
    ses: &Ses,
    identity: &str,
    name: &str,
) -> Result<Empty, SesException> {
    let mut state = ses.state();
    let removed = state.identities.find_mut(identity)?.policies.remove(name);
    removed.map(|_| Empty {}).ok_or_else(|| no_policy(name))
}

/// `GetEmailIdentityPolicies`.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn get_email_identity_policies(
    ses: &Ses,
    identity: &str,
) -> Result<PoliciesResponse, SesException> {
    let state = ses.state();
    let policies = state.identities.find(identity)?.policies.iter();
    Ok(PoliciesResponse {
        policies: policies
            .map(|(name, policy)| (name.clone(), policy.text.clone()))
            .collect(),
    })
}

fn policy(body: &[u8]) -> Result<Policy, SesException> {
    let request: PolicyRequest = typed(body)?;
    Policy::parse(required(request.policy, "policy")?)
}

/// The text is a guess.
fn no_policy(name: &str) -> SesException {
    SesException::NotFound(format!("Policy {name} does not exist."))
}
