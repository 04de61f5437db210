//! The emulator and the SMTP sink together: a whole target in one process.
//!
//! This is where the two halves of the crate are put together. The checker that uses the resulting
//! [`Target`](crate::steps::Target) still meets the emulator on the wire only.

mod accounts;
mod embedded_target;
mod forwarding;
mod mail_view;
mod receiving;

pub use embedded_target::{Embedded, EmbeddedError, EmbeddedSettings};
