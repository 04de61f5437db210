//! The events of the triggers that send a pool's messages (COGNITO.md 6.5 \[R S78\]).

use serde::Serialize;

use super::super::error::Exception;
use super::super::pool_members::VerifiedAttribute;
use super::super::users::UserKey;
use super::event::{Event, Metadata, Occasion, Particulars, UserAttributes, user_of};
use super::sources::MessageSource;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomSenderEvent<'a> {
    r#type: &'static str,
    /// Base64 of a message of the AWS Encryption SDK.
    code: &'a str,
    /// Present as `null` where a caller sent none \[R\].
    client_metadata: Option<&'a Metadata>,
    user_attributes: UserAttributes,
}

/// The event that tells a function to send this encrypted code, as JSON.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted meanwhile.
pub(crate) fn event(
    occasion: &Occasion<'_>,
    (source, attribute): (MessageSource, VerifiedAttribute),
    user: UserKey,
    code: &str,
    client_metadata: Option<&Metadata>,
) -> Result<Vec<u8>, Exception> {
    let (user_name, user_attributes) = user_of(occasion, user)?;
    let particulars = Particulars {
        version: "1",
        source: source.of_sender(attribute),
        user_name: String::new(),
        request: CustomSenderEvent {
            r#type: match attribute {
                VerifiedAttribute::Email => "customEmailSenderRequestV1",
                VerifiedAttribute::PhoneNumber => "customSMSSenderRequestV1",
            },
            code,
            client_metadata,
            user_attributes,
        },
        response: (),
    };
    let event = Event::without_response(occasion, &user_name, particulars);
    serde_json::to_vec(&event)
        .map_err(|error| Exception::InternalError(format!("the event has no JSON form: {error}")))
}
