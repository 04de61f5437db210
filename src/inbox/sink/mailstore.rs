//! The mails that a sink was given.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::inbox::waiters::Waiters;
use crate::inbox::{Arrival, ArrivalId, Folder, InboxError, Position, RefusedMail, Watch};
use crate::model::EmailAddress;

/// A sink has one generation: its order of arrivals never begins anew.
const GENERATION: u64 = 1;

/// What a kept delivery costs beyond the mail's bytes: its entry and its index, roughly.
const DELIVERY_OVERHEAD_BYTES: usize = 512;

/// Refused mails that are remembered: enough for a run, and nothing for whoever floods the sink.
const REFUSED_MAX: usize = 1_000;

/// A handle on the mails of a sink; clones share them.
///
/// Deliveries are filed by recipient: to find those of one address costs the same however many
/// mails there are. When they outgrow the sink's limit the oldest are dropped, and counted.
#[derive(Clone)]
pub struct Mailstore {
    shelf: Arc<Mutex<Shelf>>,
    waiters: Waiters,
}

/// A mail for one recipient.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub(super) sender: Option<EmailAddress>,
    pub(super) recipient: EmailAddress,
    /// Whether this server takes it for spam.
    pub(super) is_junk: bool,
    pub(super) raw: Arc<[u8]>,
}

/// Mails that could not be filed or handed on; their senders were told to try again later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoringTrouble {
    /// How often it happened.
    pub count: u64,
    /// What happened the last time.
    pub reason: String,
}

#[derive(Debug, Default)]
struct Shelf {
    mails: VecDeque<Arrival>,
    /// The offset of the first of `mails`; the others follow without a gap.
    first: u64,
    by_recipient: HashMap<String, VecDeque<u64>>,
    bytes: usize,
    bytes_max: usize,
    dropped: u64,
    refused: VecDeque<RefusedMail>,
    trouble: Option<StoringTrouble>,
}

impl Mailstore {
    pub(super) fn new(bytes_max: usize) -> Self {
        let kept = Shelf {
            bytes_max,
            ..Shelf::default()
        };
        Self {
            shelf: Arc::new(Mutex::new(kept)),
            waiters: Waiters::default(),
        }
    }

    /// All mails, oldest first.
    pub fn all(&self) -> Vec<Arrival> {
        self.lock().mails.iter().cloned().collect()
    }

    /// The mails whose envelope recipient is `recipient`, oldest first.
    pub fn to(&self, recipient: &EmailAddress) -> Vec<Arrival> {
        let kept = self.lock();
        let offsets = kept.by_recipient.get(&recipient.mailbox_key());
        offsets
            .into_iter()
            .flatten()
            .filter_map(|&offset| kept.at(offset))
            .cloned()
            .collect()
    }

    /// The newest mail to `recipient`.
    pub fn latest_to(&self, recipient: &EmailAddress) -> Option<Arrival> {
        let kept = self.lock();
        let offset = *kept.by_recipient.get(&recipient.mailbox_key())?.back()?;
        kept.at(offset).cloned()
    }

    /// The delivery of that name.
    pub fn find(&self, id: &ArrivalId) -> Option<Arrival> {
        let offset = id.as_str().parse().ok()?;
        self.lock().at(offset).cloned()
    }

    /// The bytes of the delivery of that name, as the client sent them.
    pub fn raw(&self, id: &ArrivalId) -> Option<Arc<[u8]>> {
        self.find(id).map(|mail| mail.raw)
    }

    /// How many mails are kept.
    pub fn len(&self) -> usize {
        self.lock().mails.len()
    }

    /// Whether no mail is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many mails were dropped because the limit on their bytes was reached.
    pub fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    /// What kept mails from being filed or handed on, if something did.
    pub fn trouble(&self) -> Option<StoringTrouble> {
        self.lock().trouble.clone()
    }

    /// The latest mails for `recipient` that were refused, oldest first.
    pub fn refused(&self, recipient: &EmailAddress) -> Vec<RefusedMail> {
        let kept = self.lock();
        let refused = kept.refused.iter();
        refused
            .filter(|mail| mail.to.same_mailbox(recipient))
            .cloned()
            .collect()
    }

