//! Steps that confirm a sign-up.

use super::args::Args;
use super::reason;
use super::session::{Attempt, Session};
use crate::cognito::CognitoError;
use crate::diagnosis::{Content, Trouble};
use crate::model::ConfirmationCode;
use crate::record::Failure;

pub(super) async fn with_latest(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    must_confirm(session.attempt()?, args.user()?).await
}

pub(super) async fn tries_first(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let person = attempt.person(name)?;
    let code = person.first_mail(name)?.code.clone();
    person.tried = person
        .found
        .iter()
        .position(|(_, mail)| mail.content == Content::Code);
    let answer = confirm(attempt, name, &code).await?;
    attempt.expected(name, Trouble::CodeRefused);
    attempt.expect_refusal(answer)
}

pub(super) async fn tries_latest(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let person = attempt.person(name)?;
    let code = person.latest_mail(name)?.code.clone();
    person.tried = None;
    let answer = confirm(attempt, name, &code).await?;
    attempt.expected(name, Trouble::CodeRefused);
    attempt.expect_refusal(answer)
}

pub(super) async fn tries_wrong(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let right = attempt.person(name)?.latest_mail(name)?.code.clone();
    let answer = confirm(attempt, name, &right.altered()).await?;
    attempt.expected(name, Trouble::CodeRefused);
    attempt.expect_refusal(answer)
}

pub(super) async fn tries_code_of(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, other, attempt) = (args.user()?, args.other()?, session.attempt()?);
    let code = attempt.person(other)?.latest_mail(other)?.code.clone();
    let answer = confirm(attempt, name, &code).await?;
    attempt.expected(name, Trouble::CodeRefused);
    attempt.expect_refusal(answer)
}

pub(super) async fn by_administrator(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let pool = attempt.pool()?.id.clone();
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.admin_confirm_sign_up(&pool, &username);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    answer.await.map_err(|error| reason::unwanted(&error))
}

/// Confirms with the latest code where a refusal is a failure.
pub(super) async fn must_confirm(attempt: &mut Attempt, name: &str) -> Result<(), Failure> {
    let code = attempt.person(name)?.latest_mail(name)?.code.clone();
    let answer = confirm(attempt, name, &code).await?;
    answer.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::CodeRefused);
        reason::unwanted(&error)
    })
}

async fn confirm(
    attempt: &mut Attempt,
    name: &str,
    code: &ConfirmationCode,
) -> Result<Result<(), CognitoError>, Failure> {
    let client = attempt.client()?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.confirm_sign_up(&client, &username, code);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    Ok(answer.await)
}
