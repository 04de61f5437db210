//! Steps about mails that go astray on their way, and about time.

use std::time::Duration;

use super::account::{refused, surroundings};
use super::args::Args;
use super::session::{Attempt, Session};
use crate::control::{Effect, Fault, Pattern, RefusalMoment};
use crate::model::SmtpRefusal;
use crate::record::Failure;

/// In which time Cognito counts the mails to one address. AWS publishes no number.
const THROTTLE_SECONDS: u32 = 3_600;

pub(super) async fn throttled(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (mails, attempt) = (args.count()?, session.attempt()?);
    let pool = attempt.pool()?.id.clone();
    let effect = Effect::ThrottleDestination {
        mails,
        per_seconds: THROTTLE_SECONDS,
    };
    strike(attempt, Fault::new(effect).pool(pool)).await
}

pub(super) async fn lost(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    on_the_way(session.attempt()?, args.user()?, Effect::LoseMail {}).await
}

pub(super) async fn delayed(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let whole = args.seconds()?.as_secs();
    let seconds = u32::try_from(whole).unwrap_or(u32::MAX).max(1);
    on_the_way(
        session.attempt()?,
        args.user()?,
        Effect::DelayMail { seconds },
    )
    .await
}

pub(super) async fn junked(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    on_the_way(session.attempt()?, args.user()?, Effect::JunkMail {}).await
}

pub(super) async fn greylisted(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    at_the_server(session.attempt()?, args.user()?, Effect::GreylistMail {}).await
}

pub(super) async fn greylisted_once(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let attempt = s.attempt()?;
    let whose = whose(attempt, args.user()?)?;
    let fault = Fault::new(Effect::GreylistMail {}).address(whose).times(1);
    strike(attempt, fault).await
}

pub(super) async fn discarded(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    at_the_server(session.attempt()?, args.user()?, Effect::DiscardMail {}).await
}

pub(super) async fn untagged(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    at_the_server(session.attempt()?, args.user()?, Effect::UntagMail {}).await
}

pub(super) async fn answered(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let reply = args.quoted()?.parse::<SmtpRefusal>();
    let reply = reply.map_err(|error| Failure::broken(error.to_string()))?;
    let effect = Effect::RefuseMail {
        reply,
        at: RefusalMoment::Recipient,
    };
    at_the_server(session.attempt()?, args.user()?, effect).await
}

pub(super) async fn seconds_pass(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    pass(session.attempt()?, args.seconds()?).await
}

/// Moves the clock of the scenario's own account; others' codes would expire.
async fn pass(attempt: &mut Attempt, time: Duration) -> Result<(), Failure> {
    let around = super::account::own_account(attempt)?;
    let moved = around.control.advance(time).await;
    moved.map(drop).map_err(|error| refused(&error))
}

/// A fault that strikes before the mail reaches its recipient's server.
async fn on_the_way(attempt: &mut Attempt, name: &str, effect: Effect) -> Result<(), Failure> {
    let pool = attempt.pool()?.id.clone();
    let whose = whose(attempt, name)?;
    strike(attempt, Fault::new(effect).pool(pool).address(whose)).await
}

/// A fault of the server that receives the person's mail.
async fn at_the_server(attempt: &mut Attempt, name: &str, effect: Effect) -> Result<(), Failure> {
    let whose = whose(attempt, name)?;
    strike(attempt, Fault::new(effect).address(whose)).await
}

fn whose(attempt: &mut Attempt, name: &str) -> Result<Pattern, Failure> {
    let address = attempt.person(name)?.address.as_str().parse::<Pattern>();
    address.map_err(Failure::broken)
}

/// Lets a fault strike until the attempt ends.
pub(super) async fn strike(attempt: &mut Attempt, fault: Fault) -> Result<(), Failure> {
    let control = &surroundings(attempt)?.control;
    let added = control.add_fault(&fault).await;
    let added = added.map_err(|error| refused(&error))?;
    attempt.disturbed = true;
    attempt.faults.push(added.id);
    Ok(())
}

impl Attempt {
    /// Ends the faults of the scenario: others run at the same place.
    pub(super) async fn take_faults_back(&mut self) {
        let Some(around) = self.setting.target.surroundings.clone() else {
            return;
        };
        for fault in std::mem::take(&mut self.faults) {
            // It fits nobody but this scenario's people and pool, and these are gone.
            let _ = around.control.remove_fault(fault).await;
        }
    }
}
