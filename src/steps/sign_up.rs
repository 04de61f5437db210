//! Steps that ask the service for a verification mail.

use super::args::Args;
use super::calls::Told;
use super::destination::Destination;
use super::late::record_duplicates;
use super::lost_answers::{Found, Sending};
use super::people::{Account, Waiting};
use super::reason;
use super::session::{Attempt, Place, Session};
use crate::cognito::{AppClient, CodeDelivery, CognitoError, Intent, SignUpAnswer, User};
use crate::diagnosis::Trouble;
use crate::model::{EmailAddress, Secret, UserPoolId, UserSub};
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

/// Signs a person up where a refusal is a failure.
pub(super) async fn must_sign_up(attempt: &mut Attempt, name: &str) -> Result<(), Failure> {
    must_in(attempt, name, Manner::default()).await
}

/// Signs a person up in this manner, where a refusal is a failure.
pub(super) async fn must_in(
    attempt: &mut Attempt,
    name: &str,
    manner: Manner,
) -> Result<(), Failure> {
    let answer = request_sign_up(attempt, name, manner).await?;
    answer.map_err(|error| {
        attempt.leave_unexplained(name, Trouble::Missing);
        reason::unwanted(&error)
    })
}

async fn try_sign_up(attempt: &mut Attempt, name: &str) -> Result<(), Failure> {
    try_in(attempt, name, Manner::default()).await
}

/// Signs a person up in this manner, where a refusal is expected.
pub(super) async fn try_in(
    attempt: &mut Attempt,
    name: &str,
    manner: Manner,
) -> Result<(), Failure> {
    let answer = request_sign_up(attempt, name, manner).await?;
    attempt.expected(name, Trouble::Missing);
    attempt.expect_refusal(answer)
}

/// What matters of the answer to a sign-up.
pub(super) fn told(answer: &SignUpAnswer) -> Told {
    Told {
        detail: destination(answer.delivery.as_ref()),
        sub: Some(answer.sub.clone()),
        user_confirmed: Some(answer.confirmed),
        delivery: answer.delivery.clone(),
        asked_for_mail: None,
    }
}

pub(super) fn destination(delivery: Option<&CodeDelivery>) -> String {
    match delivery {
        Some(delivery) => format!("{} to {}", delivery.medium, delivery.destination),
        None => "no code is sent".to_owned(),
    }
}

/// How a sign-up differs from the usual one, through the pool's app client and with everything that
/// it needs.
#[derive(Default)]
pub(super) struct Manner {
    /// The app client that it goes through.
    pub(super) client: Option<AppClient>,
    /// The pool that the client belongs to, where it is another than the scenario's.
    pub(super) pool: Option<UserPoolId>,
    /// The password.
    pub(super) password: Option<Secret<String>>,
    /// Whether the address is left out of the attributes.
    pub(super) without_address: bool,
    /// Whether the answer is hidden from the run, as an application does that swallows errors.
    pub(super) hidden: bool,
}

/// The inbox's position, the ledger's row, then the request: in this order, so that no mail and no
/// user can be missed.
pub(super) async fn request_sign_up(
    attempt: &mut Attempt,
    name: &str,
    manner: Manner,
) -> Result<Result<(), CognitoError>, Failure> {
    let client = match manner.client {
        Some(client) => client,
        None => attempt.pool()?.client()?,
    };
    let pool = match manner.pool {
        Some(pool) => pool,
        None => attempt.pool()?.id.clone(),
    };
    attempt.may_sign_up()?;
    // The inbox is watched last: the wait for a turn is no part of a delivery.
    attempt.sign_up_turn().await?;
    watch_inbox(attempt, name, "SignUp").await?;
    let row = write_intent(attempt, name, &pool)?;
    let person = attempt.person(name)?;
    let user = person.as_new_user(!manner.without_address);
    let password = manner.password.unwrap_or_else(|| person.password.clone());
    let mut sending = Sending::new(attempt, &pool, &user.username);
    let place = Place {
        pool: Some(pool),
        client: Some(client.id.clone()),
    };
    let answered = loop {
        let cognito = attempt.cognito();
        let request = cognito.sign_up(&client, &user, &password);
        if manner.hidden {
            let answer = attempt.call_of_another(Some(&user.username), request, told);
            break answer.await.map(received);
        }
        let answer = attempt.call_at(&place, Some(&user.username), request, told);
        let error = match answer.await {
            Ok(answer) => break Ok(received(answer)),
            Err(error) => error,
        };
        match attempt.look_after(&mut sending, &error).await? {
            Found::There(user) => break Ok((found(&user)?, Destination::Lost)),
            Found::Absent => {}
            Found::Unclear => break Err(error),
        }
    };
    match answered {
        Ok((sub, destination)) => {
            attempt.destination = destination;
            note_account(attempt, name, &user.username, row, sub).map(Ok)
        }
        Err(error) => {
            attempt.note_refusal(row, &sending, &error)?;
            Ok(Err(error))
        }
    }
}

