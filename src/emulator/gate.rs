//! What a call passes on its way to its operation and back: quotas and faults.

use std::sync::Arc;

use jiff::SignedDuration;

use super::agenda::Errand;
use super::cognito::{self, Answer, Cognito, Exception, Subject};
use super::faults::{CallPlan, Occurrence, Stage};
use super::validation::Operation;
use crate::control::Moment;

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    /// An exception.
    #[error(transparent)]
    Refused(#[from] Exception),
    /// A fault cuts the connection.
    #[error("the connection is cut")]
    Cut {
        /// Whether the operation ran.
        ran: bool,
    },
}

/// Runs an operation, if quotas and faults let it.
///
/// Where there are none, this costs two atomic loads.
///
/// # Errors
/// [`Stopped`], with the operation's own exceptions among others.
pub(super) async fn call(
    cognito: &Arc<Cognito>,
    operation: &'static Operation,
    body: &[u8],
) -> Result<Answer, Stopped> {
    let conditions = &cognito.conditions;
    if conditions.quotas.counts_calls() {
        conditions.quotas.call(operation.name(), cognito.now())?;
    }
    if !conditions.faults.any() {
        return Ok(cognito::call(cognito, operation, body).await?);
    }
    let subject = Subject::of(cognito, body);
    let plan = plan(cognito, operation, &subject);
    tokio::time::sleep(plan.slow).await;
    if plan.cut == Some(Moment::Before) {
        return Err(Stopped::Cut { ran: false });
    }
    if let Some(refusal) = plan.refusal {
        return Err(refusal.into());
    }
    let answer = match (plan.delay_delete, subject.user) {
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
    };
    if plan.cut == Some(Moment::After) {
        return Err(Stopped::Cut { ran: true });
    }
    Ok(answer?)
}

fn plan(cognito: &Cognito, operation: &Operation, subject: &Subject) -> CallPlan {
    let names: Vec<&str> = subject.names.iter().map(String::as_str).collect();
    let occurrence = Occurrence {
        operations: &[operation.name()],
        pool: subject.pool.as_ref(),
        addresses: &names,
    };
    let faults = &cognito.conditions.faults;
    let effects = faults.strike(Stage::Call, &occurrence, None);
    let mut plan = CallPlan::of(&effects);
    if !deletes_a_user(operation) {
        plan.delay_delete = None;
    }
    plan
}

fn deletes_a_user(operation: &Operation) -> bool {
    matches!(operation.name(), "AdminDeleteUser" | "DeleteUser")
}
