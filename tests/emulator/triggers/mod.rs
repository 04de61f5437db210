//! Lambda triggers (COGNITO.md 6), with functions that are closures, child processes and Python.

mod challenges;
mod failures;
mod fixture;
mod messages;
mod process;
mod python;
mod sign_in;
mod sign_up;
mod tokens;
