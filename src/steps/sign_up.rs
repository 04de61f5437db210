//! Steps that ask the service for a verification mail.

use super::args::Args;
use super::calls::Told;
use super::late::record_duplicates;
use super::people::{Account, Waiting};
use super::reason;
use super::session::{Attempt, Session};
use crate::cognito::{AppClient, CodeDelivery, CognitoError, Intent, RowState, SignUpAnswer};
use crate::diagnosis::Trouble;
use crate::model::EmailAddress;
use crate::record::{Event, Failure, millis};

pub(super) async fn signs_up(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    must_sign_up(attempt, args.user()?).await
}

pub(super) async fn signs_up_after(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, pause) = (args.user()?, args.seconds()?);
    let what = format!("{name}'s sign-up after a pause");
    session.record(Event::Waiting {
        what,
        at_most_ms: millis(pause),
    });
    tokio::time::sleep(pause).await;
    must_sign_up(session.attempt()?, name).await
}

pub(super) async fn through_second_client(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let attempt = s.attempt()?;
    let pool = attempt.pool_mut()?;
    let second = pool.second_client.take().ok_or_else(|| {
        Failure::broken("the pool has no second app client")
            .help("write before it: Given a second app client of the pool")
    })?;
    pool.second_client = pool.client.replace(second);
    must_sign_up(attempt, args.user()?).await
}

pub(super) async fn in_capitals(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    write_in_capitals(attempt, name)?;
    must_sign_up(attempt, name).await
}

pub(super) async fn tries(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    try_sign_up(session.attempt()?, args.user()?).await
}

pub(super) async fn tries_in_capitals(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    write_in_capitals(attempt, name)?;
    try_sign_up(attempt, name).await
}

pub(super) async fn asks_for_another_code(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let client = attempt.pool()?.client()?;
    let username = attempt.person(name)?.address.to_string();
    watch_inbox(attempt, name, "ResendConfirmationCode").await?;
    let cognito = attempt.setting.target.cognito.clone();
    let request = cognito.resend_confirmation_code(&client, &username);
    let answer = attempt.call(Some(&username), request, |delivery| Told {
        delivery: delivery.clone(),
        ..Told::from(destination(delivery.as_ref()))
    });
    match answer.await {
        Ok(delivery) => attempt.delivery = delivery,
        Err(error) => {
            attempt.to_explain(name, Trouble::Missing);
            return Err(reason::unwanted(&error));
        }
    }
    Ok(())
}

/// Signs a person up where a refusal is a failure.
pub(super) async fn must_sign_up(attempt: &mut Attempt, name: &str) -> Result<(), Failure> {
    let answer = request_sign_up(attempt, name).await?;
    answer.map_err(|error| {
        attempt.to_explain(name, Trouble::Missing);
        reason::unwanted(&error)
    })
}

async fn try_sign_up(attempt: &mut Attempt, name: &str) -> Result<(), Failure> {
    let answer = request_sign_up(attempt, name).await?;
    attempt.expected(name, Trouble::Missing);
    attempt.expect_refusal(answer)
}

/// What matters of the answer to a sign-up.
fn told(answer: &SignUpAnswer) -> Told {
    Told {
        detail: destination(answer.delivery.as_ref()),
        sub: Some(answer.sub.clone()),
        user_confirmed: Some(answer.confirmed),
        delivery: answer.delivery.clone(),
    }
}

fn destination(delivery: Option<&CodeDelivery>) -> String {
    match delivery {
        Some(delivery) => format!("{} to {}", delivery.medium, delivery.destination),
        None => "no code is sent".to_owned(),
    }
}

