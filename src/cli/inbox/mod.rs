//! `reverify inbox`: a mailbox alone, for shell scripts, browser tests, and whoever wonders what
//! is in it.

mod args;
mod browse;
mod command;
mod open;
mod parse;
mod reading;
mod secrets;
mod serve;
mod wait;

pub(super) use args::{InboxArgs, PlaceArgs};
pub(super) use command::inbox;
pub(super) use open::open;
