//! Steps about users whom an administrator makes: their invitations and temporary passwords.

use std::time::Duration;

use tokio::time::Instant;

use super::args::Args;
use super::calls::Told;
use super::destination::Destination;
use super::found;
use super::late::record_duplicates;
use super::lost_answers::{Found, Sending};
use super::mail_checks::LatestMail;
use super::mail_facts::{self, TemplateUse};
use super::mails::{arrived, no_request, report_missing, say_waiting, subject_line};
use super::passwords::try_sign_in;
use super::reason;
use super::session::{Attempt, Session};
use super::sign_in::begin_sign_in;
use super::sign_up::{note_account, watch_inbox, write_intent};
use crate::cognito::{Challenge, CognitoError, Invitation, SignIn};
use crate::diagnosis::Trouble;
use crate::inbox::Arrival;
use crate::mail::{Delivery, Extraction, Message, temporary_password};
use crate::model::Secret;
use crate::record::Failure;

/// Cognito's own text of an invitation (COGNITO.md 5.1).
const COGNITOS_INVITATION: &str = "Your username is {username} and temporary password is {####}.";
/// What to do about an invitation that cannot be read.
const COMPARE_INVITATION: &str =
    "compare the mail with the pool's invitation; a custom message function may change it";
/// What the service asks of a user whose password is temporary.
const NEW_PASSWORD_REQUIRED: &str = "NEW_PASSWORD_REQUIRED";

pub(super) async fn invites_verified(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let verified = ("email_verified".to_owned(), "true".to_owned());
    attempt.person(name)?.attributes.extend([verified]);
    create(attempt, name).await?.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::Missing);
        reason::unwanted(&error)
    })
}

pub(super) async fn tries_to_invite(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let answer = create(attempt, name).await?;
    attempt.expected(name, Trouble::Missing);
    attempt.expect_refusal(answer)
}

pub(super) async fn invites_again(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let answer = resend(attempt, name).await?;
    answer.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::Missing);
        reason::unwanted(&error)
    })
}

pub(super) async fn tries_to_invite_again(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let answer = resend(attempt, name).await?;
    attempt.expected(name, Trouble::Missing);
    attempt.expect_refusal(answer)
}

pub(super) async fn receives(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, time, attempt) = (args.user()?, args.seconds()?, session.attempt()?);
    let template = attempt.pool()?.design.invitation.clone();
    let (arrival, message) = await_mail(attempt, name, time).await?;
    let template = template.as_deref().unwrap_or(COGNITOS_INVITATION);
    let password = temporary_password(&message, template);
    if let Some(password) = &password {
        let recorder = attempt.setting.recorder.run();
        recorder.hide(password, "temporary password");
    }
    report(attempt, name, &arrival, &message, password.is_some())?;
    let Some(password) = password else {
        attempt.leave_unexplained(name, Trouble::NoCode);
        let text = "a mail came, but no temporary password could be read from it";
        return Err(Failure::failed(text)
            .seen(subject_line(&message))
            .help(COMPARE_INVITATION));
    };
    attempt.person(name)?.temporary_passwords.push(password);
    Ok(())
}

pub(super) async fn chooses_password(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let (username, challenge) = challenged(attempt, name).await?;
    let client = attempt.client()?;
    let chosen = attempt.person(name)?.password.clone();
    let cognito = attempt.cognito();
    let request = cognito.choose_first_password(&client, &username, &challenge, &chosen);
    let answer = attempt.sign_in_call(&username, request).await;
    match answer.map_err(|error| reason::unwanted(&error))? {
        SignIn::Tokens(_) => Ok(()),
        SignIn::Challenge(next) => Err(unexpected(name, &next)),
    }
}

pub(super) async fn tries_password(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, text, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let (username, challenge) = challenged(attempt, name).await?;
    let client = attempt.client()?;
    let cognito = attempt.cognito();
    let chosen = Secret::new(text.to_owned());
    let request = cognito.choose_first_password(&client, &username, &challenge, &chosen);
    let answer = attempt.sign_in_call(&username, request).await;
    attempt.expect_refusal(answer)
}

pub(super) async fn tries_temporary(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let password = latest_password(attempt, name)?;
    try_sign_in(attempt, name, &password).await
}

pub(super) async fn tries_first_temporary(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let first = attempt.person(name)?.temporary_passwords.first().cloned();
    let first = first.ok_or_else(|| no_temporary_password(name))?;
    try_sign_in(attempt, name, &first).await
}

pub(super) async fn must_choose(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    challenged(session.attempt()?, args.user()?).await.map(drop)
}

/// Signs in with the latest temporary password, which must lead to the demand for another one.
async fn challenged(attempt: &mut Attempt, name: &str) -> Result<(String, Challenge), Failure> {
    let password = latest_password(attempt, name)?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    let client = attempt.client()?;
    let answer = begin_sign_in(attempt, &client, &username, &password).await?;
    match answer.map_err(|error| reason::unwanted(&error))? {
        SignIn::Challenge(challenge) if challenge.name == NEW_PASSWORD_REQUIRED => {
            Ok((username, challenge))
        }
        SignIn::Challenge(other) => Err(unexpected(name, &other)),
        SignIn::Tokens(_) => Err(Failure::failed(format!(
            "{name} is signed in with the temporary password, and not asked for another"
        ))),
    }
}

