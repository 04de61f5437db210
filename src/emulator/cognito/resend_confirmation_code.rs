//! `ResendConfirmationCode` (COGNITO.md 3.2).

use serde::{Deserialize, Serialize};

use super::error::Exception;
use super::messages::{self, Delivery};
use super::pools::UserPool;
use super::secret_hash::{self, Family};
use super::service::Cognito;
use super::sign_up::draw_code;
use super::triggers::{MessageSource, Metadata, Occasion, Placeholders};
use super::username::is_email;
use super::users::{UserKey, UserStatus};
use super::wire::CodeDeliveryDetails;
use crate::model::AppClientId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResendConfirmationCodeRequest {
    client_id: AppClientId,
    secret_hash: Option<String>,
    username: String,
    client_metadata: Option<Metadata>,
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
    Send(UserKey, Delivery),
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
    let code_delivery_details = match decide(cognito, &pool, username, client.hides_users())? {
        Decision::Send(user, delivery) => {
            let occasion = Occasion {
                pool: &pool,
                client: Some(&client.id),
            };
            let words = cognito.triggers.custom_message(
                &occasion,
                MessageSource::ResendCode,
                Placeholders::Code,
                user,
                request.client_metadata.as_ref(),
            );
            Some(messages::send_code(cognito, &pool, delivery, &words.await?).await?)
        }
        Decision::Simulate => Some(simulated(username)),
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
        // Reported to be a success without an error; its body is a guess.
        (true, UserStatus::Confirmed, true) => return Ok(Decision::Nothing),
        (true, UserStatus::Confirmed, false) => {
            return Err(Exception::invalid_parameter("User is already confirmed."));
        }
        (true, UserStatus::Unconfirmed, _) => {}
    }
    user.resend_calls.resend(cognito.now())?;
    let Some(delivery) = draw_code(cognito, pool, user) else {
        // A user without the address that the pool verifies: AWS's words are not known.
        return Err(Exception::invalid_parameter(
            "Cannot resend codes. Auto verification not turned on.",
        ));
    };
    user.confirmation = Some(delivery.code.clone());
    Ok(Decision::Send(key, delivery))
}

/// Details for a user who does not exist: masked from the name if that is an address, else those
/// that were recorded, the same for every unknown name (COGNITO.md 3.3 \[R\]).
fn simulated(username: &str) -> CodeDeliveryDetails {
    let address = if is_email(username) { username } else { "u@y" };
    CodeDeliveryDetails::email(address)
}
