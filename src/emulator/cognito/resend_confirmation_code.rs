//! `ResendConfirmationCode` (COGNITO.md 3.2).

use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::messages::{self, Caller, ClientMetadata, Delivery};
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::sign_up::issue_code;
use super::templates::Occasion;
use super::users::UserStatus;
use super::wire::{CodeDeliveryDetails, null_as_default};
use crate::model::AppClientId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResendConfirmationCodeRequest {
    client_id: AppClientId,
    secret_hash: Option<String>,
    username: String,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResendConfirmationCodeResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    code_delivery_details: Option<CodeDeliveryDetails>,
}

/// Who gets which answer, once the request was read.
enum Decision {
    /// A code was drawn and must be sent.
    Send(Delivery),
    /// The client hides users: an answer as if a code had been sent.
    Simulate,
    /// Done without a code.
    Nothing,
}

/// Mails a new code; the codes before it stop working \[R\].
///
/// # Errors
/// Those of COGNITO.md 3.2. That a pool without automatic verification throws
/// `InvalidParameterException` rather than `NotAuthorizedException` is a guess.
pub(crate) async fn resend_confirmation_code(
    cognito: &Cognito,
    request: ResendConfirmationCodeRequest,
) -> Result<ResendConfirmationCodeResponse, Exception> {
    let (pool, client) = cognito.client(&request.client_id)?;
    let username = &request.username;
    secret_hash::check(
        &client,
        username,
        request.secret_hash.as_deref(),
        Family::SignUp,
    )?;
    let decision = decide(cognito, &pool, username, client.hides_users())?;
    let caller = Caller::of(&client.id, request.client_metadata);
    let code_delivery_details = match decision {
        Decision::Send(delivery) => Some(messages::send(cognito, &pool, &caller, delivery).await?),
        Decision::Simulate => Some(CodeDeliveryDetails::simulated(username)),
        Decision::Nothing => None,
    };
    Ok(ResendConfirmationCodeResponse {
        code_delivery_details,
    })
}

fn decide(
    cognito: &Cognito,
    pool: &UserPool,
    username: &str,
    hides_users: bool,
) -> Result<Decision, Exception> {
    if pool.settings.auto_verified_attributes.is_empty() {
        return Err(Exception::invalid_parameter(
            "Cannot resend codes. Auto verification not turned on.",
        ));
    }
    let mut users = pool.users();
    let key = users.find(&pool.naming, username);
    let Some((key, user)) = key.and_then(|key| Some((key, users.user_mut(key)?))) else {
        return if hides_users {
            Ok(Decision::Simulate)
        } else {
            Err(Exception::UserOfClientNotFound)
        };
    };
    match (user.enabled, user.status, hides_users) {
        (false, _, true) => return Ok(Decision::Simulate),
        (false, _, false) => return Err(Exception::user_disabled()),
        (true, UserStatus::Unconfirmed, _) => {}
        // Reported to be a success without an error; its body is a guess, and so is that the other
        // statuses are answered as CONFIRMED is.
        (true, _, true) => return Ok(Decision::Nothing),
        (true, _, false) => {
            return Err(Exception::invalid_parameter("User is already confirmed."));
        }
    }
    user.resend_calls.resend(cognito.now())?;
    issue_code(cognito, pool, (key, user), Occasion::ResendCode)
        .map(Decision::Send)
        // A user without the address that the pool verifies: AWS's words are not known.
        .ok_or_else(|| {
            Exception::invalid_parameter("Cannot resend codes. Auto verification not turned on.")
        })
}
