//! `CreateUserPool`, `DescribeUserPool`, `UpdateUserPool`, `DeleteUserPool`, `ListUserPools` and
//! `AddCustomAttributes`.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::custom_senders;
use super::domains::PoolDomain;
use super::email_sending;
use super::error::Exception;
use super::pages::page;
use super::pool_members::{DeletionProtection, MfaConfiguration};
use super::pool_settings::PoolSettings;
use super::pools::UserPool;
use super::schema::SchemaAttribute;
use super::service::Cognito;
use super::triggers::LambdaConfig;
use super::wire::epoch_seconds;
use crate::model::UserPoolId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserPoolRequest {
    user_pool_id: UserPoolId,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UpdateUserPoolRequest {
    user_pool_id: UserPoolId,
    #[serde(flatten)]
    settings: PoolSettings,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUserPoolsRequest {
    max_results: usize,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AddCustomAttributesRequest {
    user_pool_id: UserPoolId,
    custom_attributes: Vec<SchemaAttribute>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListUserPoolsResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    user_pools: Vec<ListedUserPool>,
}

/// `UserPoolDescriptionType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedUserPool {
    id: UserPoolId,
    name: String,
    lambda_config: LambdaConfig,
    #[serde(serialize_with = "epoch_seconds")]
    last_modified_date: Timestamp,
    #[serde(serialize_with = "epoch_seconds")]
    creation_date: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserPoolResponse {
    user_pool: UserPoolDescription,
}

/// `UserPoolType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UserPoolDescription {
    id: UserPoolId,
    arn: String,
    #[serde(serialize_with = "epoch_seconds")]
    creation_date: Timestamp,
    #[serde(serialize_with = "epoch_seconds")]
    last_modified_date: Timestamp,
    estimated_number_of_users: usize,
    schema_attributes: Vec<SchemaAttribute>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_domain: Option<String>,
    #[serde(flatten)]
    settings: PoolSettings,
}

/// Makes a pool.
///
/// # Errors
/// `InvalidParameterException`, `LimitExceededException`, or the explicit refusal of a setting
/// that is not implemented.
pub(crate) fn create_user_pool(
    cognito: &Cognito,
    request: PoolSettings,
) -> Result<UserPoolResponse, Exception> {
    check_second_factor(&request)?;
    let id = new_id(cognito);
    let pool = add(cognito, id, request)?;
    Ok(described(&pool))
}

/// Draws an id for a new pool.
pub(crate) fn new_id(cognito: &Cognito) -> UserPoolId {
    UserPoolId::new(format!(
        "{}_{}",
        cognito.region,
        cognito.random.pool_suffix()
    ))
}

/// Makes a pool with a given id.
///
/// # Errors
/// As [`create_user_pool`].
pub(crate) fn add(
    cognito: &Cognito,
    id: UserPoolId,
    settings: PoolSettings,
) -> Result<Arc<UserPool>, Exception> {
    email_sending::check(cognito, &settings.email_configuration)?;
    custom_senders::check(cognito, &settings.lambda_config)?;
    let arn = cognito.arn(&id);
    let pool = Arc::new(UserPool::new(
        id,
        arn,
        settings.completed()?,
        cognito.now(),
    )?);
    cognito.pools.add_pool(Arc::clone(&pool))?;
    Ok(pool)
}

/// Shows a pool.
///
/// # Errors
/// `ResourceNotFoundException`.
pub(crate) fn describe_user_pool(
    cognito: &Cognito,
    request: &UserPoolRequest,
) -> Result<UserPoolResponse, Exception> {
    cognito
        .pool(&request.user_pool_id)
        .map(|pool| described(&pool))
}

/// Replaces a pool's settings: one that is not named gets its default \[D\].
///
/// Name, schema and the ways of naming users stay as they are; the tags are replaced like any
/// other setting, which is a guess \[U\].
///
/// # Errors
/// As [`create_user_pool`], and `ResourceNotFoundException`.
pub(crate) fn update_user_pool(
    cognito: &Cognito,
    request: UpdateUserPoolRequest,
) -> Result<(), Exception> {
    let settings = request.settings;
    email_sending::check(cognito, &settings.email_configuration)?;
    custom_senders::check(cognito, &settings.lambda_config)?;
    let change = |pool: &mut UserPool| {
        pool.settings = settings.replacing(&pool.settings)?;
        check_second_factor(&pool.settings)?;
        Ok(())
    };
    let changed = cognito
        .pools
        .change_pool(&request.user_pool_id, cognito.now(), change);
    changed.map(|_| ())
}

/// Deletes a pool with its clients and users.
///
/// # Errors
/// `ResourceNotFoundException`; `InvalidParameterException` for a pool that is protected (the text
/// is prior knowledge \[U\]) or has a domain (recorded in many public issues).
pub(crate) fn delete_user_pool(
    cognito: &Cognito,
    request: &UserPoolRequest,
) -> Result<(), Exception> {
    cognito.pools.remove_pool(&request.user_pool_id, |pool| {
        if pool.settings.deletion_protection == DeletionProtection::Active {
            return Err(Exception::invalid_parameter(
                "The user pool cannot be deleted because deletion protection is activated. \
                 Deletion protection must be inactivated first.",
            ));
        }
        if pool.domain.is_some() || pool.custom_domain.is_some() {
            return Err(Exception::invalid_parameter(
                "User pool cannot be deleted. It has a domain configured that should be deleted \
                 first.",
            ));
        }
        Ok(())
    })
}

/// Lists the pools, by id; the order is a guess \[U\].
///
/// # Errors
/// `InvalidParameterException` for the token.
pub(crate) fn list_user_pools(
    cognito: &Cognito,
    request: &ListUserPoolsRequest,
) -> Result<ListUserPoolsResponse, Exception> {
    let token = request.next_token.as_deref();
    let pools = cognito.pools.all();
    let listed = page(
        pools,
        |pool| pool.id.as_str(),
        token,
        Some(request.max_results),
    )?;
    let shown = listed.items.iter().map(|pool| ListedUserPool {
        id: pool.id.clone(),
        name: pool.settings.pool_name.clone(),
        lambda_config: pool.settings.lambda_config.clone(),
        last_modified_date: pool.modified,
        creation_date: pool.created,
    });
    Ok(ListUserPoolsResponse {
        next_token: listed.next_token,
        user_pools: shown.collect(),
    })
}

/// Adds custom attributes to a pool's schema, all of them or none.
///
/// # Errors
/// `ResourceNotFoundException`; `InvalidParameterException` with the texts of COGNITO.md 8 \[T\].
pub(crate) fn add_custom_attributes(
    cognito: &Cognito,
    request: &AddCustomAttributesRequest,
) -> Result<(), Exception> {
    let change = |pool: &mut UserPool| {
        pool.schema = pool.schema.extended(&request.custom_attributes)?;
        Ok(())
    };
    let changed = cognito
        .pools
        .change_pool(&request.user_pool_id, cognito.now(), change);
    changed.map(|_| ())
}

/// A second factor needs a way to reach users: SMS, or what `SetUserPoolMfaConfig` chose before.
/// The text is recorded for `CreateUserPool`; that `UpdateUserPool` asks the same is a guess.
fn check_second_factor(settings: &PoolSettings) -> Result<(), Exception> {
    let asked = settings.mfa_configuration != MfaConfiguration::Off;
    if asked && !settings.offers_mfa() {
        return Err(Exception::invalid_parameter(
            "SMS configuration and Auto verification for phone_number are required when MFA is \
             required/optional",
        ));
    }
    Ok(())
}

fn described(pool: &UserPool) -> UserPoolResponse {
    let name = |domain: Option<&PoolDomain>| domain.map(|domain| domain.name.clone());
    UserPoolResponse {
        user_pool: UserPoolDescription {
            id: pool.id.clone(),
            arn: pool.arn.clone(),
            creation_date: pool.created,
            last_modified_date: pool.modified,
            estimated_number_of_users: pool.users().len(),
            schema_attributes: pool.schema.described(),
            domain: name(pool.domain.as_ref()),
            custom_domain: name(pool.custom_domain.as_ref()),
            settings: pool.settings.clone(),
        },
    }
}
