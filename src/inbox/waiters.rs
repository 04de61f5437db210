//! One reader, many waiters: who gets which arrival.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::mpsc;

use super::duplicates::{Duplicate, Duplicates};
use super::{Arrival, Folder, Glimpse, InboxError, MISSING_GLIMPSES_MAX, Position};
use crate::model::EmailAddress;

/// How many arrivals a watch may leave unfetched. A recipient that gets more has a mail loop.
const UNFETCHED_ARRIVALS_MAX: usize = 1_024;

/// How many passing mails are remembered for failure messages: more than one message shows,
/// because those of the watch's own recipient are left out.
const GLIMPSES_KEPT: usize = 64;

/// How many further copies are kept for one watch until it asks for them; more are counted only.
const DUPLICATES_KEPT: usize = 64;

/// How many recipients of earlier waits are remembered, to tell their late mails from those of
/// strangers: a run of 500 scenarios with some attempts each.
const EARLIER_RECIPIENTS_MAX: usize = 4_096;

/// The meeting place of an inbox's reader and its watches.
///
/// A delivery costs one look-up by recipient and one channel send per watch of that recipient,
/// however many others wait.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waiters {
    registry: Arc<Mutex<Registry>>,
}

#[derive(Debug, Default)]
struct Registry {
    waiting: HashMap<String, Vec<Waiter>>,
    glimpses: VecDeque<Glimpse>,
    duplicates: Duplicates,
    earlier: HashSet<String>,
    /// Arrivals delivered so far, to whomever.
    seen: u64,
    next_waiter: u64,
    stopped: bool,
}

#[derive(Debug)]
struct Waiter {
    number: u64,
    sender: mpsc::Sender<Arrival>,
    lost: u64,
    duplicates: u64,
    /// Those copies of which the watch has not heard.
    unheard: Vec<Duplicate>,
    failure: Arc<OnceLock<InboxError>>,
}

impl Waiters {
    /// Adds a waiter for mail to `recipient`. Every arrival that is delivered after this call
    /// reaches it; the caller notes the inbox's position only then, so that none falls between.
    ///
    /// # Errors
    /// [`InboxError::Stopped`] when the reader has ended.
    pub(crate) fn register(&self, recipient: &EmailAddress) -> Result<Registration, InboxError> {
        let (sender, arrivals) = mpsc::channel(UNFETCHED_ARRIVALS_MAX);
        let key = recipient.mailbox_key();
        let mut registry = self.lock();
        if registry.stopped {
            return Err(InboxError::Stopped);
        }
        let number = registry.next_waiter;
        registry.next_waiter += 1;
        let failure = Arc::default();
        let waiter = Waiter {
            number,
            sender,
            lost: 0,
            duplicates: 0,
            unheard: Vec::new(),
            failure: Arc::clone(&failure),
        };
        registry
            .waiting
            .entry(key.clone())
            .or_default()
            .push(waiter);
        Ok(Registration {
            waiters: self.clone(),
            seen_before: registry.seen,
            key,
            number,
            arrivals,
            failure,
        })
    }

    /// Whether somebody waits for mail to this address.
    pub(crate) fn is_awaited(&self, recipient: &EmailAddress) -> bool {
        self.lock().waiting.contains_key(&recipient.mailbox_key())
    }

    /// Counts an arrival that names nobody.
    pub(crate) fn pass(&self) {
        self.lock().seen += 1;
    }

