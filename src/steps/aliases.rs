//! Steps about names by which users sign in beside their username.

use super::args::Args;
use super::people::{introduce, own_name};
use super::pools::make_as;
use super::reason;
use super::session::{Attempt, Session};
use super::sign_in::begin_sign_in;
use crate::cognito::{PoolDesign, SignIn, Usernames};
use crate::diagnosis::Trouble;
use crate::record::Failure;

pub(super) async fn preferred_usernames(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let design = PoolDesign::default();
    let usernames = Usernames::PreferredAlias;
    make_as(s.attempt()?, false, usernames, Vec::new(), design).await
}

pub(super) async fn same_address(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, other, username) = (args.user()?, args.other()?, args.quoted()?);
    let attempt = session.attempt()?;
    let address = attempt.person(other)?.address.clone();
    let username = own_name(attempt, username);
    introduce(attempt, name, address)?;
    attempt.person(name)?.own_username = Some(username);
    Ok(())
}

pub(super) async fn confirms_taking(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let code = attempt.person(name)?.latest_mail(name)?.code.clone();
    let client = attempt.client()?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.confirm_sign_up_taking_alias(&client, &username, &code);
    let answer = attempt.call(Some(&username), request, |()| String::new());
    answer.await.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::CodeRefused);
        reason::unwanted(&error)
    })
}

pub(super) async fn signs_in_by_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let alias = attempt.person(name)?.address.to_string();
    signs_in_by(attempt, name, &alias).await
}

pub(super) async fn signs_in_by_name(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let alias = own_name(attempt, args.quoted()?);
    signs_in_by(attempt, name, &alias).await
}

pub(super) async fn refused_by_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let alias = attempt.person(name)?.address.to_string();
    let password = attempt.person(name)?.password.clone();
    let client = attempt.client()?;
    match begin_sign_in(attempt, &client, &alias, &password).await? {
        Err(error) if error.is("NotAuthorizedException") => Ok(()),
        // The address is nobody's, and the app client says so.
        Err(error) if error.is("UserNotFoundException") => Ok(()),
        Err(error) => Err(reason::unwanted(&error)),
        Ok(_) => Err(Failure::failed(format!(
            "{name} can sign in with the e-mail address"
        ))),
    }
}

async fn signs_in_by(attempt: &mut Attempt, name: &str, alias: &str) -> Result<(), Failure> {
    let password = attempt.person(name)?.password.clone();
    let client = attempt.client()?;
    let answer = begin_sign_in(attempt, &client, alias, &password).await?;
    let access = match answer.map_err(|error| reason::unwanted(&error))? {
        SignIn::Tokens(tokens) => tokens.access,
        SignIn::Challenge(challenge) => {
            let text = format!(
                "{name} got the challenge {} instead of tokens",
                challenge.name
            );
            return Err(Failure::failed(text));
        }
    };
    let cognito = attempt.cognito();
    let answer = attempt.call(None, cognito.user_of(&access), |user| user.username.clone());
    let user = answer.await.map_err(|error| reason::unwanted(&error))?;
    if user.sub().as_ref() == Some(&attempt.person(name)?.account(name)?.sub) {
        return Ok(());
    }
    Err(Failure::failed(format!(
        "{alias} leads to another user than {name}"
    )))
}
