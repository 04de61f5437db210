//! `ConfirmSignUp` and `AdminConfirmSignUp` (COGNITO.md 3.1 and 3.6).

use serde::Deserialize;

use super::attributes::alias_of;
use super::clients::AppClient;
use super::error::Exception;
use super::pool_members::VerifiedAttribute;
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::triggers::{ConfirmationSource, Metadata, Occasion};
use super::users::{User, UserKey, UserStatus, Users};
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
    client_metadata: Option<Metadata>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminConfirmSignUpRequest {
    user_pool_id: UserPoolId,
    username: String,
    client_metadata: Option<Metadata>,
}

/// Confirms a user whose code is right, verifies the address that the code went to, and tells the
/// pool's `PostConfirmation` function.
///
/// # Errors
/// Those of COGNITO.md 3.1. Two guesses: a client that hides users answers
/// `ExpiredCodeException` for an unknown one \[U\], and every call counts against the limit. When
/// the function fails, the user is confirmed all the same (a guess, COGNITO.md 6.2 \[U\]).
pub(crate) async fn confirm_sign_up(
    cognito: &Cognito,
    request: ConfirmSignUpRequest,
) -> Result<Empty, Exception> {
    let (pool, client) = cognito.client(&request.client_id)?;
    let hash = request.secret_hash.as_deref();
    secret_hash::check(&client, &request.username, hash, Family::SignUp)?;
    let user = confirm_by_code(cognito, &pool, &client, &request)?;
    let occasion = Occasion {
        pool: &pool,
        client: Some(&client.id),
    };
    let metadata = request.client_metadata.as_ref();
    let source = ConfirmationSource::ConfirmSignUp;
    let told = cognito
        .triggers
        .post_confirmation(&occasion, source, user, metadata);
    told.await.map(|()| Empty {})
}

fn confirm_by_code(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    request: &ConfirmSignUpRequest,
) -> Result<UserKey, Exception> {
    let now = cognito.now();
    let mut users = pool.users();
    let key = users.find(&pool.naming, &request.username);
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
    code.check(&request.confirmation_code, now)?;
    let proved = code.proves;
    take_alias(pool, &mut users, key, proved, request.force_alias_creation)?;
    if let Some(user) = users.user_mut(key) {
        user.set_verified(proved, true);
        user.status = UserStatus::Confirmed;
        user.confirmation = None;
        user.modified = now;
    }
    Ok(key)
}

/// Confirms a user without a code, and verifies nothing (COGNITO.md 3.6 \[R, D\]). The trigger's
/// source is that of `ConfirmSignUp` \[D\].
///
/// # Errors
/// `UserNotFoundException`; `NotAuthorizedException` for a user that is confirmed.
pub(crate) async fn admin_confirm_sign_up(
    cognito: &Cognito,
    request: AdminConfirmSignUpRequest,
) -> Result<Empty, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let user = confirm_without_code(cognito, &pool, &request.username)?;
    let occasion = Occasion {
        pool: &pool,
        client: None,
    };
    let metadata = request.client_metadata.as_ref();
    let source = ConfirmationSource::ConfirmSignUp;
    let told = cognito
        .triggers
        .post_confirmation(&occasion, source, user, metadata);
    told.await.map(|()| Empty {})
}

fn confirm_without_code(
    cognito: &Cognito,
    pool: &UserPool,
    username: &str,
) -> Result<UserKey, Exception> {
    let mut users = pool.users();
    let key = users.find(&pool.naming, username);
    let key = key.ok_or(Exception::UserNotFound)?;
    let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
    check_unconfirmed(user)?;
    user.status = UserStatus::Confirmed;
    user.confirmation = None;
    user.modified = cognito.now();
    Ok(key)
}

fn check_unconfirmed(user: &User) -> Result<(), Exception> {
    match user.status {
        UserStatus::Unconfirmed => Ok(()),
        status @ UserStatus::Confirmed => Err(Exception::not_authorized(format!(
            "User cannot be confirmed. Current status is {}",
            status.name()
        ))),
    }
}

/// Lets a newly verified address stand for its user, where the pool has such aliases.
///
/// # Errors
/// `AliasExistsException` if the alias is another's and may not be taken from it.
pub(super) fn take_alias(
    pool: &UserPool,
    users: &mut Users,
    key: UserKey,
    verified: VerifiedAttribute,
    force: bool,
) -> Result<(), Exception> {
    let alias = alias_of(verified);
    let address = users
        .user(key)
        .and_then(|user| user.attribute(verified.name()));
    let Some(address) = address
        .map(str::to_owned)
        .filter(|_| pool.naming.has_alias(alias))
    else {
        return Ok(());
    };
    match users.of_alias(&pool.naming, alias, &address) {
        Some(owner) if owner != key => {
            if !force {
                return Err(Exception::AliasExists(verified.name()));
            }
            if let Some(owner) = users.user_mut(owner) {
                owner.set_verified(verified, false);
            }
        }
        _ => {}
    }
    users.set_alias(&pool.naming, alias, &address, key);
    Ok(())
}