    /// Remembers a mail that was refused.
    pub(super) fn note_refused(&self, mail: RefusedMail) {
        let mut kept = self.lock();
        if kept.refused.len() >= REFUSED_MAX {
            kept.refused.pop_front();
        }
        kept.refused.push_back(mail);
    }

    /// Notes that a mail could not be filed or handed on.
    pub(super) fn note_trouble(&self, reason: String) {
        let mut kept = self.lock();
        let before = kept.trouble.as_ref().map_or(0, |trouble| trouble.count);
        let count = before + 1;
        kept.trouble = Some(StoringTrouble { count, reason });
    }

    /// Forgets all mails. Positions go on, so that no later mail takes an old one's place.
    pub fn forget_all(&self) {
        let mut kept = self.lock();
        kept.first = kept.next();
        kept.mails.clear();
        kept.by_recipient.clear();
        kept.refused.clear();
        kept.bytes = 0;
    }

    /// Files a mail and tells who waits for it.
    pub(super) fn keep(&self, delivery: &Delivery, received_at: Timestamp) {
        let key = delivery.recipient.mailbox_key();
        let arrival = self.lock().file(key.clone(), |offset| Arrival {
            id: ArrivalId::new(offset.to_string()),
            position: Position::new(GENERATION, offset),
            envelope_from: delivery.sender.clone(),
            envelope_to: delivery.recipient.clone(),
            received_at,
            folder: delivery.folder(),
            raw: Arc::clone(&delivery.raw),
        });
        self.waiters.deliver(&key, &arrival);
    }

    /// Begins a watch at the present end of the order of arrivals.
    pub(super) fn watch(&self, recipient: &EmailAddress) -> Result<Watch, InboxError> {
        // First the registration, then the position: a mail between the two is filtered out by
        // its position, and none after the position can be missed.
        let registration = self.waiters.register(recipient)?;
        let start = self.position();
        Ok(Watch::new(recipient.clone(), start, registration))
    }

    /// Begins a watch that counts what came since `start`, of which the oldest may have been
    /// dropped.
    pub(super) fn watch_since(
        &self,
        recipient: &EmailAddress,
        start: Position,
    ) -> Result<Watch, InboxError> {
        // First the registration, then the look at what is there: nothing falls between.
        let registration = self.waiters.register(recipient)?;
        let there = self.to(recipient);
        Ok(Watch::new(recipient.clone(), start, registration).with_backlog(there))
    }

    /// How far the order of arrivals has come.
    pub(super) fn position(&self) -> Position {
        Position::new(GENERATION, self.lock().next())
    }

    /// Ends all watches: no mail will come.
    pub(super) fn close(&self) {
        self.waiters.stop();
    }

    // Whoever panicked with the lock held has left at worst a mail that the index does not name.
    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows how many mails there are, not what they say.
impl fmt::Debug for Mailstore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailstore")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl Shelf {
    fn next(&self) -> u64 {
        self.first + self.mails.len() as u64
    }

    fn at(&self, offset: u64) -> Option<&Arrival> {
        let index = offset.checked_sub(self.first)?;
        self.mails.get(usize::try_from(index).ok()?)
    }

    fn file(&mut self, key: String, make: impl FnOnce(u64) -> Arrival) -> Arrival {
        let offset = self.next();
        let arrival = make(offset);
        self.bytes += cost(&arrival);
        self.by_recipient.entry(key).or_default().push_back(offset);
        self.mails.push_back(arrival.clone());
        while self.bytes > self.bytes_max && self.mails.len() > 1 {
            self.drop_oldest();
        }
        arrival
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.mails.pop_front() else {
            return;
        };
        self.bytes -= cost(&oldest);
        self.first += 1;
        self.dropped += 1;
        let key = oldest.envelope_to.mailbox_key();
        if let Some(offsets) = self.by_recipient.get_mut(&key) {
            // The oldest of all is the oldest of its recipient.
            offsets.pop_front();
            if offsets.is_empty() {
                self.by_recipient.remove(&key);
            }
        }
    }
}

