//! Inboxes that can only be asked what is in them: a Maildir on this machine, and Mailpit, the
//! mail catcher of many test set-ups.
//!
//! A thread per inbox lists it, often while somebody waits, and hands on what was not there
//! before. Neither kind numbers its mails, so positions count them in the order in which this
//! process saw them, and are of no use to another process: their generation is the moment at which
//! the inbox was opened.

mod maildir;
mod mailpit;
mod polled_inbox;
mod reader;
mod store;

pub use mailpit::{InvalidMailpitUrl, MailpitUrl};
pub use polled_inbox::PolledInbox;
