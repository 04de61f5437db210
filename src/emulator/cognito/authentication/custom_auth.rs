//! `CUSTOM_AUTH`: triggers define, make and verify the challenges (COGNITO.md 6.5).

use std::collections::BTreeMap;

use super::attempt::{Attempt, Parameters};
use super::challenge_sessions::{Expected, Subject};
use super::outcome::{AuthResponse, ChallengeName};
use super::{password, sign_in, srp_flow, steps, triggers};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::triggers::{Challenge, ChallengeResult, Definition, TokenSource};
use crate::emulator::cognito::users::UserKey;

/// Challenges as the triggers name them.
const CUSTOM_CHALLENGE: &str = "CUSTOM_CHALLENGE";
const PASSWORD_VERIFIER: &str = "PASSWORD_VERIFIER";

/// Begins with whatever the triggers define, or with the password where `CHALLENGE_NAME` is
/// `SRP_A`.
///
/// # Errors
/// `InvalidParameterException` in a pool without the triggers: the text is recorded in public
/// issues about AWS's own client libraries. What the triggers throw.
pub(super) async fn begin(
    attempt: &Attempt,
    parameters: &Parameters,
) -> Result<AuthResponse, Exception> {
    let username = parameters.required("USERNAME")?;
    parameters.check_secret(&attempt.client, username)?;
    let subject = srp_flow::subject(attempt, username)?;
    if let Subject::User(key) = &subject {
        let users = attempt.pool.users();
        password::check_status(users.user(*key).ok_or(Exception::UserNotFound)?)?;
    }
    triggers::pre_authentication(attempt, &subject).await?;
    let mut results = Vec::new();
    if parameters.optional("CHALLENGE_NAME") == Some("SRP_A") {
        parameters.required("SRP_A")?;
        results.push(result("SRP_A", true, None));
        match next(attempt, &subject, &results).await? {
            Next::PasswordVerifier => {
                return srp_flow::challenge(attempt, subject, parameters, Some(results)).await;
            }
            other => return go(attempt, subject, results, other).await,
        }
    }
    advance(attempt, subject, results).await
}

/// Goes on after a right `PASSWORD_VERIFIER`.
///
/// # Errors
/// What the triggers throw.
pub(super) async fn after_password(
    attempt: &Attempt,
    key: UserKey,
    mut results: Vec<ChallengeResult>,
) -> Result<AuthResponse, Exception> {
    results.push(result(PASSWORD_VERIFIER, true, None));
    advance(attempt, Subject::User(key), results).await
}

/// Takes the answer to a `CUSTOM_CHALLENGE`; right or wrong, the triggers say what comes next.
///
/// # Errors
/// `NotAuthorizedException` if they end the sign-in, and what they throw.
pub(super) async fn respond(
    attempt: &Attempt,
    session: &str,
    responses: &Parameters,
) -> Result<AuthResponse, Exception> {
    let answer = responses.required("ANSWER")?;
    let pending = {
        let challenges = &mut attempt.pool.users().challenges;
        let pending = challenges
            .find(session, &attempt.client.id, attempt.now())?
            .clone();
        challenges.spend(session);
        pending
    };
    let Expected::Custom {
        private,
        metadata,
        mut results,
    } = pending.expected
    else {
        return Err(Exception::invalid_session());
    };
    let subject = pending.subject;
    let verifying = triggers::verify_auth_challenge_response(attempt, &subject, &private, answer);
    let correct = verifying.await?.ok_or_else(not_configured)?;
    results.push(result(CUSTOM_CHALLENGE, correct, metadata));
    advance(attempt, subject, results).await
}

/// What a definition amounts to.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Tokens,
    PasswordVerifier,
    Custom,
}

/// Reads a definition: failing wins over tokens, which is a guess \[U\].
///
/// # Errors
/// `NotAuthorizedException` for `failAuthentication` \[U\]; `InvalidLambdaResponseException` for a
/// definition that says nothing, or names a challenge that cannot be made here.
fn read(definition: &Definition) -> Result<Next, Exception> {
    match definition {
        Definition {
            fail_authentication: Some(true),
            ..
        } => Err(Exception::incorrect_credentials()),
        Definition {
            issue_tokens: Some(true),
            ..
        } => Ok(Next::Tokens),
        Definition { challenge_name, .. } => match challenge_name.as_deref() {
            Some(CUSTOM_CHALLENGE) => Ok(Next::Custom),
            Some(PASSWORD_VERIFIER) => Ok(Next::PasswordVerifier),
            _ => Err(Exception::unrecognizable_lambda_output()),
        },
    }
}

