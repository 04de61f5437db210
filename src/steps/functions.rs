//! Steps that put a function behind one of the pool's triggers.

use super::account::{refused, surroundings};
use super::args::Args;
use super::own_ses::{SENDER, verify_sender};
use super::pools::change;
use super::session::{Attempt, Session};
use crate::cognito::Trigger;
use crate::control::{FunctionDefinition, FunctionScript, ScriptMail, ScriptValue};
use crate::record::Failure;

pub(super) async fn answers(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let script = FunctionScript {
        answer: Some(args.quoted()?.to_owned()),
        ..FunctionScript::default()
    };
    deploy(session.attempt()?, args.trigger()?, script).await
}

pub(super) async fn fails(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let script = FunctionScript {
        error_message: Some(args.quoted()?.to_owned()),
        ..FunctionScript::default()
    };
    deploy(session.attempt()?, args.trigger()?, script).await
}

pub(super) async fn sets(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let script = FunctionScript {
        response: [(args.quoted()?.to_owned(), ScriptValue::of(args.value()?))].into(),
        ..FunctionScript::default()
    };
    deploy(session.attempt()?, args.trigger()?, script).await
}

pub(super) async fn does_nothing(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let script = FunctionScript::default();
    deploy(session.attempt()?, args.trigger()?, script).await
}

pub(super) async fn mails(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (trigger, text, attempt) = (
        args.trigger()?,
        args.quoted()?.to_owned(),
        session.attempt()?,
    );
    verify_sender(attempt).await?;
    let script = FunctionScript {
        mail: Some(ScriptMail {
            from: SENDER.to_owned(),
            to: "{request.userAttributes.email}".to_owned(),
            subject: "A word from the shop".to_owned(),
            text,
        }),
        ..FunctionScript::default()
    };
    deploy(attempt, trigger, script).await
}

pub(super) async fn missing(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let (trigger, attempt) = (args.trigger()?, session.attempt()?);
    let name = name(attempt, trigger)?;
    call_from_pool(attempt, trigger, &name).await
}

/// Deploys a function of the scenario's own, and has the pool call it.
pub(super) async fn deploy(
    attempt: &mut Attempt,
    trigger: Trigger,
    script: FunctionScript,
) -> Result<(), Failure> {
    attempt.pool_mut()?.scripts.insert(trigger, script.clone());
    let definition = FunctionDefinition {
        script: Some(script),
        ..FunctionDefinition::default()
    };
    deploy_definition(attempt, trigger, &definition).await
}

/// The same with any function.
pub(super) async fn deploy_definition(
    attempt: &mut Attempt,
    trigger: Trigger,
    definition: &FunctionDefinition,
) -> Result<(), Failure> {
    let name = name(attempt, trigger)?;
    let control = &surroundings(attempt)?.control;
    let deployed = control.deploy_function(&name, definition).await;
    deployed.map_err(|error| refused(&error))?;
    call_from_pool(attempt, trigger, &name).await
}

async fn call_from_pool(
    attempt: &mut Attempt,
    trigger: Trigger,
    name: &str,
) -> Result<(), Failure> {
    let kms_key = match trigger {
        Trigger::CustomEmailSender => Some(surroundings(attempt)?.kms_key.clone()),
        _ => None,
    };
    let region = &attempt.setting.target.region;
    let arn = format!("arn:aws:lambda:{region}:000000000000:function:{name}");
    change(attempt, |design| {
        design.triggers.insert(trigger, arn);
        design.kms_key = kms_key.or(design.kms_key.take());
    })
    .await
}

/// A name that no other scenario's function has: that of the pool is in it.
pub(super) fn name(attempt: &Attempt, trigger: Trigger) -> Result<String, Failure> {
    let pool = attempt.pool()?.id.as_str();
    let (_, own) = pool.split_once('_').unwrap_or_default();
    Ok(format!("{trigger:?}-{own}"))
}
