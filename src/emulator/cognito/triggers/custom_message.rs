//! The trigger that writes a pool's messages (COGNITO.md 6.5 \[R, D\]).

use serde::{Deserialize, Serialize};

use super::super::error::Exception;
use super::super::users::UserKey;
use super::config::Trigger;
use super::event::{Metadata, Occasion, Particulars, UserAttributes, user_of};
use super::invocation::Triggers;
use super::sources::MessageSource;

/// What stands for the code: the function never sees the code itself.
const CODE_PARAMETER: &str = "{####}";
/// What stands for the link, in pools that confirm by one.
const LINK_PARAMETER: &str = "{##Click Here##}";
/// What stands for the username, in invitations.
const USERNAME_PARAMETER: &str = "{username}";

/// Longest message by mail (COGNITO.md 6.5 \[D\]).
const EMAIL_MESSAGE_CHARS_MAX: usize = 20_000;
/// Longest subject (COGNITO.md 9 \[D\]).
const EMAIL_SUBJECT_CHARS_MAX: usize = 140;
/// Longest message by SMS (COGNITO.md 6.5 \[D\]).
const SMS_MESSAGE_CHARS_MAX: usize = 140;

/// What a message must have a place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placeholders {
    /// A code.
    Code,
    /// A link; SMS has the code all the same.
    Link,
    /// A temporary password in place of the code, and the username.
    Invitation,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomMessageEvent<'a> {
    user_attributes: UserAttributes,
    code_parameter: &'static str,
    link_parameter: &'static str,
    username_parameter: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
}

/// The words that replace the pool's own; what is absent leaves them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomMessage {
    pub(crate) sms_message: Option<String>,
    pub(crate) email_message: Option<String>,
    pub(crate) email_subject: Option<String>,
}

impl CustomMessage {
    /// Checks what a message must contain and how long it may be.
    ///
    /// That a message which breaks a rule is an invalid answer, rather than that the pool's own
    /// words go out, is a guess \[U\], and so is the exception's text.
    fn check(self, placeholders: Placeholders) -> Result<Self, Exception> {
        let email: &[&str] = match placeholders {
            Placeholders::Code => &[CODE_PARAMETER],
            Placeholders::Link => &[LINK_PARAMETER],
            Placeholders::Invitation => &[CODE_PARAMETER, USERNAME_PARAMETER],
        };
        let sms: &[&str] = match placeholders {
            Placeholders::Code | Placeholders::Link => &[CODE_PARAMETER],
            Placeholders::Invitation => email,
        };
        let rules = [
            (
                "emailMessage",
                &self.email_message,
                EMAIL_MESSAGE_CHARS_MAX,
                email,
            ),
            (
                "emailSubject",
                &self.email_subject,
                EMAIL_SUBJECT_CHARS_MAX,
                &[],
            ),
            ("smsMessage", &self.sms_message, SMS_MESSAGE_CHARS_MAX, sms),
        ];
        for (member, text, chars_max, needed) in rules {
            let Some(text) = text else { continue };
            if let Some(missing) = needed.iter().find(|needed| !text.contains(**needed)) {
                return Err(Exception::InvalidLambdaResponse(format!(
                    "{member} does not contain {missing}"
                )));
            }
            if text.chars().count() > chars_max {
                return Err(Exception::InvalidLambdaResponse(format!(
                    "{member} has more than {chars_max} characters"
                )));
            }
        }
        Ok(self)
    }
}

impl Triggers {
    /// Lets a function word a message. The code is put in place of `{####}` afterwards.
    ///
    /// Called before every code, link, temporary password or one-time code is sent, by mail or by
    /// SMS, with the source of the operation (COGNITO.md 6.3). A mail that confirms by link takes
    /// [`Placeholders::Link`], which is so only for `SignUp` and `ResendConfirmationCode` (5.3). That the words are
    /// taken whatever the pool's `EmailSendingAccount` is, is a guess \[U\].
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2; `InvalidLambdaResponseException` for a message that lacks a
    /// placeholder or is too long.
    pub(crate) async fn custom_message(
        &self,
        occasion: &Occasion<'_>,
        source: MessageSource,
        placeholders: Placeholders,
        user: UserKey,
        client_metadata: Option<&Metadata>,
    ) -> Result<CustomMessage, Exception> {
        let particulars = || {
            let (user_name, user_attributes) = user_of(occasion, user)?;
            let invites = source == MessageSource::AdminCreateUser;
            Ok(Particulars {
                version: "1",
                source: source.of_custom_message(),
                user_name,
                request: CustomMessageEvent {
                    user_attributes,
                    code_parameter: CODE_PARAMETER,
                    link_parameter: LINK_PARAMETER,
                    username_parameter: invites.then_some(USERNAME_PARAMETER),
                    client_metadata,
                },
                response: CustomMessage::default(),
            })
        };
        let answer = self.call(occasion, Trigger::CustomMessage, particulars);
        answer.await?.unwrap_or_default().check(placeholders)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_its_placeholders_and_its_length() {
        let email = |text: &str| CustomMessage {
            email_message: Some(text.to_owned()),
            ..CustomMessage::default()
        };
        let sms = |text: &str| CustomMessage {
            sms_message: Some(text.to_owned()),
            ..CustomMessage::default()
        };
        let long = "x".repeat(141) + "{####}";
        let subject = CustomMessage {
            email_subject: Some(long.clone()),
            ..CustomMessage::default()
        };
        let cases = [
            (email("{####}"), Placeholders::Code, None),
            (
                email("no"),
                Placeholders::Code,
                Some("emailMessage does not contain {####}"),
            ),
            (
                email("{####}"),
                Placeholders::Link,
                Some("emailMessage does not contain {##Click"),
            ),
            (email("{##Click Here##}"), Placeholders::Link, None),
            (
                email("{####}"),
                Placeholders::Invitation,
                Some("does not contain {username}"),
            ),
            (email("{####} {username}"), Placeholders::Invitation, None),
            (sms("{####}"), Placeholders::Link, None),
            (
                sms("{####}"),
                Placeholders::Invitation,
                Some("does not contain {username}"),
            ),
            (
                sms(&long),
                Placeholders::Code,
                Some("smsMessage has more than 140 characters"),
            ),
            (
                subject,
                Placeholders::Code,
                Some("emailSubject has more than 140 characters"),
            ),
        ];
        for (message, placeholders, expected) in cases {
            let shown = format!("{message:?} with {placeholders:?}");
            let error = message
                .check(placeholders)
                .err()
                .map(|error| error.to_string());
            assert_eq!(error.is_some(), expected.is_some(), "{shown}: {error:?}");
            let contains = error
                .unwrap_or_default()
                .contains(expected.unwrap_or_default());
            assert!(contains, "{shown}");
        }
    }
}
