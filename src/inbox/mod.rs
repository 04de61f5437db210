//! A mailbox that is watched: the position is noted before the request that causes a mail, and
//! only a mail that arrived after it counts.
//!
//! [`Inbox`] is what every kind of mailbox can do. [`sink`] is the kind that needs nothing but
//! this process: an SMTP server on loopback. [`imap`] reads a real mailbox, and [`polled`] a Maildir
//! or a Mailpit. A [`Watch`] waits for the mail of one recipient, and when none comes [`Missing`]
//! says what came instead; [`Browse`] lists and shows mails, whoever they are for.
//!
//! Behind each inbox stands one reader and any number of waiters: the reader hands every arrival
//! to `Waiters` once, which passes it on to those who wait for that recipient and wakes nobody
//! else.

mod arrival;
mod browse;
mod duplicates;
pub mod imap;
mod mailbox;
mod missing;
pub mod polled;
mod position;
mod probe;
mod pull;
mod reader_handle;
mod recipients;
mod refused;
mod requests;
pub mod sink;
mod waiters;
mod watch;

pub use self::imap::ImapInbox;
pub use arrival::{Arrival, ArrivalId, Folder};
pub use browse::{Browse, MailSummary};
pub use duplicates::Duplicate;
pub use mailbox::MailboxFacts;
pub use missing::{Glimpse, MISSING_GLIMPSES_MAX, Missing, Unexpected, WaitEnd};
pub use polled::PolledInbox;
pub use position::{InvalidPosition, Position};
pub use probe::{ProbeError, probe};
pub use refused::RefusedMail;
pub use sink::SmtpSink;
pub use watch::{Inbox, InboxError, Watch};
