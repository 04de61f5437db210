//! The mails that a sink was given.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::transaction::Envelope;
use crate::inbox::waiters::Waiters;
use crate::inbox::{Arrival, ArrivalId, Folder, InboxError, Position, Watch};
use crate::model::EmailAddress;

/// A sink has one generation: its order of arrivals never begins anew.
const GENERATION: u64 = 1;

/// What a kept delivery costs beyond the mail's bytes: its entry and its index, roughly.
const DELIVERY_OVERHEAD_BYTES: usize = 512;

/// A handle on the mails of a sink; clones share them.
///
/// Deliveries are filed by recipient: to find those of one address costs the same however many
/// mails there are. When they outgrow the sink's limit the oldest are dropped, and counted.
#[derive(Clone)]
pub struct Mailstore {
    shelf: Arc<Mutex<Shelf>>,
    waiters: Waiters,
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

    /// Forgets all mails. Positions go on, so that no later mail takes an old one's place.
    pub fn forget_all(&self) {
        let mut kept = self.lock();
        kept.first = kept.next();
        kept.mails.clear();
        kept.by_recipient.clear();
        kept.bytes = 0;
    }

    /// Files a mail once for each recipient and tells who waits for it.
    pub(super) fn keep(&self, envelope: &Envelope, mail: Vec<u8>, received_at: Timestamp) {
        let folder = folder(&mail);
        let raw: Arc<[u8]> = mail.into();
        for recipient in &envelope.recipients {
            let key = recipient.mailbox_key();
            let arrival = self.lock().file(key.clone(), |offset| Arrival {
                id: ArrivalId::new(offset.to_string()),
                position: Position::new(GENERATION, offset),
                envelope_from: envelope.sender.clone(),
                envelope_to: recipient.clone(),
                received_at,
                folder: folder.clone(),
                raw: Arc::clone(&raw),
            });
            self.waiters.deliver(&key, &arrival);
        }
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

/// Where a mail belongs: into the folder for spam if a filter on the way has marked it, by the header
/// that such filters write and mailboxes sort by.
fn folder(mail: &[u8]) -> Folder {
    let lines = mail.split(|byte| *byte == b'\n');
    let mut header = lines.take_while(|line| !line.trim_ascii().is_empty());
    let is_marked = |line: &[u8]| {
        line.trim_ascii_end()
            .eq_ignore_ascii_case(b"X-Spam-Flag: YES")
    };
    if header.any(is_marked) {
        Folder::Junk(JUNK_FOLDER.to_owned())
    } else {
        Folder::Inbox
    }
}

fn cost(mail: &Arrival) -> usize {
    mail.raw.len() + DELIVERY_OVERHEAD_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(recipients: &[&str]) -> Envelope {
        Envelope {
            sender: None,
            recipients: recipients
                .iter()
                .map(|text| text.parse().unwrap())
                .collect(),
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
            assert_eq!(folder(mail), expected, "{}", String::from_utf8_lossy(mail));
        }
    }

    #[test]
    fn files_by_recipient_and_drops_the_oldest() {
        let ada: EmailAddress = "ADA@example.com".parse().unwrap();
        let bob: EmailAddress = "bob@example.com".parse().unwrap();
        let store = Mailstore::new(3 * (DELIVERY_OVERHEAD_BYTES + 1));
        store.keep(
            &envelope(&["ada@example.com", "bob@example.com"]),
            b"1".into(),
            Timestamp::MIN,
        );
        store.keep(&envelope(&["ada@example.com"]), b"2".into(), Timestamp::MIN);
        assert_eq!(bodies(&store.to(&ada)), ["1", "2"]);
        let first = store.to(&ada)[0].id.clone();
        store.keep(&envelope(&["bob@example.com"]), b"3".into(), Timestamp::MIN);
        assert_eq!((store.len(), store.dropped()), (3, 1));
        assert_eq!(bodies(&store.to(&ada)), ["2"]);
        assert_eq!(bodies(&store.to(&bob)), ["1", "3"]);
        assert_eq!(bodies(&store.all()), ["1", "2", "3"]);
        assert!(store.raw(&first).is_none());
        let latest = store.latest_to(&bob).unwrap();
        assert_eq!(store.raw(&latest.id).as_deref(), Some(&b"3"[..]));

        store.forget_all();
        assert!(store.is_empty() && store.to(&bob).is_empty());
        store.keep(&envelope(&["bob@example.com"]), b"4".into(), Timestamp::MIN);
        assert!(store.to(&bob)[0].position > latest.position);
    }
}
