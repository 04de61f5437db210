//! `AdminResetUserPassword` and `AdminSetUserPassword` (COGNITO.md 3.8).

use serde::Deserialize;

use super::error::Exception;
use super::messages::{self, Caller, ClientMetadata, Delivery};
use super::password::Prefix;
use super::pools::UserPool;
use super::service::Cognito;
use super::users::UserStatus;
use super::wire::{Empty, null_as_default, required_secret};
use super::{passwords, recovery};
use crate::model::{Secret, UserPoolId};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminResetUserPasswordRequest {
    user_pool_id: UserPoolId,
    username: String,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminSetUserPasswordRequest {
    user_pool_id: UserPoolId,
    username: String,
    #[serde(deserialize_with = "required_secret")]
    password: Secret<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    permanent: bool,
}

/// Ends a user's password and sends the code for a new one.
///
/// # Errors
/// `UserNotFoundException`; `NotAuthorizedException` for a disabled user, or one whose password is
/// temporary or who is not confirmed \[T\]; `InvalidParameterException` for one without a verified
/// address; `CodeDeliveryFailureException` with the password ended.
pub(crate) async fn admin_reset_user_password(
    cognito: &Cognito,
    request: AdminResetUserPasswordRequest,
) -> Result<Empty, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let delivery = reset(cognito, &pool, &request.username)?;
    let caller = Caller {
        client: None,
        metadata: request.client_metadata,
    };
    messages::send(cognito, &pool, &caller, delivery).await?;
    Ok(Empty {})
}

fn reset(cognito: &Cognito, pool: &UserPool, username: &str) -> Result<Delivery, Exception> {
    let mut users = pool.users();
    let key = users.find(&pool.naming, username);
    let found = key.and_then(|key| Some((key, users.user_mut(key)?)));
    let (key, user) = found.ok_or(Exception::UserNotFound)?;
    if !user.enabled {
        // Without the full stop that sign-in has [C].
        return Err(Exception::not_authorized("User is disabled"));
    }
    if user.status == UserStatus::Unconfirmed {
        return Err(Exception::not_resettable());
    }
    let delivery = recovery::issue_code(cognito, &pool.settings, (key, &mut *user))?;
    user.status = UserStatus::ResetRequired;
    user.modified = cognito.now();
    Ok(delivery)
}

/// Sets a user's password: to last, which confirms the user, or to be changed at the next sign-in.
///
/// # Errors
/// `UserNotFoundException`, `InvalidPasswordException`, `PasswordHistoryPolicyViolationException`.
pub(crate) fn admin_set_user_password(
    cognito: &Cognito,
    request: &AdminSetUserPasswordRequest,
) -> Result<Empty, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let key = users.find(&pool.naming, &request.username);
    let user = key.and_then(|key| users.user_mut(key));
    let user = user.ok_or(Exception::UserNotFound)?;
    let password = request.password.expose();
    user.status = if request.permanent {
        passwords::change(cognito, &pool, user, password, Prefix::Administrator)?;
        UserStatus::Confirmed
    } else {
        passwords::change_temporarily(cognito, &pool, user, password)?;
        UserStatus::ForceChangePassword
    };
    user.modified = cognito.now();
    Ok(Empty {})
}
