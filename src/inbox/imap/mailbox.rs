//! The mailbox as a whole: its quota, and what is gone from it.

use std::collections::BTreeSet;

use imap::types::{QuotaResource, QuotaResourceName};

use super::super::{MailboxFacts, Position};
use super::error::{Exchange, ImapError};
use super::places::Place;
use super::session::Session;
use crate::model::{MailboxQuota, QuotaUnit};

/// How many UIDs are remembered as read: with the lowest forgotten first, a mail that came before all
/// waits that are still of interest.
const READ_UIDS_MAX: usize = 65_536;

/// The UIDs of the inbox that were read, or passed over when nobody waited.
#[derive(Debug, Default)]
pub(super) struct ReadUids(BTreeSet<u32>);

impl ReadUids {
    pub(super) fn add(&mut self, uid: u32) {
        self.0.insert(uid);
        if self.0.len() > READ_UIDS_MAX {
            self.0.pop_first();
        }
    }

    /// Forgets all: the mailbox was made anew, or nobody waits from a position in it.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// How many UIDs from `first` up to the next one of the mailbox belong to mails that nobody here
    /// read and that are not `present`.
    ///
    /// UIDs rise without a promise to leave none out (RFC 9051 §2.3.1.1), so that this is a sign of
    /// mails that somebody removed, and no proof.
    fn vanished(&self, first: u32, next: u32, present: &[u32]) -> u64 {
        if first >= next {
            return 0;
        }
        let mut known: BTreeSet<u32> = self.0.range(first..next).copied().collect();
        known.extend(present.iter().filter(|uid| (first..next).contains(uid)));
        u64::from(next - first).saturating_sub(known.len() as u64)
    }
}

/// What the mailbox tells, since a position. Afterwards the inbox is open anew, and may have mail that
/// was not told of.
///
/// What was gone by now is nothing to a wait that begins later, which starts behind it.
pub(super) fn facts(
    session: &mut Session,
    inbox: &mut Place,
    read: &ReadUids,
    start: Position,
) -> Result<MailboxFacts, ImapError> {
    let quota = session.quota(&inbox.name)?;
    let opened = session.examine(&inbox.name)?;
    inbox.continue_as(opened)?;
    let first = u32::try_from(start.offset()).unwrap_or(u32::MAX).max(1);
    // A position of another mailbox has no order with this one's.
    let vanished = if inbox.at(first) == start {
        let present = session.uids_from(first)?;
        if present.last().is_none_or(|last| *last < inbox.next) {
            inbox.next = inbox.next.max(opened.uid_next);
        }
        Some(read.vanished(first, opened.uid_next, &present))
    } else {
        None
    };
    Ok(MailboxFacts { quota, vanished })
}

impl Session {
    /// The quota of a folder (RFC 9208), where the server has that extension and tells.
    fn quota(&mut self, folder: &str) -> Result<Option<MailboxQuota>, ImapError> {
        if !self.has_quota() {
            return Ok(None);
        }
        let found = self.exchange(Exchange::Quota, |imap| imap.get_quota_root(folder));
        match found {
            Ok(found) => {
                let resources = found.quotas().iter().flat_map(|quota| &quota.resources);
                Ok(resources.map(quota).max_by_key(MailboxQuota::permille))
            }
            // A server may keep it to itself.
            Err(ImapError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn quota(resource: &QuotaResource<'_>) -> MailboxQuota {
    MailboxQuota {
        used: resource.usage,
        limit: resource.limit,
        unit: match resource.name {
            QuotaResourceName::Storage => QuotaUnit::Kibibytes,
            QuotaResourceName::Message => QuotaUnit::Messages,
            _ => QuotaUnit::Other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_and_never_read_has_vanished() {
        let mut read = ReadUids::default();
        for uid in [3, 11, 12] {
            read.add(uid);
        }
        let cases: [(u32, u32, &[u32], u64); 6] = [
            (10, 10, &[], 0),
            (10, 11, &[], 1),
            (10, 13, &[10], 0),
            (10, 13, &[12], 1),
            (10, 15, &[10, 14], 1),
            (15, 10, &[], 0),
        ];
        for (first, next, present, expected) in cases {
            assert_eq!(read.vanished(first, next, present), expected, "{first}");
        }
        read.clear();
        assert_eq!(read.vanished(10, 13, &[10]), 2);
    }

    #[test]
    fn only_so_many_are_remembered() {
        let mut read = ReadUids::default();
        for uid in 1..=u32::try_from(READ_UIDS_MAX).unwrap() + 2 {
            read.add(uid);
        }
        assert_eq!(read.0.len(), READ_UIDS_MAX);
        assert_eq!(read.0.first(), Some(&3));
    }
}
