//! The checker's side against endpoints that misbehave: what a scenario says, and what the ledger
//! keeps, when the service throttles, breaks or falls silent.
#![expect(
    clippy::unwrap_used,
    reason = "in a test a panic is the report, in its helpers too"
)]

mod answers;
mod budgets;
mod canary;
mod deletions;
mod existing_pool;
mod given_addresses;
mod hooks;
mod latest_mail;
mod ledger;
mod premises;
mod receiving;
mod running;
mod running_parts;
mod scene;
mod secret_search;
mod throttling;
