//! A typed client for Amazon Cognito user pools, and the ledger of users that this tool created.
//!
//! [`Client`] wraps the AWS SDK: one method per operation that the scenarios need, each answering
//! with our own types and the [`CallFacts`] that a diagnosis wants (request id, times). AWS and the
//! emulator are reached the same way; only the endpoint differs.
//!
//! [`Ledger`] is the reason why a real pool is safe: no user is deleted that has no row there, and no
//! mail is caused that the target's [`Budget`](crate::model::Budget) has no room for.

mod account;
mod answers;
mod attributes;
mod authenticator;
mod call;
mod claims;
mod client;
mod confirm_link;
mod error;
mod ledger;
mod log_groups;
mod passwords;
mod persistence;
mod pool_description;
mod pool_design;
mod pools;
mod second_factor;
mod secret_hash;
mod server_clock;
mod ses;
mod settings_reader;
mod sign_in;
mod sweep;
mod user_management;
mod users;

pub use crate::model::Endpoint;
pub use account::account;
pub use answers::{CodeDelivery, SignUpAnswer, Tokens, User};
pub use attributes::SchemaAttribute;
pub use authenticator::{Authenticator, InvalidSecretCode};
pub use call::{CallFacts, Called};
pub use claims::{Claims, InvalidToken};
pub use client::{AppClient, Client};
pub use error::CognitoError;
#[cfg(test)]
pub(crate) use ledger::samples as ledger_samples;
pub use ledger::{
    BudgetError, Intent, Ledger, LedgerError, LedgerRow, LiveRun, MailBound, MailRequest,
    MailReservation, OpenRows, RowState, RunNeed,
};
pub use log_groups::{LogGroupError, LogGroups};
pub use persistence::Repeats;
pub use pool_description::{AppClientDescription, NameUse, PoolDescription};
pub use pool_design::{OwnSes, PasswordRules, PoolDesign, Trigger};
pub use pools::{MailTemplate, NewAppClient, NewUserPool, Usernames};
pub use second_factor::{Enrolment, SecondFactor, SecondFactorUse};
pub use secret_hash::secret_hash;
pub use server_clock::ServerClock;
pub use ses::{SesClient, SesError};
pub use settings_reader::{AppClients, Obstacle, SettingsError, SettingsReader};
pub use sign_in::{Challenge, SignIn};
pub use sweep::{Standing, SweepError, look_for, remove};
pub use user_management::UserFilter;
pub use users::{Invitation, NewUser};
