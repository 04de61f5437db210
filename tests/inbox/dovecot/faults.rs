//! Faults between the server and us: the right mail all the same, or a clear error in time.

use std::time::{Duration, Instant};

use reverify::inbox::imap::ImapError;
use reverify::inbox::{ImapInbox, Inbox as _, InboxError, WaitEnd, Watch};

use super::proxy::{Harm, Proxy};
use super::server::{Dovecot, USER, plain};
use super::{code, soon};
use crate::{PATIENCE, address};

/// Silence is noticed after this time, in which a busy machine answers.
const SILENCE: Duration = Duration::from_secs(3);

fn behind(proxy: &Proxy, harm: &Harm) -> ImapInbox {
    let mut settings = plain(proxy.port);
    if !matches!(harm, Harm::CutAfterClient(_) | Harm::CutAfterServer(_)) {
        settings.limits.command_time_max = SILENCE;
    }
    ImapInbox::open(settings).unwrap()
}

/// Gets one mail before and one after the harm, which comes at the moment of the second or of the
/// wait for it.
async fn survives(test: &str, harm: Harm) {
    let Some(dovecot) = Dovecot::start(test) else {
        return;
    };
    let proxy = Proxy::start(dovecot.ports.imap, vec![harm.clone()]);
    let inbox = behind(&proxy, &harm);
    let mut lmtp = dovecot.lmtp();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    for number in 0..4 {
        lmtp.code("ada@example.com", &format!("11111{number}"));
        let arrival = watch
            .next(soon())
            .await
            .unwrap_or_else(|missing| panic!("{harm:?}: {missing}"));
        assert_eq!(code(&arrival), format!("11111{number}"), "{harm:?}");
    }
    assert_eq!((proxy.done(), proxy.connections()), (1, 2), "{harm:?}");
}

/// So far away that the pauses between two looks are spent in IDLE.
const FAR: Duration = Duration::from_millis(75);

/// Gets the mail that is stored after the harm, which comes while somebody waits.
async fn survives_idling(test: &str, harm: Harm, connections: usize) {
    let Some(dovecot) = Dovecot::start(test) else {
        return;
    };
    let proxy = Proxy::far(dovecot.ports.imap, vec![harm.clone()], FAR);
    let inbox = behind(&proxy, &harm);
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    let waiting = tokio::spawn(async move { watch.next(soon()).await });
    while proxy.done() == 0 {
        assert!(!waiting.is_finished(), "{harm:?}");
        tokio::time::sleep(FAR).await;
    }
    dovecot.lmtp().code("ada@example.com", "123456");
    let arrival = waiting.await.unwrap();
    let arrival = arrival.unwrap_or_else(|missing| panic!("{harm:?}: {missing}"));
    assert_eq!(code(&arrival), "123456");
    assert_eq!(proxy.connections(), connections, "{harm:?}");
}

#[tokio::test]
async fn a_cut_during_a_fetch_loses_nothing() {
    survives("cut before FETCH", Harm::CutAfterClient("BODY.PEEK[]")).await;
    survives("cut within FETCH", Harm::CutAfterServer("BODY[]<0> {")).await;
    survives(
        "cut within a mail",
        Harm::CutAfterServer("Your verification"),
    )
    .await;
}

#[tokio::test]
async fn a_cut_at_other_moments_loses_nothing() {
    survives("cut after NOOP", Harm::CutAfterServer("NOOP completed")).await;
    survives("cut within EXISTS", Harm::CutAfterServer("* 1 EXI")).await;
}

#[tokio::test]
async fn half_a_line_and_silence_lose_nothing() {
    survives("half an answer", Harm::SilenceAfterServer("* 2 EXI")).await;
    survives("half a mail", Harm::SilenceAfterServer("Your verif")).await;
}

#[tokio::test]
async fn nonsense_loses_nothing() {
    survives("no IMAP", Harm::Replace("* 2 EXISTS", "* 2 ?? ((")).await;
    survives(
        "a literal without end",
        Harm::Replace("BODY[]<0> {", "BODY[]<0> {99"),
    )
    .await;
}

#[tokio::test]
async fn faults_of_idle_lose_nothing() {
    let consent = "+ idling\r\n";
    let early = Harm::Replace(consent, "* 1 EXISTS\r\n+ idling\r\n");
    survives_idling("EXISTS before IDLE", early, 1).await;
    let lost = Harm::Replace(consent, "* OK\r\n");
    survives_idling("IDLE without an answer", lost, 2).await;
    let refused = Harm::Replace(consent, "idle BAD no\r\n");
    survives_idling("IDLE refused", refused, 2).await;
    survives_idling("cut during IDLE", Harm::CutAfterServer(consent), 2).await;
    let silent = Harm::SilenceAfterServer("+ idling");
    survives_idling("silence during IDLE", silent, 2).await;
}

