//! The receiving side has the mail, or lost it.

mod mailbox;
mod rules;

pub(super) use mailbox::CAUSES as MAILBOX;
pub(super) use rules::CAUSES;
