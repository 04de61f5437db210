//! Calls by which administrators look after users: found, shut out, invited again, confirmed in
//! another's place.

use std::fmt;

use aws_sdk_cognitoidentityprovider as sdk;
use sdk::types::MessageActionType;

use super::answers::{attributes, moment};
use super::{AppClient, Called, Client, CognitoError, User};
use crate::model::{ConfirmationCode, UserPoolId};

/// Which users to look for: those whose attribute has this value, or begins with it.
///
/// ```
/// use reverify::cognito::UserFilter;
///
/// let filter = UserFilter::begins_with("email", "ada");
/// assert_eq!(filter.to_string(), r#"email ^= "ada""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFilter {
    attribute: String,
    value: String,
    whole: bool,
}

impl UserFilter {
    /// The attribute has this value.
    pub fn is(attribute: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            attribute: attribute.into(),
            value: value.into(),
            whole: true,
        }
    }

    /// The attribute's value begins so.
    pub fn begins_with(attribute: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            whole: false,
            ..Self::is(attribute, value)
        }
    }
}

impl fmt::Display for UserFilter {
    /// As `ListUsers` takes it (COGNITO.md 3.9).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comparison = if self.whole { "=" } else { "^=" };
        let value = self.value.replace('\\', r"\\").replace('"', r#"\""#);
        write!(f, "{} {comparison} \"{value}\"", self.attribute)
    }
}

impl Client {
    /// Lists the first page of the users that a filter lets through, 60 at most.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn list_users(
        &self,
        pool: &UserPoolId,
        filter: &UserFilter,
    ) -> Result<Called<Vec<User>>, CognitoError> {
        let request = self
            .sdk
            .list_users()
            .user_pool_id(pool.as_str())
            .filter(filter.to_string());
        let called = self.call("ListUsers", || request.clone().send()).await?;
        Ok(called.map(|output| {
            let users = output.users().iter();
            let user = |user: &sdk::types::UserType| User {
                username: user.username().unwrap_or_default().to_owned(),
                status: user.user_status().map(|status| status.as_str().to_owned()),
                enabled: Some(user.enabled()),
                attributes: attributes(user.attributes()),
                created: moment(user.user_create_date()),
            };
            users.map(user).collect()
        }))
    }

    /// Lets a user sign in again.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn admin_enable_user(
        &self,
        pool: &UserPoolId,
        username: &str,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .admin_enable_user()
            .user_pool_id(pool.as_str())
            .username(username);
        Ok(self
            .call("AdminEnableUser", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Shuts a user out.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn admin_disable_user(
        &self,
        pool: &UserPoolId,
        username: &str,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .admin_disable_user()
            .user_pool_id(pool.as_str())
            .username(username);
        Ok(self
            .call("AdminDisableUser", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Sends the invitation of a user who exists again, by mail and with another temporary password.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn resend_invitation(
        &self,
        pool: &UserPoolId,
        username: &str,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .admin_create_user()
            .user_pool_id(pool.as_str())
            .username(username)
            .message_action(MessageActionType::Resend)
            .desired_delivery_mediums(sdk::types::DeliveryMediumType::Email);
        Ok(self
            .call("AdminCreateUser", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Confirms a sign-up with its code, and takes the address from the user who has it as an alias.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn confirm_sign_up_taking_alias(
        &self,
        client: &AppClient,
        username: &str,
        code: &ConfirmationCode,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .confirm_sign_up()
            .client_id(client.id.as_str())
            .set_secret_hash(client.hash(username))
            .username(username)
            .confirmation_code(code.expose())
            .force_alias_creation(true);
        Ok(self
            .call("ConfirmSignUp", || request.clone().send())
            .await?
            .map(drop))
    }
}
