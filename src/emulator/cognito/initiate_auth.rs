//! `InitiateAuth` with a password or a refresh token (COGNITO.md 3.10).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::clients::{AppClient, ExplicitAuthFlow};
use super::error::Exception;
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::sign_in::{self, AuthenticationResult, SignedIn};
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
    let signed_in = match request.auth_flow {
        AuthFlow::UserPasswordAuth => by_password(cognito, &pool, &client, parameters)?,
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
        authentication_result: sign_in::issue(cognito, signed_in).await?,
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

fn by_password(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    parameters: &HashMap<String, String>,
) -> Result<SignedIn, Exception> {
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
    let key = check_password(cognito, pool, username, password).map_err(|error| match error {
        Exception::UserNotFound if client.hides_users() => Exception::incorrect_credentials(),
        error => error,
    })?;
    let now = cognito.now();
    let session = sign_in::Start {
        origin: cognito.random.uuid(),
        signed_in: now,
        refreshed: false,
    };
    sign_in::prepare(cognito, pool, client, key, session)
}

/// Checks the password. An unconfirmed user is told apart from a wrong password before the
/// password is looked at \[R\].
fn check_password(
    cognito: &Cognito,
    pool: &UserPool,
    username: &str,
    password: &str,
) -> Result<UserKey, Exception> {
    let now = cognito.now();
    let mut users = pool.users();
    let key = users
        .find(&pool.naming, username)
        .ok_or(Exception::UserNotFound)?;
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
    match user.status {
        UserStatus::ResetRequired => return Err(Exception::PasswordResetRequired),
        UserStatus::ForceChangePassword
            if user.temporary_until.is_some_and(|until| now > until) =>
        {
            return Err(Exception::not_authorized(
                "Temporary password has expired and must be reset by an administrator.",
            ));
        }
        UserStatus::ForceChangePassword => {
            return Err(Exception::not_implemented(
                "The challenge NEW_PASSWORD_REQUIRED",
            ));
        }
        UserStatus::Unconfirmed | UserStatus::Confirmed => {}
    }
    Ok(key)
}

fn by_refresh_token(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    parameters: &HashMap<String, String>,
) -> Result<SignedIn, Exception> {
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
    drop(users);
    let start = sign_in::Start {
        origin: session.origin,
        signed_in: session.signed_in,
        refreshed: true,
    };
    sign_in::prepare(cognito, pool, client, session.user, start)
}
