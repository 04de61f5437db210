//! Recognises a mail that a mail system delivered twice.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, VecDeque};
use std::hash::{Hash as _, Hasher as _};

use jiff::Timestamp;
use memchr::memmem;

use super::{Arrival, Folder, Position};

/// How many mails are remembered: those of a run of 500 scenarios with some mails each.
const MAILS_REMEMBERED_MAX: usize = 4_096;

/// How far into a mail its message id is looked for. Trace headers come first and are long.
const ID_SEARCH_BYTES_MAX: usize = 16 * 1024;

/// A further copy of a mail that the recipient had got before. It is left aside: the first one
/// counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// Where it lies.
    pub folder: Folder,
    /// Its place in that folder.
    pub position: Position,
    /// When it arrived.
    pub received_at: Timestamp,
    /// When the first one did.
    pub first_received_at: Timestamp,
}

/// What two deliveries of one mail have in common: recipient, message id and body.
///
/// A message id alone is not enough: a sender that uses one id for two mails has sent two.
type Fingerprint = u64;

/// The first delivery of a mail.
#[derive(Debug)]
struct First {
    folder: Folder,
    position: Position,
    received_at: Timestamp,
}

/// The mails that were delivered so far, and where.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    first_seen: HashMap<Fingerprint, First>,
    order: VecDeque<Fingerprint>,
}

impl Duplicates {
    /// Tells another delivery of a mail to the same recipient that came before. A mail without a
    /// message id never is one.
    pub(super) fn note(&mut self, mailbox_key: &str, arrival: &Arrival) -> Option<Duplicate> {
        let fingerprint = fingerprint(mailbox_key, &arrival.raw)?;
        if let Some(first) = self.first_seen.get(&fingerprint) {
            // The same delivery may be read again after a break.
            let is_copy = first.folder == arrival.folder && first.position != arrival.position;
            return is_copy.then(|| Duplicate {
                folder: arrival.folder.clone(),
                position: arrival.position,
                received_at: arrival.received_at,
                first_received_at: first.received_at,
            });
        }
        if self.order.len() == MAILS_REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.first_seen.remove(&oldest);
        }
        self.order.push_back(fingerprint);
        let first = First {
            folder: arrival.folder.clone(),
            position: arrival.position,
            received_at: arrival.received_at,
        };
        self.first_seen.insert(fingerprint, first);
        None
    }
}

fn fingerprint(mailbox_key: &str, raw: &[u8]) -> Option<Fingerprint> {
    let head = memmem::find(raw, b"\r\n\r\n").map(|at| at + 4);
    let head = head.or_else(|| memmem::find(raw, b"\n\n").map(|at| at + 2));
    let (headers, body) = raw.split_at(head.unwrap_or(raw.len()));
    let headers = &headers[..headers.len().min(ID_SEARCH_BYTES_MAX)];
    let id = headers
        .split(|&byte| byte == b'\n')
        .find(|line| line.len() > 11 && line[..11].eq_ignore_ascii_case(b"message-id:"))?;
    let mut hasher = DefaultHasher::new();
    (mailbox_key, id[11..].trim_ascii(), body).hash(&mut hasher);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::inbox::ArrivalId;

    fn arrival(offset: u64, raw: &str) -> Arrival {
        Arrival {
            id: ArrivalId::new(offset.to_string()),
            position: Position::new(1, offset),
            envelope_from: None,
            envelope_to: "ada@example.com".parse().unwrap(),
            received_at: Timestamp::UNIX_EPOCH,
            folder: Folder::Inbox,
            raw: raw.as_bytes().into(),
        }
    }

    #[test]
    fn a_copy_has_the_same_id_and_body() {
        let mut duplicates = Duplicates::default();
        let first = "Received: a\r\nMessage-ID: <1@a>\r\n\r\nCode 123456\r\n";
        let copy = "Received: b\r\nmessage-id:  <1@a>\r\n\r\nCode 123456\r\n";
        let cases = [
            (1, first, false),
            (2, copy, true),
            // Read once more after a break.
            (1, first, false),
            (3, "Message-ID: <1@a>\r\n\r\nCode 654321\r\n", false),
            (4, "Message-ID: <2@a>\r\n\r\nCode 123456\r\n", false),
            (5, "Subject: none\r\n\r\nCode 123456\r\n", false),
            (6, "Subject: none\r\n\r\nCode 123456\r\n", false),
        ];
        for (offset, raw, expected) in cases {
            let found = duplicates.note("ada@example.com", &arrival(offset, raw));
            assert_eq!(found.is_some(), expected, "{offset}: {raw}");
        }
        assert_eq!(duplicates.note("bob@example.com", &arrival(7, first)), None);
    }

    #[test]
    fn old_mails_are_forgotten() {
        let mut duplicates = Duplicates::default();
        for offset in 0..=MAILS_REMEMBERED_MAX as u64 {
            let raw = format!("Message-ID: <{offset}@a>\r\n\r\n");
            assert_eq!(
                duplicates.note("ada@example.com", &arrival(offset, &raw)),
                None
            );
        }
        assert_eq!(duplicates.first_seen.len(), MAILS_REMEMBERED_MAX);
    }
}
