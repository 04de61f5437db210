//! Steps about attributes: what a pool asks for, what a person gives, and how it changes.

use super::args::Args;
use super::codes::{must_be_accepted, told};
use super::people::{fresh_address, introduce, own_name};
use super::pools::make_as;
use super::reason;
use super::session::{Attempt, Session};
use super::sign_up::watch_inbox;
use super::state::{look_up, sign_in};
use crate::cognito::{CodeDelivery, CognitoError, PoolDesign, SchemaAttribute, Usernames};
use crate::diagnosis::Trouble;
use crate::model::{ConfirmationCode, EmailAddress};
use crate::record::Failure;

pub(super) async fn pool_requires(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    make_pool(s.attempt()?, SchemaAttribute::required(args.quoted()?)).await
}

pub(super) async fn pool_with_custom(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let custom = SchemaAttribute::custom(args.quoted()?).at_most(args.count()?);
    make_pool(s.attempt()?, custom).await
}

pub(super) async fn pool_with_immutable(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let custom = SchemaAttribute::custom(args.quoted()?).immutable();
    make_pool(s.attempt()?, custom).await
}

async fn make_pool(attempt: &mut Attempt, attribute: SchemaAttribute) -> Result<(), Failure> {
    let design = PoolDesign::default();
    make_as(attempt, false, Usernames::Any, vec![attribute], design).await
}

pub(super) async fn new_user_with(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attribute, value) = (args.user()?, args.quoted()?, args.value()?);
    let attempt = session.attempt()?;
    let address = fresh_address(attempt, name)?;
    introduce(attempt, name, address)?;
    let value = value_of(attempt, attribute, value);
    let person = attempt.person(name)?;
    person.attributes.insert(attribute.into(), value);
    Ok(())
}

pub(super) async fn gives(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attribute, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let value = value_of(attempt, attribute, args.value()?);
    let person = attempt.person(name)?;
    person.attributes.insert(attribute.into(), value);
    Ok(())
}

/// The value of an attribute, as the pool gets it: names by which users sign in are each user's alone.
fn value_of(attempt: &Attempt, attribute: &str, value: &str) -> String {
    if attribute == "preferred_username" {
        own_name(attempt, value)
    } else {
        value.to_owned()
    }
}

pub(super) async fn changes(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attribute, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let value = value_of(attempt, attribute, args.value()?);
    let answer = update(attempt, name, attribute, &value).await?;
    answer.map(drop).map_err(|error| reason::unwanted(&error))
}

pub(super) async fn tries_to_change(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attribute, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let value = value_of(attempt, attribute, args.value()?);
    let answer = update(attempt, name, attribute, &value).await?;
    attempt.expect_refusal(answer)
}

pub(super) async fn tries_to_change_to_many(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attribute, chars) = (args.user()?, args.quoted()?, args.chars()?);
    let value = "x".repeat(chars);
    let attempt = session.attempt()?;
    let answer = update(attempt, name, attribute, &value).await?;
    attempt.expect_refusal(answer)
}

pub(super) async fn takes_away(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attribute, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let access = sign_in(attempt, name).await?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.delete_attribute(&access, attribute);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    answer.await.map_err(|error| reason::unwanted(&error))
}

pub(super) async fn administrator_changes(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attribute, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let value = value_of(attempt, attribute, args.value()?);
    let answer = administer(attempt, name, &[(attribute, &value)]).await?;
    answer.map_err(|error| reason::unwanted(&error))
}

pub(super) async fn administrator_tries(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attribute, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let value = value_of(attempt, attribute, args.value()?);
    let answer = administer(attempt, name, &[(attribute, &value)]).await?;
    attempt.expect_refusal(answer)
}

pub(super) async fn administrator_verifies(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let verified = [("email_verified", "true")];
    let answer = administer(session.attempt()?, args.user()?, &verified).await?;
    answer.map_err(|error| reason::unwanted(&error))
}

pub(super) async fn has_value(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attribute, attempt) = (args.user()?, args.quoted()?, session.attempt()?);
    let expected = value_of(attempt, attribute, args.value()?);
    let user = look_up(attempt, name).await?;
    match user.attribute(attribute) {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(Failure::failed(format!(
            "{attribute} of {name} is {found:?}, not {expected:?}"
        ))),
        None => Err(Failure::failed(format!(
            "{name} has no {attribute}; expected {expected:?}"
        ))),
    }
}

