//! CloudWatch Logs: groups, streams and events in memory, bounded.
//!
//! The emulator's other parts write with [`Logs::append`]; whoever reads does so through AWS's own
//! API.

mod chunk;
mod group;
mod late;
mod service;
mod store;

pub(crate) use service::Logs;
