//! Waits on a mailbox that many share.

use reverify::inbox::{Browse as _, Folder, ImapInbox, Inbox as _, Unexpected};

use super::lmtp::mail;
use super::server::{Dovecot, USER};
use super::{code, shortly, soon};
use crate::address;

/// How many scenarios wait at once: what one run is made for.
const WAITERS: u32 = 500;

#[tokio::test]
async fn five_hundred_waiters_get_their_own_over_one_connection() {
    let Some(dovecot) = Dovecot::start("500 waiters") else {
        return;
    };
    let inbox = ImapInbox::open(dovecot.tls(USER)).unwrap();
    let mut waiting = Vec::new();
    for number in 0..WAITERS {
        let recipient = address(&format!("user.{number}@example.com"));
        let mut watch = inbox.watch(&recipient).await.unwrap();
        waiting.push(tokio::spawn(async move {
            let arrival = watch.next(soon()).await.unwrap();
            assert!(arrival.envelope_to.same_mailbox(watch.recipient()));
            assert_eq!(code(&arrival), format!("{:06}", 700_000 + number));
            watch
        }));
    }
    let lmtp = dovecot.ports.lmtp;
    tokio::task::spawn_blocking(move || {
        let mut lmtp = super::lmtp::Lmtp::connect(lmtp);
        // In another order than they wait in: 7 and 500 have no common factor.
        for number in (0..WAITERS).map(|step| step * 7 % WAITERS) {
            let recipient = format!("User.{number}@example.com");
            lmtp.code(&recipient, &format!("{:06}", 700_000 + number));
        }
    })
    .await
    .unwrap();
    let mut watches = Vec::new();
    for waiter in waiting {
        watches.push(waiter.await.unwrap());
    }
    // None of them gets a second one.
    let ended = shortly();
    for mut watch in watches {
        watch.expect_none_until(ended).await.unwrap();
    }
    assert_eq!(dovecot.logins(), 1);
}

#[tokio::test]
async fn only_what_comes_after_the_position_counts() {
    let Some(dovecot) = Dovecot::start("positions") else {
        return;
    };
    let inbox = dovecot.inbox();
    let ada = address("ada@example.com");
    let mut lmtp = dovecot.lmtp();
    lmtp.code("ada@example.com", "111111");
    let before = inbox.position().await.unwrap();
    lmtp.code("ada@example.com", "222222");
    let mut watch = inbox.watch(&ada).await.unwrap();
    watch.expect_none_until(shortly()).await.unwrap();
    lmtp.code("bob@example.com", "333333");
    lmtp.code("Ada <ADA@example.com>", "444444");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "444444");
    let missing = watch.next(shortly()).await.unwrap_err();
    assert_eq!(missing.others, 1, "{missing}");
    assert!(missing.to_string().contains("bob@example.com"), "{missing}");

    // From an earlier position on, all that came for ada counts.
    let mut since = inbox.watch_since(&ada, before).await.unwrap();
    for expected in ["222222", "444444"] {
        assert_eq!(code(&since.next(soon()).await.unwrap()), expected);
    }
    lmtp.code("ada@example.com", "555555");
    for watch in [&mut watch, &mut since] {
        assert_eq!(code(&watch.next(soon()).await.unwrap()), "555555");
        watch.expect_none_until(shortly()).await.unwrap();
    }
}

#[tokio::test]
async fn a_mail_in_the_junk_folder_has_not_arrived() {
    let Some(dovecot) = Dovecot::start("junk folder") else {
        return;
    };
    let inbox = dovecot.inbox();
    let ada = address("ada@example.com");
    let mut watch = inbox.watch(&ada).await.unwrap();
    let mut silence = inbox.watch(&ada).await.unwrap();
    dovecot.put_into(".Werbung", "1.mail", &mail("ada@example.com", "123456"));
    let missing = watch.next(shortly()).await.unwrap_err();
    let [found] = &missing.elsewhere[..] else {
        panic!("{missing}")
    };
    assert_eq!(found.folder, Folder::Junk("Werbung".to_owned()));
    let text = missing.to_string();
    assert!(
        text.contains("one lies in the junk folder `Werbung` (\"Verify\")"),
        "{text}"
    );
    assert!(missing.others == 0 && !text.contains("123456"), "{text}");
    // It was sent all the same, so "no mail comes" does not hold.
    let unexpected = silence.expect_none_until(soon()).await.unwrap_err();
    assert!(matches!(unexpected, Unexpected::Arrived(_)), "{unexpected}");
    dovecot.lmtp().code("ada@example.com", "654321");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "654321");
}

/// Gmail shows each mail of the inbox in a folder of all mails as well.
#[tokio::test]
async fn a_folder_of_all_mails_has_those_that_skip_the_inbox() {
    let Some(dovecot) = Dovecot::start("all mails") else {
        return;
    };
    let inbox = dovecot.inbox();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    let shown = mail("ada@example.com", "111111");
    dovecot.put_into(".All", "1.mail", &shown);
    dovecot.put_into("", "1.mail", &shown);
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "111111");
    let missing = watch.next(shortly()).await.unwrap_err();
    assert_eq!(
        (missing.elsewhere.len(), missing.others),
        (0, 0),
        "{missing}"
    );
    dovecot.put_into(".All", "2.mail", &mail("ada@example.com", "222222"));
    let missing = watch.next(shortly()).await.unwrap_err();
    let [found] = &missing.elsewhere[..] else {
        panic!("{missing}")
    };
    assert_eq!(found.folder, Folder::Other("All".to_owned()));
}

#[tokio::test]
async fn a_second_copy_is_told_and_not_used() {
    let Some(dovecot) = Dovecot::start("duplicates") else {
        return;
    };
    let inbox = dovecot.inbox();
    let ada = address("ada@example.com");
    let mut lmtp = dovecot.lmtp();
    let mut first = inbox.watch(&ada).await.unwrap();
    lmtp.code("ada@example.com", "111111");
    assert_eq!(code(&first.next(soon()).await.unwrap()), "111111");
    // The mail system delivers the first mail again, after the second request.
    let mut second = inbox.watch(&ada).await.unwrap();
    lmtp.code("ada@example.com", "111111");
    let missing = second.next(shortly()).await.unwrap_err();
    assert_eq!(missing.duplicates, 1, "{missing}");
    lmtp.code("ada@example.com", "222222");
    assert_eq!(code(&second.next(soon()).await.unwrap()), "222222");
}

#[tokio::test]
async fn nothing_in_the_mailbox_is_changed() {
    let Some(dovecot) = Dovecot::start("read only") else {
        return;
    };
    let inbox = dovecot.inbox();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    dovecot.lmtp().code("ada@example.com", "111111");
    watch.next(soon()).await.unwrap();
    // Maildir keeps flags in the file's name, and what no client has marked in `new`.
    let new = std::fs::read_dir(dovecot.maildir(USER).join("new")).unwrap();
    assert_eq!(new.count(), 1, "the mail is as new as it was");
    let listed = inbox.newest(10).await.unwrap();
    let [only] = &listed[..] else {
        panic!("{listed:?}")
    };
    let whole = inbox.mail(only.position).await.unwrap().unwrap();
    assert!(whole.starts_with(&only.headers));
}
