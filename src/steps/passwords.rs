//! Steps about passwords: set by hand, reset, forgotten, changed, and signing in with them.

use super::args::Args;
use super::people::password;
use super::reason;
use super::session::{Attempt, Session};
use super::sign_in::begin_sign_in;
use super::sign_up::watch_inbox;
use super::state;
use crate::cognito::CognitoError;
use crate::diagnosis::Trouble;
use crate::model::{ConfirmationCode, Secret};
use crate::record::Failure;

pub(super) async fn sets_permanent(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let new = draw(attempt);
    let answer = set_by_hand(attempt, name, &new, true).await?;
    answer.map_err(|error| reason::unwanted(&error))?;
    replace(attempt, name, new)
}

pub(super) async fn sets_temporary(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let new = draw(attempt);
    let answer = set_by_hand(attempt, name, &new, false).await?;
    answer.map_err(|error| reason::unwanted(&error))?;
    attempt.person(name)?.temporary_passwords.push(new);
    Ok(())
}

pub(super) async fn tries_to_set(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, text, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let chosen = Secret::new(text.to_owned());
    let answer = set_by_hand(attempt, name, &chosen, true).await?;
    attempt.expect_refusal(answer)
}

pub(super) async fn resets(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let answer = reset(attempt, name).await?;
    answer.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::Missing);
        reason::unwanted(&error)
    })
}

pub(super) async fn tries_to_reset(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let answer = reset(attempt, name).await?;
    attempt.expected(name, Trouble::Missing);
    attempt.expect_refusal(answer)
}

pub(super) async fn recovers(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let code = attempt.person(name)?.latest_mail(name)?.code.clone();
    let new = draw(attempt);
    let answer = confirm_new(attempt, name, &code, &new).await?;
    answer.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::CodeRefused);
        reason::unwanted(&error)
    })?;
    replace(attempt, name, new)
}

pub(super) async fn tries_to_recover_with_first(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let code = attempt.person(name)?.first_mail(name)?.code.clone();
    try_new(attempt, name, &code, None).await
}

pub(super) async fn tries_to_recover_wrongly(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let code = attempt.person(name)?.latest_mail(name)?.code.altered();
    try_new(attempt, name, &code, None).await
}

pub(super) async fn tries_to_recover_with_password(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, text, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let code = attempt.person(name)?.latest_mail(name)?.code.clone();
    let chosen = Secret::new(text.to_owned());
    try_new(attempt, name, &code, Some(chosen)).await
}

pub(super) async fn changes(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let new = draw(attempt);
    let old = attempt.person(name)?.password.clone();
    let answer = change(attempt, name, &old, &new).await?;
    answer.map_err(|error| reason::unwanted(&error))?;
    replace(attempt, name, new)
}

pub(super) async fn tries_to_change(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, text, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let old = attempt.person(name)?.password.clone();
    let answer = change(attempt, name, &old, &Secret::new(text.to_owned())).await?;
    attempt.expect_refusal(answer)
}

pub(super) async fn tries_to_change_wrongly(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let (wrong, new) = (draw(attempt), draw(attempt));
    let answer = change(attempt, name, &wrong, &new).await?;
    attempt.expect_refusal(answer)
}

pub(super) async fn tries_to_sign_in(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let password = attempt.person(name)?.password.clone();
    try_sign_in(attempt, name, &password).await
}

pub(super) async fn tries_wrong_password(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let wrong = draw(attempt);
    try_sign_in(attempt, name, &wrong).await
}

pub(super) async fn tries_old_password(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let old = attempt.person(name)?.former_passwords.last().cloned();
    let old = old.ok_or_else(|| {
        Failure::broken(format!("{name} has had one password only"))
            .help(format!("write before it: When {name} changes the password"))
    })?;
    try_sign_in(attempt, name, &old).await
}

/// Signs a person in with some password where a refusal is expected.
pub(super) async fn try_sign_in(
    attempt: &mut Attempt,
    name: &str,
    password: &Secret<String>,
) -> Result<(), Failure> {
    let username = attempt.person(name)?.account(name)?.username.clone();
    let client = attempt.client()?;
    let answer = begin_sign_in(attempt, &client, &username, password).await?;
    attempt.expect_refusal(answer)
}

/// Draws a password that nobody has.
fn draw(attempt: &mut Attempt) -> Secret<String> {
    let drawn = password(&mut attempt.setting.random);
    attempt.setting.recorder.run().hide(&drawn, "password");
    drawn
}

/// Notes that a person has another password now.
fn replace(attempt: &mut Attempt, name: &str, new: Secret<String>) -> Result<(), Failure> {
    let person = attempt.person(name)?;
    let former = std::mem::replace(&mut person.password, new);
    person.former_passwords.push(former);
    Ok(())
}

async fn set_by_hand(
    attempt: &mut Attempt,
    name: &str,
    new: &Secret<String>,
    permanent: bool,
) -> Result<Result<(), CognitoError>, Failure> {
    let pool = attempt.pool()?.id.clone();
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.admin_set_user_password(&pool, &username, new, permanent);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    Ok(answer.await)
}

async fn reset(attempt: &mut Attempt, name: &str) -> Result<Result<(), CognitoError>, Failure> {
    let pool = attempt.pool()?.id.clone();
    let username = attempt.person(name)?.account(name)?.username.clone();
    watch_inbox(attempt, name, "AdminResetUserPassword").await?;
    let cognito = attempt.cognito();
    let request = cognito.admin_reset_user_password(&pool, &username);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    Ok(answer.await)
}

async fn try_new(
    attempt: &mut Attempt,
    name: &str,
    code: &ConfirmationCode,
    chosen: Option<Secret<String>>,
) -> Result<(), Failure> {
    let new = match chosen {
        Some(chosen) => chosen,
        None => draw(attempt),
    };
    let answer = confirm_new(attempt, name, code, &new).await?;
    attempt.expected(name, Trouble::CodeRefused);
    attempt.expect_refusal(answer)
}

async fn confirm_new(
    attempt: &mut Attempt,
    name: &str,
    code: &ConfirmationCode,
    new: &Secret<String>,
) -> Result<Result<(), CognitoError>, Failure> {
    let client = attempt.client()?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.confirm_forgot_password(&client, &username, code, new);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    Ok(answer.await)
}

async fn change(
    attempt: &mut Attempt,
    name: &str,
    old: &Secret<String>,
    new: &Secret<String>,
) -> Result<Result<(), CognitoError>, Failure> {
    let access = state::sign_in(attempt, name).await?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.change_password(&access, old, new);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    Ok(answer.await)
}
