//! SES refused the mail, dropped it or could not deliver it.

mod account;
mod events;
mod identity;
mod suppression;

pub(super) use account::CAUSES as ACCOUNT;
pub(super) use events::{CAUSES as EVENTS, bounce_saying};
pub(super) use identity::CAUSES as IDENTITY;
pub(super) use suppression::CAUSES as SUPPRESSION;
