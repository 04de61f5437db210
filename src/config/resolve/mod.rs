//! From tables to typed settings.

mod inbox;
mod profile;
mod target;

pub(super) use inbox::inbox;
pub(super) use profile::{group, profile};
pub(super) use target::{target, unknown_name};
