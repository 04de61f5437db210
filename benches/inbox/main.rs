//! How long a code takes from its mail's being stored in Dovecot to who waits for it.
//!
//! Side by side: this crate with 1 and with 500 waiting, a bare socket that polls as fast as it
//! can, and the loop that most scripts have (Python's imaplib, a search every two seconds). Run it with
//! `REVERIFY_DOVECOT=/usr/sbin/dovecot cargo bench --bench inbox`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot measure ends, and prints what it measured"
)]

mod bare_socket;
#[expect(
    dead_code,
    reason = "the tests need more of the server than a benchmark does"
)]
mod dovecot;
mod imaplib;
#[path = "../../tests/common/installed.rs"]
mod installed;
#[path = "../../tests/common/skipped.rs"]
mod skipped;
mod table;

use std::time::{Duration, Instant};

use reverify::inbox::{ImapInbox, Inbox as _};
use reverify::mail::{Extraction, Message, extract};
use tokio::sync::mpsc;

use dovecot::server::{Dovecot, USER};
use table::Row;

/// A broken benchmark ends after this time instead of hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// Mails for each row but the slowest, whose figures are not of milliseconds.
const MAILS: usize = 500;

fn main() {
    let Some(dovecot) = Dovecot::start("benchmark") else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let rows = [
        bare_socket::measure(&dovecot, MAILS),
        runtime.block_on(ours(&dovecot, 1)),
        runtime.block_on(ours(&dovecot, 500)),
        imaplib::measure(&dovecot),
    ];
    println!("{}", Row::HEADER);
    for row in rows {
        println!("{row}");
    }
}

/// This crate over TLS, with so many who wait at a time.
async fn ours(dovecot: &Dovecot, waiting: usize) -> Row {
    let inbox = ImapInbox::open(dovecot.tls(USER)).unwrap();
    let (sender, mut found) = mpsc::unbounded_channel();
    let deadline = tokio::time::Instant::now() + PATIENCE * 30;
    for number in 0..waiting {
        let address = recipient(number).parse().unwrap();
        let mut watch = inbox.watch(&address).await.unwrap();
        let sender = sender.clone();
        tokio::spawn(async move {
            while let Ok(arrival) = watch.next(deadline).await {
                let code = code(&arrival.raw);
                if sender.send((code, Instant::now())).is_err() {
                    return;
                }
            }
        });
    }
    let mut lmtp = dovecot.lmtp();
    let mut times = Vec::new();
    for step in 0..MAILS {
        let expected = (100_000 + step).to_string();
        lmtp.code(&recipient(step * 7 % waiting), &expected);
        let stored = Instant::now();
        let (code, at) = found.recv().await.unwrap();
        assert_eq!(code, expected);
        times.push(at.saturating_duration_since(stored));
    }
    Row::new(format!("this crate, {waiting} waiting"), times)
}

fn recipient(number: usize) -> String {
    format!("user.{number}@example.com")
}

/// The code as a scenario reads it.
fn code(raw: &[u8]) -> String {
    match extract(&Message::parse(raw), &[]) {
        Extraction::Code { code, .. } => code.expose().to_owned(),
        _ => String::new(),
    }
}
