//! Cognito refused, and said so.

mod limits;
mod names;
mod settings;
mod triggers;

pub(super) use limits::CAUSES as LIMITS;
pub(super) use names::CAUSES as NAMES;
pub(super) use settings::CAUSES as SETTINGS;
pub(super) use triggers::CAUSES as TRIGGERS;
