//! Steps that delete a user, and the clean-up after each attempt.

use std::time::Duration;

use tokio::time::Instant;

use super::args::Args;
use super::people::Account;
use super::reason;
use super::session::{Attempt, Session};
use crate::cognito::RowState;
use crate::model::{Secret, UserSub};
use crate::record::{Event, Failure};

/// How long the calls of a clean-up are sent again: it has a minute in all.
const CLEAN_UP_PATIENCE: Duration = Duration::from_secs(40);

pub(super) async fn by_administrator(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    delete_by_administrator(s.attempt()?, args.user()?).await
}

pub(super) async fn by_the_user(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, session.attempt()?);
    attempt.may_delete()?;
    let access = super::state::sign_in(attempt, name).await?;
    let account = attempt.person(name)?.account(name)?.clone();
    must_be_ours(attempt, &account)?;
    delete_own(attempt, &account, &access).await?;
    note_deleted(attempt, name, &account.sub)
}

/// Deletes a person's latest account the way an administrator does. It is looked at by its name, and
/// deleted by its `sub`: whoever may take the name in between is left alone.
pub(super) async fn delete_by_administrator(
    attempt: &mut Attempt,
    name: &str,
) -> Result<(), Failure> {
    attempt.may_delete()?;
    let person = attempt.person(name)?;
    let account = person.account(name)?.clone();
    let known_as = person.known_as(&account).to_owned();
    must_be_ours(attempt, &account)?;
    must_be_the_same(attempt, &account, &known_as).await?;
    let pool = attempt.pool()?.id.clone();
    let cognito = attempt.cognito();
    let request = cognito.admin_delete_user(&pool, account.sub.as_str());
    let answer = attempt.call(Some(&account.username), request, |()| String::new());
    answer.await.map_err(|error| reason::unwanted(&error))?;
    note_deleted(attempt, name, &account.sub)
}

/// A user without a row in the ledger is somebody else's.
fn must_be_ours(attempt: &Attempt, account: &Account) -> Result<(), Failure> {
    let ours = attempt.setting.ledger.is_ours(&account.sub);
    if ours.map_err(|error| reason::ledger(&error))? {
        return Ok(());
    }
    let text = format!(
        "{} is not a user that this run created and still has",
        account.username
    );
    Err(Failure::broken(text).help("reverify deletes only users that stand in its ledger"))
}

/// Between the sign-up and now somebody may have put another user in that place.
async fn must_be_the_same(
    attempt: &mut Attempt,
    account: &Account,
    known_as: &str,
) -> Result<(), Failure> {
    let pool = attempt.pool()?.id.clone();
    let cognito = attempt.cognito();
    let request = cognito.admin_get_user(&pool, known_as);
    let answer = attempt.call(Some(&account.username), request, |user| {
        user.status.clone().unwrap_or_default()
    });
    let user = answer.await.map_err(|error| reason::unwanted(&error))?;
    if user.sub().as_ref() == Some(&account.sub) {
        return Ok(());
    }
    let text = format!(
        "{} is another user now than the one created here",
        account.username
    );
    Err(Failure::broken(text).help("it was left alone; look who else signs up with this address"))
}

async fn delete_own(
    attempt: &mut Attempt,
    account: &Account,
    access: &Secret<String>,
) -> Result<(), Failure> {
    let cognito = attempt.cognito();
    let request = cognito.delete_user(access);
    let answer = attempt.call(Some(&account.username), request, |()| String::new());
    answer.await.map_err(|error| reason::unwanted(&error))
}

fn note_deleted(attempt: &mut Attempt, name: &str, sub: &UserSub) -> Result<(), Failure> {
    let now = attempt.now();
    let noted = attempt.setting.ledger.deleted(sub, now);
    noted.map_err(|error| reason::ledger(&error))?;
    let username = attempt.person(name)?.account(name)?.username.clone();
    let sub = sub.clone();
    attempt
        .setting
        .recorder
        .record(Event::UserDeleted { username, sub });
    Ok(())
}

impl Session {
    /// Deletes what the attempt made and ends it: the pools of its own, their users with them, or its
    /// users in a pool that stays.
    ///
    /// What could not be deleted is recorded, stays in the ledger, and is answered.
    pub async fn finish(&mut self) -> Vec<String> {
        let Some(mut attempt) = self.attempt.take() else {
            return Vec::new();
        };
        let now = attempt.now();
        for person in attempt.people.values_mut() {
            if let Some(waiting) = person.waiting.take() {
                let recorder = attempt.setting.recorder.clone();
                attempt.setting.late.keep(waiting, recorder, now);
            }
        }
        attempt.take_faults_back().await;
        attempt.patience = Instant::now() + CLEAN_UP_PATIENCE;
        let mut left = Vec::new();
        if attempt.setting.target.pool.is_some() {
            left = attempt.delete_users().await;
        }
        left.extend(attempt.delete_pools().await);
        if left.is_empty() {
            close_rows(&mut attempt);
        }
        for what in &left {
            let what = what.clone();
            attempt.setting.recorder.record(Event::LeftBehind { what });
        }
        if let Some(keeper) = attempt.keeper.take() {
            // Threads are joined; a failure there was the account's own, and it is gone.
            let _ = tokio::task::spawn_blocking(move || drop(keeper)).await;
        }
        left
    }
}

/// With its pool a user is gone for certain, also one whose sign-up was never answered.
fn close_rows(attempt: &mut Attempt) {
    let now = attempt.now();
    for row in std::mem::take(&mut attempt.ledger_rows) {
        if let Err(error) = attempt
            .setting
            .ledger
            .close_if_open(row, RowState::Deleted, now)
        {
            let what = format!("ledger row {row}: {error}");
            attempt.setting.recorder.record(Event::LeftBehind { what });
        }
    }
}
