//! Filing mails as their treatment says: at once, later, several times, behind the next one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use super::mailstore::{Delivery, Mailstore};
use super::reception::{BEHIND_TIME_MAX, Filing};
use super::transaction::Envelope;
use crate::inbox::RefusedMail;
use crate::model::{EmailAddress, SharedClock};

/// Hands mails to the store.
#[derive(Clone)]
pub(super) struct FilingDesk {
    store: Mailstore,
    clock: SharedClock,
    /// As much as may wait at a time.
    bytes_max: usize,
    /// How long a mail waits for a later one.
    behind_time_max: Duration,
    waiting: Arc<Mutex<Waiting>>,
}

/// Mails that are not filed yet.
#[derive(Default)]
struct Waiting {
    bytes: usize,
    last: u64,
    /// Those that wait for the next one to their recipient, by its mailbox.
    behind: HashMap<String, Vec<Held>>,
}

struct Held {
    number: u64,
    delivery: Delivery,
    copies: usize,
}

impl FilingDesk {
    pub(super) fn new(store: Mailstore, clock: SharedClock, bytes_max: usize) -> Self {
        Self {
            store,
            clock,
            bytes_max,
            behind_time_max: BEHIND_TIME_MAX,
            waiting: Arc::default(),
        }
    }

    /// Files a mail for each recipient, now or later; nothing is filed if too much waits already.
    pub(super) fn file(&self, envelope: &Envelope, mail: Vec<u8>) -> bool {
        let raw: Arc<[u8]> = mail.into();
        let is_late = |filing: &Filing| !filing.delay.is_zero() || filing.behind_next;
        let filed = envelope.recipients.iter();
        let filed: Vec<_> = filed.filter(|to| !to.filing.discarded).collect();
        let late = filed.iter().filter(|to| is_late(&to.filing));
        let bytes = late.count() * raw.len();
        {
            let mut waiting = self.lock();
            if bytes > 0 && waiting.bytes + bytes > self.bytes_max {
                return false;
            }
            waiting.bytes += bytes;
        }
        for addressee in filed {
            let filing = &addressee.filing;
            let delivery = Delivery {
                sender: envelope.sender.clone(),
                recipient: addressee.mailbox(),
                is_junk: filing.junk,
                raw: Arc::clone(&raw),
            };
            let copies = filing.copies;
            if filing.behind_next {
                self.hold(delivery, copies);
            } else if is_late(filing) {
                let (desk, delay) = (self.clone(), filing.delay);
                tokio::spawn(async move {
                    sleep(delay).await;
                    desk.lock().bytes -= delivery.raw.len();
                    desk.put(&delivery, copies);
                });
            } else {
                self.put(&delivery, copies);
            }
        }
        true
    }

    /// Notes a mail that was refused.
    pub(super) fn note_refused(&self, to: EmailAddress, answer: String) {
        let at = self.clock.now();
        self.store.note_refused(RefusedMail { at, to, answer });
    }

    /// Notes that a mail could not be filed elsewhere, or handed on.
    pub(super) fn note_trouble(&self, reason: String) {
        self.store.note_trouble(reason);
    }

    /// Files a mail, and then those that waited for it.
    fn put(&self, delivery: &Delivery, copies: usize) {
        let now = self.clock.now();
        for _ in 0..=copies {
            self.store.keep(delivery, now);
        }
        let behind = {
            let mut waiting = self.lock();
            let key = delivery.recipient.mailbox_key();
            let behind = waiting.behind.remove(&key).unwrap_or_default();
            waiting.bytes -= behind.iter().map(Held::bytes).sum::<usize>();
            behind
        };
        for held in behind {
            for _ in 0..=held.copies {
                self.store.keep(&held.delivery, now);
            }
        }
    }

