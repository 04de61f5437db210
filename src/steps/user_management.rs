//! Steps by which an administrator looks after users, and settings of the pool about them.

use super::args::Args;
use super::pools::change;
use super::reason;
use super::session::{Attempt, Session};
use super::state::look_up;
use crate::cognito::{CognitoError, PasswordRules, PoolDesign, User, UserFilter};
use crate::record::Failure;

pub(super) async fn disables(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let pool = attempt.pool()?.id.clone();
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.admin_disable_user(&pool, &username);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    answer.await.map_err(|error| reason::unwanted(&error))
}

pub(super) async fn enables(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let pool = attempt.pool()?.id.clone();
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.admin_enable_user(&pool, &username);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    answer.await.map_err(|error| reason::unwanted(&error))
}

pub(super) async fn is_disabled(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    is_enabled_as(session.attempt()?, args.user()?, false).await
}

pub(super) async fn is_enabled(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    is_enabled_as(session.attempt()?, args.user()?, true).await
}

async fn is_enabled_as(attempt: &mut Attempt, name: &str, expected: bool) -> Result<(), Failure> {
    let user = look_up(attempt, name).await?;
    if user.enabled == Some(expected) {
        return Ok(());
    }
    let found = if expected { "disabled" } else { "enabled" };
    Err(Failure::failed(format!("{name} is {found}")))
}

pub(super) async fn found_by_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let sub = attempt.person(name)?.account(name)?.sub.clone();
    let users = by_address(attempt, name).await?;
    if users.iter().any(|user| user.sub().as_ref() == Some(&sub)) {
        return Ok(());
    }
    let text = format!(
        "a search for the address of {name} finds {} others",
        users.len()
    );
    Err(Failure::failed(text))
}

pub(super) async fn not_found_by_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let users = by_address(attempt, name).await?;
    if users.is_empty() {
        return Ok(());
    }
    let text = format!("a search for the address of {name} finds {}", users.len());
    Err(Failure::failed(text))
}

pub(super) async fn found_by_value(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let filter = UserFilter::is(args.quoted()?, args.value()?);
    finds(session.attempt()?, &filter, args.count()?).await
}

pub(super) async fn found_by_beginning(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let filter = UserFilter::begins_with(args.quoted()?, args.value()?);
    finds(s.attempt()?, &filter, args.count()?).await
}

async fn finds(attempt: &mut Attempt, filter: &UserFilter, expected: u32) -> Result<(), Failure> {
    let found = search(attempt, filter).await?.len();
    if u32::try_from(found) == Ok(expected) {
        return Ok(());
    }
    let text = format!("the search {filter} finds {found} users, not {expected}");
    Err(Failure::failed(text))
}

async fn by_address(attempt: &mut Attempt, name: &str) -> Result<Vec<User>, Failure> {
    let address = attempt.person(name)?.address.to_string();
    search(attempt, &UserFilter::is("email", address)).await
}

async fn search(attempt: &mut Attempt, filter: &UserFilter) -> Result<Vec<User>, Failure> {
    let pool = attempt.pool()?.id.clone();
    let cognito = attempt.cognito();
    let request = cognito.list_users(&pool, filter);
    let answer = attempt.call(None, request, |users| format!("{} users", users.len()));
    answer.await.map_err(|error| reason::unwanted(&error))
}

pub(super) async fn refusal_says(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let expected = args.quoted()?;
    match &session.attempt()?.refusal {
        Some(CognitoError::Refused { message, .. }) if message.contains(expected) => Ok(()),
        Some(error) => {
            let failure = Failure::failed(format!("the refusal does not say {expected:?}"));
            Err(failure.seen(error.to_string()))
        }
        None => Err(Failure::failed(
            "the latest request that was tried was not refused",
        )),
    }
}

pub(super) async fn password_length(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let chars = i32::try_from(args.count()?).unwrap_or(i32::MAX);
    let change = change(s.attempt()?, |design: &mut PoolDesign| {
        design.passwords.chars_min = chars;
    });
    change.await
}

/// `PasswordPolicy` as Cognito has it where nobody sets one.
pub(super) async fn usual_passwords(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let change = change(session.attempt()?, |design| {
        design.passwords = PasswordRules {
            temporary_days: design.passwords.temporary_days,
            ..PasswordRules::default()
        };
    });
    change.await
}

pub(super) async fn no_symbols(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let change = change(session.attempt()?, |design| {
        design.passwords.symbols = false;
    });
    change.await
}

pub(super) async fn temporary_days(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let days = i32::try_from(args.count()?).unwrap_or(i32::MAX);
    let change = change(session.attempt()?, |design| {
        design.passwords.temporary_days = days;
    });
    change.await
}

pub(super) async fn recovery_by_mail(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let change = change(session.attempt()?, |design| {
        design.recovery_by_administrators = false;
    });
    change.await
}

pub(super) async fn recovery_by_administrators(
    session: &mut Session,
    _: &Args<'_>,
) -> Result<(), Failure> {
    let change = change(session.attempt()?, |design| {
        design.recovery_by_administrators = true;
    });
    change.await
}
