//! What Cognito computes when a user signs in.

mod srp;
mod totp;
