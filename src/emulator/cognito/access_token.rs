//! What a signed-in user asks with its access token: `GetUser` and `DeleteUser` (COGNITO.md 3.8).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Exception;
use super::pools::UserPool;
use super::service::Cognito;
use super::tokens::AccessClaims;
use super::users::UserKey;
use super::wire::Attribute;
use crate::model::{AppClientId, UserPoolId};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AccessTokenRequest {
    access_token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetUserResponse {
    user_attributes: Vec<Attribute>,
    username: String,
}

/// Shows the token's user, with the attributes that its client may read.
///
/// # Errors
/// As [`authorize`].
pub(crate) fn get_user(
    cognito: &Cognito,
    request: &AccessTokenRequest,
) -> Result<GetUserResponse, Exception> {
    let (pool, key, claims) = authorize(cognito, &request.access_token)?;
    let (_, client) = cognito.client(&AppClientId::new(claims.client_id))?;
    let users = pool.users();
    let user = users.user(key).ok_or(Exception::UserNotFound)?;
    let mut user_attributes = user.wire_attributes();
    user_attributes.retain(|attribute| attribute.name == "sub" || client.reads(&attribute.name));
    Ok(GetUserResponse {
        user_attributes,
        username: user.username.to_string(),
    })
}

/// Deletes the token's user.
///
/// # Errors
/// As [`authorize`].
pub(crate) fn delete_user(
    cognito: &Cognito,
    request: &AccessTokenRequest,
) -> Result<(), Exception> {
    let (pool, key, _) = authorize(cognito, &request.access_token)?;
    let removed = pool.users().remove(&pool.naming, key);
    removed.map(|_| ()).ok_or(Exception::UserNotFound)
}

/// Finds the user of an access token that is signed here, has not expired and is not orphaned.
///
/// # Errors
/// `NotAuthorizedException` for the token. That a deleted user gives `UserNotFoundException`, and
/// a deleted pool `ResourceNotFoundException`, is a guess \[U\].
pub(crate) fn authorize(
    cognito: &Cognito,
    token: &str,
) -> Result<(Arc<UserPool>, UserKey, AccessClaims), Exception> {
    let claims = cognito.keys.verify_access(token)?;
    if cognito.now().as_second() >= claims.common.exp {
        return Err(Exception::not_authorized("Access Token has expired"));
    }
    let pool = claims.common.iss.rsplit('/').next().unwrap_or_default();
    let pool = cognito.pool(&UserPoolId::new(pool))?;
    let sub = Uuid::parse_str(&claims.common.sub).unwrap_or_default();
    let users = pool.users();
    let key = users.of_sub(sub).ok_or(Exception::UserNotFound)?;
    if users.user(key).is_some_and(|user| !user.enabled) {
        return Err(Exception::user_disabled());
    }
    drop(users);
    Ok((pool, key, claims))
}
