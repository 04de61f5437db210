//! The request never asked for a mail.

mod settings;
mod simulated;
mod users;

pub(super) use settings::CAUSES as SETTINGS;
pub(super) use simulated::{CAUSES as SIMULATED, simulated_promise};
pub(super) use users::CAUSES as USERS;
