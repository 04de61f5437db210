//! Checks that an Amazon Cognito user pool really sends its verification mail: the first time,
//! and again after the user was deleted and signs up with the same address.
//!
//! The crate has two halves that meet only on the wire:
//!
//! - the **checker**: [`suite`] runs Cucumber scenarios whose [`steps`] talk to a user pool through
//!   the AWS SDK ([`cognito`]) and read a real [`inbox`];
//! - the **emulator**: [`emulator`] answers as Cognito does on a loopback port and mails over SMTP.
//!
//! [`diagnosis`] weighs what is known about a mail that did not come: one rule for each known cause,
//! and a verdict.
//!
//! [`embedded`] puts the two together in one process, so that everything runs without an AWS
//! account.
//!
//! [`mirror`] writes the settings of a pool down, as what an emulator starts with.
//! [`config`] says how scenarios are run and what is tested, from `reverify.toml`, and [`targets`]
//! opens what it says.
//!
//! [`Harness`] runs features of your own, with steps of your own beside ours, under `cargo test`.

pub mod cli;
pub mod cognito;
pub mod config;
pub mod control;
pub mod diagnosis;
pub mod embedded;
pub mod emulator;
pub mod history;
pub mod inbox;
pub mod mail;
pub mod mirror;
pub mod model;
pub mod record;
pub mod report;
mod shown;
pub mod steps;
pub mod suite;
pub mod targets;

pub use cli::Harness;
