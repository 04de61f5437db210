//! Steps about what the pool's functions were given, and how often.

use super::account::{refused, surroundings};
use super::args::Args;
use super::functions;
use super::session::{Attempt, Session};
use crate::cognito::Trigger;
use crate::control::FunctionInvocations;
use crate::record::Failure;

pub(super) async fn called_times(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let count = u64::from(args.count()?);
    must_be_called(session.attempt()?, args.trigger()?, count).await
}

pub(super) async fn never_called(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    must_be_called(session.attempt()?, args.trigger()?, 0).await
}

pub(super) async fn received(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (trigger, attempt) = (args.trigger()?, session.attempt()?);
    must_have_received(attempt, trigger, args.value()?, args.quoted()?).await
}

pub(super) async fn received_address(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (trigger, name, attempt) = (args.trigger()?, args.user()?, s.attempt()?);
    let address = attempt.person(name)?.address.to_string();
    must_have_received(attempt, trigger, "request.userAttributes.email", &address).await
}

async fn must_be_called(attempt: &Attempt, trigger: Trigger, expected: u64) -> Result<(), Failure> {
    let FunctionInvocations { count, latest } = invocations(attempt, trigger).await?;
    if count == expected {
        return Ok(());
    }
    let sources = latest.iter();
    let sources = sources.filter_map(|one| one.event.member("triggerSource"));
    let text = format!(
        "the {} function was called {count} times, not {expected}",
        trigger.name()
    );
    Err(sources.fold(Failure::failed(text), |failure, source| {
        failure.seen(format!("called as {source}"))
    }))
}

/// The member of its latest event at this path is this text.
async fn must_have_received(
    attempt: &Attempt,
    trigger: Trigger,
    path: &str,
    expected: &str,
) -> Result<(), Failure> {
    let known = invocations(attempt, trigger).await?;
    let name = trigger.name();
    let Some(latest) = known.latest.last() else {
        let text = format!("the {name} function was never called");
        return Err(Failure::failed(text));
    };
    match latest.event.member(path) {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(Failure::failed(format!(
            "the {name} function received {found:?} as {path}, not {expected:?}"
        ))),
        None => Err(Failure::failed(format!(
            "the {name} function received no {path}, so not {expected:?}"
        ))),
    }
}

async fn invocations(attempt: &Attempt, trigger: Trigger) -> Result<FunctionInvocations, Failure> {
    if !attempt.pool()?.design.triggers.contains_key(&trigger) {
        let name = trigger.name();
        let text = format!("the scenario gave the pool no {name} function");
        let help =
            format!("write before it: Given the pool has a {name} function that does nothing");
        return Err(Failure::broken(text).help(help));
    }
    let control = &surroundings(attempt)?.control;
    let name = functions::name(attempt, trigger)?;
    let known = control.function_invocations(&name).await;
    known.map_err(|error| refused(&error))
}
