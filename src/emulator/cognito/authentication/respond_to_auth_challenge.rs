//! `RespondToAuthChallenge` and `AdminRespondToAuthChallenge`: from a challenge's name to its file
//! (COGNITO.md 3.10).

use std::sync::Arc;

use serde::Deserialize;

use super::attempt::{Attempt, Parameters, Passed};
use super::challenge_sessions::{Expected, Subject};
use super::outcome::{AuthResponse, ChallengeName};
use super::{custom_auth, mfa, new_password, one_time_code, srp_flow, user_auth};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::messages::ClientMetadata;
use crate::emulator::cognito::service::Cognito;
use crate::emulator::cognito::wire::null_as_default;
use crate::model::{AppClientId, UserPoolId};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RespondToAuthChallengeRequest {
    client_id: AppClientId,
    challenge_name: ChallengeName,
    session: Option<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    challenge_responses: Parameters,
    client_metadata: ClientMetadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminRespondToAuthChallengeRequest {
    user_pool_id: UserPoolId,
    #[serde(flatten)]
    request: RespondToAuthChallengeRequest,
}

/// Takes the answer to a challenge.
///
/// # Errors
/// Those of COGNITO.md 3.10.
pub(crate) async fn respond_to_auth_challenge(
    cognito: &Arc<Cognito>,
    request: RespondToAuthChallengeRequest,
) -> Result<AuthResponse, Exception> {
    let passed = Passed::ClientMetadata(request.client_metadata.clone());
    let attempt = Attempt::of_app(cognito, &request.client_id, passed)?;
    respond(attempt, request).await
}

/// Takes the answer to a challenge from a server that holds credentials of the account.
///
/// # Errors
/// As [`respond_to_auth_challenge`], and `ResourceNotFoundException` for the pool.
pub(crate) async fn admin_respond_to_auth_challenge(
    cognito: &Arc<Cognito>,
    request: AdminRespondToAuthChallengeRequest,
) -> Result<AuthResponse, Exception> {
    let AdminRespondToAuthChallengeRequest {
        user_pool_id,
        request,
    } = request;
    let passed = Passed::ClientMetadata(request.client_metadata.clone());
    let attempt = Attempt::of_admin(cognito, &user_pool_id, &request.client_id, passed)?;
    respond(attempt, request).await
}

async fn respond(
    attempt: Attempt,
    request: RespondToAuthChallengeRequest,
) -> Result<AuthResponse, Exception> {
    let (attempt, responses) = (&attempt, &request.challenge_responses);
    let name = request.challenge_name;
    let username = responses.required("USERNAME")?;
    responses.check_secret(&attempt.client, username)?;
    // SRP clients bring no session back; their challenge is found by its secret block.
    let session = match name {
        ChallengeName::PasswordVerifier => responses.required("PASSWORD_CLAIM_SECRET_BLOCK")?,
        _ => request
            .session
            .as_deref()
            .ok_or_else(|| Exception::invalid_parameter("Missing required parameter Session"))?,
    };
    check_name(attempt, session, username)?;
    match name {
        ChallengeName::PasswordVerifier => srp_flow::respond(attempt, responses).await,
        ChallengeName::NewPasswordRequired => {
            new_password::respond(attempt, session, responses).await
        }
        ChallengeName::SmsMfa | ChallengeName::EmailOtp | ChallengeName::SmsOtp => {
            one_time_code::respond(attempt, session, name, responses).await
        }
        ChallengeName::SoftwareTokenMfa => {
            mfa::respond_software_token(attempt, session, responses).await
        }
        ChallengeName::SelectMfaType => mfa::respond_type(attempt, session, responses).await,
        ChallengeName::MfaSetup => mfa::respond_setup(attempt, session).await,
        ChallengeName::SelectChallenge => user_auth::respond(attempt, session, responses).await,
        ChallengeName::CustomChallenge => custom_auth::respond(attempt, session, responses).await,
        // Never given out here: remembered devices and passkeys do not exist, and the rest are
        // names of flows.
        ChallengeName::DeviceSrpAuth
        | ChallengeName::DevicePasswordVerifier
        | ChallengeName::AdminNoSrpAuth
        | ChallengeName::Password
        | ChallengeName::PasswordSrp
        | ChallengeName::WebAuthn => Err(Exception::invalid_session()),
    }
}

/// Checks that the name means the user whose challenge it is: any name of the user will do, or the
/// `USER_ID_FOR_SRP` that the challenge gave.
fn check_name(attempt: &Attempt, session: &str, username: &str) -> Result<(), Exception> {
    let users = attempt.pool.users();
    let pending = users
        .challenges
        .find(session, &attempt.client.id, attempt.now())?;
    let given = match &pending.expected {
        Expected::PasswordClaim { user_id, .. } => **user_id == *username,
        _ => false,
    };
    let fits = match &pending.subject {
        Subject::User(key) => users.find(&attempt.pool.naming, username) == Some(*key),
        Subject::Nobody(name) => **name == *username,
    };
    if given || fits {
        Ok(())
    } else {
        Err(Exception::invalid_session())
    }
}
