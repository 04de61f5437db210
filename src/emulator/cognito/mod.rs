//! What Cognito computes when a user signs in.
#![cfg_attr(
    not(test),
    expect(dead_code, reason = "wired in with the operation table")
)]

mod srp;
mod totp;
