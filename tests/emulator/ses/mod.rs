//! Amazon SES through the AWS SDK, and user pools that mail through it.
//!
//! Each case names AWS's page, or the cause in CAUSES.md, that it holds the emulator to.

mod account;
mod configuration_sets;
mod events;
mod fixture;
mod identities;
mod pools;
mod send_email;
mod suppression;
mod templates;
mod wire;

pub(crate) use fixture::sdk;
