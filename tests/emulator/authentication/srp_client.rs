//! A client of SRP-6a as Cognito's own clients are, written from RFC 5054 and not from the server.

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use num_bigint::BigUint;
use serde_json::{Value, json};

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
const TIMESTAMP: &str = "Sat Nov 21 01:28:27 UTC 2026";

/// One sign-in's secret exponent.
pub(super) struct SrpClient {
    a: BigUint,
    n: BigUint,
}

impl SrpClient {
    pub(super) fn new() -> Self {
        Self {
            a: BigUint::from_bytes_be(&[0x5a; 128]),
            n: number(std::str::from_utf8(PRIME).unwrap()),
        }
    }

    /// `SRP_A`.
    pub(super) fn public(&self) -> String {
        BigUint::from(2_u8)
            .modpow(&self.a, &self.n)
            .to_str_radix(16)
    }

    /// The responses to a `PASSWORD_VERIFIER` challenge.
    pub(super) fn claim(&self, pool: &str, challenge: &Value, password: &str) -> Value {
        let parameters = &challenge["ChallengeParameters"];
        let text = |name: &str| parameters[name].as_str().unwrap();
        let pool = pool.split_once('_').unwrap().1;
        let user = text("USER_ID_FOR_SRP");
        let identity = sha256(&[pool.as_bytes(), user.as_bytes(), b":", password.as_bytes()]);
        let (generator, prime) = (BigUint::from(2_u8), &self.n);
        let x = hash(&[&signed(&number(text("SALT"))), &identity]);
        let b = number(text("SRP_B"));
        let multiplier = hash(&[&signed(prime), &signed(&generator)]);
        let u = hash(&[&signed(&number(&self.public())), &signed(&b)]);
        let base = (b + prime * &multiplier - multiplier * generator.modpow(&x, prime)) % prime;
        let secret = base.modpow(&(&self.a + &u * x), prime);
        let extracted = sign(&signed(&u), &signed(&secret));
        let key = sign(&extracted, b"Caldera Derived Key\x01");
        let block = BASE64_STANDARD.decode(text("SECRET_BLOCK")).unwrap();
        let claim = [
            pool.as_bytes(),
            user.as_bytes(),
            &block,
            TIMESTAMP.as_bytes(),
        ]
        .concat();
        json!({
            "USERNAME": user,
            "TIMESTAMP": TIMESTAMP,
            "PASSWORD_CLAIM_SECRET_BLOCK": text("SECRET_BLOCK"),
            "PASSWORD_CLAIM_SIGNATURE": BASE64_STANDARD.encode(sign(&key[..16], &claim)),
        })
    }
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap()
}

/// A positive number's bytes in two's complement.
fn signed(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes[0] >= 0x80 {
        bytes.insert(0, 0);
    }
    bytes
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    digest::digest(&digest::SHA256, &parts.concat())
        .as_ref()
        .to_vec()
}

fn hash(parts: &[&[u8]]) -> BigUint {
    BigUint::from_bytes_be(&sha256(parts))
}

fn sign(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message)
        .as_ref()
        .to_vec()
}
