//! Steps about the AWS account around the pool.

use super::super::{HasSession, account};
use super::table::{Definition, step};

#[rustfmt::skip]
pub(super) fn trouble<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Given "an AWS account of its own" => account::own,
            "an AWS account of its own",
            "The scenario is alone with its clock, its SES and its quotas; on the embedded target only."),
        step!(Given "an AWS account of its own that keeps every log" => account::own_with_logs,
            "an AWS account of its own that keeps every log",
            "The scenario is alone in an account with a trail, an export of delivery errors and a rule for SES events, each in a log group."),
    ]
}
