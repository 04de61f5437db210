//! `InitiateAuth` with a password or a refresh token (COGNITO.md 3.10).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::clients::{AppClient, ExplicitAuthFlow};
use super::error::Exception;
use super::migration;
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::sign_in::{self, AuthenticationResult, Start};
use super::triggers::{Metadata, Occasion, Who};
use super::users::{UserKey, UserStatus};
use super::wire::{Empty, null_as_default};
use crate::model::AppClientId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InitiateAuthRequest {
    auth_flow: AuthFlow,
    client_id: AppClientId,
    #[serde(default, deserialize_with = "null_as_default")]
    auth_parameters: HashMap<String, String>,
    client_metadata: Option<Metadata>,
}

/// `AuthFlowType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AuthFlow {
    UserSrpAuth,
    RefreshTokenAuth,
    RefreshToken,
    CustomAuth,
    AdminNoSrpAuth,
    UserPasswordAuth,
    AdminUserPasswordAuth,
    UserAuth,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InitiateAuthResponse {
    authentication_result: AuthenticationResult,
    /// Present and empty on completion \[V\].
    challenge_parameters: Empty,
}

/// Signs a user in.
///
/// # Errors
/// Those of COGNITO.md 3.10; an explicit refusal of the flows that are not implemented.
pub(crate) async fn initiate_auth(
    cognito: &std::sync::Arc<Cognito>,
    request: InitiateAuthRequest,
) -> Result<InitiateAuthResponse, Exception> {
    let (pool, client) = cognito.client(&request.client_id)?;
    let parameters = &request.auth_parameters;
    let (key, start) = match request.auth_flow {
        AuthFlow::UserPasswordAuth => by_password(cognito, &pool, &client, &request).await?,
        AuthFlow::RefreshToken | AuthFlow::RefreshTokenAuth => {
            by_refresh_token(cognito, &pool, &client, parameters)?
        }
        AuthFlow::AdminNoSrpAuth | AuthFlow::AdminUserPasswordAuth => {
            return Err(Exception::invalid_parameter(
                "Initiate Auth method not supported.",
            ));
        }
        flow @ (AuthFlow::UserSrpAuth | AuthFlow::CustomAuth | AuthFlow::UserAuth) => {
            return Err(Exception::not_implemented(match flow {
                AuthFlow::UserSrpAuth => "The flow USER_SRP_AUTH",
                AuthFlow::CustomAuth => "The flow CUSTOM_AUTH",
                _ => "The flow USER_AUTH",
            }));
        }
    };
    Ok(InitiateAuthResponse {
        authentication_result: sign_in::complete(cognito, &pool, &client, key, start).await?,
        challenge_parameters: Empty {},
    })
}

/// An authentication parameter that must be there; the text is a guess \[U\].
fn parameter<'a>(
    parameters: &'a HashMap<String, String>,
    name: &str,
) -> Result<&'a str, Exception> {
    parameters
        .get(name)
        .map(String::as_str)
        .ok_or_else(|| Exception::invalid_parameter(format!("Missing required parameter {name}")))
}

/// Checks a name and a password, asking the pool's functions on the way.
///
/// That `PreAuthentication` comes before the user's status and password are looked at, and for a
/// user who was just brought over too, is a guess \[I\].
async fn by_password(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    request: &InitiateAuthRequest,
) -> Result<(UserKey, Start), Exception> {
    let parameters = &request.auth_parameters;
    let username = parameter(parameters, "USERNAME")?;
    let password = parameter(parameters, "PASSWORD")?;
    let hash = parameters.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(client, username, hash, Family::SignIn)?;
    let flows = [
        ExplicitAuthFlow::AllowUserPasswordAuth,
        ExplicitAuthFlow::UserPasswordAuth,
    ];
    if !client.allows(&flows) {
        return Err(Exception::invalid_parameter(
            "USER_PASSWORD_AUTH flow not enabled for this client",
        ));
    }
    let occasion = Occasion {
        pool,
        client: Some(&client.id),
    };
    let metadata = request.client_metadata.as_ref();
    let user = known_user(cognito, &occasion, username, password, metadata).await;
    let hides_users = client.hides_users();
    let who = match &user {
        Ok(key) => Who::User(*key),
        Err(Exception::UserNotFound | Exception::MigrationFailed { .. }) if hides_users => {
            Who::Unknown(username)
        }
        Err(error) => return Err(error.clone()),
    };
    let triggers = &cognito.triggers;
    triggers
        .pre_authentication(&occasion, who, hides_users, metadata)
        .await?;
    let Who::User(key) = who else {
        return Err(Exception::incorrect_credentials());
    };
    check_password(cognito, pool, key, password)?;
    let start = Start {
        origin: cognito.random.uuid(),
        signed_in: cognito.now(),
        refreshed: false,
    };
    Ok((key, start))
}

/// The user of this name; one whom the pool does not know is asked for elsewhere (COGNITO.md 6.5).
///
/// # Errors
/// `UserNotFoundException`, and the exceptions of a migration.
async fn known_user(
    cognito: &Cognito,
    occasion: &Occasion<'_>,
    username: &str,
    password: &str,
    metadata: Option<&Metadata>,
) -> Result<UserKey, Exception> {
    let found = occasion.pool.users().find(&occasion.pool.naming, username);
    if let Some(key) = found {
        return Ok(key);
    }
    let migrated = migration::migrate(cognito, occasion, username, password, metadata);
    migrated.await?.ok_or(Exception::UserNotFound)
}

/// Checks the password. An unconfirmed user is told apart from a wrong password before the
/// password is looked at \[R\].
fn check_password(
    cognito: &Cognito,
    pool: &UserPool,
    key: UserKey,
    password: &str,
) -> Result<(), Exception> {
    let now = cognito.now();
    let mut users = pool.users();
    let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
    if !user.enabled {
        return Err(Exception::user_disabled());
    }
    if user.status == UserStatus::Unconfirmed {
        return Err(Exception::UserNotConfirmed);
    }
    user.lockout.check(now)?;
    if !user
        .password
        .matches(pool.name_in_srp(), &user.username, password)
    {
        user.lockout.failed(now);
        return Err(Exception::incorrect_credentials());
    }
    user.lockout.succeeded();
    Ok(())
}

fn by_refresh_token(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    parameters: &HashMap<String, String>,
) -> Result<(UserKey, Start), Exception> {
    let token = parameter(parameters, "REFRESH_TOKEN")?;
    if !client.allows(&[ExplicitAuthFlow::AllowRefreshTokenAuth]) {
        return Err(Exception::invalid_parameter(
            "Auth flow not enabled for this client",
        ));
    }
    let invalid = || Exception::not_authorized("Invalid Refresh Token");
    let users = pool.users();
    let session = users
        .sessions
        .of_token(token)
        .cloned()
        .ok_or_else(invalid)?;
    let user = users.user(session.user).ok_or_else(invalid)?;
    if session.client != client.id {
        return Err(invalid());
    }
    // The hash covers the stored name here, as no name is sent.
    let hash = parameters.get("SECRET_HASH").map(String::as_str);
    secret_hash::check(client, &user.username, hash, Family::SignIn)?;
    if cognito.now() >= session.expires {
        return Err(Exception::not_authorized("Refresh Token has expired"));
    }
    if !user.enabled {
        return Err(Exception::user_disabled());
    }
    let start = Start {
        origin: session.origin,
        signed_in: session.signed_in,
        refreshed: true,
    };
    Ok((session.user, start))
}
