//! The operations of `Logs_20140328`: one file for each subject, and `dispatch` from their names to
//! them.

mod constraint;
mod dispatch;
mod events;
mod filter_log_events;
mod get_log_events;
mod groups;
mod identifier;
mod position;
mod put_log_events;
mod query_results;
mod start_query;
mod streams;
mod tags;

pub(crate) use dispatch::{call, is_management};
pub(crate) use identifier::of_arn as group_of_arn;
