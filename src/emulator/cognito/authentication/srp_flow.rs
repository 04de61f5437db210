//! `USER_SRP_AUTH`: the password is proved, not sent (COGNITO.md 3.10).
//!
//! Clients answer without a `Session`, so the secret block is what finds the challenge again.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::attempt::{Attempt, Parameters};
use super::challenge_sessions::{Expected, Pending, Subject};
use super::outcome::{AuthResponse, ChallengeName};
use super::{custom_auth, password, steps, triggers};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::password::PasswordHash;
use crate::emulator::cognito::srp::{Challenge, Claim, ClaimKey, ClientPublic};
use crate::emulator::cognito::triggers::ChallengeResult;

/// Answers `SRP_A` with a `PASSWORD_VERIFIER` challenge.
///
/// # Errors
/// Those of COGNITO.md 3.10; what is wrong with the user's status is told once the claim arrives,
/// which is a guess \[U\].
pub(super) async fn begin(
    attempt: &Attempt,
    parameters: &Parameters,
) -> Result<AuthResponse, Exception> {
    let username = parameters.required("USERNAME")?;
    parameters.required("SRP_A")?;
    parameters.check_secret(&attempt.client, username)?;
    let subject = subject(attempt, username)?;
    triggers::pre_authentication(attempt, &subject).await?;
    let challenge = challenge(attempt, subject, parameters, None).await?;
    Ok(challenge.without_session())
}

/// Who is meant by a name: nobody, where the client must not learn that there is no such user.
///
/// # Errors
/// `UserNotFoundException`.
pub(super) fn subject(attempt: &Attempt, username: &str) -> Result<Subject, Exception> {
    match attempt.pool.users().find(&attempt.pool.naming, username) {
        Some(key) => Ok(Subject::User(key)),
        None if attempt.client.hides_users() => Ok(Subject::Nobody(username.into())),
        None => Err(Exception::UserNotFound),
    }
}

/// Makes the `PASSWORD_VERIFIER` challenge, for a user or to hide that there is none.
///
/// # Errors
/// `InvalidParameterException` for a value that is no `SRP_A`; its text is a guess \[U\].
pub(super) async fn challenge(
    attempt: &Attempt,
    subject: Subject,
    parameters: &Parameters,
    custom: Option<Vec<ChallengeResult>>,
) -> Result<AuthResponse, Exception> {
    let srp_a = parameters.required("SRP_A")?;
    let invalid = |error| Exception::invalid_parameter(format!("SRP_A is invalid: {error}."));
    let client = ClientPublic::parse(srp_a).map_err(invalid)?;
    let (user_id, hash) = credentials(attempt, &subject)?;
    let exponent = attempt.cognito.random.bytes();
    // Four powers of 3072-bit numbers: milliseconds that would hold up every other request.
    let computing = tokio::task::spawn_blocking(move || hash.challenge(&client, exponent));
    let interrupted = |_| Exception::InternalError("the SRP challenge was interrupted".to_owned());
    let Challenge { salt, srp_b, key } = computing.await.map_err(interrupted)?;
    let username = match &subject {
        Subject::User(_) => user_id.to_string(),
        Subject::Nobody(name) => name.to_string(),
    };
    let expected = Expected::PasswordClaim {
        key,
        user_id: user_id.clone(),
        custom,
    };
    let block = steps::open(attempt, subject, expected);
    let parameters = [
        ("SALT", salt),
        ("SECRET_BLOCK", block.clone()),
        ("SRP_B", srp_b),
        ("USERNAME", username),
        ("USER_ID_FOR_SRP", user_id.into()),
    ];
    let name = ChallengeName::PasswordVerifier;
    Ok(AuthResponse::challenge(name, parameters, block))
}

/// The user id and password that the challenge is made of; for nobody, ones that are the same each
/// time and that no password fits.
fn credentials(
    attempt: &Attempt,
    subject: &Subject,
) -> Result<(Box<str>, PasswordHash), Exception> {
    let mut users = attempt.pool.users();
    match subject {
        Subject::User(key) => {
            let user = users.user(*key).ok_or(Exception::UserNotFound)?;
            Ok((user.username.clone(), user.password.clone()))
        }
        Subject::Nobody(name) => {
            let disguise = users.challenges.disguise(name, &attempt.cognito.random);
            let hash = PasswordHash::disguise(disguise.salt, disguise.private_key);
            Ok((disguise.user_id.to_string().into(), hash))
        }
    }
}

/// Takes the answer to `PASSWORD_VERIFIER`; the challenge is spent, right or wrong.
///
/// # Errors
/// Those of COGNITO.md 3.10.
pub(super) async fn respond(
    attempt: &Attempt,
    responses: &Parameters,
) -> Result<AuthResponse, Exception> {
    let block = responses.required("PASSWORD_CLAIM_SECRET_BLOCK")?;
    let signature = responses.required("PASSWORD_CLAIM_SIGNATURE")?;
    let timestamp = responses.required("TIMESTAMP")?;
    let pending = take(attempt, block)?;
    let Expected::PasswordClaim {
        key,
        user_id,
        custom,
    } = pending.expected
    else {
        return Err(Exception::invalid_session());
    };
    let claim = Claim {
        pool_name: attempt.pool.name_in_srp(),
        user_id: &user_id,
        secret_block: &BASE64_STANDARD.decode(block).unwrap_or_default(),
        timestamp,
        signature: &BASE64_STANDARD.decode(signature).unwrap_or_default(),
    };
    check(attempt, &pending.subject, &key, &claim)?;
    match (pending.subject, custom) {
        (Subject::Nobody(_), _) => Err(Exception::incorrect_credentials()),
        (Subject::User(user), None) => steps::after_password(attempt, user).await,
        (Subject::User(user), Some(results)) => {
            custom_auth::after_password(attempt, user, results).await
        }
    }
}

fn take(attempt: &Attempt, block: &str) -> Result<Pending, Exception> {
    let challenges = &mut attempt.pool.users().challenges;
    let pending = challenges
        .find(block, &attempt.client.id, attempt.now())?
        .clone();
    challenges.spend(block);
    Ok(pending)
}

/// Checks the claim with the same exceptions, in the same order, as a password that was sent.
fn check(
    attempt: &Attempt,
    subject: &Subject,
    key: &ClaimKey,
    claim: &Claim<'_>,
) -> Result<(), Exception> {
    let Subject::User(user) = subject else {
        return Err(Exception::incorrect_credentials());
    };
    let now = attempt.now();
    let mut users = attempt.pool.users();
    let user = users
        .user_mut(*user)
        .ok_or_else(Exception::incorrect_credentials)?;
    password::check_status(user)?;
    user.lockout.check(now)?;
    if !key.verifies(claim) {
        user.lockout.failed(now);
        return Err(Exception::incorrect_credentials());
    }
    user.lockout.succeeded();
    password::check_temporary(user, now)
}
