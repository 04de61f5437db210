//! `ConfirmSignUp` and `AdminConfirmSignUp` (COGNITO.md 3.1 and 3.6).

use serde::{Deserialize, Serialize};

use super::aliases::{self, Taken};
use super::authentication::first_sign_in;
use super::clients::AppClient;
use super::error::Exception;
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::triggers::{ConfirmationSource, Metadata, Occasion};
use super::users::{User, UserKey, UserStatus};
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
    session: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfirmSignUpResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
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
) -> Result<ConfirmSignUpResponse, Exception> {
    let (pool, client) = cognito.client(&request.client_id)?;
    let hash = request.secret_hash.as_deref();
    secret_hash::check(&client, &request.username, hash, Family::SignUp)?;
    let taken = Taken::of(request.force_alias_creation);
    let code = &request.confirmation_code;
    let key = confirm(cognito, &pool, &client, &request.username, code, taken)?;
    tell(
        cognito,
        &pool,
        &client,
        key,
        request.client_metadata.as_ref(),
    )
    .await?;
    let session = request.session.as_deref().and_then(|session| {
        first_sign_in::after_confirmation(cognito, &pool, &client, key, session)
    });
    Ok(ConfirmSignUpResponse { session })
}

/// Confirms the user who opened the link of a mail (COGNITO.md 5.3 \[D\]).
///
/// A link has no secret hash; its code is the proof.
///
/// # Errors
/// As [`confirm_sign_up`].
pub(crate) async fn confirm_by_link(
    cognito: &Cognito,
    client: &AppClientId,
    username: &str,
    code: &str,
) -> Result<(), Exception> {
    let (pool, client) = cognito.client(client)?;
    let key = confirm(cognito, &pool, &client, username, code, Taken::Refuse)?;
    tell(cognito, &pool, &client, key, None).await
}

/// Calls `PostConfirmation` for a user who was just confirmed.
async fn tell(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    key: UserKey,
    metadata: Option<&Metadata>,
) -> Result<(), Exception> {
    let occasion = Occasion {
        pool,
        client: Some(&client.id),
    };
    let source = ConfirmationSource::ConfirmSignUp;
    let triggers = &cognito.triggers;
    triggers
        .post_confirmation(&occasion, source, key, metadata)
        .await
}

fn confirm(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    username: &str,
    typed: &str,
    taken: Taken,
) -> Result<UserKey, Exception> {
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
        status => Err(Exception::not_authorized(format!(
            "User cannot be confirmed. Current status is {}",
            status.name()
        ))),
    }
}
