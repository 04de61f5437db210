//! Steps that look at a user, and at the answer to the latest request.

use std::collections::BTreeSet;

use super::args::Args;
use super::destination::Destination;
use super::reason;
use super::session::{Attempt, Session};
use super::sign_in::begin_sign_in;
use crate::cognito::{CognitoError, SignIn, User};
use crate::model::{EmailAddress, Secret};
use crate::record::Failure;

pub(super) async fn refused_with(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let expected = args.exception()?;
    match &session.attempt()?.refusal {
        Some(error) if error.is(expected) => Ok(()),
        Some(error) => Err(reason::unwanted(error).seen(format!("expected: {expected}"))),
        None => Err(Failure::failed(format!(
            "the latest request that was tried was not refused; expected {expected}"
        ))),
    }
}

pub(super) async fn phone_is_verified(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let name = args.user()?;
    let user = look_up(s.attempt()?, name).await?;
    match user.attribute("phone_number_verified") {
        Some("true") => Ok(()),
        found => Err(Failure::failed(format!(
            "phone_number_verified of {name} is {}, not true",
            found.unwrap_or("absent")
        ))),
    }
}

pub(super) async fn has_status(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, expected) = (args.user()?, args.status()?);
    let status = look_up(session.attempt()?, name).await?.status;
    if status.as_deref() == Some(expected) {
        return Ok(());
    }
    let found = status.as_deref().unwrap_or("without a status");
    Err(Failure::failed(format!(
        "{name} is {found}, not {expected}"
    )))
}

pub(super) async fn address_is_verified(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    verified(s, args.user()?, true).await
}

pub(super) async fn address_is_not_verified(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    verified(session, args.user()?, false).await
}

async fn verified(session: &mut Session, name: &str, expected: bool) -> Result<(), Failure> {
    let user = look_up(session.attempt()?, name).await?;
    let found = user.attribute("email_verified");
    if (found == Some("true")) == expected {
        return Ok(());
    }
    let found = found.unwrap_or("absent");
    let text = format!("email_verified of {name} is {found}, not {expected}");
    Err(Failure::failed(text))
}

pub(super) async fn does_not_exist(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    match admin_get_user(attempt, name).await? {
        Err(error) if error.is("UserNotFoundException") => Ok(()),
        Err(error) => Err(reason::unwanted(&error)),
        Ok(user) => {
            let status = user.status.unwrap_or_default();
            Err(Failure::failed(format!(
                "{name} is still in the pool, {status}"
            )))
        }
    }
}

pub(super) async fn can_sign_in(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let access = sign_in(attempt, name).await?;
    let cognito = attempt.cognito();
    let answer = attempt.call(None, cognito.user_of(&access), |user| user.username.clone());
    let user = answer.await.map_err(|error| reason::unwanted(&error))?;
    let account = attempt.person(name)?.account(name)?;
    if user.sub().as_ref() == Some(&account.sub) {
        return Ok(());
    }
    Err(Failure::failed(format!(
        "the token of {name} belongs to another user"
    )))
}

pub(super) async fn accounts_differ(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let name = args.user()?;
    let accounts = &session.attempt()?.person(name)?.accounts;
    let different: BTreeSet<_> = accounts.iter().map(|account| &account.sub).collect();
    match accounts.len() {
        0 | 1 => Err(Failure::broken(format!("{name} has not signed up twice"))),
        count if count == different.len() => Ok(()),
        _ => Err(Failure::failed(format!(
            "two accounts of {name} have the same sub"
        ))),
    }
}

pub(super) async fn destination_is_masked(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let expected = masked(&attempt.person(name)?.address);
    let delivery = match &attempt.destination {
        Destination::Named(delivery) => delivery,
        Destination::Lost => {
            let text = "where the code goes is not known: the answer that names it was lost";
            return Err(Failure::broken(text).help("run the scenario again"));
        }
        Destination::Nowhere | Destination::Unsaid => {
            let text = "the service named no destination for the code";
            return Err(Failure::failed(text));
        }
    };
    if (delivery.medium.as_str(), &delivery.destination) == ("EMAIL", &expected) {
        return Ok(());
    }
    let found = format!("{} to {}", delivery.medium, delivery.destination);
    Err(Failure::failed(format!(
        "the service sends the code by {found}, not EMAIL to {expected}"
    )))
}

/// Signs a person in and answers the access token.
pub(super) async fn sign_in(attempt: &mut Attempt, name: &str) -> Result<Secret<String>, Failure> {
    let client = attempt.client()?;
    let person = attempt.person(name)?;
    let (username, password) = (
        person.account(name)?.username.clone(),
        person.password.clone(),
    );
    let answer = begin_sign_in(attempt, &client, &username, &password).await?;
    match answer.map_err(|error| reason::unwanted(&error))? {
        SignIn::Tokens(tokens) => Ok(tokens.access),
        SignIn::Challenge(challenge) => Err(Failure::failed(format!(
            "{name} got the challenge {} instead of tokens",
            challenge.name
        ))),
    }
}

pub(super) async fn look_up(attempt: &mut Attempt, name: &str) -> Result<User, Failure> {
    let answer = admin_get_user(attempt, name).await?;
    answer.map_err(|error| reason::unwanted(&error))
}

async fn admin_get_user(
    attempt: &mut Attempt,
    name: &str,
) -> Result<Result<User, CognitoError>, Failure> {
    let pool = attempt.pool()?.id.clone();
    let person = attempt.person(name)?;
    let account = person.account(name)?;
    let (username, known_as) = (
        account.username.clone(),
        person.known_as(account).to_owned(),
    );
    let cognito = attempt.cognito();
    let request = cognito.admin_get_user(&pool, &known_as);
    let answer = attempt.call(Some(&username), request, |user| {
        user.status.clone().unwrap_or_default()
    });
    Ok(answer.await)
}

/// First letter of the local part, first letter of the domain, three stars each (COGNITO.md 2.6).
fn masked(address: &EmailAddress) -> String {
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    format!(
        "{}***@{}***",
        first(address.local_part()),
        first(address.domain())
    )
}
