//! Steps about a second factor at sign-in.

use super::account::{refused, surroundings};
use super::args::Args;
use super::reason;
use super::session::{Attempt, Session};
use super::sign_in::keep;
use crate::cognito::{Authenticator, CognitoError, SecondFactor, SecondFactorUse, SignIn};
use crate::control::Query;
use crate::model::{ConfirmationCode, Secret};
use crate::record::Failure;

pub(super) async fn optional(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    take(session.attempt()?, SecondFactorUse::Optional).await
}

pub(super) async fn required(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    take(session.attempt()?, SecondFactorUse::Required).await
}

pub(super) async fn sets_up_app(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let access = attempt.person(name)?.sign_in.tokens(name)?.access.clone();
    let cognito = attempt.cognito();
    let request = cognito.associate_software_token(&access);
    let secret = attempt.call(None, request, |_| String::new()).await;
    let secret = secret.map_err(|error| reason::unwanted(&error))?;
    let code = first_code(attempt, name, &secret)?;
    let request = cognito.verify_software_token(&access, &code);
    let verified = attempt.call(None, request, |()| String::new()).await;
    verified.map_err(|error| reason::unwanted(&error))?;
    prefer(attempt, name, SecondFactor::SoftwareToken).await
}

pub(super) async fn sets_up_app_to_sign_in(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    must_be_asked(attempt, name, "MFA_SETUP")?;
    let client = attempt.client()?;
    let person = attempt.person(name)?;
    let username = person.account(name)?.username.clone();
    let waiting = person.sign_in.challenge(name)?.session.clone();
    let cognito = attempt.cognito();
    let request = cognito.associate_software_token_to_sign_in(&waiting);
    let begun = attempt.call(Some(&username), request, |_| String::new());
    let begun = begun.await.map_err(|error| reason::unwanted(&error))?;
    attempt
        .setting
        .recorder
        .run()
        .hide(&begun.session, "session");
    let code = first_code(attempt, name, &begun.secret)?;
    let request = cognito.verify_software_token_to_sign_in(&begun.session, &code);
    let verified = attempt.call(Some(&username), request, |_| String::new());
    let verified = verified.await.map_err(|error| reason::unwanted(&error))?;
    attempt.setting.recorder.run().hide(&verified, "session");
    let request = cognito.finish_mfa_setup(&client, &username, &verified);
    let answered = attempt.sign_in_call(&username, request).await;
    let answered = answered.map_err(|error| reason::unwanted(&error))?;
    keep(attempt, name, answered)
}

pub(super) async fn wants_messages(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    prefer(attempt, name, SecondFactor::TextMessage).await
}

pub(super) async fn asked_for_app(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    must_be_asked(session.attempt()?, args.user()?, "SOFTWARE_TOKEN_MFA")
}

pub(super) async fn asked_for_message(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    must_be_asked(s.attempt()?, args.user()?, "SMS_MFA")
}

pub(super) async fn asked_to_set_up(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    must_be_asked(s.attempt()?, args.user()?, "MFA_SETUP")
}

pub(super) async fn answers_by_app(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let code = app_code(attempt, name)?;
    must_answer(attempt, name, &code).await
}

pub(super) async fn answers_by_message(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let code = message_code(attempt, name).await?;
    must_answer(attempt, name, &code).await
}

pub(super) async fn tries_wrong_code(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let app = attempt.person(name)?.sign_in.authenticator.clone();
    let right = match app {
        // The clone keeps the code for the right answer: the app shows none twice.
        Some(mut app) => app.next_code(attempt.server_now()),
        None => message_code(attempt, name).await?,
    };
    let answer = answer(attempt, name, &right.altered()).await?;
    attempt.expect_refusal(answer)
}

async fn take(attempt: &mut Attempt, used: SecondFactorUse) -> Result<(), Failure> {
    if attempt.presume(|facts| facts.pool.second_factors = Some(used))? {
        return Ok(());
    }
    attempt.pool_mut()?.second_factors = Some(used);
    restore(attempt).await
}

