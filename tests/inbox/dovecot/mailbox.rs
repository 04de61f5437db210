//! The mailbox as a whole: how full it is, and what vanished from it.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use reverify::cognito::{Client, Endpoint, Ledger};
use reverify::diagnosis::{LogPlaces, Sources};
use reverify::emulator::{Emulator, Settings};
use reverify::inbox::{Browse as _, Inbox as _};
use reverify::model::{Budget, MailboxQuota, QuotaUnit, RunId, SystemClock};
use reverify::record::{Outcome, Recorder, RunSetting};
use reverify::steps::{AddressTemplate, Permissions, Target};
use reverify::suite::{Cancel, Run, RunOptions, Source, Suite};

use super::re_sign_up::{Unseen, smtp_to_lmtp};
use super::server::{Dovecot, loopback};
use super::{code, soon};
use crate::address;

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
    let listener = TcpListener::bind(loopback(0)).unwrap();
    let smtp = smtp_to_lmtp(dovecot.ports.lmtp);
    let emulator = Emulator::start(listener, Settings::new(loopback(smtp), Arc::new(Unseen)));
    let emulator = emulator.unwrap();
    let endpoint = Endpoint {
        region: "us-east-1".to_owned(),
        url: emulator.endpoint(),
    };
    let addresses = "qa+{person}.{run}.{scenario}.{attempt}@example.test";
    let target = Target {
        name: "emulator".to_owned(),
        place: endpoint.url.clone(),
        cognito: Client::for_emulator(&endpoint),
        pool: None,
        inbox: Arc::new(dovecot.inbox()),
        addresses: AddressTemplate::new(addresses).unwrap(),
        sources: Some(Sources::for_emulator(&endpoint, LogPlaces::default())),
        emulated: true,
        control_mail: None,
        silence_min: Duration::ZERO,
        region: "us-east-1".to_owned(),
        surroundings: None,
        receiver: None,
        allowed: Permissions::ALL,
        budget: Budget::default(),
    };
    let suite = Suite::of(vec![Source {
        path: "full.feature".to_owned(),
        text: FULL.into(),
    }]);
    let plan = suite.plan().unwrap();
    let run = Run {
        id: RunId::new("full"),
        target: Arc::new(target),
        ledger: Arc::new(Ledger::in_memory().unwrap()),
        recorder: Recorder::new(Arc::new(SystemClock)),
        clock: Arc::new(SystemClock),
        options: RunOptions::default(),
        cancel: Cancel::default(),
        setting: RunSetting::default(),
    };
    let summary = suite.run(&plan, run).await;
    let scenario = summary.scenario(&plan.scenarios()[0].id).unwrap();
    assert_eq!(scenario.outcome, Outcome::Passed);
    emulator.stop().unwrap();
}
