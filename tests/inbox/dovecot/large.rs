//! Large mails and large mailboxes.

use std::fs;
use std::time::Instant;

use reverify::inbox::{Browse as _, Inbox as _};

use super::lmtp::mail;
use super::server::{Dovecot, USER};
use super::{code, soon};
use crate::{PATIENCE, address};

/// More than most servers take.
const LARGE_MAIL_BYTES: usize = 30 * 1024 * 1024;

/// What collects in a mailbox that nobody empties for years.
const MAILS: u32 = 100_000;

/// Fewer names for one file than any file system allows.
const LINKS_MAX: u32 = 20_000;

#[tokio::test]
async fn a_mail_of_thirty_megabytes_comes_whole() {
    let Some(dovecot) = Dovecot::start("30 MB mail") else {
        return;
    };
    let inbox = dovecot.inbox();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    let line = format!("{}\r\n", "x".repeat(998));
    let text = format!(
        "{}{}",
        mail("ada@example.com", "123456"),
        line.repeat(LARGE_MAIL_BYTES / line.len())
    );
    let stored = text.clone();
    let mut lmtp = dovecot.lmtp();
    tokio::task::spawn_blocking(move || lmtp.store(USER, &stored))
        .await
        .unwrap();
    let arrival = watch.next(soon()).await.unwrap();
    // LMTP adds headers of its own before it.
    assert!(arrival.raw.len() > LARGE_MAIL_BYTES && arrival.raw.len() < text.len() + 2_000);
    assert!(
        arrival
            .raw
            .trim_ascii_end()
            .ends_with(line.trim_ascii_end().as_bytes())
    );
    assert_eq!(code(&arrival), "123456");
    dovecot.lmtp().code("ada@example.com", "654321");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "654321");
}

#[tokio::test]
async fn a_mailbox_of_a_hundred_thousand_mails_is_no_slower() {
    let Some(dovecot) = Dovecot::start("100,000 mails") else {
        return;
    };
    dovecot.fill_maildir(USER, |current| {
        for number in 0..MAILS {
            let path = |number: u32| current.join(format!("{number}.mail:2,S"));
            let first = number / LINKS_MAX * LINKS_MAX;
            // One file under many names: the server sees a mail for each.
            let made = if number == first {
                fs::write(path(number), mail("ada@example.com", "999999"))
            } else {
                fs::hard_link(path(first), path(number))
            };
            made.unwrap();
        }
    });
    let inbox = dovecot.inbox();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    let began = Instant::now();
    dovecot.lmtp().code("ada@example.com", "123456");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "123456");
    assert!(began.elapsed() < PATIENCE);
    assert_eq!(inbox.newest(5).await.unwrap().len(), 5);
}
