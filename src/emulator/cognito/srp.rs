//! The server's side of `USER_SRP_AUTH`: SRP-6a (RFC 5054, 3072-bit group) with Cognito's own rules
//! for padding, for the key and for the final claim.
//!
//! Amazon publishes the client's side only, in amazon-cognito-identity-js; this is its counterpart.
//! What both hash is a number's shortest big-endian form, with a zero byte in front if the first bit
//! is set. Randomness is passed in.
#![cfg_attr(
    not(test),
    expect(dead_code, reason = "wired in with the sign-in flows")
)]

use std::fmt;
use std::sync::LazyLock;

use aws_lc_rs::{digest, hmac};
use num_bigint::BigUint;

/// A number of random bytes that makes a salt.
pub(crate) const SALT_BYTES: usize = 16;

/// The size of the server's secret exponent: twice the 128 bits of strength of the group.
pub(crate) const EXPONENT_BYTES: usize = 32;

/// The most hexadecimal digits that `SRP_A` may have: 3072 bits and one byte of padding.
const MAX_PUBLIC_DIGITS: usize = 3072 / 4 + 2;

/// The size of the key that signs the claim; clients cut the derived key to it.
const KEY_BYTES: usize = 16;

/// What the key is derived for; the byte 1 ends the first block of HKDF (RFC 5869, 2.3).
const KEY_INFO: &[u8] = b"Caldera Derived Key\x01";

/// The prime of the 3072-bit MODP group (RFC 3526, 5).
const PRIME: &[u8] = b"\
    FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74\
    020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437\
    4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
    EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05\
    98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB\
    9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
    E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718\
    3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33\
    A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
    ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864\
    D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2\
    08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

/// The group that all pools share: prime, generator, and the multiplier `k = H(N | g)`.
static GROUP: LazyLock<Group> = LazyLock::new(|| {
    let n = BigUint::parse_bytes(PRIME, 16).unwrap_or_default();
    let g = BigUint::from(2_u8);
    let k = hash(&[&padded(&n), &padded(&g)]);
    Group { n, g, k }
});

struct Group {
    n: BigUint,
    g: BigUint,
    k: BigUint,
}

/// The part of a user pool id that goes into the hashes: what stands after the underscore.
pub(crate) fn pool_name(pool_id: &str) -> &str {
    pool_id.split_once('_').map_or(pool_id, |(_, name)| name)
}

/// What is kept of a password: `SHA-256(pool name, user id, ":", password)`, 32 bytes.
///
/// It suffices for password and SRP sign-in alike, and the password itself need not be kept.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PasswordHash([u8; digest::SHA256_OUTPUT_LEN]);

impl PasswordHash {
    /// Hashes a password for one user; `user_id` is what challenges call `USER_ID_FOR_SRP`.
    pub(crate) fn new(pool_name: &str, user_id: &str, password: &str) -> Self {
        let parts = [pool_name, user_id, ":", password].map(str::as_bytes);
        Self(sha256(&parts))
    }

    /// Whether that is the password, in a time that does not depend on how much of it is right.
    pub(crate) fn matches(&self, pool_name: &str, user_id: &str, password: &str) -> bool {
        let other = Self::new(pool_name, user_id, password);
        aws_lc_rs::constant_time::verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(••••)")
    }
}

/// The client's public value `A`, as `SRP_A` carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientPublic(BigUint);

/// An `SRP_A` that no honest client sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidPublic {
    /// It is empty, has another character than hexadecimal digits, or more than 770 of them.
    #[error("the value is not a number of at most 3072 bits in hexadecimal digits")]
    Malformed,
    /// It is a multiple of the prime, which would make the shared secret known to everyone.
    #[error("the value is a multiple of the group's prime")]
    MultipleOfPrime,
}

impl ClientPublic {
    /// Reads `SRP_A`.
    ///
    /// # Errors
    ///
    /// If it is no number of that size, or one with which anyone could sign in (RFC 5054, 2.5.4).
    pub(crate) fn parse(hex: &str) -> Result<Self, InvalidPublic> {
        let digits = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !digits || hex.len() > MAX_PUBLIC_DIGITS {
            return Err(InvalidPublic::Malformed);
        }
        let a = BigUint::parse_bytes(hex.as_bytes(), 16).ok_or(InvalidPublic::Malformed)?;
        if &a % &GROUP.n == BigUint::ZERO {
            return Err(InvalidPublic::MultipleOfPrime);
        }
        Ok(Self(a))
    }
}

