//! The triggers around a sign-up: before it, and after the user was confirmed.

use serde::{Deserialize, Serialize};

use super::super::error::Exception;
use super::super::users::{User, UserKey};
use super::config::Trigger;
use super::event::{AnyObject, Metadata, Occasion, Particulars, UserAttributes, user_of};
use super::invocation::Triggers;
use super::sources::{ConfirmationSource, SignUpSource};

/// What the client passed along with a sign-up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PreSignUpRequest<'a> {
    /// `ValidationData`; `null` in the event when absent \[D\].
    pub(crate) validation_data: Option<&'a Metadata>,
    /// `ClientMetadata`; omitted from the event when absent \[D\].
    pub(crate) client_metadata: Option<&'a Metadata>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PreSignUpEvent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
    user_attributes: UserAttributes,
    validation_data: Option<&'a Metadata>,
}

/// What a `PreSignUp` function decided (COGNITO.md 6.5 \[D\]). A flag that is `null` is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PreSignUpAnswer {
    #[serde(rename = "autoConfirmUser")]
    confirm_user: Option<bool>,
    #[serde(rename = "autoVerifyEmail")]
    verify_email: Option<bool>,
    #[serde(rename = "autoVerifyPhone")]
    verify_phone: Option<bool>,
}

impl Default for PreSignUpAnswer {
    fn default() -> Self {
        Self {
            confirm_user: Some(false),
            verify_email: Some(false),
            verify_phone: Some(false),
        }
    }
}

impl PreSignUpAnswer {
    /// Whether the user is confirmed at once, without a code.
    pub(crate) fn confirms(self) -> bool {
        self.confirm_user == Some(true)
    }

    /// Whether the e-mail address counts as verified.
    pub(crate) fn verifies_email(self) -> bool {
        self.verify_email == Some(true)
    }

    /// Whether the phone number counts as verified.
    pub(crate) fn verifies_phone(self) -> bool {
        self.verify_phone == Some(true)
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PostConfirmationEvent<'a> {
    user_attributes: UserAttributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
}

impl Triggers {
    /// Asks whether a user may be created, before it is known whether the name is free.
    ///
    /// Called in `SignUp`, and in `AdminCreateUser`, which ignores the answer's flags \[D\]. The
    /// user is in no pool yet; `userName` is the name that it will be stored by.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2; then no user may be created.
    pub(crate) async fn pre_sign_up(
        &self,
        occasion: &Occasion<'_>,
        source: SignUpSource,
        user: &User,
        request: PreSignUpRequest<'_>,
    ) -> Result<PreSignUpAnswer, Exception> {
        let particulars = || {
            Ok(Particulars {
                version: "1",
                source: source.name(),
                user_name: user.username.to_string(),
                request: PreSignUpEvent {
                    client_metadata: request.client_metadata,
                    user_attributes: UserAttributes::of_new_user(user),
                    validation_data: request.validation_data,
                },
                response: PreSignUpAnswer::default(),
            })
        };
        let answer = self.call(occasion, Trigger::PreSignUp, particulars);
        let answer = answer.await?.unwrap_or_default();
        Ok(match source {
            SignUpSource::SignUp => answer,
            SignUpSource::AdminCreateUser => PreSignUpAnswer::default(),
        })
    }

    /// Tells that a user was confirmed, or has a new password after a forgotten one.
    ///
    /// Called after the change, so that the function sees `CONFIRMED` and the address verified
    /// \[R\]; an error changes nothing of it (a guess, COGNITO.md 6.2 \[U\]).
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2.
    pub(crate) async fn post_confirmation(
        &self,
        occasion: &Occasion<'_>,
        source: ConfirmationSource,
        user: UserKey,
        client_metadata: Option<&Metadata>,
    ) -> Result<(), Exception> {
        let particulars = || {
            let (user_name, user_attributes) = user_of(occasion, user)?;
            Ok(Particulars {
                version: "1",
                source: source.name(),
                user_name,
                request: PostConfirmationEvent {
                    user_attributes,
                    client_metadata,
                },
                response: AnyObject {},
            })
        };
        let answer = self.call(occasion, Trigger::PostConfirmation, particulars);
        answer.await.map(|_| ())
    }
}
