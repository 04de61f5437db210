//! Where a sign-in calls its Lambda triggers: one function for each, named as in `LambdaConfig`.
//!
//! The words of a one-time code, and with them `CustomMessage_Authentication`, are `messages`'
//! business. What an app sent in `ClientMetadata` is `validationData` to the functions of
//! `InitiateAuth`, and `clientMetadata` to those of an answer and of a refresh (COGNITO.md 6.3).

use super::attempt::Attempt;
use super::challenge_sessions::Subject;
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::groups::GroupClaims;
use crate::emulator::cognito::migration::{self, Newcomer};
use crate::emulator::cognito::triggers::{
    Challenge, ChallengeResult, Definition, GroupConfiguration, Metadata, Occasion, TokenOverrides,
    TokenSource, UserSource, Who,
};
use crate::emulator::cognito::users::UserKey;

fn occasion(attempt: &Attempt) -> Occasion<'_> {
    Occasion {
        pool: &attempt.pool,
        client: Some(&attempt.client.id),
    }
}

fn who(subject: &Subject) -> Who<'_> {
    match subject {
        Subject::User(key) => Who::User(*key),
        Subject::Nobody(name) => Who::Unknown(name),
    }
}

/// `PreAuthentication_Authentication`: may refuse the sign-in before anything is checked.
pub(super) async fn pre_authentication(
    attempt: &Attempt,
    subject: &Subject,
) -> Result<(), Exception> {
    let hides_users = attempt.client.hides_users();
    let validation_data = attempt.validation_data();
    let triggers = &attempt.cognito.triggers;
    triggers
        .pre_authentication(
            &occasion(attempt),
            who(subject),
            hides_users,
            validation_data,
        )
        .await
}

/// `UserMigration_Authentication`: may bring an unknown user with this password into the pool.
pub(super) async fn user_migration(
    attempt: &Attempt,
    username: &str,
    password: &str,
) -> Result<Option<UserKey>, Exception> {
    let newcomer = Newcomer {
        username,
        password: Some(password),
        validation_data: attempt.validation_data(),
        client_metadata: None,
    };
    let source = UserSource::Authentication;
    migration::migrate(&attempt.cognito, &occasion(attempt), source, newcomer).await
}

/// `PostAuthentication_Authentication`: is told of a sign-in before its tokens are made.
pub(super) async fn post_authentication(attempt: &Attempt, user: UserKey) -> Result<(), Exception> {
    let metadata = attempt.client_metadata();
    let triggers = &attempt.cognito.triggers;
    triggers
        .post_authentication(&occasion(attempt), user, metadata)
        .await
}

/// `TokenGeneration_...`: may change what the tokens say.
pub(super) async fn pre_token_generation(
    attempt: &Attempt,
    user: UserKey,
    source: TokenSource,
    groups: &GroupClaims,
    scope: &str,
) -> Result<TokenOverrides, Exception> {
    let groups = GroupConfiguration {
        groups_to_override: groups.groups.clone(),
        iam_roles_to_override: groups.roles.clone(),
        preferred_role: groups.preferred_role.clone(),
    };
    let metadata = attempt.client_metadata();
    let triggers = &attempt.cognito.triggers;
    triggers
        .pre_token_generation(
            &occasion(attempt),
            source,
            user,
            (groups, &[scope]),
            metadata,
        )
        .await
}

/// `DefineAuthChallenge_Authentication`: decides what comes next in `CUSTOM_AUTH`; nothing if the
/// pool has no such trigger.
pub(super) async fn define_auth_challenge(
    attempt: &Attempt,
    subject: &Subject,
    results: &[ChallengeResult],
) -> Result<Option<Definition>, Exception> {
    let metadata = attempt.client_metadata();
    let triggers = &attempt.cognito.triggers;
    triggers
        .define_auth_challenge(&occasion(attempt), who(subject), results, metadata)
        .await
}

/// `CreateAuthChallenge_Authentication`: makes a challenge; nothing if the pool has no such
/// trigger.
pub(super) async fn create_auth_challenge(
    attempt: &Attempt,
    subject: &Subject,
    name: &str,
    results: &[ChallengeResult],
) -> Result<Option<Challenge>, Exception> {
    let metadata = attempt.client_metadata();
    let triggers = &attempt.cognito.triggers;
    triggers
        .create_auth_challenge(&occasion(attempt), who(subject), name, results, metadata)
        .await
}

/// `VerifyAuthChallengeResponse_Authentication`: whether an answer is right; nothing if the pool
/// has no such trigger.
pub(super) async fn verify_auth_challenge_response(
    attempt: &Attempt,
    subject: &Subject,
    private_parameters: &Metadata,
    answer: &str,
) -> Result<Option<bool>, Exception> {
    let metadata = attempt.client_metadata();
    let triggers = &attempt.cognito.triggers;
    triggers
        .verify_auth_challenge(
            &occasion(attempt),
            who(subject),
            private_parameters,
            answer,
            metadata,
        )
        .await
}
