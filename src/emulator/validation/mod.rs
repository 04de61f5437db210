//! Checks every request against the public service model before its operation runs.
//!
//! The facts come from `fixtures/cognito/service-model.json`, which `scripts/service-model.py`
//! reduces from botocore. The wording of a refusal is COGNITO.md 1.5; what that section leaves open
//! is settled here by texts that clients of the real service recorded, and each guess is named where
//! it is made:
//!
//! - several violations are listed by member name, and for one member the pattern comes before the
//!   lengths (recorded for `SignUp`, `ConfirmForgotPassword` and `AdminAddUserToGroup`);
//! - a member of a structure in a list is `userAttributes.1.member.name`, counted from one (recorded);
//! - a list of plain values is reported once, with all rules of its elements:
//!   `Value '[a, b]' at 'callbackURLs' failed to satisfy constraint: Member must satisfy constraint:
//!   [...]` (recorded); maps say `Map keys` or `Map value` instead (recorded for other services);
//! - members that the model does not know are ignored, as the AWS JSON protocol demands of servers
//!   that meet a newer client.

mod check;
mod constraint;
mod json;
mod model;
mod pattern;
mod rejection;
#[cfg(test)]
mod tests;
mod trail;

pub(crate) use check::validate;
#[cfg(test)]
use model::operations;
pub(crate) use model::{Operation, error_status, operation};
pub(crate) use rejection::Rejection;
pub(crate) use trail::trail_parameters;