    fn hold(&self, delivery: Delivery, copies: usize) {
        let key = delivery.recipient.mailbox_key();
        let number = {
            let mut waiting = self.lock();
            waiting.last += 1;
            let number = waiting.last;
            waiting.behind.entry(key.clone()).or_default().push(Held {
                number,
                delivery,
                copies,
            });
            number
        };
        let desk = self.clone();
        tokio::spawn(async move {
            sleep(desk.behind_time_max).await;
            if let Some(held) = desk.take(&key, number) {
                desk.put(&held.delivery, held.copies);
            }
        });
    }

    /// A mail for which no later one came.
    fn take(&self, key: &str, number: u64) -> Option<Held> {
        let mut waiting = self.lock();
        let held = waiting.behind.get_mut(key)?;
        let index = held.iter().position(|held| held.number == number)?;
        let taken = held.remove(index);
        if held.is_empty() {
            waiting.behind.remove(key);
        }
        waiting.bytes -= taken.bytes();
        Some(taken)
    }

    // Whoever panicked with the lock held has left at worst a count that is too high.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn bytes(&self) -> usize {
        self.delivery.raw.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::Watch;
    use crate::inbox::sink::transaction::{Addressee, Client};
    use crate::model::SystemClock;

    fn envelope(filing: Filing) -> Envelope {
        let address = "ada@mail.test".parse().unwrap();
        Envelope {
            sender: None,
            recipients: vec![Addressee { address, filing }],
            client: Client::default(),
        }
    }

    /// A desk, its store, and a watch on what is filed.
    fn desk(bytes_max: usize) -> (FilingDesk, Mailstore, Watch) {
        let store = Mailstore::new(1_000_000);
        let mut desk = FilingDesk::new(store.clone(), Arc::new(SystemClock), bytes_max);
        desk.behind_time_max = Duration::from_millis(10);
        let watch = store.watch(&"ada@mail.test".parse().unwrap()).unwrap();
        (desk, store, watch)
    }

    fn late() -> Filing {
        Filing {
            delay: Duration::from_millis(10),
            ..Filing::default()
        }
    }

    fn bodies(store: &Mailstore) -> String {
        let all = store.all();
        all.iter()
            .map(|mail| String::from_utf8_lossy(&mail.raw).into_owned())
            .collect()
    }

    async fn next(watch: &mut Watch) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        watch.next(deadline).await.unwrap();
    }

    #[tokio::test]
    async fn mails_are_filed_late_and_doubled() {
        let (desk, store, mut watch) = desk(10);
        assert!(desk.file(&envelope(late()), b"1".into()));
        let doubled = Filing {
            copies: 2,
            ..Filing::default()
        };
        assert!(desk.file(&envelope(doubled), b"2".into()));
        assert_eq!(bodies(&store), "222");
        for _ in 0..4 {
            next(&mut watch).await;
        }
        assert_eq!(bodies(&store), "2221");
        assert_eq!(desk.lock().bytes, 0);
    }

    #[tokio::test]
    async fn a_mail_is_filed_behind_the_next_or_after_a_while() {
        let (desk, store, mut watch) = desk(10);
        let behind = Filing {
            behind_next: true,
            ..Filing::default()
        };
        assert!(desk.file(&envelope(behind.clone()), b"1".into()));
        assert_eq!(bodies(&store), "");
        assert!(desk.file(&envelope(Filing::default()), b"2".into()));
        assert_eq!(bodies(&store), "21");
        next(&mut watch).await;
        next(&mut watch).await;
        assert!(desk.file(&envelope(behind), b"3".into()));
        next(&mut watch).await;
        assert_eq!(bodies(&store), "213");
        assert_eq!(desk.lock().bytes, 0);
    }

    #[tokio::test]
    async fn no_more_waits_than_may() {
        let (desk, store, mut watch) = desk(3);
        assert!(desk.file(&envelope(late()), b"12".into()));
        assert!(!desk.file(&envelope(late()), b"34".into()));
        assert!(desk.file(&envelope(Filing::default()), b"five".into()));
        next(&mut watch).await;
        next(&mut watch).await;
        assert!(desk.file(&envelope(late()), b"678".into()));
        assert_eq!(bodies(&store), "five12");
    }
}
