//! CloudWatch Logs: groups, streams and events in memory, bounded, behind AWS's own API.
//!
//! The emulator's other parts write with [`Logs::append`]; whoever reads does so through the
//! operations of `Logs_20140328`.
//!
//! | module | what |
//! | --- | --- |
//! | `service`, `store`, `group`, `chunk` | the state: chunks of events that queries share while others write |
//! | `operations` | the API, one file for each subject |
//! | `filter_pattern` | the patterns of `FilterLogEvents` |
//! | `insights` | the query language; `queries` runs what was started |
//! | `json_fields`, `patterns` | members of JSON lines, and regular expressions within bounds |
//!
//! What is not implemented answers with `NotImplementedException`. Where AWS's words or behaviour are
//! not known, a comment calls them a guess.

mod chunk;
mod exception;
mod filter_pattern;
mod group;
mod insights;
mod json_fields;
mod late;
mod operations;
mod patterns;
mod queries;
mod service;
mod store;

pub(crate) use exception::Exception;
pub(crate) use operations::{call, group_of_arn, is_management};
pub(crate) use service::Logs;
