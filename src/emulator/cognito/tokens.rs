//! Id and access tokens, signed as Cognito signs them (COGNITO.md 10).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::error::Exception;
use super::groups::GroupClaims;
use crate::emulator::random::Random;

/// Bytes of a 2048-bit modulus.
const MODULUS_BYTES: usize = 256;
/// How DER ends an RSA public key (RFC 8017 A.1.1) whose exponent is 65537.
const EXPONENT_DER: [u8; 5] = [0x02, 0x03, 0x01, 0x00, 0x01];

/// The two signing keys: id and access tokens are signed with different ones \[D\].
///
/// AWS makes a pair for each pool; here the pools of one emulator share one, because making keys
/// takes longer than all else that a test does with its pool. They are made at the first sign-in,
/// so that an emulator starts at once and one that signs nobody in never makes them.
#[derive(Default)]
pub(crate) struct Keys(OnceLock<Option<Pair>>);

struct Pair {
    id: SigningKey,
    access: SigningKey,
}

struct SigningKey {
    kid: String,
    pair: KeyPair,
}

/// Which of the two tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TokenUse {
    Id,
    Access,
}

#[derive(Serialize, Deserialize)]
struct Header {
    kid: String,
    alg: String,
}

/// What both tokens say.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CommonClaims {
    pub(crate) sub: String,
    pub(crate) iss: String,
    pub(crate) origin_jti: String,
    pub(crate) event_id: String,
    pub(crate) token_use: String,
    pub(crate) auth_time: i64,
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    pub(crate) jti: String,
}

/// The access token's claims.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessClaims {
    #[serde(flatten)]
    pub(crate) common: CommonClaims,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) username: String,
    #[serde(
        rename = "cognito:groups",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub(crate) groups: Vec<String>,
    /// What a function added (COGNITO.md 6.5).
    #[serde(flatten, skip_deserializing)]
    pub(crate) added: BTreeMap<String, Claim>,
}

/// The id token's claims.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct IdClaims {
    #[serde(flatten)]
    pub(crate) common: CommonClaims,
    pub(crate) aud: String,
    #[serde(rename = "cognito:username")]
    pub(crate) username: String,
    #[serde(flatten)]
    pub(crate) groups: GroupClaims,
    #[serde(flatten)]
    pub(crate) attributes: BTreeMap<String, Claim>,
}

/// An attribute in the id token: texts, but `email_verified` and its like are JSON booleans \[V\].
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum Claim {
    Text(String),
    Flag(bool),
    /// Whatever a function made of it.
    Json(Box<RawValue>),
}

/// The document at `/POOL/.well-known/jwks.json`.
#[derive(Serialize)]
pub(crate) struct Jwks {
    keys: [Jwk; 2],
}

#[derive(Serialize)]
struct Jwk {
    alg: &'static str,
    e: &'static str,
    kid: String,
    kty: &'static str,
    n: String,
    r#use: &'static str,
}

impl Keys {
    /// Signs claims for one of the tokens; the first call makes the keys, which computes for a
    /// tenth of a second or more.
    ///
    /// # Errors
    /// `InternalErrorException` if the cryptographic library fails.
    pub(crate) fn sign(
        &self,
        token_use: TokenUse,
        claims: &impl Serialize,
        random: &Random,
    ) -> Result<String, Exception> {
        let failed = |_| internal("a token could not be signed");
        let pair = self
            .pair(random)
            .ok_or_else(|| internal("the signing keys are missing"))?;
        let key = match token_use {
            TokenUse::Id => &pair.id,
            TokenUse::Access => &pair.access,
        };
        let header = Header {
            kid: key.kid.clone(),
            alg: "RS256".to_owned(),
        };
        let mut token = format!("{}.{}", encode(&header)?, encode(claims)?);
        let mut signature = vec![0; key.pair.public_modulus_len()];
        key.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                token.as_bytes(),
                &mut signature,
            )
            .map_err(failed)?;
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
        Ok(token)
    }

    /// Reads an access token whose signature is right; whether it has expired is not looked at.
    ///
    /// # Errors
    /// `NotAuthorizedException` in the words of COGNITO.md 3.8 \[C\]; which text a token that is
    /// no JWT gets is a guess.
    pub(crate) fn verify_access(&self, token: &str) -> Result<AccessClaims, Exception> {
        let invalid = || Exception::not_authorized("Invalid Access Token");
        let unverified =
            || Exception::not_authorized("Could not verify signature for Access Token");
        let (message, signature) = token.rsplit_once('.').ok_or_else(invalid)?;
        let (header, claims) = message.split_once('.').ok_or_else(invalid)?;
        let decode = |part| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| invalid());
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| invalid())?;
        // Without keys, nothing was signed here.
        let pair = self
            .0
            .get()
            .and_then(Option::as_ref)
            .ok_or_else(unverified)?;
        let mut keys = [&pair.access, &pair.id].into_iter();
        let key = keys
            .find(|key| key.kid == header.kid)
            .ok_or_else(unverified)?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.pair.public_key())
            .verify(message.as_bytes(), &decode(signature)?)
            .map_err(|_| unverified())?;
        let claims: AccessClaims =
            serde_json::from_slice(&decode(claims)?).map_err(|_| invalid())?;
        if claims.common.token_use != "access" {
            return Err(invalid());
        }
        Ok(claims)
    }

    /// The public halves of both keys, which are made if they are not there.
    pub(crate) fn jwks(&self, random: &Random) -> Option<Jwks> {
        let pair = self.pair(random)?;
        Some(Jwks {
            keys: [pair.id.public()?, pair.access.public()?],
        })
    }

    fn pair(&self, random: &Random) -> Option<&Pair> {
        let make = || {
            Some(Pair {
                id: SigningKey::generate(random)?,
                access: SigningKey::generate(random)?,
            })
        };
        self.0.get_or_init(make).as_ref()
    }
}

