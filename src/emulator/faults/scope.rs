//! What faults can be scoped to.

use crate::control::{Effect, Fault, Pattern};
use crate::emulator::service::Service;
use crate::model::UserPoolId;

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Around an operation.
    Call,
    /// Where a mail leaves.
    Mail,
    /// Where the receiving server takes a recipient.
    Reception,
    /// Where an event is written to a log.
    Log,
}

/// What is about to happen, as far as faults can be scoped to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occurrence<'a> {
    /// Where it happens.
    pub(crate) service: Service,
    /// The operation, or those that may have caused a mail.
    pub(crate) operations: &'a [&'a str],
    pub(crate) pool: Option<&'a UserPoolId>,
    /// The names of the user or the recipient.
    pub(crate) addresses: &'a [&'a str],
    /// The access key that signed the call.
    pub(crate) caller: Option<&'a str>,
    /// Whether AWS would ask IAM about it.
    pub(crate) asks_iam: bool,
}

/// Whether a fault is about this place and this occurrence.
pub(super) fn strikes(fault: &Fault, stage: Stage, occurrence: &Occurrence<'_>) -> bool {
    stage_of(&fault.effect) == stage
        && applies(&fault.effect, occurrence)
        && is_hit(fault, occurrence)
}

/// Whether every scope of the fault fits.
fn is_hit(fault: &Fault, occurrence: &Occurrence<'_>) -> bool {
    let address = match &fault.effect {
        Effect::DelayLogs { log_group, .. } => log_group.as_ref(),
        _ => fault.address.as_ref(),
    };
    let operation = fault.operation.as_ref();
    let prefix = occurrence.service.prefix();
    let is_meant = |own: &Pattern, given: &str| {
        own.matches(given) || own.matches(&format!("{prefix}:{given}"))
    };
    let caller = fault.caller.as_ref();
    address.is_none_or(|own| occurrence.addresses.iter().any(|given| own.matches(given)))
        && operation
            .is_none_or(|own| (occurrence.operations.iter()).any(|given| is_meant(own, given)))
        && caller.is_none_or(|own| occurrence.caller.is_some_and(|given| own.matches(given)))
        && (fault.pool.as_ref()).is_none_or(|own| occurrence.pool == Some(own))
}

/// Whether an effect is one that this service has.
fn applies(effect: &Effect, occurrence: &Occurrence<'_>) -> bool {
    match effect {
        Effect::ExceedAttemptLimit {} | Effect::BlockRequests {} | Effect::DelayDelete { .. } => {
            occurrence.service == Service::UserPools
        }
        Effect::DenyAccess {} => occurrence.asks_iam,
        _ => true,
    }
}

fn stage_of(effect: &Effect) -> Stage {
    match effect {
        Effect::InternalError {}
        | Effect::ThrottleRequests {}
        | Effect::BlockRequests {}
        | Effect::ExceedAttemptLimit {}
        | Effect::DenyAccess {}
        | Effect::CutConnection { .. }
        | Effect::SlowAnswer { .. }
        | Effect::DelayDelete { .. } => Stage::Call,
        Effect::ExceedMailQuota {}
        | Effect::ThrottleDestination { .. }
        | Effect::DelayMail { .. }
        | Effect::LoseMail {}
        | Effect::DuplicateMail { .. }
        | Effect::ReorderMail {}
        | Effect::BounceMail {}
        | Effect::JunkMail {} => Stage::Mail,
        Effect::GreylistMail {}
        | Effect::RefuseMail { .. }
        | Effect::TarpitMail { .. }
        | Effect::CutMail { .. }
        | Effect::DiscardMail {}
        | Effect::UntagMail {} => Stage::Reception,
        Effect::DelayLogs { .. } => Stage::Log,
    }
}
