//! `reverify sweep`: removes the users that runs left behind which were killed.

mod args;
mod command;
mod shown;

pub(super) use args::SweepArgs;
pub(super) use command::sweep;
