//! What happens later, on the emulator's clock: delayed mails, deletions that are not seen yet, and
//! events for functions that nobody waits for.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use super::cognito::{Cognito, UserKey};
use super::delivery;
use super::event_queue::{self, QueuedEvent};
use super::mailer::{Mail, Outgoing};
use crate::model::UserPoolId;

/// Errands kept at a time; a mail, the largest, has some kilobytes.
const ERRANDS_MAX: usize = 10_000;
/// Shortest pause before the clock is asked again: a clock that a test moves by hand may be short of
/// the moment by any fraction.
const PAUSE_MILLISECONDS_MIN: u64 = 5;
/// Longest pause: a clock that is moved from outside is noticed after it.
const PAUSE_SECONDS_MAX: u64 = 1;

/// Something to be done at its time.
pub(crate) enum Errand {
    /// A mail leaves its pool.
    SendMail { pool: UserPoolId, mail: Mail },
    /// A mail that the server put off is offered again; the number of attempts that failed says when
    /// the next one is.
    RetryMail {
        mail: Outgoing,
        failed_attempts: u32,
    },
    /// A mail that was held back for a later one leaves.
    ReleaseMail { address: String },
    /// A deletion is seen.
    RemoveUser { pool: UserPoolId, user: UserKey },
    /// A function is run with an event that nobody waits for.
    Invoke(QueuedEvent),
}

/// The errands that wait, by their time.
#[derive(Default)]
pub(crate) struct Agenda {
    waiting: Mutex<Waiting>,
    changed: Notify,
    /// Held while errands are run, so that whoever runs those that are due also waits for those that
    /// somebody else has begun.
    running: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    heap: BinaryHeap<Reverse<Entry>>,
    next: u64,
}

/// Errands that are due at one moment keep their order.
struct Entry {
    due: Timestamp,
    number: u64,
    errand: Errand,
}

/// No further errand can wait.
#[derive(Debug, thiserror::Error)]
#[error("the emulator keeps no more than {ERRANDS_MAX} delayed mails, deletions and events")]
pub(crate) struct AgendaFull;

impl Agenda {
    /// Has an errand done at its time.
    ///
    /// # Errors
    /// [`AgendaFull`] if too many wait.
    pub(crate) fn add(&self, due: Timestamp, errand: Errand) -> Result<(), AgendaFull> {
        self.with(|waiting| {
            if waiting.heap.len() >= ERRANDS_MAX {
                return Err(AgendaFull);
            }
            let number = waiting.next;
            waiting.next += 1;
            waiting.heap.push(Reverse(Entry {
                due,
                number,
                errand,
            }));
            Ok(())
        })?;
        self.changed.notify_one();
        Ok(())
    }

    /// Forgets all errands.
    pub(crate) fn clear(&self) {
        self.with(|waiting| waiting.heap.clear());
    }

    /// How many errands wait.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.with(|waiting| waiting.heap.len())
    }

    fn take_due(&self, now: Timestamp) -> Option<Errand> {
        self.with(|waiting| {
            let Reverse(first) = waiting.heap.peek()?;
            if first.due > now {
                return None;
            }
            waiting.heap.pop().map(|Reverse(entry)| entry.errand)
        })
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.with(|waiting| waiting.heap.peek().map(|Reverse(entry)| entry.due))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Waiting) -> T) -> T {
        work(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Runs the errands that are due; on return they are done, those that were begun before included. Of a
/// function only the beginning is.
pub(crate) async fn run_due(cognito: &Arc<Cognito>) {
    let agenda = &cognito.conditions.agenda;
    let _running = agenda.running.lock().await;
    while let Some(errand) = agenda.take_due(cognito.now()) {
        match errand {
            Errand::SendMail { pool, mail } => delivery::send_late(cognito, &pool, mail).await,
            Errand::RetryMail {
                mail,
                failed_attempts,
            } => delivery::offer_again(cognito, mail, failed_attempts).await,
            Errand::ReleaseMail { address } => delivery::release(cognito, &address).await,
            Errand::Invoke(event) => event_queue::begin(cognito, event),
            Errand::RemoveUser { pool, user } => {
                if let Ok(pool) = cognito.pool(&pool) {
                    pool.users().remove(&pool.naming, user);
                }
            }
        }
    }
}

/// Runs errands at their times, until the emulator ends.
pub(crate) async fn work(cognito: Arc<Cognito>) {
    let agenda = &cognito.conditions.agenda;
    loop {
        run_due(&cognito).await;
        let changed = agenda.changed.notified();
        match agenda.next_due() {
            Some(due) => {
                let wait = Duration::try_from(due.duration_since(cognito.now()));
                let wait = wait.unwrap_or_default().clamp(
                    Duration::from_millis(PAUSE_MILLISECONDS_MIN),
                    Duration::from_secs(PAUSE_SECONDS_MAX),
                );
                let _ = tokio::time::timeout(wait, changed).await;
            }
            None => changed.await,
        }
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.due, self.number).cmp(&(other.due, other.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(address: &str) -> Errand {
        let address = address.to_owned();
        Errand::ReleaseMail { address }
    }

    #[test]
    fn errands_come_by_time_and_then_in_order() {
        let agenda = Agenda::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        for (second, name) in [(5, "c"), (1, "a"), (5, "d"), (1, "b"), (9, "e")] {
            agenda.add(at(second), release(name)).unwrap();
        }
        let mut order = String::new();
        while let Some(Errand::ReleaseMail { address }) = agenda.take_due(at(5)) {
            order.push_str(&address);
        }
        assert_eq!(order, "abcd");
        assert_eq!(agenda.next_due(), Some(at(9)));
        for _ in agenda.len()..ERRANDS_MAX {
            agenda.add(at(0), release("")).unwrap();
        }
        assert!(agenda.add(at(0), release("")).is_err());
        agenda.clear();
        assert_eq!(agenda.len(), 0);
    }
}
