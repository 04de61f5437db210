//! Messages of the AWS Encryption SDK, as Cognito writes the codes that custom senders receive.
//!
//! Message format version 1 with the algorithm suite `0x0378`: AES-256-GCM under a key derived by
//! HKDF with SHA-384, signed by ECDSA over P-384, without key commitment, one data key from KMS and
//! a framed body. That suite, the version and the first pair of the encryption context are recorded
//! (COGNITO.md 6.5 \[R S78\]); that the body is framed, as all the SDK's encrypters have it by
//! default, is a guess.
//!
//! Format: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>;
//! what is authenticated, derived and signed:
//! <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/body-aad-reference.html>,
//! <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html>.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::encoding::{AsBigEndian, EcPublicKeyCompressedBin};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA384, Salt};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::kms::{self, DataKey, EncryptionContext, Kms};

/// Message format version 1.
const VERSION: u8 = 1;
/// "Customer authenticated encrypted data", the only type.
const TYPE: u8 = 0x80;
/// The suite that the head of this file names.
const ALGORITHM_ID: u16 = 0x0378;
/// Bytes of the data key and of the key derived from it.
const KEY_BYTES: usize = 32;
/// Bytes of a message's id.
const MESSAGE_ID_BYTES: usize = 16;
/// The body is framed.
const CONTENT_TYPE_FRAMED: u8 = 2;
/// Bytes of each frame but the last, the SDK's default. A code or a password fits in the last.
const FRAME_BYTES: u32 = 4096;
/// Bytes of each nonce, as the header says them.
const NONCE_BYTES: u8 = 12;
/// The number of the first frame.
const FIRST_FRAME: u32 = 1;
/// What stands where the last frame begins.
const LAST_FRAME_MARK: u32 = u32::MAX;
/// What authenticates the last frame, between the message's id and the frame's number.
const LAST_FRAME_AAD: &[u8] = b"AWSKMSEncryptionClient Final Frame";
/// The provider of a data key that KMS encrypted.
const PROVIDER: &str = "aws-kms";
/// The pair of the encryption context that holds the key with which the signature is verified.
const PUBLIC_KEY: &str = "aws-crypto-public-key";

/// Why a secret was not encrypted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EncryptError {
    /// KMS gave no data key.
    #[error("{0}")]
    Kms(kms::Exception),
    /// More than one frame holds.
    #[error("the secret is longer than {FRAME_BYTES} bytes")]
    TooLong,
    /// The cryptographic library refused.
    #[error("the secret cannot be encrypted")]
    Cryptography,
}

impl From<Unspecified> for EncryptError {
    fn from(_: Unspecified) -> Self {
        Self::Cryptography
    }
}

/// Encrypts a short secret under a key of KMS, named in any of its ways.
///
/// # Errors
/// [`EncryptError::Kms`] if KMS gives no data key, [`EncryptError::TooLong`] for a secret that does
/// not fit into one frame.
pub(crate) fn encrypt(
    kms: &Kms,
    key: &str,
    mut context: EncryptionContext,
    secret: &[u8],
) -> Result<Vec<u8>, EncryptError> {
    let signer = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING)?;
    let verifier: EcPublicKeyCompressedBin<'_> = signer.public_key().as_be_bytes()?;
    context.insert(PUBLIC_KEY.to_owned(), BASE64.encode(verifier.as_ref()));
    let data_key = kms.generate_data_key(key, &context, KEY_BYTES);
    let data_key = data_key.map_err(EncryptError::Kms)?;

    let mut id = [0; MESSAGE_ID_BYTES];
    rand::fill(&mut id)?;
    let cipher = derived(&data_key, id)?;
    let mut message = header(&data_key, &context, id)?;
    let tag = cipher.seal_in_place_separate_tag(nonce(0), Aad::from(&message), &mut [])?;
    message.extend_from_slice(nonce(0).as_ref());
    message.extend_from_slice(tag.as_ref());
    message.extend(last_frame(&cipher, id, secret)?);
    let signature = signer.sign(&SystemRandom::new(), &message)?;
    sized(&mut message, signature.as_ref())?;
    Ok(message)
}

/// The key of the message, derived from the data key.
fn derived(data_key: &DataKey, id: [u8; MESSAGE_ID_BYTES]) -> Result<LessSafeKey, Unspecified> {
    let algorithm = ALGORITHM_ID.to_be_bytes();
    let info = [&algorithm[..], &id];
    let secret = Salt::new(HKDF_SHA384, &[]).extract(data_key.plaintext.expose());
    let key = UnboundKey::from(secret.expand(&info, &AES_256_GCM)?);
    Ok(LessSafeKey::new(key))
}

/// All before the header's authentication.
fn header(
    data_key: &DataKey,
    context: &EncryptionContext,
    id: [u8; MESSAGE_ID_BYTES],
) -> Result<Vec<u8>, EncryptError> {
    let mut header = vec![VERSION, TYPE];
    header.extend(ALGORITHM_ID.to_be_bytes());
    header.extend(id);

    let mut pairs = Vec::new();
    pairs.extend(count(context.len())?);
    for text in context.iter().flat_map(|(name, value)| [name, value]) {
        sized(&mut pairs, text.as_bytes())?;
    }
    sized(&mut header, &pairs)?;

    header.extend(count(1)?);
    sized(&mut header, PROVIDER.as_bytes())?;
    sized(&mut header, data_key.key_arn.as_bytes())?;
    sized(&mut header, &data_key.ciphertext_blob)?;

    header.push(CONTENT_TYPE_FRAMED);
    header.extend([0; 4]);
    header.push(NONCE_BYTES);
    header.extend(FRAME_BYTES.to_be_bytes());
    Ok(header)
}

/// The only frame of a short body.
fn last_frame(
    cipher: &LessSafeKey,
    id: [u8; MESSAGE_ID_BYTES],
    secret: &[u8],
) -> Result<Vec<u8>, EncryptError> {
    let length = u32::try_from(secret.len()).ok();
    let length = length
        .filter(|length| *length <= FRAME_BYTES)
        .ok_or(EncryptError::TooLong)?;
    let aad = [
        &id[..],
        LAST_FRAME_AAD,
        &FIRST_FRAME.to_be_bytes(),
        &u64::from(length).to_be_bytes(),
    ];
    let mut sealed = secret.to_vec();
    let aad = Aad::from(aad.concat());
    let tag = cipher.seal_in_place_separate_tag(nonce(FIRST_FRAME), aad, &mut sealed)?;

    let mut frame = Vec::new();
    frame.extend(LAST_FRAME_MARK.to_be_bytes());
    frame.extend(FIRST_FRAME.to_be_bytes());
    frame.extend_from_slice(nonce(FIRST_FRAME).as_ref());
    frame.extend(length.to_be_bytes());
    frame.extend(sealed);
    frame.extend_from_slice(tag.as_ref());
    Ok(frame)
}

/// The nonce of a frame is its number; the header's is zero. Each key is used for one message.
fn nonce(frame: u32) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[NONCE_LEN - 4..].copy_from_slice(&frame.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

/// A length or a count, as the format writes most of them.
fn count(number: usize) -> Result<[u8; 2], EncryptError> {
    let number = u16::try_from(number).map_err(|_| EncryptError::TooLong)?;
    Ok(number.to_be_bytes())
}

/// Writes bytes with their length before them.
fn sized(message: &mut Vec<u8>, bytes: &[u8]) -> Result<(), EncryptError> {
    message.extend(count(bytes.len())?);
    message.extend_from_slice(bytes);
    Ok(())
}
