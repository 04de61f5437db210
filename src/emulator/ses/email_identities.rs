//! `CreateEmailIdentity`, `GetEmailIdentity`, `ListEmailIdentities` and `DeleteEmailIdentity`.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::identities::{Identity, IdentityType, Link, VerificationStatus, parse_name};
use super::mail_from;
use super::pages::{PageRequest, page};
use super::service::Ses;
use super::verification_mail;
use super::wire::{Empty, Tag, Unsupported, epoch_seconds, required, typed, unsupported};
use crate::control::SesVerification;

/// Identities in an account and region (SES's page on quotas).
const IDENTITIES_MAX: usize = 10_000;
/// DNS names by which a domain is verified.
const DKIM_TOKENS: usize = 3;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateRequest {
    email_identity: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    dkim_signing_attributes: Option<Unsupported>,
    configuration_set_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateResponse {
    identity_type: IdentityType,
    verified_for_sending_status: bool,
    dkim_attributes: DkimAttributes,
}

/// `DkimAttributes`: the names that AWS asks DNS for. No mail is signed here, and so signing is off.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DkimAttributes {
    signing_enabled: bool,
    status: VerificationStatus,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tokens: Vec<String>,
    signing_attributes_origin: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetResponse {
    identity_type: IdentityType,
    /// Always off: no bounce is forwarded as a mail here.
    feedback_forwarding_status: bool,
    verified_for_sending_status: bool,
    dkim_attributes: DkimAttributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    mail_from_attributes: Option<mail_from::Attributes>,
    policies: BTreeMap<String, String>,
    tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration_set_name: Option<String>,
    verification_status: VerificationStatus,
    verification_info: VerificationInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VerificationInfo {
    #[serde(serialize_with = "epoch_seconds")]
    last_checked_timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success_timestamp: Option<EpochSeconds>,
}

/// A moment where a member may be absent.
#[derive(Serialize)]
struct EpochSeconds(#[serde(serialize_with = "epoch_seconds")] Timestamp);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListResponse {
    email_identities: Vec<IdentityInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct IdentityInfo {
    identity_type: IdentityType,
    identity_name: String,
    sending_enabled: bool,
    verification_status: VerificationStatus,
}

impl DkimAttributes {
    fn of(identity: &Identity) -> Self {
        let status = match identity.kind {
            IdentityType::Domain => identity.status,
            IdentityType::EmailAddress => VerificationStatus::NotStarted,
        };
        Self {
            signing_enabled: false,
            status,
            tokens: identity.dkim_tokens.clone(),
            signing_attributes_origin: "AWS_SES",
        }
    }
}

/// `CreateEmailIdentity`. An address gets a mail with a link that verifies it; a domain is verified
/// by DNS on AWS, and by the control interface here.
///
/// # Errors
/// `AlreadyExistsException`, `NotFoundException` for the configuration set,
/// `LimitExceededException`, `BadRequestException` (the text is a guess).
pub(super) async fn create_email_identity(
    ses: &Arc<Ses>,
    body: &[u8],
) -> Result<CreateResponse, SesException> {
    let request: CreateRequest = typed(body)?;
    unsupported(&[("DkimSigningAttributes", request.dkim_signing_attributes)])?;
    let text = required(request.email_identity, "emailIdentity")?;
    let (name, kind) = named(&text)?;
    let mut identity = Identity::new(kind, ses.now());
    identity.tags = request.tags;
    identity.configuration_set = request.configuration_set_name;
    let response = add(ses, name.clone(), identity)?;
    if kind == IdentityType::EmailAddress {
        let token = ses.random.uuid().simple().to_string();
        if let Some(identity) = ses.state().identities.0.get_mut(&name) {
            identity.link = Some(Link::new(token.clone(), ses.now()));
        }
        verification_mail::send(ses, &name, &token).await;
    }
    Ok(response)
}

fn add(ses: &Ses, name: String, mut identity: Identity) -> Result<CreateResponse, SesException> {
    if identity.kind == IdentityType::Domain {
        let token = |_| ses.random.uuid().simple().to_string();
        identity.dkim_tokens = (0..DKIM_TOKENS).map(token).collect();
    }
    let mut state = ses.state();
    if let Some(set) = &identity.configuration_set {
        state.configuration_sets.find(set)?;
    }
    let identities = &mut state.identities.0;
    if identities.contains_key(&name) {
        return Err(SesException::AlreadyExists(format!(
            "Email identity {name}"
        )));
    }
    if identities.len() >= IDENTITIES_MAX {
        return Err(SesException::LimitExceeded {
            things: "email identities",
            max: IDENTITIES_MAX,
        });
    }
    let response = CreateResponse {
        identity_type: identity.kind,
        verified_for_sending_status: identity.is_verified(),
        dkim_attributes: DkimAttributes::of(&identity),
    };
    identities.insert(name, identity);
    Ok(response)
}

/// `GetEmailIdentity`.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn get_email_identity(ses: &Ses, name: &str) -> Result<GetResponse, SesException> {
    let state = ses.state();
    let identity = state.identities.find(name)?;
    let policies = identity.policies.iter();
    Ok(GetResponse {
        identity_type: identity.kind,
        feedback_forwarding_status: false,
        verified_for_sending_status: identity.is_verified(),
        dkim_attributes: DkimAttributes::of(identity),
        mail_from_attributes: mail_from::Attributes::of(identity.mail_from.as_ref()),
        policies: policies
            .map(|(name, policy)| (name.clone(), policy.text.clone()))
            .collect(),
        tags: identity.tags.clone(),
        configuration_set_name: identity.configuration_set.clone(),
        verification_status: identity.status,
        verification_info: VerificationInfo {
            last_checked_timestamp: identity.checked,
            last_success_timestamp: identity.succeeded.map(EpochSeconds),
        },
    })
}

/// `ListEmailIdentities`, by name; the order is a guess.
///
/// # Errors
/// `BadRequestException` for the page.
pub(super) fn list_email_identities(
    ses: &Ses,
    request: &PageRequest,
) -> Result<ListResponse, SesException> {
    let state = ses.state();
    let listed = page(&state.identities.0, |(name, _)| name, request)?;
    let infos = listed
        .items
        .into_iter()
        .map(|(name, identity)| IdentityInfo {
            identity_type: identity.kind,
            identity_name: name.clone(),
            sending_enabled: identity.is_verified(),
            verification_status: identity.status,
        });
    Ok(ListResponse {
        email_identities: infos.collect(),
        next_token: listed.next_token,
    })
}

/// `DeleteEmailIdentity`.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn delete_email_identity(ses: &Ses, name: &str) -> Result<Empty, SesException> {
    let mut state = ses.state();
    let key = parse_name(name).map_or_else(|| name.to_owned(), |(key, _)| key);
    let removed = state.identities.0.remove(&key);
    removed
        .map(|_| Empty {})
        .ok_or_else(|| SesException::no_identity(name))
}

/// Sets what DNS says of an identity on AWS; an identity that is missing comes to be.
///
/// # Errors
/// `BadRequestException` for a name that is neither an address nor a domain, and for the MX record of
/// a MAIL FROM domain that the identity does not have.
pub(super) fn set_verification(
    ses: &Ses,
    text: &str,
    found: SesVerification,
) -> Result<(), SesException> {
    let (name, kind) = named(text)?;
    let now = ses.now();
    let known = ses.state().identities.0.contains_key(&name);
    if !known {
        add(ses, name.clone(), Identity::new(kind, now))?;
    }
    if let Some(identity) = ses.state().identities.0.get_mut(&name) {
        if let Some(status) = found.verification_status {
            identity.set_status(status, now);
        }
        match (&mut identity.mail_from, found.mail_from_domain_status) {
            (Some(mail_from), Some(status)) => mail_from.status = status,
            (None, Some(_)) => {
                let text = format!("{name} has no MAIL FROM domain.");
                return Err(SesException::bad_request(text));
            }
            (_, None) => {}
        }
    }
    Ok(())
}

fn named(text: &str) -> Result<(String, IdentityType), SesException> {
    parse_name(text).ok_or_else(|| {
        SesException::bad_request(format!("Invalid email address or domain name <{text}>."))
    })
}
