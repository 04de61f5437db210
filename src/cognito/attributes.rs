//! Calls about the attributes of users, and the attributes that a pool has beyond the usual.

use aws_sdk_cognitoidentityprovider as sdk;
use sdk::types::{AttributeDataType, SchemaAttributeType, StringAttributeConstraintsType};

use super::users::attribute;
use super::{Called, Client, CodeDelivery, CognitoError};
use crate::model::{ConfirmationCode, Secret, UserPoolId};

/// An attribute of a pool's schema that differs from what every pool has.
///
/// ```
/// use reverify::cognito::SchemaAttribute;
///
/// let team = SchemaAttribute::custom("team").at_most(8);
/// assert_eq!(team.name, "team");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaAttribute {
    /// Its name, without the prefix `custom:`.
    pub name: String,
    required: bool,
    mutable: bool,
    chars_max: Option<u32>,
}

impl SchemaAttribute {
    /// A standard attribute without which nobody signs up.
    pub fn required(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            required: true,
            mutable: true,
            chars_max: None,
        }
    }

    /// A custom attribute of the pool's own, which is a text.
    pub fn custom(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            required: false,
            mutable: true,
            chars_max: None,
        }
    }

    /// The same with values of so many characters at most.
    #[must_use]
    pub fn at_most(self, chars: u32) -> Self {
        Self {
            chars_max: Some(chars),
            ..self
        }
    }

    /// The same with a value that is given at sign-up and never changes.
    #[must_use]
    pub fn immutable(self) -> Self {
        Self {
            mutable: false,
            ..self
        }
    }

    /// The longest value, if there is a limit of the pool's own.
    pub fn chars_max(&self) -> Option<u32> {
        self.chars_max
    }

    /// Whether a value can change after the sign-up.
    pub fn is_mutable(&self) -> bool {
        self.mutable
    }

    /// Whether nobody signs up without it.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// One that a pool has, by its name without a prefix.
    pub(super) fn described(name: &str, found: &SchemaAttributeType) -> Self {
        let limits = found.string_attribute_constraints();
        Self {
            name: name.to_owned(),
            required: found.required() == Some(true),
            mutable: found.mutable() == Some(true),
            chars_max: limits
                .and_then(|limits| limits.max_length())
                .and_then(|chars| chars.parse().ok()),
        }
    }

    pub(super) fn on_the_wire(&self) -> SchemaAttributeType {
        let limits = self.chars_max.map(|chars| {
            StringAttributeConstraintsType::builder()
                .max_length(chars.to_string())
                .build()
        });
        SchemaAttributeType::builder()
            .name(&self.name)
            .attribute_data_type(AttributeDataType::String)
            .required(self.required)
            .mutable(self.mutable)
            .set_string_attribute_constraints(limits)
            .build()
    }
}

impl Client {
    /// Changes one attribute of the user to whom the access token belongs; answers where a code goes
    /// because of it.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn update_attribute(
        &self,
        access: &Secret<String>,
        name: &str,
        value: &str,
    ) -> Result<Called<Option<CodeDelivery>>, CognitoError> {
        let request = self
            .sdk
            .update_user_attributes()
            .access_token(access.expose())
            .set_user_attributes(attribute(name, value).map(|one| vec![one]));
        let called = self
            .call("UpdateUserAttributes", || request.clone().send())
            .await?;
        Ok(called.map(|output| {
            let first = output.code_delivery_details_list().first();
            first.map(CodeDelivery::of)
        }))
    }

    /// Takes an attribute of the user to whom the access token belongs away.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn delete_attribute(
        &self,
        access: &Secret<String>,
        name: &str,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .delete_user_attributes()
            .access_token(access.expose())
            .user_attribute_names(name);
        Ok(self
            .call("DeleteUserAttributes", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Changes attributes of a user as an administrator, `email_verified` included.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn admin_update_attributes(
        &self,
        pool: &UserPoolId,
        username: &str,
        changes: &[(&str, &str)],
    ) -> Result<Called<()>, CognitoError> {
        let changes = changes.iter();
        let changes = changes.filter_map(|(name, value)| attribute(name, value));
        let request = self
            .sdk
            .admin_update_user_attributes()
            .user_pool_id(pool.as_str())
            .username(username)
            .set_user_attributes(Some(changes.collect()));
        Ok(self
            .call("AdminUpdateUserAttributes", || request.clone().send())
            .await?
            .map(drop))
    }

    /// Asks for a code that verifies the e-mail address of the user to whom the access token belongs.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn address_verification_code(
        &self,
        access: &Secret<String>,
    ) -> Result<Called<Option<CodeDelivery>>, CognitoError> {
        let request = self
            .sdk
            .get_user_attribute_verification_code()
            .access_token(access.expose())
            .attribute_name("email");
        let called = self
            .call("GetUserAttributeVerificationCode", || {
                request.clone().send()
            })
            .await?;
        Ok(called.map(|output| output.code_delivery_details().map(CodeDelivery::of)))
    }

    /// Verifies the e-mail address of the user to whom the access token belongs with its code.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `sign_up`")]
    pub async fn verify_address(
        &self,
        access: &Secret<String>,
        code: &ConfirmationCode,
    ) -> Result<Called<()>, CognitoError> {
        let request = self
            .sdk
            .verify_user_attribute()
            .access_token(access.expose())
            .attribute_name("email")
            .code(code.expose());
        Ok(self
            .call("VerifyUserAttribute", || request.clone().send())
            .await?
            .map(drop))
    }
}
