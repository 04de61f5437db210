//! The operations of the API, one file per family.

mod aliases;
mod cryptography;
mod dispatch;
mod keys;
mod page;

pub(crate) use dispatch::call;
