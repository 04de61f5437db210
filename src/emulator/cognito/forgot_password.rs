//! `ForgotPassword` and `ConfirmForgotPassword` (COGNITO.md 3.3 and 3.4).

use serde::{Deserialize, Serialize};

use super::clients::AppClient;
use super::error::Exception;
use super::messages::{self, Caller, ClientMetadata, Delivery};
use super::migration::{self, Newcomer};
use super::password::Prefix;
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::triggers::{self, ConfirmationSource, UserSource};
use super::users::{UserKey, UserStatus};
use super::wire::{CodeDeliveryDetails, Empty, null_as_default, required_secret};
use super::{passwords, recovery};
use crate::model::{AppClientId, Secret};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ForgotPasswordRequest {
    client_id: AppClientId,
    secret_hash: Option<String>,
    username: String,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ForgotPasswordResponse {
    code_delivery_details: CodeDeliveryDetails,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfirmForgotPasswordRequest {
    client_id: AppClientId,
    secret_hash: Option<String>,
    username: String,
    confirmation_code: String,
    #[serde(deserialize_with = "required_secret")]
    password: Secret<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
}

/// Who gets which answer, once the request was read.
enum Decision {
    /// A code was drawn and must be sent.
    Send(Delivery),
    /// The client hides users: an answer as if a code had been sent.
    Simulate,
}

/// Sends a code with which a user sets a new password; the old one still counts.
///
/// # Errors
/// Those of COGNITO.md 3.3. A client that hides users hears of none that concerns whether a user
/// exists, is enabled or can be reached.
pub(crate) async fn forgot_password(
    cognito: &Cognito,
    request: ForgotPasswordRequest,
) -> Result<ForgotPasswordResponse, Exception> {
    let (pool, client) = cognito.client(&request.client_id)?;
    let username = &request.username;
    let hash = request.secret_hash.as_deref();
    secret_hash::check(&client, username, hash, Family::SignUp)?;
    recovery::check_self_service(&pool.settings)?;
    let caller = Caller::of(&client.id, request.client_metadata);
    let known = pool.users().find(&pool.naming, username);
    let key = match known {
        Some(key) => Some(key),
        None => user_migration(cognito, &pool, &caller, username).await?,
    };
    let code_delivery_details = match decide(cognito, &pool, key, &client)? {
        Decision::Send(delivery) => messages::send(cognito, &pool, &caller, delivery).await?,
        Decision::Simulate => CodeDeliveryDetails::simulated(username),
    };
    Ok(ForgotPasswordResponse {
        code_delivery_details,
    })
}

fn decide(
    cognito: &Cognito,
    pool: &UserPool,
    key: Option<UserKey>,
    client: &AppClient,
) -> Result<Decision, Exception> {
    let hides = client.hides_users();
    let mut users = pool.users();
    let Some((key, user)) = key.and_then(|key| Some((key, users.user_mut(key)?))) else {
        return if hides {
            Ok(Decision::Simulate)
        } else {
            Err(Exception::UserOfClientNotFound)
        };
    };
    if !user.enabled {
        return if hides {
            Ok(Decision::Simulate)
        } else {
            Err(Exception::user_disabled())
        };
    }
    user.seldom().recovery_calls.recover(cognito.now())?;
    match recovery::issue_code(cognito, &pool.settings, (key, user)) {
        Ok(delivery) => Ok(Decision::Send(delivery)),
        Err(Exception::InvalidParameter(_)) if hides => Ok(Decision::Simulate),
        Err(refused) => Err(refused),
    }
}

/// Sets a new password for the user who has the code, and confirms it.
///
/// # Errors
/// Those of COGNITO.md 3.4. That the code is looked at before the password is a guess \[U\].
pub(crate) async fn confirm_forgot_password(
    cognito: &Cognito,
    request: ConfirmForgotPasswordRequest,
) -> Result<Empty, Exception> {
    let (pool, client) = cognito.client(&request.client_id)?;
    let username = &request.username;
    let hash = request.secret_hash.as_deref();
    secret_hash::check(&client, username, hash, Family::SignUp)?;
    let key = set_password(cognito, &pool, &client, &request)?;
    let caller = Caller::of(&client.id, request.client_metadata);
    post_confirmation(cognito, &pool, &caller, key).await?;
    Ok(Empty {})
}

fn set_password(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    request: &ConfirmForgotPasswordRequest,
) -> Result<UserKey, Exception> {
    let now = cognito.now();
    let hides = client.hides_users();
    let mut users = pool.users();
    let key = users.find(&pool.naming, &request.username);
    let Some((key, user)) = key.and_then(|key| Some((key, users.user_mut(key)?))) else {
        return Err(if hides {
            Exception::CodeMismatch
        } else {
            Exception::UserOfClientNotFound
        });
    };
    if !user.enabled {
        return Err(if hides {
            Exception::CodeMismatch
        } else {
            Exception::user_disabled()
        });
    }
    user.seldom().recovery_calls.recover(now)?;
    let code = user.seldom().recovery.clone();
    let code = code.ok_or(Exception::ExpiredCode)?;
    code.check(&request.confirmation_code, now)?;
    let password = request.password.expose();
    passwords::change(cognito, pool, user, password, Prefix::Change)?;
    user.seldom().recovery = None;
    user.status = UserStatus::Confirmed;
    user.modified = now;
    Ok(key)
}

/// The user whom the `UserMigration` function brings, source `UserMigration_ForgotPassword`
/// (COGNITO.md 3.3 and 6.3): none where the pool has no such function, or it brings nobody.
async fn user_migration(
    cognito: &Cognito,
    pool: &UserPool,
    caller: &Caller,
    username: &str,
) -> Result<Option<UserKey>, Exception> {
    let newcomer = Newcomer {
        username,
        password: None,
        validation_data: None,
        client_metadata: caller.metadata.as_ref(),
    };
    let source = UserSource::ForgotPassword;
    match migration::migrate(cognito, &occasion(pool, caller), source, newcomer).await {
        Err(Exception::MigrationFailed { .. }) => Ok(None),
        migrated => migrated,
    }
}

/// Calls `PostConfirmation`, source `PostConfirmation_ConfirmForgotPassword` (COGNITO.md 3.4, 6.3).
async fn post_confirmation(
    cognito: &Cognito,
    pool: &UserPool,
    caller: &Caller,
    user: UserKey,
) -> Result<(), Exception> {
    let source = ConfirmationSource::ConfirmForgotPassword;
    let metadata = caller.metadata.as_ref();
    let triggers = &cognito.triggers;
    triggers
        .post_confirmation(&occasion(pool, caller), source, user, metadata)
        .await
}

fn occasion<'a>(pool: &'a UserPool, caller: &'a Caller) -> triggers::Occasion<'a> {
    triggers::Occasion {
        pool,
        client: caller.client.as_ref(),
    }
}