/// Sets what the pool takes for second factors once more: a change of its other settings resets it.
pub(super) async fn restore(attempt: &mut Attempt) -> Result<(), Failure> {
    let pool = attempt.pool()?;
    let (id, Some(used)) = (pool.id.clone(), pool.second_factors) else {
        return Ok(());
    };
    let cognito = attempt.cognito();
    let request = cognito.take_second_factors(&id, used);
    let taken = attempt.call(None, request, |()| String::new()).await;
    taken.map_err(|error| reason::unwanted(&error))
}

async fn prefer(attempt: &mut Attempt, name: &str, factor: SecondFactor) -> Result<(), Failure> {
    let access = attempt.person(name)?.sign_in.tokens(name)?.access.clone();
    let cognito = attempt.cognito();
    let request = cognito.prefer_second_factor(&access, factor);
    let preferred = attempt.call(None, request, |()| String::new()).await;
    preferred.map_err(|error| reason::unwanted(&error))
}

fn must_be_asked(attempt: &mut Attempt, name: &str, expected: &str) -> Result<(), Failure> {
    let state = &attempt.person(name)?.sign_in;
    match &state.challenge {
        Some(challenge) if challenge.name == expected => Ok(()),
        Some(challenge) => Err(Failure::failed(format!(
            "{name} is asked for {}, not {expected}",
            challenge.name
        ))),
        None if state.tokens.is_some() => Err(Failure::failed(format!(
            "{name} got tokens without being asked for {expected}"
        ))),
        None => state.challenge(name).map(drop),
    }
}

/// Gives the app its secret, and answers the first code that it shows.
fn first_code(
    attempt: &mut Attempt,
    name: &str,
    secret: &Secret<String>,
) -> Result<ConfirmationCode, Failure> {
    attempt.setting.recorder.run().hide(secret, "secret code");
    let app = Authenticator::new(secret);
    let app = app.map_err(|error| Failure::failed(error.to_string()))?;
    attempt.person(name)?.sign_in.authenticator = Some(app);
    app_code(attempt, name)
}

/// A code that the app shows now, by the server's clock.
fn app_code(attempt: &mut Attempt, name: &str) -> Result<ConfirmationCode, Failure> {
    let now = attempt.server_now();
    let app = attempt.person(name)?.sign_in.authenticator.as_mut();
    let app = app.ok_or_else(|| {
        Failure::broken(format!("{name} has no authenticator app")).help(format!(
            "write before it: When {name} sets up an authenticator app"
        ))
    })?;
    let code = app.next_code(now);
    attempt.setting.recorder.run().hide_code(&code);
    Ok(code)
}

/// The code of the latest text message to the person.
async fn message_code(attempt: &mut Attempt, name: &str) -> Result<ConfirmationCode, Failure> {
    let Some(number) = attempt.person(name)?.phone_number.clone() else {
        let text = format!("{name} has no phone number");
        return Err(Failure::broken(text).help(format!(
            "write in its place: Given a new user {name} with the phone number \"+15555550100\""
        )));
    };
    let control = &surroundings(attempt)?.control;
    let messages = control.sms(Query::to(number.clone()).latest()).await;
    let messages = messages.map_err(|error| refused(&error))?;
    let code = messages.last().and_then(|message| message.code.as_ref());
    let code = code.and_then(|code| code.parse::<ConfirmationCode>().ok());
    let code = code.ok_or_else(|| {
        Failure::failed(format!("no text message with a code was sent to {number}"))
    })?;
    attempt.setting.recorder.run().hide_code(&code);
    Ok(code)
}

async fn must_answer(
    attempt: &mut Attempt,
    name: &str,
    code: &ConfirmationCode,
) -> Result<(), Failure> {
    let answered = answer(attempt, name, code).await?;
    let answered = answered.map_err(|error| reason::unwanted(&error))?;
    keep(attempt, name, answered)
}

async fn answer(
    attempt: &mut Attempt,
    name: &str,
    code: &ConfirmationCode,
) -> Result<Result<SignIn, CognitoError>, Failure> {
    let client = attempt.client()?;
    let person = attempt.person(name)?;
    let username = person.account(name)?.username.clone();
    let challenge = person.sign_in.challenge(name)?.clone();
    let cognito = attempt.cognito();
    let request = cognito.answer_with_code(&client, &username, &challenge, code);
    Ok(attempt.sign_in_call(&username, request).await)
}
