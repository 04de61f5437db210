//! `ConfirmSignUp` and `AdminConfirmSignUp` (COGNITO.md 3.1 and 3.6).

use serde::Deserialize;

use super::aliases::{self, Taken};
use super::clients::AppClient;
use super::error::Exception;
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::users::{User, UserStatus};
use super::wire::{Empty, null_as_default};
use crate::model::{AppClientId, UserPoolId};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfirmSignUpRequest {
    client_id: AppClientId,
    secret_hash: Option<String>,
    username: String,
    confirmation_code: String,
    #[serde(default, deserialize_with = "null_as_default")]
    force_alias_creation: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminConfirmSignUpRequest {
    user_pool_id: UserPoolId,
    username: String,
}

/// Confirms a user whose code is right, and verifies the address that the code went to.
///
/// # Errors
/// Those of COGNITO.md 3.1. Two guesses: a client that hides users answers
/// `ExpiredCodeException` for an unknown one \[U\], and every call counts against the limit.
pub(crate) fn confirm_sign_up(
    cognito: &Cognito,
    request: &ConfirmSignUpRequest,
) -> Result<Empty, Exception> {
    let (pool, client) = cognito.client(&request.client_id)?;
    let hash = request.secret_hash.as_deref();
    secret_hash::check(&client, &request.username, hash, Family::SignUp)?;
    let taken = Taken::of(request.force_alias_creation);
    let code = &request.confirmation_code;
    confirm(cognito, &pool, &client, &request.username, code, taken)
}

/// Confirms the user who opened the link of a mail (COGNITO.md 5.3 \[D\]).
///
/// A link has no secret hash; its code is the proof.
///
/// # Errors
/// As [`confirm_sign_up`].
pub(crate) fn confirm_by_link(
    cognito: &Cognito,
    client: &AppClientId,
    username: &str,
    code: &str,
) -> Result<(), Exception> {
    let (pool, client) = cognito.client(client)?;
    confirm(cognito, &pool, &client, username, code, Taken::Refuse).map(|_| ())
}

fn confirm(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    username: &str,
    typed: &str,
    taken: Taken,
) -> Result<Empty, Exception> {
    let now = cognito.now();
    let mut users = pool.users();
    let key = users.find(&pool.naming, username);
    let Some((key, user)) = key.and_then(|key| Some((key, users.user_mut(key)?))) else {
        return Err(if client.hides_users() {
            Exception::ExpiredCode
        } else {
            Exception::UserOfClientNotFound
        });
    };
    if !user.enabled {
        return Err(Exception::user_disabled());
    }
    check_unconfirmed(user)?;
    user.confirm_calls.confirm(now)?;
    let code = user.confirmation.as_ref().ok_or(Exception::ExpiredCode)?;
    code.check(typed, now)?;
    let mut changed = user.clone();
    changed.set_verified(code.proves, true);
    changed.status = UserStatus::Confirmed;
    changed.confirmation = None;
    changed.modified = now;
    aliases::replace(pool, &mut users, key, changed, taken)?;
    Ok(Empty {})
}

/// Confirms a user without a code, and verifies nothing (COGNITO.md 3.6 \[R, D\]).
///
/// # Errors
/// `UserNotFoundException`; `NotAuthorizedException` for a user that is confirmed.
pub(crate) fn admin_confirm_sign_up(
    cognito: &Cognito,
    request: &AdminConfirmSignUpRequest,
) -> Result<Empty, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let key = users.find(&pool.naming, &request.username);
    let user = key
        .and_then(|key| users.user_mut(key))
        .ok_or(Exception::UserNotFound)?;
    check_unconfirmed(user)?;
    user.status = UserStatus::Confirmed;
    user.confirmation = None;
    user.modified = cognito.now();
    Ok(Empty {})
}

fn check_unconfirmed(user: &User) -> Result<(), Exception> {
    match user.status {
        UserStatus::Unconfirmed => Ok(()),
        status => Err(Exception::not_authorized(format!(
            "User cannot be confirmed. Current status is {}",
            status.name()
        ))),
    }
}
