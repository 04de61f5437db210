//! `CreateUserPoolClient`, `DescribeUserPoolClient`, `UpdateUserPoolClient`,
//! `DeleteUserPoolClient` and `ListUserPoolClients`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::client_secrets::ClientSecret;
use super::clients::{AppClient, ClientDescription, ClientSettings};
use super::error::Exception;
use super::pages::page;
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
pub(crate) struct UpdateUserPoolClientRequest {
    user_pool_id: UserPoolId,
    client_id: AppClientId,
    #[serde(flatten)]
    settings: ClientSettings,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserPoolClientRequest {
    user_pool_id: UserPoolId,
    client_id: AppClientId,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUserPoolClientsRequest {
    user_pool_id: UserPoolId,
    max_results: Option<usize>,
    next_token: Option<String>,
    client_type: Option<ClientType>,
}

/// `ClientTypeType`: whether a client registered itself, which none can here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ClientType {
    Regular,
    Dcr,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserPoolClientResponse {
    user_pool_client: ClientDescription,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUserPoolClientsResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    user_pool_clients: Vec<ListedClient>,
}

/// `UserPoolClientDescription`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedClient {
    client_id: AppClientId,
    client_name: String,
    user_pool_id: UserPoolId,
}

/// Makes a client, with a secret if one is asked for.
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `InvalidParameterException`,
/// `LimitExceededException`, or the refusal of a setting that is not implemented.
pub(crate) fn create_user_pool_client(
    cognito: &Cognito,
    request: CreateUserPoolClientRequest,
) -> Result<UserPoolClientResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    request.settings.check(&pool, "creating")?;
    let id = AppClientId::new(cognito.random.client_id());
    let client = add(cognito, &pool, id, request.settings)?;
    Ok(UserPoolClientResponse {
        user_pool_client: client.described(&pool.id),
    })
}

/// Makes a client with a given id.
///
/// # Errors
/// `LimitExceededException`, or the refusal of a setting that is not implemented.
pub(crate) fn add(
    cognito: &Cognito,
    pool: &UserPool,
    id: AppClientId,
    settings: ClientSettings,
) -> Result<Arc<AppClient>, Exception> {
    let settings = settings.completed()?;
    let now = cognito.now();
    let drawn = || Secret::new(cognito.random.client_secret());
    let generated = settings.generate_secret == Some(true);
    let secret = settings
        .client_secret
        .clone()
        .or_else(|| generated.then(drawn));
    let secrets = secret.map(|value| ClientSecret::new(&id, value, now));
    let client = Arc::new(AppClient {
        id,
        secrets: secrets.into_iter().collect(),
        created: now,
        modified: now,
        settings,
    });
    cognito.pools.add_client(&pool.id, &client)?;
    Ok(client)
}

/// Shows a client, its first secret included.
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the client.
pub(crate) fn describe_user_pool_client(
    cognito: &Cognito,
    request: &UserPoolClientRequest,
) -> Result<UserPoolClientResponse, Exception> {
    let client = cognito
        .pools
        .client_of(&request.user_pool_id, &request.client_id)?;
    Ok(UserPoolClientResponse {
        user_pool_client: client.described(&request.user_pool_id),
    })
}

/// Replaces a client's settings: one that is not named gets its default \[D\]. Name and secrets
/// stay.
///
/// # Errors
/// As [`create_user_pool_client`], and `ResourceNotFoundException` for the client.
pub(crate) fn update_user_pool_client(
    cognito: &Cognito,
    request: UpdateUserPoolClientRequest,
) -> Result<UserPoolClientResponse, Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    let mut settings = request.settings;
    let now = cognito.now();
    let change = |client: &mut AppClient| {
        settings.check(&pool, "updating")?;
        if settings.client_name.is_empty() {
            settings
                .client_name
                .clone_from(&client.settings.client_name);
        }
        client.settings = settings.completed()?;
        Ok(())
    };
    let changed = cognito
        .pools
        .change_client(&pool.id, &request.client_id, now, change)?;
    Ok(UserPoolClientResponse {
        user_pool_client: changed.described(&pool.id),
    })
}

/// Deletes a client. Tokens that it was given stay valid until they expire, as they do for
/// whoever verifies them without asking here.
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the client.
pub(crate) fn delete_user_pool_client(
    cognito: &Cognito,
    request: &UserPoolClientRequest,
) -> Result<(), Exception> {
    let (pool, client) = (&request.user_pool_id, &request.client_id);
    cognito.pools.remove_client(pool, client)
}

/// Lists the clients of a pool, by id; the order is a guess \[U\].
///
/// # Errors
/// `ResourceNotFoundException` for the pool, `InvalidParameterException` for the token.
pub(crate) fn list_user_pool_clients(
    cognito: &Cognito,
    request: &ListUserPoolClientsRequest,
) -> Result<ListUserPoolClientsResponse, Exception> {
    let mut clients = cognito.pools.clients_of(&request.user_pool_id)?;
    if request.client_type == Some(ClientType::Dcr) {
        clients.clear();
    }
    let token = request.next_token.as_deref();
    let listed = page(
        clients,
        |client| client.id.as_str(),
        token,
        request.max_results,
    )?;
    let shown = listed.items.iter().map(|client| ListedClient {
        client_id: client.id.clone(),
        client_name: client.settings.client_name.clone(),
        user_pool_id: request.user_pool_id.clone(),
    });
    Ok(ListUserPoolClientsResponse {
        next_token: listed.next_token,
        user_pool_clients: shown.collect(),
    })
}
