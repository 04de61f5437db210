//! One symmetric key: what it is, and what it does with bytes.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;
use jiff::Timestamp;
use uuid::Uuid;

use super::exception::Exception;

/// What is authenticated with a ciphertext and has to be given again for its decryption:
/// <https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html>.
pub(crate) type EncryptionContext = BTreeMap<String, String>;

/// First byte of this emulator's ciphertexts. AWS's own format is not published, and nobody may
/// read it.
const CIPHERTEXT_VERSION: u8 = 1;
/// Bytes before a ciphertext: version, key and nonce.
const PREFIX_BYTES: usize = 1 + 16 + NONCE_LEN;

/// A key that encrypts and decrypts, `SYMMETRIC_DEFAULT`.
pub(super) struct Key {
    pub(super) id: Uuid,
    pub(super) created: Timestamp,
    pub(super) description: String,
    pub(super) is_enabled: bool,
    material: LessSafeKey,
}

impl Key {
    /// A new key, with material from the system's randomness.
    ///
    /// # Errors
    /// `KMSInternalException` if the system has none.
    pub(super) fn new(
        id: Uuid,
        created: Timestamp,
        description: String,
    ) -> Result<Self, Exception> {
        let mut material = [0; 32];
        fill(&mut material)?;
        let material = UnboundKey::new(&AES_256_GCM, &material);
        let material = material.map_err(|_| Exception::Internal("the key is not usable"))?;
        Ok(Self {
            id,
            created,
            description,
            is_enabled: true,
            material: LessSafeKey::new(material),
        })
    }

    /// Encrypts bytes. The result says which key it needs.
    ///
    /// # Errors
    /// `KMSInternalException` if the system has no randomness.
    pub(super) fn encrypt(
        &self,
        plaintext: &[u8],
        context: &EncryptionContext,
    ) -> Result<Vec<u8>, Exception> {
        let mut nonce = [0; NONCE_LEN];
        fill(&mut nonce)?;
        let mut sealed = plaintext.to_vec();
        let nonce_used = Nonce::assume_unique_for_key(nonce);
        self.material
            .seal_in_place_append_tag(nonce_used, Aad::from(authenticated(context)), &mut sealed)
            .map_err(|_| Exception::Internal("the plaintext is not encryptable"))?;
        let mut blob = Vec::with_capacity(PREFIX_BYTES + sealed.len());
        blob.push(CIPHERTEXT_VERSION);
        blob.extend_from_slice(self.id.as_bytes());
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(&sealed);
        Ok(blob)
    }

    /// Decrypts what [`encrypt`](Self::encrypt) gave.
    ///
    /// # Errors
    /// `InvalidCiphertextException` for another context or other bytes.
    pub(super) fn decrypt(
        &self,
        blob: &Blob<'_>,
        context: &EncryptionContext,
    ) -> Result<Vec<u8>, Exception> {
        let mut opened = blob.sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(blob.nonce);
        let plaintext = self
            .material
            .open_in_place(nonce, Aad::from(authenticated(context)), &mut opened)
            .map_err(|_| Exception::InvalidCiphertext)?;
        let length = plaintext.len();
        opened.truncate(length);
        Ok(opened)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .field("is_enabled", &self.is_enabled)
            .finish_non_exhaustive()
    }
}

/// A ciphertext, taken apart.
#[derive(Debug)]
pub(super) struct Blob<'a> {
    /// The key that it needs.
    pub(super) key: Uuid,
    nonce: [u8; NONCE_LEN],
    sealed: &'a [u8],
}

impl<'a> Blob<'a> {
    /// Takes a ciphertext apart.
    ///
    /// # Errors
    /// `InvalidCiphertextException`.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Exception> {
        let read = || {
            let (version, rest) = bytes.split_first()?;
            let (key, rest) = rest.split_first_chunk()?;
            let (nonce, sealed) = rest.split_first_chunk()?;
            (*version == CIPHERTEXT_VERSION).then(|| Self {
                key: Uuid::from_bytes(*key),
                nonce: *nonce,
                sealed,
            })
        };
        read().ok_or(Exception::InvalidCiphertext)
    }
}

/// Fills bytes with the system's randomness: key material is never drawn from a seed.
///
/// # Errors
/// `KMSInternalException` if the system has none.
pub(super) fn fill(bytes: &mut [u8]) -> Result<(), Exception> {
    rand::fill(bytes).map_err(|_| Exception::Internal("the system has no randomness"))
}

/// A context as bytes: no two contexts have the same.
fn authenticated(context: &EncryptionContext) -> Vec<u8> {
    let mut bytes = Vec::new();
    for text in context.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(pairs: &[(&str, &str)]) -> EncryptionContext {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    fn key() -> Key {
        Key::new(Uuid::from_u128(7), Timestamp::UNIX_EPOCH, String::new()).unwrap()
    }

    #[test]
    fn a_ciphertext_needs_its_key_its_context_and_every_byte() {
        let (key, right) = (key(), context(&[("userpool-id", "p"), ("b", "c")]));
        let bytes = key.encrypt(b"123456", &right).unwrap();
        let blob = Blob::parse(&bytes).unwrap();
        assert_eq!(blob.key, key.id);
        assert_eq!(key.decrypt(&blob, &right).unwrap(), b"123456");
        for wrong in [
            context(&[]),
            context(&[("userpool-id", "q"), ("b", "c")]),
            context(&[("userpool-idp", ""), ("b", "c")]),
        ] {
            let refused = key.decrypt(&blob, &wrong);
            assert_eq!(refused, Err(Exception::InvalidCiphertext), "{wrong:?}");
        }
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            let refused = Blob::parse(&changed).and_then(|blob| {
                let opened = key.decrypt(&blob, &right);
                // Which key it is, is not for the key to check.
                if blob.key == key.id {
                    opened
                } else {
                    Err(Exception::InvalidCiphertext)
                }
            });
            assert_eq!(refused, Err(Exception::InvalidCiphertext), "byte {index}");
            assert!(Blob::parse(&bytes[..index]).is_err() || index >= PREFIX_BYTES);
        }
    }

    #[test]
    fn no_two_ciphertexts_are_equal_and_no_material_is_shown() {
        let (key, none) = (key(), EncryptionContext::new());
        assert_ne!(key.encrypt(b"a", &none), key.encrypt(b"a", &none));
        assert!(!format!("{key:?}").contains("material"));
    }
}
