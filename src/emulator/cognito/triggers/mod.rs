//! Lambda triggers: the typed events of COGNITO.md 6 and what their answers mean.
//!
//! Each trigger has a function on [`Triggers`] that takes what is particular to it and gives its
//! typed answer. A pool without the trigger gets the answer of a function that changes nothing, so
//! that a flow calls them without asking first. No lock may be held across such a call.
//!
//! | file | what |
//! | --- | --- |
//! | `config` | `LambdaConfig`: which function a pool names for which trigger |
//! | `event` | the common event, and users as events show them |
//! | `invocation` | calling a function; its failures as exceptions (6.2) |
//! | `sources` | the values of `triggerSource` (6.3) |
//! | `sign_up` | `PreSignUp`, `PostConfirmation` |
//! | `custom_message` | `CustomMessage` |
//! | `custom_sender` | `CustomEmailSender`, `CustomSMSSender`: events only, nobody waits for them |
//! | `authentication` | `PreAuthentication`, `PostAuthentication` |
//! | `custom_challenge` | the three triggers of `CUSTOM_AUTH` |
//! | `user_migration` | `UserMigration` |
//! | `token_generation`, `token_overrides` | `PreTokenGeneration`, versions 1 to 3 |
//!
//! `CustomEmailSender_AccountTakeOverNotification` has no cause here: it is a message of threat
//! protection, and a pool that asks for that is refused.
//! `callerContext.awsSdkVersion` is always that of a caller without an SDK.

mod authentication;
mod config;
mod custom_challenge;
mod custom_message;
mod custom_sender;
mod event;
mod invocation;
mod sign_up;
mod sources;
mod token_generation;
mod token_overrides;
mod user_migration;

pub(crate) use config::LambdaConfig;
pub(crate) use custom_challenge::{Challenge, ChallengeResult, Definition};
pub(crate) use custom_message::Placeholders;
pub(crate) use custom_sender::event as sender_event;
pub(crate) use event::{Metadata, Occasion, Who};
pub(crate) use invocation::Triggers;
pub(crate) use sign_up::{PreSignUpAnswer, PreSignUpRequest};
pub(crate) use sources::{
    ConfirmationSource, MessageSource, SignUpSource, TokenSource, UserSource,
};
pub(crate) use token_generation::GroupConfiguration;
pub(crate) use token_overrides::TokenOverrides;
pub(crate) use user_migration::{MigratedUser, MigrationRequest};
