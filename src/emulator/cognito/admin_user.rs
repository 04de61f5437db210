//! `AdminGetUser`, `AdminDeleteUser`, `AdminEnableUser` and `AdminDisableUser` (COGNITO.md 3.8).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::service::Cognito;
use super::wire::{Attribute, Empty, epoch_seconds};
use crate::model::UserPoolId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminUserRequest {
    user_pool_id: UserPoolId,
    username: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminGetUserResponse {
    enabled: bool,
    user_attributes: Vec<Attribute>,
    #[serde(serialize_with = "epoch_seconds")]
    user_create_date: Timestamp,
    #[serde(serialize_with = "epoch_seconds")]
    user_last_modified_date: Timestamp,
    user_status: &'static str,
    username: String,
}

/// Shows a user with all its attributes.
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `UserNotFoundException` for the user.
pub(crate) fn admin_get_user(
    cognito: &Cognito,
    request: &AdminUserRequest,
) -> Result<AdminGetUserResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let users = pool.users();
    let key = users.find(&pool.naming, &request.username);
    let user = key
        .and_then(|key| users.user(key))
        .ok_or(Exception::UserNotFound)?;
    Ok(AdminGetUserResponse {
        enabled: user.enabled,
        user_attributes: user.wire_attributes(),
        user_create_date: user.created,
        user_last_modified_date: user.modified,
        user_status: user.status.name(),
        username: user.username.to_string(),
    })
}

/// Deletes a user with its codes and sessions; its name is free at once.
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `UserNotFoundException` for the user.
pub(crate) fn admin_delete_user(
    cognito: &Cognito,
    request: &AdminUserRequest,
) -> Result<(), Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let key = users.find(&pool.naming, &request.username);
    let removed = key.and_then(|key| users.remove(&pool.naming, key));
    removed.map(|_| ()).ok_or(Exception::UserNotFound)
}

/// Lets a user sign in again; its status stays.
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `UserNotFoundException` for the user.
pub(crate) fn admin_enable_user(
    cognito: &Cognito,
    request: &AdminUserRequest,
) -> Result<Empty, Exception> {
    set_enabled(cognito, request, true)
}

/// Shuts a user out; its status stays, and its tokens are refused.
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `UserNotFoundException` for the user.
pub(crate) fn admin_disable_user(
    cognito: &Cognito,
    request: &AdminUserRequest,
) -> Result<Empty, Exception> {
    set_enabled(cognito, request, false)
}

fn set_enabled(
    cognito: &Cognito,
    request: &AdminUserRequest,
    enabled: bool,
) -> Result<Empty, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut users = pool.users();
    let key = users.find(&pool.naming, &request.username);
    let user = key.and_then(|key| users.user_mut(key));
    let user = user.ok_or(Exception::UserNotFound)?;
    user.enabled = enabled;
    user.modified = cognito.now();
    Ok(Empty {})
}
