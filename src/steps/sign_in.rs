//! Steps that sign a person in, as far as the password leads.

use super::args::Args;
use super::reason;
use super::session::{Attempt, Session};
use crate::cognito::{AppClient, Authenticator, Called, Challenge, CognitoError, SignIn, Tokens};
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
    let person = attempt.person(name)?;
    let username = person.account(name)?.username.clone();
    let password = person.password.clone();
    begin_sign_in(attempt, client, &username, &password).await
}

/// Begins a sign-in with a password, under a name that may be an alias.
pub(super) async fn begin_sign_in(
    attempt: &mut Attempt,
    client: &AppClient,
    username: &str,
    password: &Secret<String>,
) -> Result<Result<SignIn, CognitoError>, Failure> {
    attempt.presume_password_sign_in()?;
    let cognito = attempt.cognito();
    let request = cognito.begin_sign_in(client, username, password);
    Ok(attempt.sign_in_call(username, request).await)
}

impl Attempt {
    /// Awaits a call that leads to tokens or to a challenge, and keeps both out of the record.
    pub(super) async fn sign_in_call(
        &mut self,
        username: &str,
        request: impl Future<Output = Result<Called<SignIn>, CognitoError>>,
    ) -> Result<SignIn, CognitoError> {
        let answer = self.call(Some(username), request, brought).await?;
        self.hide(&answer);
        Ok(answer)
    }

    fn hide(&self, answer: &SignIn) {
        let recorder = self.setting.recorder.run();
        match answer {
            SignIn::Tokens(tokens) => {
                let tokens = [&tokens.access, &tokens.id]
                    .into_iter()
                    .chain(&tokens.refresh);
                tokens.for_each(|token| recorder.hide(token, "token"));
            }
            SignIn::Challenge(challenge) => recorder.hide(&challenge.session, "session"),
        }
    }
}

/// What an answer brought, in a few words for the record.
fn brought(answer: &SignIn) -> String {
    match answer {
        SignIn::Tokens(_) => "tokens".to_owned(),
        SignIn::Challenge(challenge) => challenge.name.clone(),
    }
}

/// Keeps how far a sign-in got.
pub(super) fn keep(attempt: &mut Attempt, name: &str, answer: SignIn) -> Result<(), Failure> {
    let state = &mut attempt.person(name)?.sign_in;
    match answer {
        SignIn::Tokens(tokens) => {
            // A renewal brings no other refresh token, and the one before stays good.
            let refresh = state.tokens.take().and_then(|before| before.refresh);
            state.tokens = Some(Tokens {
                refresh: tokens.refresh.clone().or(refresh),
                ..tokens
            });
            state.challenge = None;
        }
        SignIn::Challenge(challenge) => {
            state.tokens = None;
            state.challenge = Some(challenge);
        }
    }
    Ok(())
}
