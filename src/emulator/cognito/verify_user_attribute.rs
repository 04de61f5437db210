//! `GetUserAttributeVerificationCode` and `VerifyUserAttribute` (COGNITO.md 3.5).

use serde::{Deserialize, Serialize};

use super::access_token::authorize;
use super::aliases::{self, Taken};
use super::codes::IssuedCode;
use super::error::Exception;
use super::messages::{self, Caller, ClientMetadata, Delivery};
use super::pool_members::VerifiedAttribute;
use super::pools::UserPool;
use super::service::Cognito;
use super::templates::Occasion;
use super::users::{UserKey, Verification};
use super::wire::{CodeDeliveryDetails, Empty, null_as_default};
use crate::model::AppClientId;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetUserAttributeVerificationCodeRequest {
    access_token: String,
    attribute_name: String,
    #[serde(default, deserialize_with = "null_as_default")]
    client_metadata: ClientMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetUserAttributeVerificationCodeResponse {
    code_delivery_details: CodeDeliveryDetails,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VerifyUserAttributeRequest {
    access_token: String,
    attribute_name: String,
    code: String,
}

/// Sends a code to an address of the token's user; the code before it stops working.
///
/// # Errors
/// Those of [`authorize`]; `InvalidParameterException` for another attribute, or an address that
/// does not exist; `LimitExceededException`; `CodeDeliveryFailureException`.
pub(crate) async fn verification_code(
    cognito: &Cognito,
    request: GetUserAttributeVerificationCodeRequest,
) -> Result<GetUserAttributeVerificationCodeResponse, Exception> {
    let (pool, key, claims) = authorize(cognito, &request.access_token)?;
    let attribute = verifiable(&request.attribute_name)?;
    let delivery = issue_code(cognito, &pool, key, attribute)?;
    let client = AppClientId::new(claims.client_id);
    let caller = Caller::of(&client, request.client_metadata);
    Ok(GetUserAttributeVerificationCodeResponse {
        code_delivery_details: messages::send(cognito, &pool, &caller, delivery).await?,
    })
}

/// The address is the one that waits to be proved, if there is such a one (a guess \[U\]).
fn issue_code(
    cognito: &Cognito,
    pool: &UserPool,
    key: UserKey,
    attribute: VerifiedAttribute,
) -> Result<Delivery, Exception> {
    let mut users = pool.users();
    let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
    let now = cognito.now();
    user.seldom().attribute_code_calls.attribute_code(now)?;
    let before = user.seldom().verification(attribute).take();
    let pending = before.and_then(|verification| verification.pending);
    let code = IssuedCode::draw(&cognito.random, now, attribute);
    let occasion = Occasion::VerifyUserAttribute;
    let mut delivery = Delivery::new((key, user), attribute, occasion, code.text());
    if let Some(address) = &pending {
        delivery.address = address.clone();
    }
    if delivery.address.is_empty() {
        return Err(Exception::nothing_to_verify(attribute.name()));
    }
    *user.seldom().verification(attribute) = Some(Verification { code, pending });
    Ok(delivery)
}

/// Proves an address by the code that was sent to it; an address that waited for that takes the old
/// one's place, and its alias moves to the user.
///
/// # Errors
/// Those of [`authorize`]; `InvalidParameterException` for another attribute; `ExpiredCodeException`
/// and `CodeMismatchException`; `LimitExceededException`; `AliasExistsException` if the address is
/// another user's.
pub(crate) fn verify_user_attribute(
    cognito: &Cognito,
    request: &VerifyUserAttributeRequest,
) -> Result<Empty, Exception> {
    let (pool, key, _) = authorize(cognito, &request.access_token)?;
    let attribute = verifiable(&request.attribute_name)?;
    let now = cognito.now();
    let mut users = pool.users();
    let user = users.user_mut(key).ok_or(Exception::UserNotFound)?;
    let seldom = user.seldom();
    seldom.verify_calls.verify(now)?;
    let verification = seldom.verification(attribute).clone();
    let Verification { code, pending } = verification.ok_or(Exception::ExpiredCode)?;
    code.check(&request.code, now)?;
    let mut changed = user.clone();
    if let (Some(address), Some(definition)) = (pending, pool.schema.find(attribute.name())) {
        changed.set_attribute(&definition.name, Some(address));
    }
    changed.set_verified(attribute, true);
    changed.modified = now;
    *changed.seldom().verification(attribute) = None;
    aliases::replace(&pool, &mut users, key, changed, Taken::Refuse)?;
    Ok(Empty {})
}

fn verifiable(name: &str) -> Result<VerifiedAttribute, Exception> {
    let kinds = [VerifiedAttribute::Email, VerifiedAttribute::PhoneNumber];
    let named = kinds.into_iter().find(|kind| kind.name() == name);
    named.ok_or_else(Exception::not_verifiable)
}
