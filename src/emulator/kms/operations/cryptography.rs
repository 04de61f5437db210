//! `Encrypt`, `Decrypt`, `GenerateDataKey` and `GenerateDataKeyWithoutPlaintext`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::exception::Exception;
use super::super::key::{Blob, EncryptionContext};
use super::super::service::{DATA_KEY_BYTES_MAX, DataKey, Kms};
use super::keys::SYMMETRIC_DEFAULT;
use crate::model::Secret;

/// Longest plaintext, in bytes, by the service model.
const PLAINTEXT_BYTES_MAX: usize = 4096;
/// Longest ciphertext, in bytes, by the service model.
const CIPHERTEXT_BYTES_MAX: usize = 6144;

/// Bytes that travel as base64.
struct Bytes(Vec<u8>);

/// Bytes that travel as base64, and that no log or `Debug` output may show.
struct SecretBytes(Secret<Vec<u8>>);

/// What every request here may have besides its own members; grant tokens are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Extras {
    encryption_context: Option<EncryptionContext>,
    encryption_algorithm: Option<String>,
    dry_run: Option<bool>,
    recipient: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EncryptRequest {
    key_id: String,
    plaintext: SecretBytes,
    #[serde(flatten)]
    extras: Extras,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DecryptRequest {
    ciphertext_blob: Bytes,
    key_id: Option<String>,
    #[serde(flatten)]
    extras: Extras,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GenerateDataKeyRequest {
    key_id: String,
    number_of_bytes: Option<i64>,
    key_spec: Option<DataKeySpec>,
    #[serde(flatten)]
    extras: Extras,
}

#[derive(Clone, Copy, Deserialize)]
enum DataKeySpec {
    #[serde(rename = "AES_128")]
    Aes128,
    #[serde(rename = "AES_256")]
    Aes256,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EncryptResponse {
    ciphertext_blob: Bytes,
    key_id: String,
    encryption_algorithm: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DecryptResponse {
    key_id: String,
    plaintext: SecretBytes,
    encryption_algorithm: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DataKeyResponse {
    ciphertext_blob: Bytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext: Option<SecretBytes>,
    key_id: String,
}

impl Extras {
    /// The context, where nothing is asked for that is not here.
    fn context(&self) -> Result<EncryptionContext, Exception> {
        if let Some(algorithm) = &self.encryption_algorithm
            && algorithm != SYMMETRIC_DEFAULT
        {
            let setting = format!("The EncryptionAlgorithm {algorithm}");
            return Err(Exception::NotImplemented(setting));
        }
        let asked = [
            ("DryRun", self.dry_run == Some(true)),
            ("Recipient", self.recipient.is_some()),
        ];
        if let Some((member, _)) = asked.iter().find(|(_, asked)| *asked) {
            return Err(Exception::NotImplemented(format!("The setting {member}")));
        }
        Ok(self.encryption_context.clone().unwrap_or_default())
    }
}

/// Encrypts a few bytes.
///
/// # Errors
/// `NotFoundException`, `DisabledException`, `ValidationException`.
pub(super) fn encrypt(kms: &Kms, request: &EncryptRequest) -> Result<EncryptResponse, Exception> {
    let plaintext = request.plaintext.0.expose();
    check_length(plaintext, PLAINTEXT_BYTES_MAX, "plaintext")?;
    let context = request.extras.context()?;
    kms.usable(&request.key_id, |key| {
        Ok(EncryptResponse {
            ciphertext_blob: Bytes(key.encrypt(plaintext, &context)?),
            key_id: kms.key_arn(key.id),
            encryption_algorithm: SYMMETRIC_DEFAULT,
        })
    })
}

/// Decrypts what `Encrypt` and `GenerateDataKey` gave; the key need not be named.
///
/// # Errors
/// `InvalidCiphertextException`, also for the ciphertext of a key that is not here;
/// `IncorrectKeyException` if another key is named; `NotFoundException`, `DisabledException`,
/// `ValidationException`.
pub(super) fn decrypt(kms: &Kms, request: &DecryptRequest) -> Result<DecryptResponse, Exception> {
    let bytes = &request.ciphertext_blob.0;
    check_length(bytes, CIPHERTEXT_BYTES_MAX, "ciphertextBlob")?;
    let context = request.extras.context()?;
    let named = request.key_id.as_deref();
    let named = named
        .map(|key| kms.usable(key, |key| Ok(key.id)))
        .transpose()?;
    let blob = Blob::parse(bytes)?;
    if named.is_some_and(|named| named != blob.key) {
        return Err(Exception::IncorrectKey);
    }
    let id = blob.key.to_string();
    let decrypted = kms.usable(&id, |key| {
        Ok(DecryptResponse {
            key_id: kms.key_arn(key.id),
            plaintext: SecretBytes(Secret::new(key.decrypt(&blob, &context)?)),
            encryption_algorithm: SYMMETRIC_DEFAULT,
        })
    });
    match decrypted {
        Err(Exception::KeyNotFound { .. }) => Err(Exception::InvalidCiphertext),
        decrypted => decrypted,
    }
}

/// Draws a data key, and gives it in the clear and encrypted.
///
/// # Errors
/// `NotFoundException`, `DisabledException`, `ValidationException`.
pub(super) fn generate_data_key(
    kms: &Kms,
    request: &GenerateDataKeyRequest,
) -> Result<DataKeyResponse, Exception> {
    let key = draw(kms, request)?;
    Ok(DataKeyResponse {
        ciphertext_blob: Bytes(key.ciphertext_blob),
        plaintext: Some(SecretBytes(key.plaintext)),
        key_id: key.key_arn,
    })
}

/// Draws a data key, and gives it encrypted only.
///
/// # Errors
/// As [`generate_data_key`].
pub(super) fn generate_data_key_without_plaintext(
    kms: &Kms,
    request: &GenerateDataKeyRequest,
) -> Result<DataKeyResponse, Exception> {
    let drawn = generate_data_key(kms, request)?;
    Ok(DataKeyResponse {
        plaintext: None,
        ..drawn
    })
}

fn draw(kms: &Kms, request: &GenerateDataKeyRequest) -> Result<DataKey, Exception> {
    let bytes = match (request.number_of_bytes, request.key_spec) {
        (None, Some(DataKeySpec::Aes128)) => 16,
        (None, Some(DataKeySpec::Aes256)) => 32,
        (Some(bytes), None) => usize::try_from(bytes)
            .ok()
            .filter(|bytes| (1..=DATA_KEY_BYTES_MAX).contains(bytes))
            .ok_or_else(|| {
                let rule = format!("have value between 1 and {DATA_KEY_BYTES_MAX}");
                Exception::constraint("numberOfBytes", &rule)
            })?,
        // Which words AWS has for both or neither is a guess.
        _ => {
            let message = "Please specify either number of bytes or key spec.";
            return Err(Exception::Validation(message.to_owned()));
        }
    };
    let context = request.extras.context()?;
    kms.generate_data_key(&request.key_id, &context, bytes)
}

fn check_length(bytes: &[u8], max: usize, member: &str) -> Result<(), Exception> {
    if bytes.is_empty() {
        let rule = "have length greater than or equal to 1";
        return Err(Exception::constraint(member, rule));
    }
    if bytes.len() > max {
        let rule = format!("have length less than or equal to {max}");
        return Err(Exception::constraint(member, &rule));
    }
    Ok(())
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64.decode(text);
        bytes.map(Self).map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for SecretBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Bytes::deserialize(deserializer).map(|bytes| Self(Secret::new(bytes.0)))
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl Serialize for SecretBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(self.0.expose()))
    }
}
