//! Steps that disturb the calls to the pool, and those of somebody else.

use std::time::Duration;

use super::account::{own_account, refused};
use super::args::Args;
use super::mail_faults::strike;
use super::reason;
use super::session::{Attempt, Place, Session};
use crate::control::{Effect, Fault, Quotas};
use crate::record::Failure;

const SECONDS_PER_HOUR: u64 = 60 * 60;

pub(super) async fn throttles_sign_ups(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    inject(s.attempt()?, Effect::ThrottleRequests {}, Some("SignUp")).await
}

pub(super) async fn blocks_sign_ups(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    inject(s.attempt()?, Effect::BlockRequests {}, Some("SignUp")).await
}

pub(super) async fn fails_to_delete(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    inject(
        s.attempt()?,
        Effect::InternalError {},
        Some("AdminDeleteUser"),
    )
    .await
}

pub(super) async fn deletes_later(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let seconds = u32::try_from(args.seconds()?.as_secs()).unwrap_or(u32::MAX);
    inject(session.attempt()?, Effect::DelayDelete { seconds }, None).await
}

pub(super) async fn limits_own_sender(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (count, attempt) = (args.count()?, s.attempt()?);
    let control = &own_account(attempt)?.control;
    let now = control.quotas().await;
    let quotas = Quotas {
        default_sender_mails_per_day: Some(count),
        ..now.map_err(|error| refused(&error))?
    };
    let set = control.set_quotas(&quotas).await;
    set.map(drop).map_err(|error| refused(&error))
}

pub(super) async fn hours_pass(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let hours = u64::from(args.count()?);
    let attempt = session.attempt()?;
    let control = &own_account(attempt)?.control;
    let advanced = control
        .advance(Duration::from_secs(hours * SECONDS_PER_HOUR))
        .await;
    advanced.map(drop).map_err(|error| refused(&error))
}

pub(super) async fn somebody_confirms(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let pool = attempt.pool()?.id.clone();
    let username = attempt.person(name)?.account(name)?.username.clone();
    let cognito = attempt.cognito();
    let request = cognito.admin_confirm_sign_up(&pool, &username);
    let answer = attempt.call_of_another(Some(&username), request, |()| String::new());
    answer.await.map_err(|error| reason::unwanted(&error))
}

pub(super) async fn tries_to_delete(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let place = Place {
        pool: Some(attempt.pool()?.id.clone()),
        client: None,
    };
    try_to_delete(attempt, name, &place).await
}

pub(super) async fn deletes_in_other_pool(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (name, attempt) = (args.user()?, s.attempt()?);
    let place = Place {
        pool: Some(attempt.other_pool()?.id.clone()),
        client: None,
    };
    try_to_delete(attempt, name, &place).await
}

/// A deletion that is expected to fail.
///
/// It names the user by the `sub` of the scenario's own account: whoever has the name by now, nobody
/// else is hit if it succeeds.
async fn try_to_delete(attempt: &mut Attempt, name: &str, place: &Place) -> Result<(), Failure> {
    let Some(pool) = place.pool.clone() else {
        return Err(Failure::broken("the scenario has no user pool"));
    };
    attempt.may_delete()?;
    let account = attempt.person(name)?.account(name)?.clone();
    let cognito = attempt.cognito();
    let request = cognito.admin_delete_user(&pool, account.sub.as_str());
    let answer = attempt.call_at(place, Some(&account.username), request, |()| String::new());
    let answer = answer.await;
    attempt.expect_refusal(answer)
}

/// Lets a fault strike in the scenario's pool, at one operation or at all that it can.
async fn inject(
    attempt: &mut Attempt,
    effect: Effect,
    operation: Option<&str>,
) -> Result<(), Failure> {
    let fault = Fault::new(effect).pool(attempt.pool()?.id.clone());
    let fault = match operation.map(str::parse) {
        Some(Ok(operation)) => fault.operation(operation),
        _ => fault,
    };
    strike(attempt, fault).await
}