#[tokio::test]
async fn a_restarted_server_loses_nothing() {
    let Some(mut dovecot) = Dovecot::start("restart") else {
        return;
    };
    let inbox = dovecot.inbox();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    let waiting = tokio::spawn(async move {
        let arrival = watch.next(soon()).await.unwrap();
        (watch, code(&arrival))
    });
    dovecot.restart();
    dovecot.lmtp().code("ada@example.com", "111111");
    let (mut watch, first) = waiting.await.unwrap();
    assert_eq!(first, "111111");
    dovecot.stop();
    // What is stored while nobody can read is there afterwards.
    dovecot.resume();
    dovecot.lmtp().code("ada@example.com", "222222");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "222222");
}

async fn unreadable(watch: &mut Watch) -> InboxError {
    let missing = watch.next(soon()).await.unwrap_err();
    match missing.end {
        WaitEnd::Unreadable(error) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_stays_away_is_told_in_time() {
    let Some(mut dovecot) = Dovecot::start("outage") else {
        return;
    };
    let mut settings = plain(dovecot.ports.imap);
    settings.limits.reconnect_time_max = SILENCE;
    let inbox = ImapInbox::open(settings).unwrap();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    dovecot.stop();
    let began = Instant::now();
    let error = unreadable(&mut watch).await;
    assert!(
        matches!(error, InboxError::Imap(ImapError::Unreachable { .. })),
        "{error}"
    );
    assert!(began.elapsed() < PATIENCE);
    // When it is back, a new wait works.
    dovecot.resume();
    let mut watch = inbox.watch(&address("ada@example.com")).await.unwrap();
    dovecot.lmtp().code("ada@example.com", "111111");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "111111");
}

#[tokio::test]
async fn a_mailbox_made_anew_ends_the_waits() {
    let Some(mut dovecot) = Dovecot::start("UIDVALIDITY") else {
        return;
    };
    let inbox = dovecot.inbox();
    let ada = address("ada@example.com");
    dovecot.lmtp().code("ada@example.com", "111111");
    let mut watch = inbox.watch(&ada).await.unwrap();
    let before = watch.position();
    dovecot.stop();
    dovecot.renumber(USER);
    dovecot.resume();
    let error = unreadable(&mut watch).await;
    assert!(
        matches!(error, InboxError::Imap(ImapError::Renumbered { .. })),
        "{error}"
    );
    let refused = inbox.watch_since(&ada, before).await.unwrap_err();
    assert!(
        matches!(refused, InboxError::OtherGeneration { .. }),
        "{refused}"
    );
    // The old mail, whose UID is new, is not taken for a new one.
    let mut watch = inbox.watch(&ada).await.unwrap();
    dovecot.lmtp().code("ada@example.com", "222222");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "222222");
}

/// Cuts the connection during the login, and after the greeting.
#[tokio::test]
async fn a_cut_during_the_login_is_told_or_survived() {
    let Some(dovecot) = Dovecot::start("cut login") else {
        return;
    };
    let ada = address("ada@example.com");
    let at_once = [
        Harm::CutAfterServer("* OK"),
        Harm::CutAfterClient("LOGIN \""),
    ];
    for harm in at_once {
        let proxy = Proxy::start(dovecot.ports.imap, vec![harm.clone()]);
        let inbox = behind(&proxy, &harm);
        let error = inbox.watch(&ada).await.unwrap_err();
        assert!(
            matches!(error, InboxError::Imap(ImapError::Lost { .. })),
            "{error}"
        );
        // The mistake may be in the address, so it is told at once; trying again works.
        inbox.watch(&ada).await.unwrap();
    }
    // Later it is known that the mailbox is there.
    let cut_twice = vec![
        Harm::CutAfterServer("* 1 EXISTS\r\n"),
        Harm::CutAfterClient("LOGIN \""),
    ];
    let proxy = Proxy::start(dovecot.ports.imap, cut_twice);
    let inbox = ImapInbox::open(plain(proxy.port)).unwrap();
    let mut watch = inbox.watch(&ada).await.unwrap();
    dovecot.lmtp().code("ada@example.com", "111111");
    assert_eq!(code(&watch.next(soon()).await.unwrap()), "111111");
    assert_eq!(proxy.done(), 2);
}
