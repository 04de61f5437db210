//! emulator

mod cognito;
mod validation;
