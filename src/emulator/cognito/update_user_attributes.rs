//! `UpdateUserAttributes`, `DeleteUserAttributes` and the same for administrators (COGNITO.md 3.5
//! and 3.8).

use serde::{Deserialize, Serialize};

use super::access_token::authorize;
use super::attribute_updates::{self, Update};
use super::attributes::check_writable;
use super::error::Exception;
use super::messages::{self, Caller, ClientMetadata, Delivery};
use super::pools::UserPool;
use super::service::Cognito;
use super::wire::{Attribute, CodeDeliveryDetails, Empty, null_as_default};
use crate::model::{AppClientId, UserPoolId};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UpdateUserAttributesRequest {
    access_token: String,
    user_attributes: Vec<Attribute>,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UpdateUserAttributesResponse {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_delivery_details_list: Vec<CodeDeliveryDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeleteUserAttributesRequest {
    access_token: String,
    user_attribute_names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminUpdateUserAttributesRequest {
    user_pool_id: UserPoolId,
    username: String,
    user_attributes: Vec<Attribute>,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminDeleteUserAttributesRequest {
    user_pool_id: UserPoolId,
    username: String,
    user_attribute_names: Vec<String>,
}

/// Changes the attributes of the token's user, and sends codes to new addresses.
///
/// # Errors
/// Those of [`authorize`] and of [`attribute_updates`]; `NotAuthorizedException` for an attribute
/// that the client may not write; `CodeDeliveryFailureException` with the change done.
pub(crate) async fn update_user_attributes(
    cognito: &Cognito,
    request: UpdateUserAttributesRequest,
) -> Result<UpdateUserAttributesResponse, Exception> {
    let (pool, key, claims) = authorize(cognito, &request.access_token)?;
    let (_, client) = cognito.client(&AppClientId::new(claims.client_id))?;
    check_writable(&pool, &client, &request.user_attributes)?;
    let updates = attribute_updates::checked(&pool, &request.user_attributes)?;
    let deliveries = attribute_updates::apply(cognito, &pool, &mut pool.users(), key, updates)?;
    let caller = Caller::of(&client.id, request.client_metadata);
    Ok(UpdateUserAttributesResponse {
        code_delivery_details_list: send_all(cognito, &pool, &caller, deliveries).await?,
    })
}

/// Takes attributes of the token's user away.
///
/// # Errors
/// Those of [`authorize`] and of [`attribute_updates`]; `NotAuthorizedException` for an attribute
/// that the client may not write.
pub(crate) fn delete_user_attributes(
    cognito: &Cognito,
    request: &DeleteUserAttributesRequest,
) -> Result<Empty, Exception> {
    let (pool, key, claims) = authorize(cognito, &request.access_token)?;
    let (_, client) = cognito.client(&AppClientId::new(claims.client_id))?;
    let named = request.user_attribute_names.iter();
    let named: Vec<_> = named
        .map(|name| Attribute {
            name: name.clone(),
            value: None,
        })
        .collect();
    check_writable(&pool, &client, &named)?;
    let updates = attribute_updates::checked_deletion(&pool, &request.user_attribute_names)?;
    attribute_updates::apply(cognito, &pool, &mut pool.users(), key, updates)?;
    Ok(Empty {})
}

/// Changes a user's attributes, `_verified` included, and sends codes to new addresses that are not
/// said to be verified.
///
/// # Errors
/// As [`update_user_attributes`], without those of a token; `UserNotFoundException`.
pub(crate) async fn admin_update_user_attributes(
    cognito: &Cognito,
    request: AdminUpdateUserAttributesRequest,
) -> Result<Empty, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let updates = |pool: &UserPool| attribute_updates::checked(pool, &request.user_attributes);
    let deliveries = administer(cognito, &pool, &request.username, updates)?;
    let caller = Caller {
        client: None,
        metadata: request.client_metadata,
    };
    send_all(cognito, &pool, &caller, deliveries).await?;
    Ok(Empty {})
}

/// Takes attributes of a user away.
///
/// # Errors
/// Those of [`attribute_updates`]; `UserNotFoundException`.
pub(crate) fn admin_delete_user_attributes(
    cognito: &Cognito,
    request: &AdminDeleteUserAttributesRequest,
) -> Result<Empty, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let names = &request.user_attribute_names;
    let updates = |pool: &UserPool| attribute_updates::checked_deletion(pool, names);
    administer(cognito, &pool, &request.username, updates)?;
    Ok(Empty {})
}

/// Looks the user up before its new values are looked at; that order is a guess \[U\].
fn administer(
    cognito: &Cognito,
    pool: &UserPool,
    username: &str,
    updates: impl FnOnce(&UserPool) -> Result<Vec<Update>, Exception>,
) -> Result<Vec<Delivery>, Exception> {
    let mut users = pool.users();
    let key = users.find(&pool.naming, username);
    let key = key.ok_or(Exception::UserNotFound)?;
    attribute_updates::apply(cognito, pool, &mut users, key, updates(pool)?)
}

async fn send_all(
    cognito: &Cognito,
    pool: &UserPool,
    caller: &Caller,
    deliveries: Vec<Delivery>,
) -> Result<Vec<CodeDeliveryDetails>, Exception> {
    let mut sent = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        sent.push(messages::send(cognito, pool, caller, delivery).await?);
    }
    Ok(sent)
}
