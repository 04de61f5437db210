//! `CreateUserPoolClient` and `DescribeUserPoolClient`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::clients::{AppClient, ClientDescription, ClientSettings};
use super::error::Exception;
use super::pools::UserPool;
use super::service::Cognito;
use crate::model::{AppClientId, Secret, UserPoolId};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreateUserPoolClientRequest {
    user_pool_id: UserPoolId,
    #[serde(flatten)]
    settings: ClientSettings,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescribeUserPoolClientRequest {
    user_pool_id: UserPoolId,
    client_id: AppClientId,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserPoolClientResponse {
    user_pool_client: ClientDescription,
}

/// Makes a client, with a secret if one is asked for.
///
/// # Errors
/// `ResourceNotFoundException` for the pool, or the refusal of a setting that is not implemented.
pub(crate) fn create_user_pool_client(
    cognito: &Cognito,
    request: CreateUserPoolClientRequest,
) -> Result<UserPoolClientResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let id = AppClientId::new(cognito.random.client_id());
    let client = add(cognito, &pool, id, request.settings)?;
    Ok(UserPoolClientResponse {
        user_pool_client: client.described(&pool.id),
    })
}

/// Makes a client with a given id.
///
/// # Errors
/// The refusal of a setting that is not implemented.
pub(crate) fn add(
    cognito: &Cognito,
    pool: &Arc<UserPool>,
    id: AppClientId,
    settings: ClientSettings,
) -> Result<Arc<AppClient>, Exception> {
    let settings = settings.completed()?;
    let drawn = || Secret::new(cognito.random.client_secret());
    let generated = settings.generate_secret == Some(true);
    let secret = settings
        .client_secret
        .clone()
        .or_else(|| generated.then(drawn));
    let client = Arc::new(AppClient {
        id,
        secret,
        created: cognito.now(),
        settings,
    });
    cognito
        .pools
        .add_client(Arc::clone(pool), Arc::clone(&client));
    Ok(client)
}

/// Shows a client, its secret included.
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the client.
pub(crate) fn describe_user_pool_client(
    cognito: &Cognito,
    request: &DescribeUserPoolClientRequest,
) -> Result<UserPoolClientResponse, Exception> {
    let client = cognito
        .pools
        .client_of(&request.user_pool_id, &request.client_id)?;
    Ok(UserPoolClientResponse {
        user_pool_client: client.described(&request.user_pool_id),
    })
}
