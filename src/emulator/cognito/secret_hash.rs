//! The secret hash by which an app client proves that it knows its secret (COGNITO.md 2.4).

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::client_secrets::ClientSecret;
use super::clients::AppClient;
use super::error::Exception;

/// The wording for a hash that was not sent, which differs by operation (COGNITO.md 2.4 \[C, R\]).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Family {
    /// `SignUp`, `ConfirmSignUp`, `ResendConfirmationCode` and their like.
    SignUp,
    /// `InitiateAuth` and `RespondToAuthChallenge`.
    SignIn,
}

/// Checks the hash that came with `username`, exactly as the name was sent in this call.
///
/// # Errors
/// `NotAuthorizedException` if the client has a secret and the hash is missing or wrong, or has
/// none and a hash was sent (the last is a guess \[U\]).
pub(crate) fn check(
    client: &AppClient,
    username: &str,
    sent: Option<&str>,
    family: Family,
) -> Result<(), Exception> {
    let id = client.id.as_str();
    let unverified = || format!("Unable to verify secret hash for client {id}");
    match (client.secrets.as_slice(), sent) {
        ([], None) => Ok(()),
        ([], Some(_)) => Err(Exception::not_authorized(unverified())),
        (_, None) => Err(Exception::not_authorized(match family {
            Family::SignUp => {
                format!("Client {id} is configured for secret but secret was not received")
            }
            Family::SignIn => {
                format!("Client {id} is configured with secret but SECRET_HASH was not received")
            }
        })),
        (secrets, Some(sent)) => {
            let message = [username.as_bytes(), id.as_bytes()].concat();
            let hash = BASE64_STANDARD.decode(sent).unwrap_or_default();
            let matches = |secret: &ClientSecret| {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.value.expose().as_bytes());
                hmac::verify(&key, &message, &hash).is_ok()
            };
            let proven = secrets.iter().any(matches);
            proven
                .then_some(())
                .ok_or_else(|| Exception::not_authorized(unverified()))
        }
    }
}
