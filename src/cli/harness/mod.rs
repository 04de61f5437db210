//! Scenarios as tests of `cargo test` and `cargo nextest run`.
//!
//! The binary of a test with `harness = false` answers to the protocol of Rust's own test harness:
//! `--list --format terse` names one test for each scenario, `--exact NAME` runs one. All chosen
//! scenarios are one run, with one record; the protocol is spoken beside it, on a thread that waits
//! for outcomes.

mod arguments;
mod builder;
mod outcomes;
mod run;

pub use builder::Harness;
