//! Steps about the tokens of a person who is signed in.

use super::args::Args;
use super::reason;
use super::session::{Attempt, Session};
use super::sign_in::keep;
use crate::cognito::{Claims, CognitoError, SignIn};
use crate::model::Secret;
use crate::record::Failure;

pub(super) async fn id_token_has(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let token = attempt.person(name)?.sign_in.tokens(name)?.id.clone();
    must_have(&token, &format!("the id token of {name}"), args)
}

pub(super) async fn access_token_has(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let token = attempt.person(name)?.sign_in.tokens(name)?.access.clone();
    must_have(&token, &format!("the access token of {name}"), args)
}

pub(super) async fn id_token_names(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let person = attempt.person(name)?;
    let claims = claims(&person.sign_in.tokens(name)?.id)?;
    let sub = &person.account(name)?.sub;
    let (found, address) = (claims.text("sub"), claims.text("email"));
    if found.as_deref() != Some(sub.as_str()) {
        let text = format!("the id token of {name} is about {found:?}, not {sub}");
        return Err(Failure::failed(text));
    }
    if address.as_deref() != Some(person.address.as_str()) {
        let text = format!("the id token of {name} has the address {address:?}");
        return Err(Failure::failed(text));
    }
    Ok(())
}

pub(super) async fn renews(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let before = attempt.person(name)?.sign_in.tokens(name)?.access.clone();
    let answer = renew(attempt, name).await?;
    let answer = answer.map_err(|error| reason::unwanted(&error))?;
    keep(attempt, name, answer)?;
    if attempt.person(name)?.sign_in.tokens(name)?.access == before {
        let text = format!("the renewal brought {name} the same access token again");
        return Err(Failure::failed(text));
    }
    Ok(())
}

pub(super) async fn tries_to_renew(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let answer = renew(attempt, name).await?;
    attempt.expect_refusal(answer)
}

pub(super) async fn revokes(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let (client, refresh) = (attempt.client()?, refresh_token(attempt, name)?);
    let cognito = attempt.cognito();
    let request = cognito.revoke_token(&client, &refresh);
    let answer = attempt.call(None, request, |()| String::new()).await;
    answer.map_err(|error| reason::unwanted(&error))
}

pub(super) async fn signs_out(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let access = attempt.person(name)?.sign_in.tokens(name)?.access.clone();
    let cognito = attempt.cognito();
    let request = cognito.global_sign_out(&access);
    let answer = attempt.call(None, request, |()| String::new()).await;
    answer.map_err(|error| reason::unwanted(&error))
}

pub(super) async fn tries_access_token(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let access = attempt.person(name)?.sign_in.tokens(name)?.access.clone();
    let cognito = attempt.cognito();
    let asked = attempt.call(None, cognito.user_of(&access), |user| user.username.clone());
    let answer = asked.await;
    attempt.expect_refusal(answer)
}

async fn renew(attempt: &mut Attempt, name: &str) -> Result<Result<SignIn, CognitoError>, Failure> {
    let (client, refresh) = (attempt.client()?, refresh_token(attempt, name)?);
    let person = attempt.person(name)?;
    let stored = claims(&person.sign_in.tokens(name)?.id)?.text("cognito:username");
    let username = person.account(name)?.username.clone();
    let stored = stored.unwrap_or_else(|| username.clone());
    let cognito = attempt.cognito();
    let request = cognito.renew_tokens(&client, &stored, &refresh);
    Ok(attempt.sign_in_call(&username, request).await)
}

fn refresh_token(attempt: &mut Attempt, name: &str) -> Result<Secret<String>, Failure> {
    let tokens = attempt.person(name)?.sign_in.tokens(name)?;
    let refresh = tokens.refresh.clone();
    refresh.ok_or_else(|| Failure::failed(format!("the sign-in brought {name} no refresh token")))
}

fn must_have(token: &Secret<String>, whose: &str, args: &Args<'_>) -> Result<(), Failure> {
    let (claim, expected) = (args.value()?, args.quoted()?);
    match claims(token)?.text(claim) {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(Failure::failed(format!(
            "{whose} has {found:?} as {claim}, not {expected:?}"
        ))),
        None => Err(Failure::failed(format!("{whose} has no {claim}"))),
    }
}

fn claims(token: &Secret<String>) -> Result<Claims, Failure> {
    Claims::of(token).map_err(|error| Failure::failed(error.to_string()))
}
