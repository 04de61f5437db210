//! Cognito user pools: one file per operation, and what the operations share.
//!
//! An operation reads its typed request, looks up pool, client and user, decides under the lock of
//! the pool's users, and sends mail after the lock is gone. All messages of exceptions stand in
//! [`error`]; the sections that tests cite are COGNITO.md's.
//!
//! | file | what |
//! | --- | --- |
//! | `dispatch`, `operations` | names to functions; which need a signature |
//! | `service`, `pools`, `users`, `sessions` | the state |
//! | `pool_settings`, `pool_members`, `clients`, `schema`, `username` | what a pool and a client are asked to be |
//! | `attributes`, `password`, `codes`, `secret_hash`, `tokens` | the rules |
//! | `messages`, `mask` | what is mailed and what is told of it |
//! | `triggers` | the functions that a pool calls |
//! | the others | the operations |

mod access_token;
mod admin_user;
mod app_clients;
mod attributes;
mod clients;
mod codes;
mod confirm_sign_up;
mod dispatch;
mod error;
mod filter;
mod initiate_auth;
mod list_users;
mod mask;
mod messages;
mod migration;
mod operations;
mod password;
mod pool_members;
mod pool_settings;
mod pools;
mod resend_confirmation_code;
mod schema;
mod secret_hash;
mod seed;
mod service;
mod sessions;
mod sign_in;
mod sign_up;
mod srp;
mod tokens;
mod totp;
mod triggers;
mod user_pools;
mod username;
mod users;
mod wire;

pub(crate) use clients::{ClientSettings, ExplicitAuthFlow};
pub(crate) use dispatch::{Answer, call};
pub(crate) use error::Exception;
pub(crate) use operations::{Access, access};
pub(crate) use password::PasswordPolicy;
pub(crate) use pool_members::VerifiedAttribute;
pub(crate) use pool_settings::PoolSettings;
pub(crate) use pools::Pools;
pub(crate) use seed::{SeedClient, SeedPool, SeedUser, plant};
pub(crate) use service::Cognito;
pub(crate) use tokens::Keys;
pub(crate) use triggers::Triggers;
pub(crate) use users::UserStatus;
