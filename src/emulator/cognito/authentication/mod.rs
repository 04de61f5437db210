//! Signing in: flows, challenges, second factors, and what becomes of the tokens (COGNITO.md 3.10
//! and 10).
//!
//! A sign-in is an [`attempt`]: a flow of `initiate_auth` checks a first factor, `steps` decides
//! what is still missing, and a challenge waits in [`challenge_sessions`] for `respond` to bring its
//! answer, until `sign_in` gives out tokens.
//!
//! | file | what |
//! | --- | --- |
//! | `initiate_auth`, `respond_to_auth_challenge` | the four operations |
//! | `attempt`, `outcome`, `challenge_sessions` | what they share |
//! | `password`, `srp_flow`, `user_auth`, `custom_auth`, `refresh` | one file per flow |
//! | `first_sign_in` | the session that leads from a sign-up to tokens |
//! | `steps`, `new_password`, `one_time_code`, `mfa` | what follows a first factor |
//! | `software_token`, `mfa_preference` | second factors, set up by the user |
//! | `sign_in`, `sign_out` | tokens given out and taken back |
//! | `triggers` | where the Lambda triggers of a sign-in are called |

mod attempt;
mod challenge_sessions;
mod custom_auth;
pub(super) mod first_sign_in;
mod initiate_auth;
mod mfa;
mod mfa_preference;
mod new_password;
mod one_time_code;
mod outcome;
mod password;
mod refresh;
mod respond_to_auth_challenge;
mod sign_in;
mod sign_out;
mod software_token;
mod srp_flow;
mod steps;
mod triggers;
mod user_auth;

pub(crate) use challenge_sessions::ChallengeSessions;
pub(crate) use initiate_auth::{admin_initiate_auth, initiate_auth};
pub(crate) use mfa::UserMfa;
pub(crate) use mfa_preference::{
    admin_set_user_mfa_preference, get_user_auth_factors, set_user_mfa_preference,
};
pub(crate) use refresh::get_tokens_from_refresh_token;
pub(crate) use respond_to_auth_challenge::{
    admin_respond_to_auth_challenge, respond_to_auth_challenge,
};
pub(crate) use sign_out::{admin_user_global_sign_out, global_sign_out, revoke_token};
pub(crate) use software_token::{associate_software_token, verify_software_token};
