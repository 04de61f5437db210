//! AWS Key Management Service, as far as user pools with custom senders need one: symmetric keys
//! that encrypt and decrypt, their aliases, and data keys.
//!
//! | file | what |
//! | --- | --- |
//! | `service` | the service: finding a key, encrypting under it |
//! | `key` | one key: what it is, and what it does with bytes |
//! | `identifier` | the four ways to name a key |
//! | `store` | the keys and their aliases |
//! | `starting` | the keys of a seed file |
//! | `exception` | every exception, by name and text |
//! | `operations` | the API |
//!
//! Nobody is refused by a key policy, because there are no principals here: policies and tags are
//! taken and not kept, and grants are not needed. Keys that sign, keys of other lengths, imported
//! and multi-Region keys, rotation and deletion answer with an explicit error. The texts of
//! exceptions that every user of KMS meets are AWS's; the others are named as guesses.

mod exception;
mod identifier;
mod key;
mod operations;
mod service;
mod starting;
mod store;

pub(crate) use exception::Exception;
pub(crate) use key::EncryptionContext;
pub(crate) use operations::call;
pub(crate) use service::{DataKey, Kms};
pub(crate) use starting::StartingKey;
