//! The three triggers of the flow `CUSTOM_AUTH` (COGNITO.md 6.5 \[D\]).
#![cfg_attr(
    not(test),
    expect(dead_code, reason = "the flow CUSTOM_AUTH is not implemented yet")
)]

use serde::{Deserialize, Serialize};

use super::super::error::Exception;
use super::config::Trigger;
use super::event::{Metadata, Occasion, Particulars, UserAttributes, Who, who_is};
use super::invocation::Triggers;

/// A challenge that was answered, as the functions see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChallengeResult {
    /// `CUSTOM_CHALLENGE`, `SRP_A`, `PASSWORD_VERIFIER` or an MFA challenge.
    #[serde(rename = "challengeName")]
    pub(crate) name: String,
    /// Whether the answer was right.
    #[serde(rename = "challengeResult")]
    pub(crate) is_right: bool,
    /// What `CreateAuthChallenge` noted.
    #[serde(rename = "challengeMetadata")]
    pub(crate) metadata: Option<String>,
}

/// What the next step is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Definition {
    /// The next challenge.
    pub(crate) challenge_name: Option<String>,
    /// Whether the user is signed in.
    pub(crate) issue_tokens: Option<bool>,
    /// Whether the sign-in has failed: `Incorrect username or password.` (a guess \[U\]).
    pub(crate) fail_authentication: Option<bool>,
}

/// A challenge that a function made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Challenge {
    /// `ChallengeParameters` of the answer to the client.
    #[serde(rename = "publicChallengeParameters")]
    pub(crate) public_parameters: Option<Metadata>,
    /// What only `VerifyAuthChallengeResponse` sees.
    #[serde(rename = "privateChallengeParameters")]
    pub(crate) private_parameters: Option<Metadata>,
    /// What later calls find in their `session`.
    #[serde(rename = "challengeMetadata")]
    pub(crate) metadata: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    answer_correct: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DefineEvent<'a> {
    user_attributes: UserAttributes,
    session: &'a [ChallengeResult],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
    user_not_found: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateEvent<'a> {
    user_attributes: UserAttributes,
    challenge_name: &'a str,
    session: &'a [ChallengeResult],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
    user_not_found: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct VerifyEvent<'a> {
    user_attributes: UserAttributes,
    private_challenge_parameters: &'a Metadata,
    challenge_answer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
    user_not_found: bool,
}

impl Triggers {
    /// Asks what comes next in a sign-in; nothing if the pool has no such trigger.
    ///
    /// Called at the start of `CUSTOM_AUTH` with an empty `session`, or with the result of `SRP_A`
    /// when the client asked for it, and again after each answer.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2.
    pub(crate) async fn define_auth_challenge(
        &self,
        occasion: &Occasion<'_>,
        who: Who<'_>,
        session: &[ChallengeResult],
        client_metadata: Option<&Metadata>,
    ) -> Result<Option<Definition>, Exception> {
        let particulars = || {
            let (user_name, user_attributes, user_not_found) = who_is(occasion, who)?;
            Ok(Particulars {
                version: "1",
                source: "DefineAuthChallenge_Authentication",
                user_name,
                request: DefineEvent {
                    user_attributes,
                    session,
                    client_metadata,
                    user_not_found,
                },
                response: Definition::default(),
            })
        };
        self.call(occasion, Trigger::DefineAuthChallenge, particulars)
            .await
    }

    /// Asks for the challenge that was defined; nothing if the pool has no such trigger.
    ///
    /// Called after a definition whose `challengeName` is `CUSTOM_CHALLENGE`.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2.
    pub(crate) async fn create_auth_challenge(
        &self,
        occasion: &Occasion<'_>,
        who: Who<'_>,
        challenge_name: &str,
        session: &[ChallengeResult],
        client_metadata: Option<&Metadata>,
    ) -> Result<Option<Challenge>, Exception> {
        let particulars = || {
            let (user_name, user_attributes, user_not_found) = who_is(occasion, who)?;
            Ok(Particulars {
                version: "1",
                source: "CreateAuthChallenge_Authentication",
                user_name,
                request: CreateEvent {
                    user_attributes,
                    challenge_name,
                    session,
                    client_metadata,
                    user_not_found,
                },
                response: Challenge::default(),
            })
        };
        self.call(occasion, Trigger::CreateAuthChallenge, particulars)
            .await
    }

    /// Asks whether an answer is right; nothing if the pool has no such trigger.
    ///
    /// Called in `RespondToAuthChallenge` with the client's `ANSWER`, before the next definition.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2.
    pub(crate) async fn verify_auth_challenge(
        &self,
        occasion: &Occasion<'_>,
        who: Who<'_>,
        private_challenge_parameters: &Metadata,
        challenge_answer: &str,
        client_metadata: Option<&Metadata>,
    ) -> Result<Option<bool>, Exception> {
        let particulars = || {
            let (user_name, user_attributes, user_not_found) = who_is(occasion, who)?;
            Ok(Particulars {
                version: "1",
                source: "VerifyAuthChallengeResponse_Authentication",
                user_name,
                request: VerifyEvent {
                    user_attributes,
                    private_challenge_parameters,
                    challenge_answer,
                    client_metadata,
                    user_not_found,
                },
                response: Verdict::default(),
            })
        };
        let trigger = Trigger::VerifyAuthChallengeResponse;
        let verdict = self.call(occasion, trigger, particulars).await?;
        Ok(verdict.map(|verdict| verdict.answer_correct == Some(true)))
    }
}
