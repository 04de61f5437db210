//! CloudWatch Logs through the AWS SDK and on the wire.

mod client;
mod events;
mod groups;
mod producers;
mod queries;
mod retention;

pub(crate) use client::{create, finished, now, put, rows, sdk};
