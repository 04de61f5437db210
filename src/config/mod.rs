//! `reverify.toml`: how scenarios are run and what is tested, as plain data.
//!
//! [`Configuration::load`] finds the file, lays `reverify.local.toml` over it and the built-in defaults
//! below it, and checks all of it at once: unknown keys, types, names that refer to nothing. Every
//! value keeps its [`Origin`], so that a message can point at it and `reverify config show` can say
//! who says what.
//!
//! What goes before what, the strongest first: arguments of the command, environment (`REVERIFY_` and
//! the key in capitals), overrides by tag, the profile, those that it inherits, the defaults.
//!
//! Secrets stand nowhere in it: a [`SecretRef`] says where one is, and looks it up when it is needed.
//! Nothing else here touches the outside world but the files themselves.

mod configuration;
mod document;
mod environment;
mod files;
mod inbox;
mod lookup;
mod masking;
mod node;
mod origin;
mod problem;
mod profile;
mod resolve;
mod schema;
mod secret;
mod section;
mod setting;
mod shown;
mod tables;
mod target;
#[cfg(test)]
mod target_tests;
#[cfg(test)]
mod tests;

pub use configuration::{Configuration, DEFAULT_PROFILE, Reading};
pub use document::document;
pub use files::{FILE_NAME, LOCAL_FILE_NAME};
pub use inbox::{
    AddressPattern, Imap, ImapLogin, Inbox, InboxKind, InvalidPattern, Security, Sink,
};
pub use origin::{File, Located, Origin};
pub use problem::{ConfigError, ConfigProblem};
pub use profile::{Backoff, FlakyResult, Group, Override, Profile, Reports, Retries};
pub use schema::schema;
pub use secret::{COMMAND_TIME_MAX, SecretError, SecretRef};
pub use shown::ShownSetting;
pub use target::{Budget, FixedPool, Logs, Target, TargetKind};
