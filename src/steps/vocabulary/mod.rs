//! The tables of all steps: what can be written, which function does it, an example and its meaning.

mod blocks;
mod given;
mod messages;
mod reach;
mod signing_in;
mod table;
mod then;
mod topic;
mod trouble;
mod trouble_mail;
mod trouble_pool;
mod users;
mod when;

pub use reach::Reach;
pub use table::{Block, BlockCheck, Receives, StepEntry, catalogue, entry_at, is_ours, register};
pub use topic::Topic;
