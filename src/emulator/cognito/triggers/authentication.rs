//! The triggers before and after a sign-in (COGNITO.md 6.5 \[D\]).

use serde::Serialize;

use super::super::error::Exception;
use super::super::users::UserKey;
use super::config::Trigger;
use super::event::{AnyObject, Metadata, Occasion, Particulars, UserAttributes, Who};
use super::event::{user_of, who_is};
use super::invocation::Triggers;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PreAuthenticationEvent<'a> {
    user_attributes: UserAttributes,
    validation_data: Option<&'a Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_not_found: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PostAuthenticationEvent<'a> {
    user_attributes: UserAttributes,
    new_device_used: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
}

impl Triggers {
    /// Asks whether a sign-in may be tried.
    ///
    /// Called in `InitiateAuth` and `AdminInitiateAuth`, before the credentials are looked at, and
    /// not on a refresh. `validation_data` is the request's `ClientMetadata` (COGNITO.md 6.3 \[D\]).
    /// `userNotFound` is in the event of clients that hide users only: call it with
    /// [`Who::Unknown`] for these alone.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2; then the sign-in is refused.
    pub(crate) async fn pre_authentication(
        &self,
        occasion: &Occasion<'_>,
        who: Who<'_>,
        hides_users: bool,
        validation_data: Option<&Metadata>,
    ) -> Result<(), Exception> {
        let particulars = || {
            let (user_name, user_attributes, not_found) = who_is(occasion, who)?;
            Ok(Particulars {
                version: "1",
                source: "PreAuthentication_Authentication",
                user_name,
                request: PreAuthenticationEvent {
                    user_attributes,
                    validation_data,
                    user_not_found: hides_users.then_some(not_found),
                },
                response: AnyObject {},
            })
        };
        let answer = self.call(occasion, Trigger::PreAuthentication, particulars);
        answer.await.map(|_| ())
    }

    /// Tells that a user has proved who they are.
    ///
    /// Called in every flow, after its last challenge and before `PreTokenGeneration`, and not on a
    /// refresh. The `ClientMetadata` of `InitiateAuth` is not passed on (COGNITO.md 6.3 \[D\]), that of
    /// an answer is. Devices are not implemented, so that `newDeviceUsed` is false.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2; then there are no tokens.
    pub(crate) async fn post_authentication(
        &self,
        occasion: &Occasion<'_>,
        user: UserKey,
        client_metadata: Option<&Metadata>,
    ) -> Result<(), Exception> {
        let particulars = || {
            let (user_name, user_attributes) = user_of(occasion, user)?;
            Ok(Particulars {
                version: "1",
                source: "PostAuthentication_Authentication",
                user_name,
                request: PostAuthenticationEvent {
                    user_attributes,
                    new_device_used: false,
                    client_metadata,
                },
                response: AnyObject {},
            })
        };
        let answer = self.call(occasion, Trigger::PostAuthentication, particulars);
        answer.await.map(|_| ())
    }
}