/// Who was made, and where the code goes, as an answer says that was received.
fn received(answer: SignUpAnswer) -> (UserSub, Destination) {
    (answer.sub, Destination::of(answer.delivery))
}

/// Who was made by a request whose answer was lost.
fn found(user: &User) -> Result<UserSub, Failure> {
    let sub = user.sub();
    sub.ok_or_else(|| Failure::broken("the user has no sub, so nobody could delete it"))
}

/// The ledger's row of a user that is about to be made.
pub(super) fn write_intent(
    attempt: &mut Attempt,
    name: &str,
    pool: &UserPoolId,
) -> Result<i64, Failure> {
    let username = attempt.person(name)?.username();
    intend(attempt, username, pool)
}

/// The same of a user who is nobody's in the scenario.
pub(super) fn intend(
    attempt: &mut Attempt,
    username: String,
    pool: &UserPoolId,
) -> Result<i64, Failure> {
    let setting = &attempt.setting;
    let intent = Intent {
        run: setting.run.clone(),
        scenario: setting.recorder.scenario().clone(),
        attempt: setting.recorder.attempt(),
        target: setting.target.name.clone(),
        pool: pool.clone(),
        username,
    };
    let written = setting.ledger.intend(&intent, attempt.now());
    let row = written.map_err(|error| reason::ledger(&error))?;
    attempt.ledger_rows.push(row);
    Ok(row)
}

/// Notes a user that was made.
pub(super) fn note_account(
    attempt: &mut Attempt,
    name: &str,
    username: &str,
    ledger_row: i64,
    sub: UserSub,
) -> Result<(), Failure> {
    let now = attempt.now();
    let created = attempt.setting.ledger.created(ledger_row, &sub, now);
    created.map_err(|error| reason::ledger(&error))?;
    let username = username.to_owned();
    attempt.setting.recorder.record(Event::UserCreated {
        username: username.clone(),
        sub: sub.clone(),
    });
    let accounts = &mut attempt.person(name)?.accounts;
    accounts.push(Account { username, sub });
    Ok(())
}

/// Notes the inbox's position for a person, before a request.
pub(super) async fn watch_inbox(
    attempt: &mut Attempt,
    name: &str,
    request: &'static str,
) -> Result<(), Failure> {
    let address = attempt.person(name)?.address.clone();
    let inbox = attempt.setting.target.inbox.clone();
    let watch = inbox.watch(&address).await;
    let watch = watch.map_err(|error| reason::inbox(&error))?;
    attempt.reserve_mail(&address, request)?;
    attempt.destination = Destination::Unsaid;
    let requested = attempt.now();
    let recorder = attempt.setting.recorder.clone();
    let person = attempt.person(name)?;
    if let Some(before) = &mut person.waiting {
        record_duplicates(&mut before.watch, &recorder);
    }
    person.requests += 1;
    person.tried = None;
    let position = watch.position();
    person.first_asked.get_or_insert((position, requested));
    person.waiting = Some(Waiting {
        watch,
        requested,
        request,
        missed: false,
        answer_hidden: false,
    });
    Ok(())
}

pub(super) fn write_in_capitals(attempt: &mut Attempt, name: &str) -> Result<(), Failure> {
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
