//! Tokens taken back: `RevokeToken`, `GlobalSignOut` and `AdminUserGlobalSignOut`
//! (COGNITO.md 3.8).

use serde::Deserialize;

use super::refresh::is_secret_right;
use crate::emulator::cognito::access_token::{self, AccessTokenRequest};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::service::Cognito;
use crate::emulator::cognito::sessions;
use crate::emulator::cognito::wire::{Empty, secret};
use crate::model::{AppClientId, Secret, UserPoolId};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RevokeTokenRequest {
    token: String,
    client_id: AppClientId,
    #[serde(default, deserialize_with = "secret")]
    client_secret: Option<Secret<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminUserGlobalSignOutRequest {
    user_pool_id: UserPoolId,
    username: String,
}

/// Revokes a refresh token and the access tokens that came of it.
///
/// A token that is not known any more is revoked already, as in RFC 7009, 2.2 \[U\].
///
/// # Errors
/// The exceptions of the model for an unknown client (which of them is a guess \[U\]), a wrong
/// secret, a client that does not revoke and a token of another kind or client.
pub(crate) fn revoke_token(
    cognito: &Cognito,
    request: &RevokeTokenRequest,
) -> Result<Empty, Exception> {
    let found = cognito.client(&request.client_id);
    let (pool, client) = found.map_err(|unknown| Exception::Unauthorized(unknown.to_string()))?;
    if !is_secret_right(&client, request.client_secret.as_ref()) {
        let message = format!("Unable to verify secret for client {}", client.id);
        return Err(Exception::Unauthorized(message));
    }
    if client.settings.enable_token_revocation == Some(false) {
        let message = "Token revocation is not enabled for the client.".to_owned();
        return Err(Exception::UnsupportedOperation(message));
    }
    if !sessions::is_refresh_token(&request.token) {
        return Err(Exception::UnsupportedTokenType);
    }
    let mut users = pool.users();
    match users.sessions.of_token(&request.token) {
        Some(session) if session.client != client.id => {
            let message = "The token was issued to another client.";
            Err(Exception::Unauthorized(message.to_owned()))
        }
        _ => {
            users.sessions.revoke(&request.token);
            Ok(Empty {})
        }
    }
}

/// Revokes all tokens of the token's user.
///
/// # Errors
/// `NotAuthorizedException` for the token.
pub(crate) fn global_sign_out(
    cognito: &Cognito,
    request: &AccessTokenRequest,
) -> Result<Empty, Exception> {
    let (pool, key, _) = access_token::authorize(cognito, &request.access_token)?;
    pool.users().sessions.forget(key);
    Ok(Empty {})
}

/// Revokes all tokens of a user.
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `UserNotFoundException` for the user.
pub(crate) fn admin_user_global_sign_out(
    cognito: &Cognito,
    request: &AdminUserGlobalSignOutRequest,
) -> Result<Empty, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let key = users
        .find(&pool.naming, &request.username)
        .ok_or(Exception::UserNotFound)?;
    users.sessions.forget(key);
    Ok(Empty {})
}