async fn next(
    attempt: &Attempt,
    subject: &Subject,
    results: &[ChallengeResult],
) -> Result<Next, Exception> {
    let definition = triggers::define_auth_challenge(attempt, subject, results).await?;
    read(&definition.ok_or_else(not_configured)?)
}

async fn advance(
    attempt: &Attempt,
    subject: Subject,
    results: Vec<ChallengeResult>,
) -> Result<AuthResponse, Exception> {
    let next = next(attempt, &subject, &results).await?;
    go(attempt, subject, results, next).await
}

async fn go(
    attempt: &Attempt,
    subject: Subject,
    results: Vec<ChallengeResult>,
    next: Next,
) -> Result<AuthResponse, Exception> {
    match (next, subject) {
        (Next::Tokens, Subject::User(key)) => {
            sign_in::complete(attempt, key, TokenSource::Authentication).await
        }
        // Tokens for nobody: the trigger did not look at `userNotFound`.
        (Next::Tokens, Subject::Nobody(_)) => Err(Exception::incorrect_credentials()),
        // SRP_A can be sent at the beginning only.
        (Next::PasswordVerifier, _) => Err(Exception::unrecognizable_lambda_output()),
        (Next::Custom, subject) => {
            let creating =
                triggers::create_auth_challenge(attempt, &subject, CUSTOM_CHALLENGE, &results);
            let created = creating.await?.ok_or_else(not_configured)?;
            Ok(custom_challenge(attempt, subject, results, created))
        }
    }
}

fn custom_challenge(
    attempt: &Attempt,
    subject: Subject,
    results: Vec<ChallengeResult>,
    created: Challenge,
) -> AuthResponse {
    let user_id = match &subject {
        Subject::User(key) => steps::user_id(attempt, *key).unwrap_or_default(),
        Subject::Nobody(name) => name.to_string(),
    };
    let expected = Expected::Custom {
        private: created.private_parameters.unwrap_or_default(),
        metadata: created.metadata,
        results,
    };
    let session = steps::open(attempt, subject, expected);
    let own = BTreeMap::from([("USERNAME".to_owned(), user_id)]);
    AuthResponse::challenge(ChallengeName::CustomChallenge, [], session)
        .with_parameters(own)
        .with_parameters(created.public_parameters.unwrap_or_default())
}

fn result(name: &str, is_right: bool, metadata: Option<String>) -> ChallengeResult {
    ChallengeResult {
        name: name.to_owned(),
        is_right,
        metadata,
    }
}

fn not_configured() -> Exception {
    Exception::invalid_parameter("Custom auth lambda trigger is not configured for the user pool.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// COGNITO.md 6.5 \[D, U\].
    #[test]
    fn a_definition_is_read_as_one_of_four_things() {
        let definition = |name: Option<&str>, issues, fails| Definition {
            challenge_name: name.map(str::to_owned),
            issue_tokens: Some(issues),
            fail_authentication: Some(fails),
        };
        let custom = Some(CUSTOM_CHALLENGE);
        let cases = [
            (definition(custom, false, false), Ok(Next::Custom)),
            (
                definition(Some(PASSWORD_VERIFIER), false, false),
                Ok(Next::PasswordVerifier),
            ),
            (definition(None, true, false), Ok(Next::Tokens)),
            (definition(custom, true, false), Ok(Next::Tokens)),
            (definition(None, true, true), Err("NotAuthorizedException")),
            (
                definition(None, false, false),
                Err("InvalidLambdaResponseException"),
            ),
            (
                definition(Some("WEB_AUTHN"), false, false),
                Err("InvalidLambdaResponseException"),
            ),
        ];
        for (definition, expected) in cases {
            assert_eq!(
                read(&definition).map_err(|error| error.name()),
                expected,
                "{definition:?}"
            );
        }
    }
}
