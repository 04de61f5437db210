//! `reverify doctor`: what is wrong with a target before anybody signs up, and what a diagnosis could
//! not see.

mod args;
mod command;

pub(super) use args::DoctorArgs;
pub(super) use command::doctor;
