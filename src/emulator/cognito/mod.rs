//! Cognito user pools: one file per operation, and what the operations share.
//!
//! An operation reads its typed request, looks up pool, client and user, decides under the lock of
//! the pool's users, and sends mail after the lock is gone. All messages of exceptions stand in
//! [`error`]; the sections that tests cite are COGNITO.md's.
//!
//! | file | what |
//! | --- | --- |
//! | `dispatch` | names to functions |
//! | `service`, `pools`, `users`, `sessions` | the state |
//! | `pool_settings`, `pool_members`, `clients`, `schema`, `username` | what a pool and a client are asked to be |
//! | `attributes`, `password`, `codes`, `secret_hash`, `tokens` | the rules |
//! | `passwords`, `recovery` | a user's next password |
//! | `aliases`, `attribute_updates` | changes of attributes, and the names that follow them |
//! | `messages`, `templates`, `mask`, `custom_senders` | what is sent, by whom, and what is told of it |
//! | `authentication` | signing in: flows, challenges, second factors |
//! | `subject` | whom a request is about, for faults and the trail |
//! | `triggers`, `migration` | the functions that a pool calls, and the users whom one brings |
//! | the others | the operations |

mod access_token;
mod admin_create_user;
mod admin_passwords;
mod admin_user;
mod aliases;
mod app_clients;
mod attribute_updates;
mod attributes;
mod authentication;
mod change_password;
mod client_secrets;
mod clients;
mod codes;
mod confirm_sign_up;
mod custom_senders;
mod dispatch;
mod domains;
mod email_sending;
mod error;
mod filter;
mod fingerprint;
mod forgot_password;
mod group_members;
mod groups;
mod list_users;
mod log_delivery;
mod mask;
mod messages;
mod mfa_config;
mod migration;
mod pages;
mod password;
mod passwords;
mod pool_members;
mod pool_settings;
mod pools;
mod recovery;
mod resend_confirmation_code;
mod schema;
mod secret_hash;
mod seed;
mod service;
mod sessions;
mod sign_up;
mod srp;
mod subject;
mod tags;
mod templates;
mod tokens;
mod totp;
mod triggers;
mod update_user_attributes;
mod user_pool_groups;
mod user_pools;
mod username;
mod users;
mod verify_user_attribute;
mod wire;

pub(crate) use clients::{ClientSettings, ExplicitAuthFlow};
pub(crate) use confirm_sign_up::confirm_by_link;
pub(crate) use dispatch::{Answer, call};
pub(crate) use email_sending::{is_developer, send as send_email};
pub(crate) use error::Exception;
pub(crate) use log_delivery::not_delivered;
pub(crate) use password::PasswordPolicy;
pub(crate) use pool_members::VerifiedAttribute;
pub(crate) use pool_settings::PoolSettings;
pub(crate) use pools::{Pools, UserPool};
pub(crate) use seed::{SeedClient, SeedPool, SeedUser, plant};
pub(crate) use service::Cognito;
pub(crate) use subject::{Subject, sub_of_name, sub_of_token};
pub(crate) use templates::escaped;
pub(crate) use tokens::Keys;
pub(crate) use triggers::Triggers;
pub(crate) use username::is_phone_number;
pub(crate) use users::{UserKey, UserStatus};
