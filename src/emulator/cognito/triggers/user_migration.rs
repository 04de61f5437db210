//! The trigger that brings a user over from elsewhere (COGNITO.md 6.5 \[D, R\]).

use serde::{Deserialize, Serialize};

use super::super::error::Exception;
use super::config::Trigger;
use super::event::{Metadata, Occasion, Particulars};
use super::invocation::Triggers;
use super::sources::UserSource;
use crate::model::Secret;

/// What is known of somebody whom the pool does not know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MigrationRequest<'a> {
    /// The name as it was typed.
    pub(crate) user_name: &'a str,
    /// The password, in sign-ins only.
    pub(crate) password: Option<&'a Secret<&'a str>>,
    /// The `ClientMetadata` of a sign-in \[D\].
    pub(crate) validation_data: Option<&'a Metadata>,
    /// The `ClientMetadata` of `ForgotPassword` \[D\].
    pub(crate) client_metadata: Option<&'a Metadata>,
}

// Without `Debug`: the password must not be shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MigrationEvent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
    validation_data: Option<&'a Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MigrationAnswer {
    user_attributes: Option<Metadata>,
    force_alias_creation: Option<bool>,
    #[serde(rename = "enableSMSMFA")]
    enable_sms_mfa: Option<bool>,
    final_user_status: Option<String>,
    message_action: Option<String>,
    desired_delivery_mediums: Option<Vec<String>>,
}

/// A user as a function brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MigratedUser {
    /// The attributes, `email_verified` and its like included.
    pub(crate) attributes: Metadata,
    /// Whether the password of this sign-in is the user's from now on; otherwise the user has to
    /// reset it.
    pub(crate) confirmed: bool,
    /// Whether aliases of other users move to this one.
    pub(crate) force_alias_creation: bool,
}

impl Triggers {
    /// Asks for a user whom the pool does not know; nothing if the pool has no such trigger.
    ///
    /// Called in sign-ins that send the password, and in `ForgotPassword`, before the caller is
    /// told that there is no such user. No invitation is sent for a user who is brought over,
    /// whatever `messageAction` says, and `enableSMSMFA` has no effect.
    ///
    /// # Errors
    /// `UserNotFoundException` for a function that failed or brought nobody; the text is a guess
    /// \[U\]. A client that hides users turns it into its own.
    pub(crate) async fn user_migration(
        &self,
        occasion: &Occasion<'_>,
        source: UserSource,
        request: MigrationRequest<'_>,
    ) -> Result<Option<MigratedUser>, Exception> {
        let particulars = || {
            Ok(Particulars {
                version: "1",
                source: source.name(),
                user_name: request.user_name.to_owned(),
                request: MigrationEvent {
                    password: request.password.map(|password| *password.expose()),
                    validation_data: request.validation_data,
                    client_metadata: request.client_metadata,
                },
                response: MigrationAnswer::default(),
            })
        };
        let failed = || Exception::MigrationFailed {
            client: occasion.client.map(ToString::to_string).unwrap_or_default(),
        };
        let answer = self
            .call(occasion, Trigger::UserMigration, particulars)
            .await;
        let Some(answer) = answer.map_err(|_| failed())? else {
            return Ok(None);
        };
        let attributes = answer.user_attributes.filter(|given| !given.is_empty());
        Ok(Some(MigratedUser {
            attributes: attributes.ok_or_else(failed)?,
            confirmed: answer.final_user_status.as_deref() == Some("CONFIRMED"),
            force_alias_creation: answer.force_alias_creation == Some(true),
        }))
    }
}
