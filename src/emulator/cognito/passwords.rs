//! A user's next password, and temporary ones (COGNITO.md 2.5 and 3.7).

use jiff::{SignedDuration, Timestamp};

use super::error::Exception;
use super::password::{PasswordHash, PasswordPolicy, Prefix};
use super::pools::UserPool;
use super::service::Cognito;
use super::users::User;
use crate::model::Secret;

/// Length of a drawn password, unless the policy asks for more: longer than any policy that people
/// set, short enough to be typed.
const TEMPORARY_PASSWORD_CHARS_MIN: usize = 10;

/// Characters of drawn passwords, by class: without those that HTML gives a meaning or that are
/// taken for each other.
const CLASSES: [&[u8]; 4] = [
    b"abcdefghijkmnpqrstuvwxyz",
    b"ABCDEFGHJKLMNPQRSTUVWXYZ",
    b"23456789",
    b"!#$%*+-?@_",
];

/// Gives a user another password that lasts.
///
/// # Errors
/// `InvalidPasswordException` in the operation's words; `PasswordHistoryPolicyViolationException`
/// for one that the user had lately, where the pool forbids that.
pub(crate) fn change(
    cognito: &Cognito,
    pool: &UserPool,
    user: &mut User,
    password: &str,
    prefix: Prefix,
) -> Result<(), Exception> {
    let policy = pool.settings.password_policy();
    policy.check(password, prefix)?;
    check_history(pool, &policy, user, password)?;
    let name = pool.name_in_srp();
    let next = PasswordHash::new(name, &user.username, password, &cognito.random);
    let past = std::mem::replace(&mut user.password, next);
    if let Some(size) = history(&policy) {
        let passwords = &mut user.seldom().past_passwords;
        passwords.insert(0, past);
        // The present password is the first of those that are forbidden.
        passwords.truncate(size - 1);
    }
    user.temporary_until = None;
    user.lockout.succeeded();
    Ok(())
}

/// Gives a user another password that can be used once, and not for long.
///
/// # Errors
/// As [`change`].
pub(crate) fn change_temporarily(
    cognito: &Cognito,
    pool: &UserPool,
    user: &mut User,
    password: &str,
) -> Result<(), Exception> {
    change(cognito, pool, user, password, Prefix::Administrator)?;
    user.temporary_until = Some(temporary_until(pool, cognito.now()));
    Ok(())
}

/// Until when a temporary password of now can be used.
pub(crate) fn temporary_until(pool: &UserPool, now: Timestamp) -> Timestamp {
    let days = pool
        .settings
        .password_policy()
        .temporary_password_validity_days;
    now + SignedDuration::from_hours(24 * i64::from(days))
}

/// Draws a password that the pool's policy allows \[M\].
pub(crate) fn draw(cognito: &Cognito, pool: &UserPool) -> Secret<String> {
    let policy = pool.settings.password_policy();
    let length = policy.minimum_length.max(TEMPORARY_PASSWORD_CHARS_MIN);
    Secret::new(cognito.random.text_of_all(&CLASSES, length))
}

fn history(policy: &PasswordPolicy) -> Option<usize> {
    policy
        .password_history_size
        .map(usize::from)
        .filter(|size| *size > 0)
}

fn check_history(
    pool: &UserPool,
    policy: &PasswordPolicy,
    user: &mut User,
    password: &str,
) -> Result<(), Exception> {
    let Some(size) = history(policy) else {
        return Ok(());
    };
    let username = user.username.clone();
    let same = |known: &PasswordHash| known.matches(pool.name_in_srp(), &username, password);
    let present = same(&user.password);
    // The pool may have had a longer history when these were kept.
    let mut past = user.seldom().past_passwords.iter().take(size - 1);
    if present || past.any(same) {
        return Err(Exception::PasswordHistoryPolicyViolation);
    }
    Ok(())
}