pub(super) async fn has_none(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attribute) = (args.user()?, args.quoted()?);
    let user = look_up(session.attempt()?, name).await?;
    match user.attribute(attribute) {
        None => Ok(()),
        Some(found) => Err(Failure::failed(format!(
            "{name} has the {attribute} {found:?}"
        ))),
    }
}

pub(super) async fn changes_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let access = sign_in(attempt, name).await?;
    let (username, address) = move_to_new_address(attempt, name)?;
    watch_inbox(attempt, name, "UpdateUserAttributes").await?;
    let cognito = attempt.cognito();
    let request = cognito.change_address(&access, &address);
    let answer = attempt.call(Some(&username), request, told).await;
    must_be_accepted(attempt, name, answer)
}

pub(super) async fn administrator_changes_address(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let (_, address) = move_to_new_address(attempt, name)?;
    watch_inbox(attempt, name, "AdminUpdateUserAttributes").await?;
    let answer = administer(attempt, name, &[("email", address.as_str())]).await?;
    answer.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::Missing);
        reason::unwanted(&error)
    })
}

pub(super) async fn asks_for_address_code(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let access = sign_in(attempt, name).await?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    watch_inbox(attempt, name, "GetUserAttributeVerificationCode").await?;
    let cognito = attempt.cognito();
    let request = cognito.address_verification_code(&access);
    let answer = attempt.call(Some(&username), request, told).await;
    must_be_accepted(attempt, name, answer)
}

pub(super) async fn verifies_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let code = attempt.person(name)?.latest_mail(name)?.code.clone();
    let answer = verify(attempt, name, &code).await?;
    answer.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::CodeRefused);
        reason::unwanted(&error)
    })
}

pub(super) async fn tries_to_verify_wrongly(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let code = attempt.person(name)?.latest_mail(name)?.code.altered();
    let answer = verify(attempt, name, &code).await?;
    attempt.expected(name, Trouble::CodeRefused);
    attempt.expect_refusal(answer)
}

pub(super) async fn has_new_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let expected = attempt.person(name)?.address.clone();
    has_address(attempt, name, &expected).await
}

pub(super) async fn has_old_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let former = attempt.person(name)?.former_addresses.last().cloned();
    let former = former.ok_or_else(|| {
        let before =
            format!("write before it: When {name} changes the e-mail address to a new one");
        Failure::broken(format!("{name} has had one address only")).help(before)
    })?;
    has_address(attempt, name, &former).await
}

async fn has_address(
    attempt: &mut Attempt,
    name: &str,
    expected: &EmailAddress,
) -> Result<(), Failure> {
    let user = look_up(attempt, name).await?;
    let found = user.attribute("email").unwrap_or("absent");
    if found == expected.as_str() {
        return Ok(());
    }
    let text = format!("the e-mail address of {name} is {found}, not {expected}");
    Err(Failure::failed(text))
}

/// Gives a person a fresh address, at which the next mails are awaited; answers the username, which
/// stays, and the address.
fn move_to_new_address(
    attempt: &mut Attempt,
    name: &str,
) -> Result<(String, EmailAddress), Failure> {
    let moves = attempt.person(name)?.former_addresses.len() + 1;
    let address = fresh_address(attempt, &format!("{name} moved {moves}"))?;
    let person = attempt.person(name)?;
    let username = person.account(name)?.username.clone();
    person.own_username = Some(username.clone());
    let former = std::mem::replace(&mut person.address, address.clone());
    person.former_addresses.push(former);
    Ok((username, address))
}

async fn update(
    attempt: &mut Attempt,
    name: &str,
    attribute: &str,
    value: &str,
) -> Result<Result<Option<CodeDelivery>, CognitoError>, Failure> {
    let access = sign_in(attempt, name).await?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.update_attribute(&access, attribute, value);
    Ok(attempt.call(Some(&username), request, told).await)
}

async fn administer(
    attempt: &mut Attempt,
    name: &str,
    changes: &[(&str, &str)],
) -> Result<Result<(), CognitoError>, Failure> {
    let pool = attempt.pool()?.id.clone();
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.admin_update_attributes(&pool, &username, changes);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    Ok(answer.await)
}

async fn verify(
    attempt: &mut Attempt,
    name: &str,
    code: &ConfirmationCode,
) -> Result<Result<(), CognitoError>, Failure> {
    let access = sign_in(attempt, name).await?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.verify_address(&access, code);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    Ok(answer.await)
}
