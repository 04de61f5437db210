//! `reverify explain`: why an address got no mail, for a person who has only a complaint.

mod args;
mod command;
mod target;

pub(super) use args::ExplainArgs;
pub(super) use command::explain;
