//! What this tool did to targets, in a file that survives a crash and that processes share: the users
//! that it created, the mails that it caused, the pace of its sign-ups.

mod mails;
mod pace;
mod runs;
#[cfg(test)]
pub(crate) mod samples;
mod store;
mod users;

pub use mails::{BudgetError, MailBound, MailRequest, MailReservation};
pub use runs::{LiveRun, RunNeed};
pub use store::{Ledger, LedgerError};
pub use users::{Intent, LedgerRow, OpenRows, RowState};
