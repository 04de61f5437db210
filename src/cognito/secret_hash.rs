//! The proof that an app client with a secret knows it.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::{AppClientId, Secret};

/// `SECRET_HASH`: Base64(HMAC-SHA-256(key = client secret, message = username + client id)).
///
/// The username goes in exactly as it is sent in the same call (COGNITO.md 2.4).
pub fn secret_hash(username: &str, client: &AppClientId, secret: &Secret<String>) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let message = format!("{username}{client}");
    STANDARD.encode(hmac::sign(&key, message.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_an_independent_computation() {
        // printf 'adaclient' | openssl dgst -sha256 -hmac secret -binary | base64
        let hash = secret_hash(
            "ada",
            &AppClientId::new("client"),
            &Secret::new("secret".into()),
        );
        assert_eq!(hash, "FEW6rzXVdy2RLJp0KqkU9A6/pxQBq5FgsxTWe/Ot+CI=");
    }
}
