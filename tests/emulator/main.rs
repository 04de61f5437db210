//! The emulator as its users meet it: through the AWS SDK, as bytes on the wire, and by its mails.
//!
//! Each case names the section of COGNITO.md that it holds the emulator to, and that section's
//! evidence tag.

#![expect(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

mod admin_users;
mod aliases;
mod app_clients;
mod attributes;
mod authentication;
mod bad_clients;
mod behaviour;
mod clock;
mod cloudtrail;
mod confirm;
mod control;
mod control_documented;
mod controlled;
#[path = "../../examples/custom_runtime.rs"]
mod custom_runtime;
mod event_history;
mod faults;
mod front_door;
mod groups;
#[path = "../common/installed.rs"]
mod installed;
mod list_users;
mod logs;
mod messages;
mod operations;
mod passwords;
mod pool_extras;
mod pool_settings;
mod pools;
mod rejections;
mod reset;
mod senders;
mod ses;
mod sign_in;
mod sign_up;
#[path = "../common/skipped.rs"]
mod skipped;
mod smtp;
mod triggers;
mod wire;
mod world;
