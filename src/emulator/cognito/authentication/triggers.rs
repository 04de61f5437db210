//! Where a sign-in calls its Lambda triggers: one function for each, named as in `LambdaConfig`.
//!
//! No pool can have these triggers yet, as one that names them is refused; each function answers
//! what a pool without the trigger does. The words of a one-time code, and with them
//! `CustomMessage_Authentication`, are `messages`' business.

use std::collections::BTreeMap;

use super::attempt::Attempt;
use super::challenge_sessions::Subject;
use super::outcome::ChallengeName;
use super::sign_in::SignedIn;
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::users::UserKey;

/// One entry of `request.session` of the custom challenge triggers (COGNITO.md 6.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChallengeResult {
    pub(super) challenge: String,
    pub(super) correct: bool,
    pub(super) metadata: Option<String>,
}

/// The response of `DefineAuthChallenge` (COGNITO.md 6.5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) challenge_name: Option<ChallengeName>,
    pub(super) issue_tokens: bool,
    pub(super) fail_authentication: bool,
}

/// The response of `CreateAuthChallenge` (COGNITO.md 6.5).
#[derive(Debug, Clone, Default)]
pub(super) struct CreatedChallenge {
    pub(super) public_parameters: BTreeMap<String, String>,
    pub(super) private_parameters: BTreeMap<String, String>,
    pub(super) metadata: Option<String>,
}

/// Which `TokenGeneration_...` is the source of a `PreTokenGeneration` event (COGNITO.md 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenSource {
    Authentication,
    NewPasswordChallenge,
    RefreshTokens,
}

/// `PreAuthentication_Authentication`: may refuse the sign-in before anything is checked.
#[expect(clippy::unused_async, reason = "the trigger is awaited here")]
pub(super) async fn pre_authentication(_: &Attempt, _: &Subject) -> Result<(), Exception> {
    Ok(())
}

/// `UserMigration_Authentication`: may bring an unknown user with this password into the pool.
#[expect(clippy::unused_async, reason = "the trigger is awaited here")]
pub(super) async fn user_migration(
    _: &Attempt,
    _username: &str,
    _password: &str,
) -> Result<Option<UserKey>, Exception> {
    Ok(None)
}

/// `PostAuthentication_Authentication`: is told of a sign-in before its tokens are made.
#[expect(clippy::unused_async, reason = "the trigger is awaited here")]
pub(super) async fn post_authentication(_: &Attempt, _: UserKey) -> Result<(), Exception> {
    Ok(())
}

/// `TokenGeneration_...`: may change what the tokens say.
#[expect(clippy::unused_async, reason = "the trigger is awaited here")]
pub(super) async fn pre_token_generation(
    _: &Attempt,
    _: UserKey,
    _: TokenSource,
    _: &mut SignedIn,
) -> Result<(), Exception> {
    Ok(())
}

/// `DefineAuthChallenge_Authentication`: decides what comes next in `CUSTOM_AUTH`; nothing if the
/// pool has no such trigger.
#[expect(clippy::unused_async, reason = "the trigger is awaited here")]
pub(super) async fn define_auth_challenge(
    _: &Attempt,
    _: &Subject,
    _: &[ChallengeResult],
) -> Result<Option<Definition>, Exception> {
    Ok(None)
}

/// `CreateAuthChallenge_Authentication`: makes a challenge; nothing if the pool has no such
/// trigger.
#[expect(clippy::unused_async, reason = "the trigger is awaited here")]
pub(super) async fn create_auth_challenge(
    _: &Attempt,
    _: &Subject,
    _: &[ChallengeResult],
) -> Result<Option<CreatedChallenge>, Exception> {
    Ok(None)
}

/// `VerifyAuthChallengeResponse_Authentication`: whether an answer is right; nothing if the pool
/// has no such trigger.
#[expect(clippy::unused_async, reason = "the trigger is awaited here")]
pub(super) async fn verify_auth_challenge_response(
    _: &Attempt,
    _: &Subject,
    _private_parameters: &BTreeMap<String, String>,
    _answer: &str,
) -> Result<Option<bool>, Exception> {
    Ok(None)
}
