//! emulator

pub mod lambda;