fn latest_password(attempt: &mut Attempt, name: &str) -> Result<Secret<String>, Failure> {
    let latest = attempt.person(name)?.temporary_passwords.last().cloned();
    latest.ok_or_else(|| no_temporary_password(name))
}

fn no_temporary_password(name: &str) -> Failure {
    Failure::broken(format!("{name} has no temporary password in this scenario")).help(format!(
        "write before it: Then {name} receives an invitation within 60 seconds"
    ))
}

fn unexpected(name: &str, challenge: &Challenge) -> Failure {
    let text = format!("{name} got the unexpected challenge {}", challenge.name);
    Failure::failed(text).help("see the MFA settings of the pool")
}

async fn create(attempt: &mut Attempt, name: &str) -> Result<Result<(), CognitoError>, Failure> {
    request_user(attempt, name, Invitation::Mail).await
}

/// The inbox's position, the ledger's row, then the request.
pub(super) async fn request_user(
    attempt: &mut Attempt,
    name: &str,
    invitation: Invitation,
) -> Result<Result<(), CognitoError>, Failure> {
    let pool = attempt.pool()?.id.clone();
    attempt.may_sign_up()?;
    // The inbox is watched last: the wait for a turn is no part of a delivery.
    attempt.sign_up_turn().await?;
    watch_inbox(attempt, name, "AdminCreateUser").await?;
    let row = write_intent(attempt, name, &pool)?;
    let user = attempt.person(name)?.as_new_user(true);
    let mut sending = Sending::new(attempt, &pool, &user.username);
    let answer = loop {
        let cognito = attempt.cognito();
        let request = cognito.admin_create_user(&pool, &user, invitation);
        let answer = attempt.call(Some(&user.username), request, |made| Told {
            sub: made.sub(),
            asked_for_mail: Some(invitation == Invitation::Mail),
            ..Told::from(made.status.clone().unwrap_or_default())
        });
        let error = match answer.await {
            Ok(made) => break Ok(made),
            Err(error) => error,
        };
        match attempt.look_after(&mut sending, &error).await? {
            Found::There(user) => {
                attempt.destination = Destination::Lost;
                break Ok(*user);
            }
            Found::Absent => {}
            Found::Unclear => break Err(error),
        }
    };
    match answer {
        Ok(made) => {
            let sub = made.sub().ok_or_else(|| {
                let text = "AdminCreateUser named no sub, so the user could not be deleted safely";
                Failure::broken(text)
            })?;
            note_account(attempt, name, &user.username, row, sub).map(Ok)
        }
        Err(error) => {
            attempt.note_refusal(row, &sending, &error)?;
            Ok(Err(error))
        }
    }
}

async fn resend(attempt: &mut Attempt, name: &str) -> Result<Result<(), CognitoError>, Failure> {
    let pool = attempt.pool()?.id.clone();
    let username = attempt.person(name)?.account(name)?.username.clone();
    watch_inbox(attempt, name, "AdminCreateUser").await?;
    let cognito = attempt.cognito();
    let request = cognito.resend_invitation(&pool, &username);
    let answer = attempt.call(Some(&username), request, |()| Told {
        asked_for_mail: Some(true),
        ..Told::from(String::new())
    });
    Ok(answer.await)
}

/// Waits for the mail of the latest request.
async fn await_mail(
    attempt: &mut Attempt,
    name: &str,
    time: Duration,
) -> Result<(Arrival, Message), Failure> {
    say_waiting(attempt, &format!("an invitation to {name}"), time);
    let recorder = attempt.setting.recorder.clone();
    let waiting = attempt.person(name)?.waiting.as_mut();
    let waiting = waiting.ok_or_else(|| no_request(name))?;
    let request = waiting.request;
    let came = waiting.watch.next(Instant::now() + time).await;
    record_duplicates(&mut waiting.watch, &recorder);
    match came {
        Ok(arrival) => {
            let message = Message::parse(&arrival.raw);
            Ok((arrival, message))
        }
        Err(missing) => {
            waiting.missed = true;
            attempt.leave_unexplained(name, Trouble::Missing);
            Err(report_missing(attempt, request, &missing))
        }
    }
}

/// Records the mail, without its password.
fn report(
    attempt: &mut Attempt,
    name: &str,
    arrival: &Arrival,
    message: &Message,
    readable: bool,
) -> Result<(), Failure> {
    let person = attempt.person(name)?;
    let requested = person.waiting.as_ref().map(|waiting| waiting.requested);
    let requested = requested.ok_or_else(|| no_request(name))?;
    person.note_found(found::received(arrival, message, &Extraction::None), None);
    let delivery = Delivery::parse(&arrival.raw);
    let receiver = attempt.setting.target.receiver.as_deref();
    let template = TemplateUse::Unknown;
    let facts = mail_facts::facts(arrival, &delivery, requested, receiver, &template);
    let took = arrival.received_at.duration_since(requested);
    let took = Duration::try_from(took).unwrap_or_default();
    attempt.latest_mail = Some(LatestMail {
        subject: message.subject().map(str::to_owned),
        text: message.readable_text(),
        delivery,
        template,
        took,
    });
    let found = if readable {
        "a temporary password"
    } else {
        "no temporary password"
    };
    let event = arrived(arrival, message, found, took, facts);
    attempt.setting.recorder.record(event);
    Ok(())
}
