//! Failures that several steps can end with, worded once.

use crate::cognito::{BudgetError, CognitoError, LedgerError};
use crate::inbox::InboxError;
use crate::record::Failure;

/// A name that no `Given` introduced.
pub(super) fn nobody(name: &str, known: &[&str]) -> Failure {
    let failure = Failure::broken(format!("nobody is called {name} in this scenario"))
        .help(format!("write before it: Given a new user {name}"));
    if known.is_empty() {
        failure
    } else {
        failure.seen(format!("known so far: {}", known.join(", ")))
    }
}

/// A request that had to succeed was refused, or got no answer.
pub(super) fn unwanted(error: &CognitoError) -> Failure {
    match error {
        CognitoError::Refused { call, .. } => {
            let failure = Failure::failed(error.to_string());
            match &call.request_id {
                Some(id) => failure.seen(format!("request id {id}")),
                None => failure,
            }
        }
        CognitoError::Unanswered { .. } => unanswered(error),
    }
}

/// No answer came: that says nothing about the pool.
pub(super) fn unanswered(error: &CognitoError) -> Failure {
    Failure::broken(error.to_string())
        .help("check that the target's endpoint is up and can be reached from here")
}

/// The ledger could not be written, so the request was not sent.
pub(super) fn ledger(error: &LedgerError) -> Failure {
    Failure::broken(error.to_string())
        .help("no user was created: without its row in the ledger it could not be deleted safely")
}

/// The target's budget has no room for a mail, so the request was not sent.
pub(super) fn budget(error: &BudgetError) -> Failure {
    Failure::broken(error.to_string()).help(error.help())
}

/// The inbox could not be watched, so the request was not sent.
pub(super) fn inbox(error: &InboxError) -> Failure {
    Failure::broken(error.to_string()).help("a mail could not have been seen, so none was caused")
}