/// What a `PASSWORD_VERIFIER` challenge says, and the key with which its answer is checked.
#[derive(Debug)]
pub(crate) struct Challenge {
    /// `SALT` in hexadecimal digits.
    pub(crate) salt: String,
    /// `SRP_B` in hexadecimal digits.
    pub(crate) srp_b: String,
    /// What the session has to remember; it is spent with the answer.
    pub(crate) key: ClaimKey,
}

impl Challenge {
    /// Answers `SRP_A` for a user with that salt and password.
    ///
    /// This raises to four powers and takes milliseconds of one core, so it belongs on a blocking
    /// thread. For a user who does not exist, give a salt and a hash made from the name and a
    /// secret of the pool: the challenge looks the same each time, and no answer fits.
    ///
    /// `exponent` must be fresh random bytes; with a value used before, two sign-ins of one user
    /// would reveal that they are the same.
    pub(crate) fn new(
        salt: [u8; SALT_BYTES],
        password: &PasswordHash,
        client: &ClientPublic,
        exponent: [u8; EXPONENT_BYTES],
    ) -> Self {
        let Group { n, g, k } = &*GROUP;
        let salt = BigUint::from_bytes_be(&salt);
        let x = hash(&[&padded(&salt), &password.0]);
        let verifier = g.modpow(&x, n);
        let b = BigUint::from_bytes_be(&exponent);
        let public = (k * &verifier + g.modpow(&b, n)) % n;
        let u = hash(&[&padded(&client.0), &padded(&public)]);
        let secret = (&client.0 * verifier.modpow(&u, n)).modpow(&b, n);
        let key = ClaimKey::derive(&secret, &u);
        // Without leading zeros, because clients disagree on whether to hash them.
        Self {
            salt: salt.to_str_radix(16),
            srp_b: public.to_str_radix(16),
            key,
        }
    }
}

/// The key that both sides have derived if the password was right.
#[derive(Clone)]
pub(crate) struct ClaimKey([u8; KEY_BYTES]);

impl ClaimKey {
    fn derive(secret: &BigUint, u: &BigUint) -> Self {
        let extract = hmac::Key::new(hmac::HMAC_SHA256, &padded(u));
        let expand = hmac::sign(&extract, &padded(secret));
        let expand = hmac::Key::new(hmac::HMAC_SHA256, expand.as_ref());
        let block = hmac::sign(&expand, KEY_INFO);
        let mut key = [0; KEY_BYTES];
        key.copy_from_slice(&block.as_ref()[..KEY_BYTES]);
        Self(key)
    }

    /// Whether the claim was signed by someone who knows the password, in constant time.
    pub(crate) fn verifies(&self, claim: &Claim<'_>) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        hmac::verify(&key, &claim.signed(), claim.signature).is_ok()
    }
}

impl fmt::Debug for ClaimKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimKey(••••)")
    }
}

/// The answer to a `PASSWORD_VERIFIER` challenge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim<'c> {
    /// What stands after the underscore of the pool id.
    pub(crate) pool_name: &'c str,
    /// `USER_ID_FOR_SRP` of the challenge.
    pub(crate) user_id: &'c str,
    /// `PASSWORD_CLAIM_SECRET_BLOCK`, decoded from base64.
    pub(crate) secret_block: &'c [u8],
    /// `TIMESTAMP` as sent, such as `Sat Nov 21 01:28:27 UTC 2026` (COGNITO.md 3.10).
    pub(crate) timestamp: &'c str,
    /// `PASSWORD_CLAIM_SIGNATURE`, decoded from base64.
    pub(crate) signature: &'c [u8],
}

impl Claim<'_> {
    fn signed(&self) -> Vec<u8> {
        let (pool, user) = (self.pool_name.as_bytes(), self.user_id.as_bytes());
        [pool, user, self.secret_block, self.timestamp.as_bytes()].concat()
    }
}

/// A number's shortest big-endian form, with a zero byte in front if its first bit is set.
fn padded(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    bytes
}

fn hash(parts: &[&[u8]]) -> BigUint {
    BigUint::from_bytes_be(&sha256(parts))
}

fn sha256(parts: &[&[u8]]) -> [u8; digest::SHA256_OUTPUT_LEN] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; digest::SHA256_OUTPUT_LEN];
    out.copy_from_slice(context.finish().as_ref());
    out
}

#[cfg(test)]
mod tests;
