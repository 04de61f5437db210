//! Steps that ask for a code otherwise than by a sign-up.

use super::args::Args;
use super::calls::Told;
use super::destination::Destination;
use super::reason;
use super::session::{Attempt, Session};
use super::sign_up::{destination, watch_inbox, write_in_capitals};
use super::state::sign_in;
use crate::cognito::{CodeDelivery, CognitoError};
use crate::diagnosis::Trouble;
use crate::record::Failure;

pub(super) async fn asks_for_another(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let answer = resend(attempt, name).await?;
    must_be_accepted(attempt, name, answer)
}

pub(super) async fn asks_for_more(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, count, attempt) = (args.user()?, args.count()?, session.attempt()?);
    for _ in 0..count {
        let answer = resend(attempt, name).await?;
        must_be_accepted(attempt, name, answer)?;
    }
    Ok(())
}

pub(super) async fn tries_another(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let answer = resend(attempt, name).await?;
    attempt.expected(name, Trouble::Missing);
    attempt.expect_refusal(answer)
}

pub(super) async fn tries_another_in_capitals(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    write_in_capitals(attempt, name)?;
    let answer = resend(attempt, name).await?;
    attempt.expected(name, Trouble::Missing);
    attempt.expect_refusal(answer)
}

pub(super) async fn forgets_password(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let answer = forgot_password(attempt, name).await?;
    must_be_accepted(attempt, name, answer)
}

pub(super) async fn tries_forgotten(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let answer = forgot_password(attempt, name).await?;
    attempt.expected(name, Trouble::Missing);
    attempt.expect_refusal(answer)
}

pub(super) async fn changes_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, other, attempt) = (args.user()?, args.other()?, s.attempt()?);
    let address = attempt.person(other)?.address.clone();
    let access = sign_in(attempt, name).await?;
    let username = attempt.person(name)?.username();
    watch_inbox(attempt, name, "UpdateUserAttributes").await?;
    let cognito = attempt.cognito();
    let request = cognito.change_address(&access, &address);
    let answer = attempt.call(Some(&username), request, told).await;
    must_be_accepted(attempt, name, answer)
}

/// Has the code of a sign-up sent again.
async fn resend(
    attempt: &mut Attempt,
    name: &str,
) -> Result<Result<Option<CodeDelivery>, CognitoError>, Failure> {
    let client = attempt.client()?;
    let username = attempt.person(name)?.username();
    watch_inbox(attempt, name, "ResendConfirmationCode").await?;
    let cognito = attempt.cognito();
    let request = cognito.resend_confirmation_code(&client, &username);
    Ok(attempt.call(Some(&username), request, told).await)
}

/// Has a code sent for a new password.
async fn forgot_password(
    attempt: &mut Attempt,
    name: &str,
) -> Result<Result<Option<CodeDelivery>, CognitoError>, Failure> {
    let client = attempt.client()?;
    let username = attempt.person(name)?.username();
    watch_inbox(attempt, name, "ForgotPassword").await?;
    let cognito = attempt.cognito();
    let request = cognito.forgot_password(&client, &username);
    Ok(attempt.call(Some(&username), request, told).await)
}

/// What matters of an answer that names where a code goes.
#[expect(clippy::ref_option, reason = "the shape of what `call` tells")]
pub(super) fn told(delivery: &Option<CodeDelivery>) -> Told {
    Told {
        delivery: delivery.clone(),
        ..Told::from(destination(delivery.as_ref()))
    }
}

/// Takes the answer to a request that sends a code, which must not be refused.
pub(super) fn must_be_accepted(
    attempt: &mut Attempt,
    name: &str,
    answer: Result<Option<CodeDelivery>, CognitoError>,
) -> Result<(), Failure> {
    match answer {
        Ok(delivery) => {
            attempt.destination = Destination::of(delivery);
            Ok(())
        }
        Err(error) => {
            attempt.leave_unexplained(name, Trouble::Missing);
            Err(reason::unwanted(&error))
        }
    }
}
