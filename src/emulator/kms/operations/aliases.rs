//! `CreateAlias`, `DeleteAlias` and `ListAliases`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::exception::Exception;
use super::super::service::Kms;
use super::keys::epoch_seconds;
use super::page::page;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateAliasRequest {
    alias_name: String,
    target_key_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteAliasRequest {
    alias_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListAliasesRequest {
    key_id: Option<String>,
    limit: Option<i64>,
    marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListAliasesResponse {
    aliases: Vec<ListedAlias>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedAlias {
    alias_name: String,
    alias_arn: String,
    target_key_id: Uuid,
    #[serde(serialize_with = "epoch_seconds")]
    creation_date: Timestamp,
    #[serde(serialize_with = "epoch_seconds")]
    last_updated_date: Timestamp,
}

/// Gives a key another name.
///
/// # Errors
/// Those of the name, `NotFoundException`, `AlreadyExistsException`, `LimitExceededException`.
pub(super) fn create_alias(kms: &Kms, request: &CreateAliasRequest) -> Result<(), Exception> {
    let id = {
        let mut keys = kms.keys();
        kms.found(&mut keys, &request.target_key_id)?.id
    };
    kms.name(&request.alias_name, id)
}

/// Takes a name away from its key.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn delete_alias(kms: &Kms, request: &DeleteAliasRequest) -> Result<(), Exception> {
    let removed = kms.keys().aliases.remove(&request.alias_name);
    let arn = || kms.alias_arn(&request.alias_name);
    removed
        .map(|_| ())
        .ok_or_else(|| Exception::AliasNotFound { arn: arn() })
}

/// Lists the aliases by name, of one key or of all; AWS's order is not documented. Aliases of AWS's
/// own keys are not among them.
///
/// # Errors
/// `NotFoundException`, `ValidationException`.
pub(super) fn list_aliases(
    kms: &Kms,
    request: &ListAliasesRequest,
) -> Result<ListAliasesResponse, Exception> {
    let mut keys = kms.keys();
    let wanted = match &request.key_id {
        Some(key) => Some(kms.found(&mut keys, key)?.id),
        None => None,
    };
    let aliases = keys.aliases.iter();
    let aliases = aliases.filter(|(_, alias)| wanted.is_none_or(|key| alias.key == key));
    let marker = request.marker.as_deref();
    let part = page(aliases, |(name, _)| (*name).clone(), request.limit, marker)?;
    let listed = part.items.into_iter().map(|(name, alias)| ListedAlias {
        alias_name: name.clone(),
        alias_arn: kms.alias_arn(name),
        target_key_id: alias.key,
        creation_date: alias.created,
        last_updated_date: alias.created,
    });
    Ok(ListAliasesResponse {
        aliases: listed.collect(),
        truncated: part.next_marker.is_some(),
        next_marker: part.next_marker,
    })
}
