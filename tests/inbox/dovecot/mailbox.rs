//! The mailbox as a whole: how full it is, and what vanished from it.

use reverify::inbox::{Browse as _, Inbox as _};
use reverify::model::{MailboxQuota, QuotaUnit};
use reverify::record::Outcome;
use reverify::steps::Target;

use super::lmtp::smtp_to_lmtp;
use super::server::{ADDRESSES, Dovecot};
use super::{code, soon};
use crate::address;
use crate::emulated::{Emulated, suite_of, unheard};

#[tokio::test]
async fn the_quota_is_told_where_the_server_has_one() {
    let Some(dovecot) = Dovecot::start_limited("quota", 2) else {
        return;
    };
    let inbox = dovecot.inbox();
    let start = inbox.position().await.unwrap();
    let mut lmtp = dovecot.lmtp();
    for used in 1..=2 {
        lmtp.code("ada@example.com", "123456");
        let facts = inbox.mailbox_since(start).await.unwrap();
        let quota = MailboxQuota {
            used,
            limit: 2,
            unit: QuotaUnit::Messages,
        };
        assert_eq!((facts.quota, facts.vanished), (Some(quota), Some(0)));
        assert_eq!(quota.is_full(), used == 2);
    }
}

#[tokio::test]
async fn a_mail_that_somebody_took_is_counted_and_one_that_was_read_is_not() {
    let Some(dovecot) = Dovecot::start("vanished mails") else {
        return;
    };
    let inbox = dovecot.inbox();
    let mut lmtp = dovecot.lmtp();
    let start = inbox.position().await.unwrap();
    lmtp.code("ada@example.com", "111111");
    dovecot.remove_mails();
    let facts = inbox.mailbox_since(start).await.unwrap();
    assert_eq!((facts.quota, facts.vanished), (None, Some(1)));

    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    lmtp.code("ada@example.com", "222222");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "222222");
    dovecot.remove_mails();
    let facts = inbox.mailbox_since(watch.position()).await.unwrap();
    assert_eq!(facts.vanished, Some(0));
    // The wait goes on as before.
    lmtp.code("ada@example.com", "333333");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "333333");
    let elsewhere = "9:1".parse().unwrap();
    let facts = inbox.mailbox_since(elsewhere).await.unwrap();
    assert_eq!(facts.vanished, None);
}

/// The two mails that fit are Grace's and Ada's first.
const FULL: &str = "\
Feature: Full
  Scenario: The mailbox takes two mails
    Given a user pool that verifies e-mail addresses with a code
    And a new user Grace
    And a new user Ada
    When Grace signs up
    Then Grace receives a verification mail within 10 seconds
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And Ada signs up again
    Then Ada receives no mail within 0.1 seconds
    And the diagnosis calls mailbox-full likely
";

#[tokio::test]
async fn a_full_mailbox_is_the_likely_cause() {
    let Some(dovecot) = Dovecot::start_limited("a full mailbox", 2) else {
        return;
    };
    let emulated = Emulated::mailing_to(smtp_to_lmtp(dovecot.ports.lmtp));
    let target = Target {
        sources: Some(emulated.sources()),
        ..emulated.target(dovecot.inbox(), ADDRESSES)
    };
    let suite = suite_of(FULL.to_owned());
    let summary = emulated.run(&suite, target, unheard()).await;
    let outcomes: Vec<_> = summary.scenarios().map(|one| &one.outcome).collect();
    assert_eq!(outcomes, [&Outcome::Passed]);
}
