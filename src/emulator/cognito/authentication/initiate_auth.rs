//! `InitiateAuth` and `AdminInitiateAuth`: from a flow's name to its file (COGNITO.md 3.10).

use std::sync::Arc;

use serde::Deserialize;

use super::attempt::{Attempt, Caller, Parameters, Passed};
use super::outcome::AuthResponse;
use super::{custom_auth, first_sign_in, password, refresh, srp_flow, user_auth};
use crate::emulator::cognito::clients::ExplicitAuthFlow;
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::messages::ClientMetadata;
use crate::emulator::cognito::service::Cognito;
use crate::emulator::cognito::wire::null_as_default;
use crate::model::{AppClientId, UserPoolId};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InitiateAuthRequest {
    auth_flow: AuthFlow,
    client_id: AppClientId,
    #[serde(default, deserialize_with = "null_as_default")]
    auth_parameters: Parameters,
    client_metadata: ClientMetadata,
    session: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminInitiateAuthRequest {
    user_pool_id: UserPoolId,
    #[serde(flatten)]
    request: InitiateAuthRequest,
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

/// Signs a user in, or asks for more.
///
/// # Errors
/// Those of COGNITO.md 3.10.
pub(crate) async fn initiate_auth(
    cognito: &Arc<Cognito>,
    request: InitiateAuthRequest,
) -> Result<AuthResponse, Exception> {
    let passed = Passed::ValidationData(request.client_metadata.clone());
    let attempt = Attempt::of_app(cognito, &request.client_id, passed)?;
    begin(attempt, request).await
}

/// Signs a user in for a server that holds credentials of the account.
///
/// # Errors
/// As [`initiate_auth`], and `ResourceNotFoundException` for the pool.
pub(crate) async fn admin_initiate_auth(
    cognito: &Arc<Cognito>,
    request: AdminInitiateAuthRequest,
) -> Result<AuthResponse, Exception> {
    let AdminInitiateAuthRequest {
        user_pool_id,
        request,
    } = request;
    let passed = Passed::ValidationData(request.client_metadata.clone());
    let attempt = Attempt::of_admin(cognito, &user_pool_id, &request.client_id, passed)?;
    begin(attempt, request).await
}

async fn begin(attempt: Attempt, request: InitiateAuthRequest) -> Result<AuthResponse, Exception> {
    let (attempt, parameters) = (&attempt, &request.auth_parameters);
    check_enabled(attempt, request.auth_flow)?;
    if let Some(session) = &request.session {
        // Only ConfirmSignUp gives out sessions that begin a sign-in.
        return match request.auth_flow {
            AuthFlow::UserAuth => first_sign_in::begin(attempt, session, parameters).await,
            _ => Err(Exception::invalid_session()),
        };
    }
    match request.auth_flow {
        AuthFlow::UserPasswordAuth | AuthFlow::AdminNoSrpAuth | AuthFlow::AdminUserPasswordAuth => {
            password::begin(attempt, parameters).await
        }
        AuthFlow::UserSrpAuth => srp_flow::begin(attempt, parameters).await,
        AuthFlow::RefreshToken | AuthFlow::RefreshTokenAuth => {
            refresh::begin(attempt, parameters).await
        }
        AuthFlow::CustomAuth => custom_auth::begin(attempt, parameters).await,
        AuthFlow::UserAuth => user_auth::begin(attempt, parameters).await,
    }
}

/// Checks that the operation takes this flow, and that the client has it enabled.
fn check_enabled(attempt: &Attempt, flow: AuthFlow) -> Result<(), Exception> {
    use ExplicitAuthFlow as Enabled;
    let by_admin = attempt.caller == Caller::Admin;
    let (enabling, message): (&[Enabled], _) = match flow {
        AuthFlow::UserPasswordAuth if !by_admin => (
            &[Enabled::AllowUserPasswordAuth, Enabled::UserPasswordAuth],
            "USER_PASSWORD_AUTH flow not enabled for this client",
        ),
        AuthFlow::AdminNoSrpAuth | AuthFlow::AdminUserPasswordAuth if by_admin => (
            &[Enabled::AllowAdminUserPasswordAuth, Enabled::AdminNoSrpAuth],
            "Auth flow not enabled for this client",
        ),
        AuthFlow::UserPasswordAuth | AuthFlow::AdminNoSrpAuth | AuthFlow::AdminUserPasswordAuth => {
            return Err(Exception::invalid_parameter(
                "Initiate Auth method not supported.",
            ));
        }
        AuthFlow::UserSrpAuth => (
            &[Enabled::AllowUserSrpAuth],
            "USER_SRP_AUTH is not enabled for the client.",
        ),
        AuthFlow::CustomAuth => (
            &[Enabled::AllowCustomAuth, Enabled::CustomAuthFlowOnly],
            "CUSTOM_AUTH is not enabled for the client.",
        ),
        AuthFlow::UserAuth => (
            &[Enabled::AllowUserAuth],
            "USER_AUTH is not enabled for the client.",
        ),
        AuthFlow::RefreshToken | AuthFlow::RefreshTokenAuth => (
            &[Enabled::AllowRefreshTokenAuth],
            "Auth flow not enabled for this client",
        ),
    };
    if attempt.client.allows(enabling) {
        Ok(())
    } else {
        Err(Exception::invalid_parameter(message))
    }
}