impl SigningKey {
    fn generate(random: &Random) -> Option<Self> {
        Some(Self {
            kid: BASE64_STANDARD.encode(random.bytes::<32>()),
            pair: KeyPair::generate(KeySize::Rsa2048).ok()?,
        })
    }

    fn public(&self) -> Option<Jwk> {
        let der = self.pair.public_key().as_ref();
        let modulus = modulus(der)?;
        Some(Jwk {
            alg: "RS256",
            e: "AQAB",
            kid: self.kid.clone(),
            kty: "RSA",
            n: BASE64_URL_SAFE_NO_PAD.encode(modulus),
            r#use: "sig",
        })
    }
}

/// The modulus of an `RSAPublicKey`: all that stands before the exponent, at this size of key.
fn modulus(der: &[u8]) -> Option<&[u8]> {
    let before = der.strip_suffix(&EXPONENT_DER)?;
    before.get(before.len().checked_sub(MODULUS_BYTES)?..)
}

fn encode(part: &impl Serialize) -> Result<String, Exception> {
    let json = serde_json::to_vec(part).map_err(|_| internal("a token could not be written"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(json))
}

fn internal(what: &str) -> Exception {
    Exception::InternalError(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(token_use: &str) -> AccessClaims {
        AccessClaims {
            common: CommonClaims {
                sub: "s".to_owned(),
                iss: "i".to_owned(),
                origin_jti: "o".to_owned(),
                event_id: "e".to_owned(),
                token_use: token_use.to_owned(),
                auth_time: 1,
                exp: 2,
                iat: 1,
                jti: "j".to_owned(),
            },
            client_id: "c".to_owned(),
            scope: "aws.cognito.signin.user.admin".to_owned(),
            username: "ada".to_owned(),
            groups: Vec::new(),
            added: BTreeMap::new(),
        }
    }

    #[test]
    fn only_a_token_signed_here_is_read() {
        let (keys, random) = (Keys::default(), Random::new(Some(1)));
        let token = keys
            .sign(TokenUse::Access, &claims("access"), &random)
            .unwrap();
        assert_eq!(keys.verify_access(&token).unwrap().username, "ada");

        let id = keys.sign(TokenUse::Id, &claims("id"), &random).unwrap();
        let foreign = Keys::default();
        let (head, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = head.split_once('.').unwrap();
        let forged = format!(
            "{header}.{}.{signature}",
            encode(&claims("access")).unwrap() + "x"
        );
        let cases = [
            (&keys, "invalidtoken", "Invalid Access Token"),
            (&keys, "a.b.c", "Invalid Access Token"),
            (&keys, id.as_str(), "Invalid Access Token"),
            (
                &keys,
                forged.as_str(),
                "Could not verify signature for Access Token",
            ),
            (
                &foreign,
                token.as_str(),
                "Could not verify signature for Access Token",
            ),
        ];
        for (keys, token, message) in cases {
            let error = keys.verify_access(token).unwrap_err();
            assert_eq!(error.to_string(), message, "{token}");
        }
    }

    #[test]
    fn the_key_set_has_two_keys_of_2048_bits() {
        let (keys, random) = (Keys::default(), Random::new(None));
        let jwks = keys.jwks(&random).unwrap();
        assert_ne!(jwks.keys[0].kid, jwks.keys[1].kid);
        let n = BASE64_URL_SAFE_NO_PAD.decode(&jwks.keys[0].n).unwrap();
        assert_eq!(n.len(), MODULUS_BYTES);
        assert!(n[0] >= 0x80, "a modulus of 2048 bits has its first bit set");
    }
}
