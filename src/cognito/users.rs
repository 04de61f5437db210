//! Calls that make Cognito send a message otherwise than by a sign-up, and the users that they are
//! about.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider as sdk;
use sdk::types::{AttributeType, DeliveryMediumType, MessageActionType};

use super::answers::{attributes, moment};
use super::client::{AppClient, Client, creating};
use super::{Called, CodeDelivery, CognitoError, User};
use crate::model::{EmailAddress, Secret, UserPoolId};

/// A user to be made.
///
/// ```
/// use reverify::cognito::NewUser;
///
/// let user = NewUser::new("ada").attribute("email", "ada@example.com");
/// assert_eq!(user.username, "ada");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    attributes: BTreeMap<String, String>,
}

impl NewUser {
    /// A user without any attribute.
    pub fn new(username: impl Into<String>) -> Self {
        Self {
            username: username.into(),
            attributes: BTreeMap::new(),
        }
    }

    /// The same with an attribute, by Cognito's name, such as `email`.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: &str) -> Self {
        self.attributes.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(super) fn attributes(&self) -> Vec<AttributeType> {
        let all = self.attributes.iter();
        all.filter_map(|(name, value)| attribute(name, value))
            .collect()
    }
}

/// How a user whom an administrator creates hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invitation {
    /// By mail.
    Mail,
    /// As the request names no medium: by SMS, so that without a phone number nobody hears of it
    /// (API: AdminCreateUser).
    Unspecified,
    /// Not at all.
    Suppressed,
}

impl Client {
    /// Creates a user with a temporary password, as an administrator.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn admin_create_user(
        &self,
        pool: &UserPoolId,
        user: &NewUser,
        invitation: Invitation,
    ) -> Result<Called<User>, CognitoError> {
        let request = self
            .sdk
            .admin_create_user()
            .user_pool_id(pool.as_str())
            .username(&user.username)
            .set_user_attributes(Some(user.attributes()));
        let request = match invitation {
            Invitation::Mail => request.desired_delivery_mediums(DeliveryMediumType::Email),
            Invitation::Unspecified => request,
            Invitation::Suppressed => request.message_action(MessageActionType::Suppress),
        };
        let send = || request.clone().customize().config_override(creating());
        let called = self.call("AdminCreateUser", || send().send()).await?;
        Ok(called.map(|output| {
            let made = output.user();
            User {
                username: made
                    .and_then(|user| user.username())
                    .map_or_else(|| user.username.clone(), str::to_owned),
                status: made
                    .and_then(|user| user.user_status())
                    .map(|status| status.as_str().to_owned()),
                enabled: made.map(aws_sdk_cognitoidentityprovider::types::UserType::enabled),
                attributes: made
                    .map(|user| attributes(user.attributes()))
                    .unwrap_or_default(),
                created: made.and_then(|user| moment(user.user_create_date())),
            }
        }))
    }

    /// Asks for a code with which a forgotten password can be replaced.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn forgot_password(
        &self,
        client: &AppClient,
        username: &str,
    ) -> Result<Called<Option<CodeDelivery>>, CognitoError> {
        let request = self
            .sdk
            .forgot_password()
            .client_id(client.id.as_str())
            .set_secret_hash(client.hash(username))
            .username(username);
        let called = self
            .call("ForgotPassword", || request.clone().send())
            .await?;
        Ok(called.map(|output| output.code_delivery_details().map(CodeDelivery::of)))
    }

    /// Changes the e-mail address of the user to whom the access token belongs; answers where codes
    /// go because of it.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn change_address(
        &self,
        access: &Secret<String>,
        address: &EmailAddress,
    ) -> Result<Called<Option<CodeDelivery>>, CognitoError> {
        let request = self
            .sdk
            .update_user_attributes()
            .access_token(access.expose())
            .set_user_attributes(attribute("email", address.as_str()).map(|one| vec![one]));
        let called = self
            .call("UpdateUserAttributes", || request.clone().send())
            .await?;
        Ok(called.map(|output| {
            let first = output.code_delivery_details_list().first();
            first.map(CodeDelivery::of)
        }))
    }
}

/// The builder's only error is a missing name.
pub(super) fn attribute(name: &str, value: &str) -> Option<AttributeType> {
    AttributeType::builder()
        .name(name)
        .value(value)
        .build()
        .ok()
}
