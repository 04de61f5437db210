//! The tables of all steps: what can be written, which function does it, an example and its meaning.

mod given;
mod messages;
mod signing_in;
mod table;
mod then;
mod trouble;
mod trouble_mail;
mod trouble_pool;
mod users;
mod when;

pub use table::{StepEntry, catalogue, is_ours, register};
