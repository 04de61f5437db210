//! `reverify explain`: why an address got no mail, for a person who has only a complaint.

mod args;
mod command;
mod target;

pub(super) use args::{ExplainArgs, PoolArgs};
pub(super) use command::{Problem, case, explain, inbox_evidence};
pub(super) use target::open as open_target;
