//! The Lambda host as its users meet it: real child processes that speak the Runtime API.
//!
//! The functions are in [`functions`]; this test program starts itself again as their process, so
//! that nothing but Rust is needed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and a function is one that prints"
)]

#[path = "../../examples/custom_runtime.rs"]
mod custom_runtime;
mod endpoint;
mod functions;
mod life;
mod outcomes;
mod survival;
