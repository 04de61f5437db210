//! What a call of any service passes on its way to its operation and back: quotas and faults.

use std::sync::Arc;

use jiff::SignedDuration;

use super::agenda::Errand;
use super::caller::access_key_of;
use super::cognito::{self, Answer, Cognito, Exception, Subject};
use super::faults::{CallPlan, Denial, Occurrence, Stage, Strike};
use super::service::Service;
use super::validation::Operation;
use crate::control::Moment;
use crate::model::UserPoolId;

/// Why a call has no answer of its operation's.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stopped<E> {
    /// An exception, a fault's or the operation's own.
    Refused(E),
    /// A fault cuts the connection.
    Cut(Cut),
}

/// A connection that a fault cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// Whether the operation ran.
    pub(super) ran: bool,
}

/// What is answered where exceptions are answers like others.
///
/// # Errors
/// [`Cut`] if nothing is answered.
pub(super) fn answered<T>(answer: Result<T, Stopped<T>>) -> Result<T, Cut> {
    answer.or_else(|stopped| match stopped {
        Stopped::Refused(answer) => Ok(answer),
        Stopped::Cut(cut) => Err(cut),
    })
}

/// A call, as far as faults ask for it.
pub(super) struct Asked {
    pub(super) service: Service,
    /// The operation, by all its names.
    pub(super) operations: Vec<String>,
    pub(super) pool: Option<UserPoolId>,
    /// The names of whom it is about.
    pub(super) addresses: Vec<String>,
    /// The ARN of whoever signed it; none where nobody did.
    pub(super) caller: Option<String>,
    /// What IAM would say against it; none where IAM is not asked.
    pub(super) denial: Option<Denial>,
}

impl Asked {
    /// An operation of a service that IAM guards, which this caller (an ARN) asks of this resource.
    pub(super) fn of(
        service: Service,
        operation: &str,
        user: String,
        resource: Option<String>,
    ) -> Self {
        Self {
            service,
            operations: vec![operation.to_owned()],
            pool: None,
            addresses: Vec::new(),
            caller: Some(user.clone()),
            denial: Some(Denial {
                user,
                action: format!("{}:{operation}", service.prefix()),
                resource,
            }),
        }
    }
}

/// Runs an operation of user pools for this caller (an ARN), if quotas and faults let it.
///
/// Where there are none, this costs two atomic loads.
///
/// # Errors
/// [`Stopped`], with the operation's own exceptions among others.
pub(super) async fn call(
    cognito: &Arc<Cognito>,
    operation: &'static Operation,
    body: &[u8],
    caller: impl FnOnce() -> String,
) -> Result<Answer, Stopped<Exception>> {
    let conditions = &cognito.conditions;
    if conditions.quotas.counts_calls() {
        let counted = conditions.quotas.call(operation.name(), cognito.now());
        counted.map_err(Stopped::Refused)?;
    }
    if !conditions.faults.any() {
        let answer = cognito::call(cognito, operation, body).await;
        return answer.map_err(Stopped::Refused);
    }
    let mut subject = Subject::of(cognito, body);
    let pool = subject.pool.take();
    let resource = pool.as_ref().map(|pool| cognito.arn(pool));
    let resource = resource.unwrap_or_else(|| "*".to_owned());
    let mut asked = Asked::of(
        Service::UserPools,
        operation.name(),
        caller(),
        Some(resource),
    );
    // What needs no signature, IAM does not hear of.
    asked.denial = asked.denial.filter(|_| operation.needs_signature());
    (asked.pool, asked.addresses) = (pool, subject.names);
    pass(
        cognito,
        || asked,
        async |plan: CallPlan| match (plan.delay_delete, subject.user) {
            (Some(seconds), Some((pool, user))) if deletes_a_user(operation) => {
                let due = cognito.now() + SignedDuration::from_secs(seconds.into());
                let pool = pool.id.clone();
                let added = conditions
                    .agenda
                    .add(due, Errand::RemoveUser { pool, user });
                added.map_err(|full| Exception::InternalError(full.to_string()))?;
                Ok(Answer::new())
            }
            _ => cognito::call(cognito, operation, body).await,
        },
    )
    .await
}

/// Runs a call of any service, if faults let it: `asked` is read only where there are any.
///
/// # Errors
/// [`Stopped`], with the exceptions of `run` among others.
pub(super) async fn pass<T, E: From<Strike>>(
    cognito: &Cognito,
    asked: impl FnOnce() -> Asked,
    run: impl AsyncFnOnce(CallPlan) -> Result<T, E>,
) -> Result<T, Stopped<E>> {
    let plan = if cognito.conditions.faults.any() {
        plan(cognito, &asked())
    } else {
        CallPlan::default()
    };
    if !plan.slow.is_zero() {
        tokio::time::sleep(plan.slow).await;
    }
    let cut = plan.cut;
    if cut == Some(Moment::Before) {
        return Err(Stopped::Cut(Cut { ran: false }));
    }
    let answer = match plan.strike {
        Some(strike) => return Err(Stopped::Refused(strike.into())),
        None => run(plan).await,
    };
    if cut == Some(Moment::After) {
        return Err(Stopped::Cut(Cut { ran: true }));
    }
    answer.map_err(Stopped::Refused)
}

fn plan(cognito: &Cognito, asked: &Asked) -> CallPlan {
    let operations: Vec<&str> = asked.operations.iter().map(String::as_str).collect();
    let addresses: Vec<&str> = asked.addresses.iter().map(String::as_str).collect();
    let occurrence = Occurrence {
        service: asked.service,
        operations: &operations,
        pool: asked.pool.as_ref(),
        addresses: &addresses,
        caller: asked.caller.as_deref().and_then(access_key_of),
        asks_iam: asked.denial.is_some(),
    };
    let faults = &cognito.conditions.faults;
    CallPlan::of(
        &faults.strike(Stage::Call, &occurrence, None),
        asked.denial.as_ref(),
    )
}

fn deletes_a_user(operation: &Operation) -> bool {
    matches!(operation.name(), "AdminDeleteUser" | "DeleteUser")
}