/// The inbox's position, the ledger's row, then the request: in this order, so that no mail and no
/// user can be missed.
async fn request_sign_up(
    attempt: &mut Attempt,
    name: &str,
) -> Result<Result<(), CognitoError>, Failure> {
    let client = attempt.pool()?.client()?;
    watch_inbox(attempt, name, "SignUp").await?;
    let row = write_intent(attempt, name)?;
    let person = attempt.person(name)?;
    let (address, password) = (person.address.clone(), person.password.clone());
    let cognito = attempt.setting.target.cognito.clone();
    let username = address.as_str();
    let request = cognito.sign_up(&client, username, &password, &address);
    let answer = attempt.call(Some(username), request, told);
    match answer.await {
        Ok(answer) => {
            note_account(attempt, name, &address, row, answer)?;
            Ok(Ok(()))
        }
        Err(error) => {
            // Where the user may exist all the same, the row stays open for the clean-up.
            if error.leaves_no_user() {
                let now = attempt.now();
                let closed = attempt.setting.ledger.close(row, RowState::Refused, now);
                closed.map_err(|error| reason::ledger(&error))?;
            }
            Ok(Err(error))
        }
    }
}

fn write_intent(attempt: &mut Attempt, name: &str) -> Result<i64, Failure> {
    let pool = attempt.pool()?.id.clone();
    let username = attempt.person(name)?.address.to_string();
    let setting = &attempt.setting;
    let intent = Intent {
        run: setting.run.clone(),
        scenario: setting.recorder.scenario().clone(),
        attempt: setting.recorder.attempt(),
        target: setting.target.name.clone(),
        pool,
        username,
    };
    let written = setting.ledger.intend(&intent, attempt.now());
    let row = written.map_err(|error| reason::ledger(&error))?;
    attempt.ledger_rows.push(row);
    Ok(row)
}

fn note_account(
    attempt: &mut Attempt,
    name: &str,
    address: &EmailAddress,
    ledger_row: i64,
    answer: SignUpAnswer,
) -> Result<(), Failure> {
    let now = attempt.now();
    let created = attempt.setting.ledger.created(ledger_row, &answer.sub, now);
    created.map_err(|error| reason::ledger(&error))?;
    let username = address.to_string();
    attempt.setting.recorder.record(Event::UserCreated {
        username: username.clone(),
        sub: answer.sub.clone(),
    });
    attempt.delivery = answer.delivery;
    attempt.person(name)?.accounts.push(Account {
        username,
        sub: answer.sub,
    });
    Ok(())
}

/// Notes the inbox's position for a person, before a request.
async fn watch_inbox(
    attempt: &mut Attempt,
    name: &str,
    request: &'static str,
) -> Result<(), Failure> {
    let address = attempt.person(name)?.address.clone();
    let inbox = attempt.setting.target.inbox.clone();
    let watch = inbox.watch(&address).await;
    let watch = watch.map_err(|error| reason::inbox(&error))?;
    attempt.delivery = None;
    let requested = attempt.now();
    let recorder = attempt.setting.recorder.clone();
    let person = attempt.person(name)?;
    if let Some(before) = &mut person.waiting {
        record_duplicates(&mut before.watch, &recorder);
    }
    person.requests += 1;
    person.waiting = Some(Waiting {
        watch,
        requested,
        request,
        missed: false,
    });
    Ok(())
}

fn write_in_capitals(attempt: &mut Attempt, name: &str) -> Result<(), Failure> {
    let person = attempt.person(name)?;
    let capitals = person.address.as_str().to_uppercase();
    let parsed = capitals.parse::<EmailAddress>();
    person.address = parsed.map_err(|error| Failure::broken(error.to_string()))?;
    Ok(())
}

impl Attempt {
    /// Keeps a refusal for the step that names it.
    pub(super) fn expect_refusal<T>(
        &mut self,
        answer: Result<T, CognitoError>,
    ) -> Result<(), Failure> {
        self.refusal = None;
        match answer {
            Err(error @ CognitoError::Refused { .. }) => self.refusal = Some(error),
            Err(error) => return Err(reason::unanswered(&error)),
            Ok(_) => {}
        }
        Ok(())
    }

    /// The client through which a person's requests go.
    pub(super) fn client(&self) -> Result<AppClient, Failure> {
        self.pool()?.client()
    }
}
