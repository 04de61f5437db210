//! `ChangePassword` (COGNITO.md 3.8).

use serde::Deserialize;

use super::access_token::authorize;
use super::error::Exception;
use super::password::Prefix;
use super::passwords;
use super::service::Cognito;
use super::wire::{Empty, required_secret, secret};
use crate::model::Secret;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ChangePasswordRequest {
    access_token: String,
    #[serde(default, deserialize_with = "secret")]
    previous_password: Option<Secret<String>>,
    #[serde(deserialize_with = "required_secret")]
    proposed_password: Secret<String>,
}

/// Changes the password of the token's user, who knows the one before.
///
/// # Errors
/// Those of [`authorize`]; `NotAuthorizedException` for a wrong previous password \[R\] or none (a
/// guess: every user has one here); `LimitExceededException` \[R\]; `InvalidPasswordException`;
/// `PasswordHistoryPolicyViolationException`.
pub(crate) fn change_password(
    cognito: &Cognito,
    request: &ChangePasswordRequest,
) -> Result<Empty, Exception> {
    let (pool, key, _) = authorize(cognito, &request.access_token)?;
    let now = cognito.now();
    let mut users = pool.users();
    let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
    user.seldom().change_password_calls.change_password(now)?;
    let name = pool.name_in_srp();
    let previous = request.previous_password.as_ref();
    let knows = |previous: &Secret<String>| {
        user.password
            .matches(name, &user.username, previous.expose())
    };
    if !previous.is_some_and(knows) {
        return Err(Exception::incorrect_credentials());
    }
    let proposed = request.proposed_password.expose();
    passwords::change(cognito, &pool, user, proposed, Prefix::Change)?;
    user.modified = now;
    Ok(Empty {})
}
