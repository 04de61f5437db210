//! The secrets of an app client: `AddUserPoolClientSecret`, `ListUserPoolClientSecrets` and
//! `DeleteUserPoolClientSecret`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::clients::AppClient;
use super::error::Exception;
use super::service::Cognito;
use super::wire::{epoch_seconds, secret};
use crate::model::{AppClientId, Secret, UserPoolId};

/// Secrets of a client, so that one can take the other's place \[D\].
const SECRETS_MAX: usize = 2;

/// One secret of a client.
#[derive(Debug, Clone)]
pub(crate) struct ClientSecret {
    pub(crate) id: String,
    pub(crate) value: Secret<String>,
    pub(crate) created: Timestamp,
}

impl ClientSecret {
    /// A secret of this client; its id is made of the client's and the moment \[D\].
    pub(crate) fn new(client: &AppClientId, value: Secret<String>, now: Timestamp) -> Self {
        Self {
            id: format!("{client}--{}", now.as_millisecond()),
            value,
            created: now,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AddUserPoolClientSecretRequest {
    user_pool_id: UserPoolId,
    client_id: AppClientId,
    #[serde(default, deserialize_with = "secret")]
    client_secret: Option<Secret<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUserPoolClientSecretsRequest {
    user_pool_id: UserPoolId,
    client_id: AppClientId,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the members' names on the wire")]
pub(crate) struct DeleteUserPoolClientSecretRequest {
    user_pool_id: UserPoolId,
    client_id: AppClientId,
    client_secret_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AddUserPoolClientSecretResponse {
    client_secret_descriptor: ClientSecretDescriptor,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUserPoolClientSecretsResponse {
    client_secrets: Vec<ClientSecretDescriptor>,
}

/// `ClientSecretDescriptorType`: the value is shown once, and only if it was drawn here \[D\].
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the members' names on the wire")]
struct ClientSecretDescriptor {
    client_secret_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_value: Option<String>,
    #[serde(serialize_with = "epoch_seconds")]
    client_secret_create_date: Timestamp,
}

impl ClientSecretDescriptor {
    fn of(secret: &ClientSecret) -> Self {
        Self {
            client_secret_id: secret.id.clone(),
            client_secret_value: None,
            client_secret_create_date: secret.created,
        }
    }
}

/// Gives a client with a secret another one; both are valid from then on.
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the client, `LimitExceededException` for a third
/// secret, `InvalidParameterException` for a public client (its text is a guess \[U\]).
pub(crate) fn add_user_pool_client_secret(
    cognito: &Cognito,
    request: AddUserPoolClientSecretRequest,
) -> Result<AddUserPoolClientSecretResponse, Exception> {
    let now = cognito.now();
    let drawn = request.client_secret.is_none();
    let value = request.client_secret;
    let value = value.unwrap_or_else(|| Secret::new(cognito.random.client_secret()));
    let mut secret = ClientSecret::new(&request.client_id, value, now);
    let added = |client: &mut AppClient| {
        match client.secrets.as_slice() {
            [] => {
                return Err(Exception::invalid_parameter(
                    "A public app client cannot have a secret.",
                ));
            }
            [first] if first.id == secret.id => secret.id.push('1'),
            [_] => {}
            _ => return Err(Exception::quota("client secrets", SECRETS_MAX)),
        }
        client.secrets.push(secret.clone());
        Ok(())
    };
    cognito
        .pools
        .change_client(&request.user_pool_id, &request.client_id, now, added)?;
    let mut descriptor = ClientSecretDescriptor::of(&secret);
    descriptor.client_secret_value = drawn.then(|| secret.value.expose().clone());
    Ok(AddUserPoolClientSecretResponse {
        client_secret_descriptor: descriptor,
    })
}

/// Lists a client's secrets without their values.
///
/// # Errors
/// `ResourceNotFoundException` for the pool or the client.
pub(crate) fn list_user_pool_client_secrets(
    cognito: &Cognito,
    request: &ListUserPoolClientSecretsRequest,
) -> Result<ListUserPoolClientSecretsResponse, Exception> {
    let client = cognito
        .pools
        .client_of(&request.user_pool_id, &request.client_id)?;
    Ok(ListUserPoolClientSecretsResponse {
        client_secrets: client
            .secrets
            .iter()
            .map(ClientSecretDescriptor::of)
            .collect(),
    })
}

/// Makes a secret invalid, unless it is the client's last \[D\].
///
/// # Errors
/// `ResourceNotFoundException` for the pool, the client or the secret, `InvalidParameterException`
/// for the last one (the texts of both are guesses \[U\]).
pub(crate) fn delete_user_pool_client_secret(
    cognito: &Cognito,
    request: &DeleteUserPoolClientSecretRequest,
) -> Result<(), Exception> {
    let removed = |client: &mut AppClient| {
        let asked = |secret: &ClientSecret| secret.id == request.client_secret_id;
        if !client.secrets.iter().any(asked) {
            return Err(Exception::NotFound("Client secret not found.".to_owned()));
        }
        if client.secrets.len() == 1 {
            return Err(Exception::invalid_parameter(
                "The last secret of an app client cannot be deleted.",
            ));
        }
        client.secrets.retain(|secret| !asked(secret));
        Ok(())
    };
    let (pool, client) = (&request.user_pool_id, &request.client_id);
    cognito
        .pools
        .change_client(pool, client, cognito.now(), removed)
        .map(|_| ())
}
