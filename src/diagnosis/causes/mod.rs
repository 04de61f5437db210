//! The catalogue: one entry and one pure rule for each known cause (CAUSES.md).
//!
//! The files follow a mail's way. A rule reads the evidence and nothing else.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all rules have one signature, also those that can always answer"
)]

mod checker;
mod handover;
mod not_asked;
mod reading;
mod receiving;
mod refused;
mod registry;
mod ses;

pub use registry::{all, by_id};