/// What the folder for spam is called, as most servers call it.
const JUNK_FOLDER: &str = "Junk";

impl Delivery {
    /// Where the mail belongs: into the folder for spam if this server or a filter on the way takes it
    /// for spam.
    fn folder(&self) -> Folder {
        if self.is_junk || is_marked_as_spam(&self.raw) {
            Folder::Junk(JUNK_FOLDER.to_owned())
        } else {
            Folder::Inbox
        }
    }
}

/// Whether a filter on the way has marked a mail, by the header that such filters write and mailboxes
/// sort by.
pub(super) fn is_marked_as_spam(mail: &[u8]) -> bool {
    let lines = mail.split(|byte| *byte == b'\n');
    let mut header = lines.take_while(|line| !line.trim_ascii().is_empty());
    header.any(|line| {
        line.trim_ascii_end()
            .eq_ignore_ascii_case(b"X-Spam-Flag: YES")
    })
}

fn cost(mail: &Arrival) -> usize {
    mail.raw.len() + DELIVERY_OVERHEAD_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(recipient: &str, mail: &[u8]) -> Delivery {
        Delivery {
            sender: None,
            recipient: recipient.parse().unwrap(),
            is_junk: false,
            raw: mail.into(),
        }
    }

    fn bodies(mails: &[Arrival]) -> Vec<String> {
        mails
            .iter()
            .map(|mail| String::from_utf8_lossy(&mail.raw).into_owned())
            .collect()
    }

    #[test]
    fn marked_mails_are_junk() {
        let junk = || Folder::Junk(JUNK_FOLDER.to_owned());
        let cases: [(&[u8], Folder); 4] = [
            (b"Subject: hi\r\nX-Spam-Flag: YES\r\n\r\nhi", junk()),
            (b"x-spam-flag: yes\nSubject: hi\n\nhi", junk()),
            (b"X-Spam-Flag: NO\r\n\r\nhi", Folder::Inbox),
            (b"Subject: hi\r\n\r\nX-Spam-Flag: YES\r\n", Folder::Inbox),
        ];
        for (mail, expected) in cases {
            let mut delivery = delivery("ada@example.com", mail);
            let text = String::from_utf8_lossy(mail);
            assert_eq!(delivery.folder(), expected, "{text}");
            delivery.is_junk = true;
            assert_eq!(delivery.folder(), junk(), "{text}");
        }
    }

    #[test]
    fn files_by_recipient_and_drops_the_oldest() {
        let ada: EmailAddress = "ADA@example.com".parse().unwrap();
        let bob: EmailAddress = "bob@example.com".parse().unwrap();
        let store = Mailstore::new(3 * (DELIVERY_OVERHEAD_BYTES + 1));
        let keep = |recipient, mail: &[u8]| store.keep(&delivery(recipient, mail), Timestamp::MIN);
        keep("ada@example.com", b"1");
        keep("bob@example.com", b"1");
        keep("ada@example.com", b"2");
        assert_eq!(bodies(&store.to(&ada)), ["1", "2"]);
        let first = store.to(&ada)[0].id.clone();
        keep("bob@example.com", b"3");
        assert_eq!((store.len(), store.dropped()), (3, 1));
        assert_eq!(bodies(&store.to(&ada)), ["2"]);
        assert_eq!(bodies(&store.to(&bob)), ["1", "3"]);
        assert_eq!(bodies(&store.all()), ["1", "2", "3"]);
        assert!(store.raw(&first).is_none());
        let latest = store.latest_to(&bob).unwrap();
        assert_eq!(store.raw(&latest.id).as_deref(), Some(&b"3"[..]));

        store.forget_all();
        assert!(store.is_empty() && store.to(&bob).is_empty());
        keep("bob@example.com", b"4");
        assert!(store.to(&bob)[0].position > latest.position);
    }
}
