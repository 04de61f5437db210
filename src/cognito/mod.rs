//! A typed client for Amazon Cognito user pools, and the ledger of users that this tool created.
//!
//! [`Client`] wraps the AWS SDK: one method per operation that the scenarios need, each answering
//! with our own types and the [`CallFacts`] that a diagnosis wants (request id, times). AWS and the
//! emulator are reached the same way; only the endpoint differs.
//!
//! [`Ledger`] is the reason why a real pool is safe: no user is deleted that has no row there.

mod answers;
mod attributes;
mod call;
mod client;
mod error;
mod ledger;
mod log_groups;
mod passwords;
mod pool_design;
mod pools;
mod secret_hash;
mod server_clock;
mod ses;
mod user_management;
mod users;

pub use crate::model::Endpoint;
pub use answers::{CodeDelivery, SignUpAnswer, Tokens, User};
pub use attributes::SchemaAttribute;
pub use call::{CallFacts, Called};
pub use client::{AppClient, Client};
pub use error::CognitoError;
pub use ledger::{Intent, Ledger, LedgerError, LedgerRow, RowState};
pub use log_groups::{LogGroupError, LogGroups};
pub use passwords::{Challenge, SignIn};
pub use pool_design::{OwnSes, PasswordRules, PoolDesign, Trigger};
pub use pools::{MailTemplate, NewAppClient, NewUserPool, PoolSettings, Usernames};
pub use secret_hash::secret_hash;
pub use server_clock::ServerClock;
pub use ses::{SesClient, SesError};
pub use user_management::UserFilter;
pub use users::{Invitation, NewUser};
