//! `CreateKey`, `DescribeKey`, `ListKeys`, `EnableKey` and `DisableKey`.

use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use super::super::exception::Exception;
use super::super::key::Key;
use super::super::service::Kms;
use super::page::page;

/// The only kind of key that is here, and the one that Cognito asks for (COGNITO.md 6.5).
pub(super) const SYMMETRIC_DEFAULT: &str = "SYMMETRIC_DEFAULT";
const ENCRYPT_DECRYPT: &str = "ENCRYPT_DECRYPT";
const AWS_KMS: &str = "AWS_KMS";

/// `Policy`, `Tags` and `BypassPolicyLockoutSafetyCheck` are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateKeyRequest {
    description: Option<String>,
    key_usage: Option<String>,
    key_spec: Option<String>,
    customer_master_key_spec: Option<String>,
    origin: Option<String>,
    multi_region: Option<bool>,
    custom_key_store_id: Option<IgnoredAny>,
    xks_key_id: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyRequest {
    key_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListKeysRequest {
    limit: Option<i64>,
    marker: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyResponse {
    key_metadata: KeyMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyMetadata {
    #[serde(rename = "AWSAccountId")]
    aws_account_id: String,
    key_id: Uuid,
    arn: String,
    #[serde(serialize_with = "epoch_seconds")]
    creation_date: Timestamp,
    enabled: bool,
    description: String,
    key_usage: &'static str,
    key_state: &'static str,
    origin: &'static str,
    key_manager: &'static str,
    customer_master_key_spec: &'static str,
    key_spec: &'static str,
    encryption_algorithms: [&'static str; 1],
    multi_region: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListKeysResponse {
    keys: Vec<ListedKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    truncated: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedKey {
    key_id: Uuid,
    key_arn: String,
}

impl CreateKeyRequest {
    /// The first thing that is asked for and not here.
    fn unimplemented(&self) -> Option<String> {
        let spec = self.key_spec.as_ref();
        let spec = spec.or(self.customer_master_key_spec.as_ref());
        let chosen = [
            ("KeyUsage", self.key_usage.as_ref(), ENCRYPT_DECRYPT),
            ("KeySpec", spec, SYMMETRIC_DEFAULT),
            ("Origin", self.origin.as_ref(), AWS_KMS),
        ];
        for (member, value, only) in chosen {
            if let Some(value) = value.filter(|value| *value != only) {
                return Some(format!("The {member} {value}"));
            }
        }
        let asked = [
            ("MultiRegion", self.multi_region == Some(true)),
            ("CustomKeyStoreId", self.custom_key_store_id.is_some()),
            ("XksKeyId", self.xks_key_id.is_some()),
        ];
        let first = asked.iter().find(|(_, asked)| *asked);
        first.map(|(member, _)| format!("The setting {member}"))
    }
}

/// Makes a symmetric key.
///
/// # Errors
/// `LimitExceededException`; the explicit refusal of every other kind of key.
pub(super) fn create_key(kms: &Kms, request: CreateKeyRequest) -> Result<KeyResponse, Exception> {
    if let Some(setting) = request.unimplemented() {
        return Err(Exception::NotImplemented(setting));
    }
    let id = kms.draw_id();
    kms.add(id, request.description.unwrap_or_default())?;
    let key_id = id.to_string();
    describe_key(kms, &KeyRequest { key_id })
}

/// Shows a key.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn describe_key(kms: &Kms, request: &KeyRequest) -> Result<KeyResponse, Exception> {
    let mut keys = kms.keys();
    let key = kms.found(&mut keys, &request.key_id)?;
    let key_metadata = metadata(kms, key);
    Ok(KeyResponse { key_metadata })
}

/// Lists the keys by id; AWS's order is not documented.
///
/// # Errors
/// `ValidationException`.
pub(super) fn list_keys(
    kms: &Kms,
    request: &ListKeysRequest,
) -> Result<ListKeysResponse, Exception> {
    let keys = kms.keys();
    let ids = keys.by_id.keys().copied();
    let marker = request.marker.as_deref();
    let part = page(ids, Uuid::to_string, request.limit, marker)?;
    let listed = part.items.iter().map(|id| ListedKey {
        key_id: *id,
        key_arn: kms.key_arn(*id),
    });
    Ok(ListKeysResponse {
        keys: listed.collect(),
        truncated: part.next_marker.is_some(),
        next_marker: part.next_marker,
    })
}

/// Lets a key be used again.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn enable_key(kms: &Kms, request: &KeyRequest) -> Result<(), Exception> {
    let mut keys = kms.keys();
    kms.found(&mut keys, &request.key_id)?.is_enabled = true;
    Ok(())
}

/// Lets a key be used no more.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn disable_key(kms: &Kms, request: &KeyRequest) -> Result<(), Exception> {
    let mut keys = kms.keys();
    kms.found(&mut keys, &request.key_id)?.is_enabled = false;
    Ok(())
}

fn metadata(kms: &Kms, key: &Key) -> KeyMetadata {
    KeyMetadata {
        aws_account_id: kms.account_id.clone(),
        key_id: key.id,
        arn: kms.key_arn(key.id),
        creation_date: key.created,
        enabled: key.is_enabled,
        description: key.description.clone(),
        key_usage: ENCRYPT_DECRYPT,
        key_state: if key.is_enabled {
            "Enabled"
        } else {
            "Disabled"
        },
        origin: AWS_KMS,
        key_manager: "CUSTOMER",
        customer_master_key_spec: SYMMETRIC_DEFAULT,
        key_spec: SYMMETRIC_DEFAULT,
        encryption_algorithms: [SYMMETRIC_DEFAULT],
        multi_region: false,
    }
}

/// Writes a moment as epoch seconds with a fraction of milliseconds.
pub(super) fn epoch_seconds<S>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
{
    // Exact: milliseconds since 1970 need 43 bits, and a double has 53.
    #[expect(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
    let milliseconds = moment.as_millisecond() as f64;
    serializer.serialize_f64(milliseconds / 1000.0)
}
