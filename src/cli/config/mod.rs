//! `reverify config`: what the configuration says, and how it may be written.

mod args;
mod command;

pub(super) use args::ConfigCommand;
pub(super) use command::config;
