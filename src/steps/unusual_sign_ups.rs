//! Sign-ups that differ from the usual one, most of them by a mistake.

use super::args::Args;
use super::people::own_name;
use super::pools::make_client;
use super::reason;
use super::session::Session;
use super::sign_up::{Manner, must_in, request_sign_up, try_in};
use crate::cognito::{AppClient, NewAppClient};
use crate::diagnosis::Trouble;
use crate::model::Secret;
use crate::record::Failure;

pub(super) async fn without_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let attempt = s.attempt()?;
    // Where the username is the address, the pool has it all the same.
    attempt.presume(|facts| facts.pool.names.address_alone = false)?;
    attempt.check_premises()?;
    let manner = Manner {
        without_address: true,
        ..Manner::default()
    };
    must_in(attempt, args.user()?, manner).await
}

pub(super) async fn tries_with_password(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let manner = Manner {
        password: Some(Secret::new(args.quoted()?.to_owned())),
        ..Manner::default()
    };
    try_in(s.attempt()?, args.user()?, manner).await
}

pub(super) async fn tries_with_wrong_secret(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let client = AppClient {
        secret: Some(Secret::new("not-the-secret".to_owned())),
        ..attempt.client()?
    };
    let manner = Manner {
        client: Some(client),
        ..Manner::default()
    };
    try_in(attempt, args.user()?, manner).await
}

pub(super) async fn tries_without_secret(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let attempt = s.attempt()?;
    let client = AppClient {
        secret: None,
        ..attempt.client()?
    };
    let manner = Manner {
        client: Some(client),
        ..Manner::default()
    };
    try_in(attempt, args.user()?, manner).await
}

pub(super) async fn tries_through_deleted_client(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let pool = attempt.pool()?.id.clone();
    let client = make_client(attempt, &NewAppClient::named("deleted")).await?;
    let cognito = attempt.cognito();
    let deleted = cognito.delete_app_client(&pool, &client.id);
    let deleted = attempt.call(None, deleted, |()| String::new()).await;
    deleted.map_err(|error| reason::unwanted(&error))?;
    let manner = Manner {
        client: Some(client),
        ..Manner::default()
    };
    try_in(attempt, args.user()?, manner).await
}

pub(super) async fn under_another_name(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let username = own_name(attempt, args.quoted()?);
    attempt.person(name)?.own_username = Some(username);
    must_in(attempt, name, Manner::default()).await
}

pub(super) async fn tries_under_another_name(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let (name, username) = (args.user()?, own_name(attempt, args.quoted()?));
    attempt.person(name)?.own_username = Some(username);
    try_in(attempt, name, Manner::default()).await
}

pub(super) async fn in_other_pool(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let other = attempt.other_pool()?;
    let manner = Manner {
        client: Some(other.client()?),
        pool: Some(other.id.clone()),
        ..Manner::default()
    };
    must_in(attempt, args.user()?, manner).await
}

pub(super) async fn hidden_by_application(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let manner = Manner {
        password: Some(Secret::new(args.quoted()?.to_owned())),
        hidden: true,
        ..Manner::default()
    };
    let answer = request_sign_up(attempt, name, manner).await?;
    attempt.expected(name, Trouble::Missing);
    if let Some(waiting) = attempt.person(name)?.waiting.as_mut() {
        waiting.answer_hidden = true;
    }
    // That it was refused is what nobody is told; no answer at all is another story.
    attempt.expect_refusal(answer)
}
