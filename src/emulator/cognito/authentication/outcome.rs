//! What a sign-in answers: tokens, or the next challenge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::sign_in::AuthenticationResult;

/// `ChallengeNameType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ChallengeName {
    SmsMfa,
    EmailOtp,
    SoftwareTokenMfa,
    SelectMfaType,
    MfaSetup,
    PasswordVerifier,
    CustomChallenge,
    SelectChallenge,
    DeviceSrpAuth,
    DevicePasswordVerifier,
    AdminNoSrpAuth,
    NewPasswordRequired,
    SmsOtp,
    Password,
    WebAuthn,
    PasswordSrp,
}

/// The answer of `InitiateAuth` and `RespondToAuthChallenge`, and of their `Admin` forms.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AuthResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication_result: Option<AuthenticationResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_challenges: Option<Vec<ChallengeName>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge_name: Option<ChallengeName>,
    /// Present and empty on completion (COGNITO.md 3.10 \[V\]).
    challenge_parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

impl AuthResponse {
    /// The end of a sign-in.
    pub(super) fn complete(result: AuthenticationResult) -> Self {
        Self {
            authentication_result: Some(result),
            available_challenges: None,
            challenge_name: None,
            challenge_parameters: BTreeMap::new(),
            session: None,
        }
    }

    /// A challenge with its session.
    pub(super) fn challenge(
        name: ChallengeName,
        parameters: impl IntoIterator<Item = (&'static str, String)>,
        session: String,
    ) -> Self {
        let parameters = parameters.into_iter();
        Self {
            authentication_result: None,
            available_challenges: None,
            challenge_name: Some(name),
            challenge_parameters: parameters
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            session: Some(session),
        }
    }

    /// Adds what a trigger lets the app know.
    pub(super) fn with_parameters(mut self, parameters: BTreeMap<String, String>) -> Self {
        self.challenge_parameters.extend(parameters);
        self
    }

    /// Adds `AvailableChallenges`, which only `USER_AUTH` has (COGNITO.md 3.10 \[M\]).
    pub(super) fn with_available(mut self, available: Vec<ChallengeName>) -> Self {
        self.available_challenges = Some(available);
        self
    }

    /// Leaves the session out, for a challenge whose parameters carry it.
    pub(super) fn without_session(mut self) -> Self {
        self.session = None;
        self
    }
}

/// A list of names as the wire has it inside a parameter: a JSON array in a text \[D, M\].
pub(super) fn json_text(names: &impl Serialize) -> String {
    // A list of names always has a JSON form.
    serde_json::to_string(names).unwrap_or_default()
}
