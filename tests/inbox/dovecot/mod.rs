//! A real IMAP server, and what goes wrong between it and us.
//!
//! `scripts/test.sh` installs Dovecot and names it in `REVERIFY_DOVECOT`; without, each test says
//! that it is skipped.

pub(crate) mod certificates;
mod commands;
mod faults;
mod large;
pub(crate) mod lmtp;
mod logins;
mod mailbox;
mod proxy;
mod re_sign_up;
pub(crate) mod server;
mod waits;

use std::time::Duration;

use reverify::inbox::Arrival;
use reverify::mail::{Extraction, Message, extract};
use tokio::time::Instant;

use crate::PATIENCE;

fn soon() -> Instant {
    Instant::now() + PATIENCE
}

fn shortly() -> Instant {
    Instant::now() + Duration::from_millis(300)
}

/// The code of a mail as a scenario would read it.
fn code(arrival: &Arrival) -> String {
    match extract(&Message::parse(&arrival.raw), &[]) {
        Extraction::Code { code, .. } => code.expose().to_owned(),
        other => panic!("no code: {other:?}"),
    }
}
