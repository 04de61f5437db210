//! The flows that send a password: `USER_PASSWORD_AUTH`, `ADMIN_USER_PASSWORD_AUTH` and its old
//! name `ADMIN_NO_SRP_AUTH`, and `PASSWORD` of `USER_AUTH` (COGNITO.md 3.10).

use jiff::Timestamp;

use super::attempt::{Attempt, Parameters};
use super::challenge_sessions::Subject;
use super::outcome::AuthResponse;
use super::{steps, triggers};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::users::{User, UserKey, UserStatus};

/// Signs in with `USERNAME` and `PASSWORD`.
///
/// # Errors
/// Those of COGNITO.md 3.10.
pub(super) async fn begin(
    attempt: &Attempt,
    parameters: &Parameters,
) -> Result<AuthResponse, Exception> {
    let username = parameters.required("USERNAME")?;
    let password = parameters.required("PASSWORD")?;
    parameters.check_secret(&attempt.client, username)?;
    let subject = subject(attempt, username, password).await?;
    triggers::pre_authentication(attempt, &subject).await?;
    prove(attempt, &subject, password).await
}

/// Who is meant by a name that comes with a password: one whom the pool does not know is asked for
/// elsewhere (COGNITO.md 6.5). Nobody, where the client must not learn that there is no such user.
///
/// # Errors
/// `UserNotFoundException`, and those of creating a user who is brought over.
pub(super) async fn subject(
    attempt: &Attempt,
    username: &str,
    password: &str,
) -> Result<Subject, Exception> {
    let found = attempt.pool.users().find(&attempt.pool.naming, username);
    if let Some(key) = found {
        return Ok(Subject::User(key));
    }
    let hides_users = attempt.client.hides_users();
    match triggers::user_migration(attempt, username, password).await {
        Ok(Some(key)) => Ok(Subject::User(key)),
        Ok(None) | Err(Exception::MigrationFailed { .. }) if hides_users => {
            Ok(Subject::Nobody(username.into()))
        }
        Ok(None) => Err(Exception::UserNotFound),
        Err(refused) => Err(refused),
    }
}

/// Goes on with a password that was sent.
///
/// # Errors
/// Those of COGNITO.md 3.10.
pub(super) async fn prove(
    attempt: &Attempt,
    subject: &Subject,
    password: &str,
) -> Result<AuthResponse, Exception> {
    let Subject::User(key) = subject else {
        return Err(Exception::incorrect_credentials());
    };
    check(attempt, *key, password)?;
    steps::after_password(attempt, *key).await
}

/// Checks the password. An unconfirmed user is told apart from a wrong password before the
/// password is looked at \[R\].
fn check(attempt: &Attempt, key: UserKey, password: &str) -> Result<(), Exception> {
    let (pool, now) = (&attempt.pool, attempt.now());
    let mut users = pool.users();
    let user = users.user_mut(key).ok_or_else(|| attempt.unknown_user())?;
    check_status(user)?;
    user.lockout.check(now)?;
    if !user
        .password
        .matches(pool.name_in_srp(), &user.username, password)
    {
        user.lockout.failed(now);
        return Err(Exception::incorrect_credentials());
    }
    user.lockout.succeeded();
    check_temporary(user, now)
}

/// Refuses who may not sign in whatever the password is.
///
/// # Errors
/// Those of COGNITO.md 3.10 for a disabled, unconfirmed or reset user.
pub(super) fn check_status(user: &User) -> Result<(), Exception> {
    if !user.enabled {
        return Err(Exception::user_disabled());
    }
    match user.status {
        UserStatus::Unconfirmed => Err(Exception::UserNotConfirmed),
        UserStatus::ResetRequired => Err(Exception::PasswordResetRequired),
        UserStatus::Confirmed | UserStatus::ForceChangePassword => Ok(()),
    }
}

/// Refuses a temporary password after its days (COGNITO.md 4 \[M\]; the text is \[C\]).
///
/// # Errors
/// `NotAuthorizedException`.
pub(super) fn check_temporary(user: &User, now: Timestamp) -> Result<(), Exception> {
    let expired = user.temporary_until.is_some_and(|until| now > until);
    if user.status == UserStatus::ForceChangePassword && expired {
        return Err(Exception::not_authorized(
            "Temporary password has expired and must be reset by an administrator.",
        ));
    }
    Ok(())
}
