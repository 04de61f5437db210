//! From a sign-up to the first sign-in without another code: the `Session` that `SignUp`,
//! `ConfirmSignUp` and `InitiateAuth` hand on (COGNITO.md 2.8 \[M\]).

use super::attempt::{Attempt, Parameters};
use super::challenge_sessions::{Expected, Pending, Subject};
use super::outcome::AuthResponse;
use super::{password, steps, triggers};
use crate::emulator::cognito::clients::{AppClient, ExplicitAuthFlow};
use crate::emulator::cognito::error::Exception;
use crate::emulator::cognito::pools::UserPool;
use crate::emulator::cognito::service::Cognito;
use crate::emulator::cognito::triggers::TokenSource;
use crate::emulator::cognito::users::UserKey;
use crate::model::AppClientId;

/// The session of a sign-up that waits for its confirmation. That only clients with
/// `ALLOW_USER_AUTH` get one is a guess (COGNITO.md 13, probe 10 \[U\]).
pub(crate) fn after_sign_up(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    key: UserKey,
) -> Option<String> {
    let allowed = client.allows(&[ExplicitAuthFlow::AllowUserAuth]);
    allowed.then(|| open(cognito, pool, client, key, Expected::Confirmation))
}

/// The session of a confirmed user's first sign-in, in place of that of the sign-up. One that is
/// expired, used or of another user yields none, and the user is confirmed all the same: a guess
/// \[U\].
pub(crate) fn after_confirmation(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    key: UserKey,
    session: &str,
) -> Option<String> {
    let is_good = |pending: &Pending| matches!(pending.expected, Expected::Confirmation);
    spend(cognito, pool, &client.id, (session, key), is_good).ok()?;
    Some(open(cognito, pool, client, key, Expected::FirstSignIn))
}

/// Signs in a user who was confirmed a moment ago. What else the pool asks for, such as a second
/// factor, comes as in any other sign-in.
///
/// # Errors
/// `NotAuthorizedException` for a session that is expired, used, or of another user or step; those
/// of COGNITO.md 3.10.
pub(super) async fn begin(
    attempt: &Attempt,
    session: &str,
    parameters: &Parameters,
) -> Result<AuthResponse, Exception> {
    let username = parameters.required("USERNAME")?;
    parameters.check_secret(&attempt.client, username)?;
    let found = attempt.pool.users().find(&attempt.pool.naming, username);
    let key = found.ok_or_else(Exception::invalid_session)?;
    let is_good = |pending: &Pending| matches!(pending.expected, Expected::FirstSignIn);
    let (cognito, pool) = (&attempt.cognito, &attempt.pool);
    spend(cognito, pool, &attempt.client.id, (session, key), is_good)?;
    if let Some(user) = pool.users().user(key) {
        password::check_status(user)?;
    }
    triggers::pre_authentication(attempt, &Subject::User(key)).await?;
    steps::after_permanent_password(attempt, key, TokenSource::Authentication).await
}

fn open(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClient,
    key: UserKey,
    expected: Expected,
) -> String {
    let pending = Pending {
        subject: Subject::User(key),
        client: client.id.clone(),
        expected,
    };
    let life = (cognito.now(), client.session_validity());
    let challenges = &mut pool.users().challenges;
    challenges.open(pending, life, &cognito.random)
}

/// Uses a session up, if it is the user's and for this step.
fn spend(
    cognito: &Cognito,
    pool: &UserPool,
    client: &AppClientId,
    (session, key): (&str, UserKey),
    is_good: impl FnOnce(&Pending) -> bool,
) -> Result<(), Exception> {
    let challenges = &mut pool.users().challenges;
    let pending = challenges.find(session, client, cognito.now())?;
    if pending.subject != Subject::User(key) || !is_good(pending) {
        return Err(Exception::invalid_session());
    }
    challenges.spend(session);
    Ok(())
}
