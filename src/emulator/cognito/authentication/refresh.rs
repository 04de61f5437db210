//! Refresh tokens put to use: `REFRESH_TOKEN_AUTH` and `GetTokensFromRefreshToken`
//! (COGNITO.md 3.10 and 10).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attempt::{Attempt, Parameters, Passed};
use super::outcome::AuthResponse;
use super::password;
use super::sign_in::{self, AuthenticationResult, Start};
use crate::emulator::cognito::client_secrets::ClientSecret;
use crate::emulator::cognito::clients::AppClient;
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::messages::ClientMetadata;
use crate::emulator::cognito::service::Cognito;
use crate::emulator::cognito::sessions::{self, Session};
use crate::emulator::cognito::wire::secret;
use crate::model::{AppClientId, Secret};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetTokensFromRefreshTokenRequest {
    refresh_token: String,
    client_id: AppClientId,
    #[serde(default, deserialize_with = "secret")]
    client_secret: Option<Secret<String>>,
    client_metadata: ClientMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetTokensFromRefreshTokenResponse {
    authentication_result: AuthenticationResult,
}

/// The flow `REFRESH_TOKEN_AUTH`, also called `REFRESH_TOKEN`.
///
/// # Errors
/// Those of [`check`]; `InvalidParameterException` where the client rotates refresh tokens, which
/// leaves `GetTokensFromRefreshToken` only.
pub(super) async fn begin(
    attempt: &Attempt,
    parameters: &Parameters,
) -> Result<AuthResponse, Exception> {
    let token = parameters.required("REFRESH_TOKEN")?;
    if attempt.client.rotation().is_some() {
        return Err(Exception::invalid_parameter(
            "Auth flow not enabled for this client",
        ));
    }
    let session = check(attempt, token, |name| {
        parameters.check_secret(&attempt.client, name)
    })?;
    let tokens = sign_in::refresh(attempt, &session, None).await?;
    Ok(AuthResponse::complete(tokens))
}

/// Gives new tokens for a refresh token, and a new one of it where the client rotates.
///
/// # Errors
/// Those of [`check`].
pub(crate) async fn get_tokens_from_refresh_token(
    cognito: &Arc<Cognito>,
    request: GetTokensFromRefreshTokenRequest,
) -> Result<GetTokensFromRefreshTokenResponse, Exception> {
    let passed = Passed::ClientMetadata(request.client_metadata);
    let attempt = Attempt::of_app(cognito, &request.client_id, passed)?;
    let sent = request.client_secret.as_ref();
    if !is_secret_right(&attempt.client, sent) {
        return Err(Exception::not_authorized(format!(
            "Unable to verify secret for client {}",
            attempt.client.id
        )));
    }
    let session = check(&attempt, &request.refresh_token, |_| Ok(()))?;
    let rotating = attempt.client.rotation().is_some();
    let token = rotating.then_some(request.refresh_token.as_str());
    Ok(GetTokensFromRefreshTokenResponse {
        authentication_result: sign_in::refresh(&attempt, &session, token).await?,
    })
}

/// Whether the secret is one of the client's, or none was sent to a client without any.
pub(super) fn is_secret_right(client: &AppClient, sent: Option<&Secret<String>>) -> bool {
    let Some(sent) = sent else {
        return client.secrets.is_empty();
    };
    let equal = aws_lc_rs::constant_time::verify_slices_are_equal;
    let is_sent = |known: &ClientSecret| {
        equal(known.value.expose().as_bytes(), sent.expose().as_bytes()).is_ok()
    };
    client.secrets.iter().any(is_sent)
}

/// The session of a refresh token that may be used now.
///
/// A token of the right form that is not known was revoked; another text never was a token. Both
/// texts are quoted in public, which belongs to which is a guess \[T, U\].
///
/// # Errors
/// `NotAuthorizedException`, `RefreshTokenReuseException`.
fn check(
    attempt: &Attempt,
    token: &str,
    check_secret: impl FnOnce(&str) -> Result<(), Exception>,
) -> Result<Session, Exception> {
    let now = attempt.now();
    let revoked = || {
        let revoked = sessions::is_refresh_token(token);
        let text = if revoked {
            "Refresh Token has been revoked"
        } else {
            "Invalid Refresh Token"
        };
        Exception::not_authorized(text)
    };
    let users = attempt.pool.users();
    let session = users.sessions.of_token(token).ok_or_else(revoked)?;
    let user = users.user(session.user).ok_or_else(revoked)?;
    if session.client != attempt.client.id {
        // Recorded in 2022: https://github.com/aws/aws-sdk-js/issues/4016
        return Err(Exception::not_authorized(
            "Refresh Token has different Client.",
        ));
    }
    // The hash covers the stored name here, as no name is sent.
    check_secret(&user.username)?;
    if now >= session.expires {
        return Err(Exception::not_authorized("Refresh Token has expired"));
    }
    if session.rotated_until.is_some_and(|until| now >= until) {
        return Err(Exception::RefreshTokenReuse);
    }
    password::check_status(user)?;
    Ok(session.clone())
}

impl Start {
    /// The beginning that a refresh keeps: `auth_time` and `origin_jti` stay \[V\].
    pub(super) fn of(session: &Session) -> Self {
        Self {
            origin: session.origin,
            signed_in: session.signed_in,
        }
    }
}
