//! `CreateUserPool`, `DescribeUserPool` and `DeleteUserPool`.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::pool_members::DeletionProtection;
use super::pool_settings::PoolSettings;
use super::pools::UserPool;
use super::schema::SchemaAttribute;
use super::service::Cognito;
use super::wire::epoch_seconds;
use crate::model::UserPoolId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserPoolRequest {
    user_pool_id: UserPoolId,
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
    #[serde(flatten)]
    settings: PoolSettings,
}

/// Makes a pool.
///
/// # Errors
/// `InvalidParameterException`, or the explicit refusal of a setting that is not implemented.
pub(crate) fn create_user_pool(
    cognito: &Cognito,
    request: PoolSettings,
) -> Result<UserPoolResponse, Exception> {
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
    let arn = cognito.arn(&id);
    let pool = Arc::new(UserPool::new(
        id,
        arn,
        settings.completed()?,
        cognito.now(),
    )?);
    cognito.pools.add_pool(Arc::clone(&pool));
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

/// Deletes a pool with its clients and users.
///
/// # Errors
/// `ResourceNotFoundException`; `InvalidParameterException` for a pool that is protected (the text
/// is prior knowledge \[U\]).
pub(crate) fn delete_user_pool(
    cognito: &Cognito,
    request: &UserPoolRequest,
) -> Result<(), Exception> {
    let pool = cognito.pool(&request.user_pool_id)?;
    if pool.settings.deletion_protection == DeletionProtection::Active {
        return Err(Exception::invalid_parameter(
            "The user pool cannot be deleted because deletion protection is activated. Deletion \
             protection must be inactivated first.",
        ));
    }
    cognito.pools.remove_pool(&pool.id);
    Ok(())
}

fn described(pool: &UserPool) -> UserPoolResponse {
    UserPoolResponse {
        user_pool: UserPoolDescription {
            id: pool.id.clone(),
            arn: pool.arn.clone(),
            creation_date: pool.created,
            last_modified_date: pool.created,
            estimated_number_of_users: pool.users().len(),
            schema_attributes: pool.schema.described(),
            settings: pool.settings.clone(),
        },
    }
}
