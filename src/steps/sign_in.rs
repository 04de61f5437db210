//! Steps that sign a person in, as far as the password leads.

use super::args::Args;
use super::reason;
use super::session::{Attempt, Session};
use crate::cognito::{AppClient, Authenticator, Challenge, CognitoError, SignIn, Tokens};
use crate::model::Secret;
use crate::record::Failure;

/// How far a person's latest sign-in got, and what the person has for the next.
#[derive(Default)]
pub(super) struct SignInState {
    pub(super) tokens: Option<Tokens>,
    pub(super) challenge: Option<Challenge>,
    pub(super) authenticator: Option<Authenticator>,
}

impl SignInState {
    pub(super) fn tokens(&self, name: &str) -> Result<&Tokens, Failure> {
        self.tokens.as_ref().ok_or_else(|| {
            Failure::broken(format!("{name} is not signed in"))
                .help(format!("write before it: When {name} signs in"))
        })
    }

    pub(super) fn challenge(&self, name: &str) -> Result<&Challenge, Failure> {
        self.challenge.as_ref().ok_or_else(|| {
            Failure::broken(format!("{name} is not asked for anything"))
                .help(format!("write before it: When {name} signs in"))
        })
    }
}

pub(super) async fn signs_in(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let client = attempt.client()?;
    let answer = begin(attempt, name, &client).await?;
    let answer = answer.map_err(|error| reason::unwanted(&error))?;
    keep(attempt, name, answer)
}

pub(super) async fn tries_without_secret(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let client = AppClient {
        secret: None,
        ..attempt.client()?
    };
    try_with(attempt, name, &client).await
}

pub(super) async fn tries_with_wrong_secret(
    session: &mut Session,
    args: &Args<'_>,
) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let client = AppClient {
        secret: Some(Secret::new("not-the-secret".to_owned())),
        ..attempt.client()?
    };
    try_with(attempt, name, &client).await
}

pub(super) async fn is_signed_in(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    let state = &attempt.person(name)?.sign_in;
    if let (None, Some(challenge)) = (&state.tokens, &state.challenge) {
        return Err(Failure::failed(format!(
            "{name} is asked for {} before",
            challenge.name
        )));
    }
    let access = state.tokens(name)?.access.clone();
    let cognito = attempt.cognito();
    let asked = attempt.call(None, cognito.user_of(&access), |user| user.username.clone());
    let user = asked.await.map_err(|error| reason::unwanted(&error))?;
    if user.sub().as_ref() == Some(&attempt.person(name)?.account(name)?.sub) {
        return Ok(());
    }
    Err(Failure::failed(format!(
        "the token of {name} belongs to another user"
    )))
}

async fn try_with(attempt: &mut Attempt, name: &str, client: &AppClient) -> Result<(), Failure> {
    let answer = begin(attempt, name, client).await?;
    attempt.expect_refusal(answer)
}

async fn begin(
    attempt: &mut Attempt,
    name: &str,
    client: &AppClient,
) -> Result<Result<SignIn, CognitoError>, Failure> {
    attempt.presume_password_sign_in()?;
    let person = attempt.person(name)?;
    let username = person.account(name)?.username.clone();
    let password = person.password.clone();
    let cognito = attempt.cognito();
    let request = cognito.begin_sign_in(client, &username, &password);
    let answer = attempt.call(Some(&username), request, brought).await;
    Ok(answer)
}

/// What an answer brought, in a few words for the record.
pub(super) fn brought(answer: &SignIn) -> String {
    match answer {
        SignIn::Tokens(_) => "tokens".to_owned(),
        SignIn::Challenge(challenge) => challenge.name.clone(),
    }
}

/// Keeps how far a sign-in got; tokens and sessions are secrets.
pub(super) fn keep(attempt: &mut Attempt, name: &str, answer: SignIn) -> Result<(), Failure> {
    let recorder = attempt.setting.recorder.clone();
    let recorder = recorder.run();
    let state = &mut attempt.person(name)?.sign_in;
    match answer {
        SignIn::Tokens(tokens) => {
            let all = [
                Some(&tokens.access),
                Some(&tokens.id),
                tokens.refresh.as_ref(),
            ];
            all.into_iter()
                .flatten()
                .for_each(|token| recorder.hide(token, "token"));
            // A renewal brings no other refresh token, and the one before stays good.
            let refresh = state.tokens.take().and_then(|before| before.refresh);
            state.tokens = Some(Tokens {
                refresh: tokens.refresh.clone().or(refresh),
                ..tokens
            });
            state.challenge = None;
        }
        SignIn::Challenge(challenge) => {
            recorder.hide(&challenge.session, "session");
            state.tokens = None;
            state.challenge = Some(challenge);
        }
    }
    Ok(())
}
