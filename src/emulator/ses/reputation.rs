//! `GetReputationEntity` and `UpdateReputationEntityCustomerManagedStatus`: identities that are
//! stopped while the account goes on sending.
//!
//! SES's own judgement of a reputation is not emulated; the customer's switch has the same effect.

use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::outgoing::IdentityArn;
use super::service::Ses;
use super::wire::{Empty, required, typed};

/// The only type of entity in the service model.
const RESOURCE: &str = "RESOURCE";

/// `SendingStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum SendingStatus {
    Enabled,
    Reinstated,
    Disabled,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatusRequest {
    sending_status: Option<SendingStatus>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetResponse {
    reputation_entity: ReputationEntity,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReputationEntity {
    #[serde(rename = "ReputationEntityReference")]
    reference: String,
    #[serde(rename = "ReputationEntityType")]
    kind: &'static str,
    customer_managed_status: StatusRecord,
    aws_ses_managed_status: StatusRecord,
    sending_status_aggregate: SendingStatus,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatusRecord {
    status: SendingStatus,
}

/// `GetReputationEntity` of an identity.
///
/// # Errors
/// `NotFoundException`, `BadRequestException` (the texts are guesses), and the explicit refusal of
/// entities that are no identities.
pub(super) fn get_reputation_entity(
    ses: &Ses,
    (kind, reference): (&str, &str),
) -> Result<GetResponse, SesException> {
    let arn = identity(kind, reference)?;
    let disabled = ses.state().identities.find(arn.name())?.disabled;
    let status = if disabled {
        SendingStatus::Disabled
    } else {
        SendingStatus::Enabled
    };
    Ok(GetResponse {
        reputation_entity: ReputationEntity {
            reference: reference.to_owned(),
            kind: RESOURCE,
            customer_managed_status: StatusRecord { status },
            aws_ses_managed_status: StatusRecord {
                status: SendingStatus::Enabled,
            },
            sending_status_aggregate: status,
        },
    })
}

/// `UpdateReputationEntityCustomerManagedStatus` of an identity.
///
/// # Errors
/// As [`get_reputation_entity`].
pub(super) fn update_customer_managed_status(
    ses: &Ses,
    (kind, reference): (&str, &str),
    body: &[u8],
) -> Result<Empty, SesException> {
    let request: StatusRequest = typed(body)?;
    let status = required(request.sending_status, "sendingStatus")?;
    let arn = identity(kind, reference)?;
    let mut state = ses.state();
    state.identities.find_mut(arn.name())?.disabled = status == SendingStatus::Disabled;
    Ok(Empty {})
}

fn identity(kind: &str, reference: &str) -> Result<IdentityArn, SesException> {
    if kind != RESOURCE {
        let text = format!("Invalid reputation entity type {kind}.");
        return Err(SesException::bad_request(text));
    }
    IdentityArn::parse(reference)
        .ok_or_else(|| SesException::NotImplemented(format!("The reputation of {reference}")))
}
