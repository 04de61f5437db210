//! The functions that send a pool's codes in the place of Cognito (COGNITO.md 6.1, 6.3, 6.5), and the
//! Key Management Service under whose keys the codes travel.

mod encryption_sdk;
mod event;
mod failures;
mod fixture;
mod key_refusals;
mod keys;
mod retries;
mod settings;
mod sources;