    /// Whether anybody has registered.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().waiting.is_empty()
    }

    /// Passes an arrival on to all who wait for its recipient, whose mailbox key the caller has at
    /// hand.
    pub(crate) fn deliver(&self, mailbox_key: &str, arrival: &Arrival) {
        let mut registry = self.lock();
        registry.seen += 1;
        let copy = registry.duplicates.note(mailbox_key, arrival);
        if registry.waiting.is_empty() {
            return;
        }
        if registry.glimpses.len() == GLIMPSES_KEPT {
            registry.glimpses.pop_front();
        }
        let was_awaited = registry.earlier.contains(mailbox_key);
        registry
            .glimpses
            .push_back(Glimpse::of(arrival, was_awaited));
        for waiter in registry.waiting.get_mut(mailbox_key).into_iter().flatten() {
            if let Some(copy) = &copy {
                waiter.duplicates += 1;
                if waiter.unheard.len() < DUPLICATES_KEPT {
                    waiter.unheard.push(copy.clone());
                }
                continue;
            }
            // A closed channel belongs to a watch that is being dropped.
            if let Err(mpsc::error::TrySendError::Full(_)) = waiter.sender.try_send(arrival.clone())
            {
                waiter.lost += 1;
            }
        }
    }

    /// Ends the present waits, whose silence proves nothing; later ones may do better.
    pub(crate) fn fail(&self, error: &InboxError) {
        let mut registry = self.lock();
        for waiter in registry.waiting.values().flatten() {
            // A waiter fails once, and is gone then.
            let _ = waiter.failure.set(error.clone());
        }
        registry.waiting.clear();
    }

    /// Ends all waits: nothing will arrive any more.
    pub(crate) fn stop(&self) {
        let mut registry = self.lock();
        registry.stopped = true;
        registry.waiting.clear();
    }

    // A panic while the lock is held leaves whole values behind: each change is one push or one
    // number.
    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    fn note_earlier(&mut self, mailbox_key: &str) {
        if self.earlier.len() < EARLIER_RECIPIENTS_MAX {
            self.earlier.insert(mailbox_key.to_owned());
        }
    }
}

/// A waiter's end of the channel; dropping it ends the registration.
#[derive(Debug)]
pub(crate) struct Registration {
    waiters: Waiters,
    key: String,
    number: u64,
    seen_before: u64,
    pub(super) arrivals: mpsc::Receiver<Arrival>,
    failure: Arc<OnceLock<InboxError>>,
}

impl Registration {
    /// Forgets the arrivals that were counted so far: they came before the position was noted.
    pub(super) fn count_from_now(&mut self) {
        self.seen_before = self.waiters.lock().seen;
    }

    /// Arrivals since the position was noted, of all recipients.
    pub(super) fn seen(&self) -> u64 {
        self.waiters.lock().seen - self.seen_before
    }

    /// Why the reader ended this wait, if it did.
    pub(super) fn failure(&self) -> Option<InboxError> {
        self.failure.get().cloned()
    }

    /// Arrivals for this waiter that were dropped because it did not fetch them.
    pub(super) fn lost(&self) -> u64 {
        self.own(|waiter| waiter.lost)
    }

    /// Further copies of mails for this recipient, which were not passed on.
    pub(super) fn duplicates(&self) -> u64 {
        self.own(|waiter| waiter.duplicates)
    }

    /// Those of them that were not taken before.
    pub(super) fn take_duplicates(&self) -> Vec<Duplicate> {
        self.own(|waiter| std::mem::take(&mut waiter.unheard))
    }

    /// From now on the recipient's mails are those of an earlier wait to the others who wait.
    pub(super) fn retire(&self) {
        self.waiters.lock().note_earlier(&self.key);
    }

    fn own<T: Default>(&self, of: impl Fn(&mut Waiter) -> T) -> T {
        let mut registry = self.waiters.lock();
        let waiters = registry.waiting.get_mut(&self.key);
        let mut waiters = waiters.into_iter().flatten();
        waiters
            .find(|waiter| waiter.number == self.number)
            .map_or_else(T::default, of)
    }

    /// The latest mails since `start` for other recipients, oldest first.
    pub(super) fn glimpses(&self, start: Position) -> Vec<Glimpse> {
        let registry = self.waiters.lock();
        let mut latest: Vec<Glimpse> = registry
            .glimpses
            .iter()
            .rev()
            .filter(|glimpse| glimpse.folder != Folder::Inbox || glimpse.position.reached(start))
            .filter(|glimpse| glimpse.envelope_to.mailbox_key() != self.key)
            .take(MISSING_GLIMPSES_MAX)
            .cloned()
            .collect();
        latest.reverse();
        latest
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut registry = self.waiters.lock();
        if let Some(waiters) = registry.waiting.get_mut(&self.key) {
            waiters.retain(|waiter| waiter.number != self.number);
            if waiters.is_empty() {
                registry.waiting.remove(&self.key);
            }
        }
        registry.note_earlier(&self.key);
        if registry.waiting.is_empty() {
            registry.glimpses.clear();
        }
    }
}
