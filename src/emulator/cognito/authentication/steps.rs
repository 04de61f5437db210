//! What a sign-in still needs once a factor was right, in order: a new password, a second factor,
//! tokens (COGNITO.md 3.10).

use super::attempt::Attempt;
use super::challenge_sessions::{Expected, Pending, Subject};
use super::outcome::AuthResponse;
use super::{mfa, new_password, sign_in};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::triggers::TokenSource;
use crate::emulator::cognito::users::{UserKey, UserStatus};

/// Goes on after a right password.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted meanwhile, and what the next step throws.
pub(super) async fn after_password(
    attempt: &Attempt,
    key: UserKey,
) -> Result<AuthResponse, Exception> {
    let status = attempt.pool.users().user(key).map(|user| user.status);
    if status.ok_or(Exception::UserNotFound)? == UserStatus::ForceChangePassword {
        return new_password::challenge(attempt, key);
    }
    after_permanent_password(attempt, key, TokenSource::Authentication).await
}

/// Goes on once the password is one that stays.
///
/// # Errors
/// As [`after_password`].
pub(super) async fn after_permanent_password(
    attempt: &Attempt,
    key: UserKey,
    source: TokenSource,
) -> Result<AuthResponse, Exception> {
    match mfa::challenge(attempt, key).await? {
        Some(challenge) => Ok(challenge),
        None => sign_in::complete(attempt, key, source).await,
    }
}

/// Remembers a challenge and gives its session.
pub(super) fn open(attempt: &Attempt, subject: Subject, expected: Expected) -> String {
    let pending = Pending {
        subject,
        client: attempt.client.id.clone(),
        expected,
    };
    let life = (attempt.now(), attempt.client.session_validity());
    let random = &attempt.cognito.random;
    attempt.pool.users().challenges.open(pending, life, random)
}

/// What challenges call `USER_ID_FOR_SRP`: the stored username.
///
/// # Errors
/// `UserNotFoundException` if the user was deleted meanwhile.
pub(super) fn user_id(attempt: &Attempt, key: UserKey) -> Result<String, Exception> {
    let users = attempt.pool.users();
    let user = users.user(key).ok_or(Exception::UserNotFound)?;
    Ok(user.username.to_string())
}
