//! All groups, and the limit of what they hold together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::chunk::{Stamp, StreamId};
use super::group::{Amount, Group};
use crate::emulator::Limits;

/// Groups of one emulator; AWS's own quota is 1,000,000 an account and region.
pub(super) const GROUPS_MAX: usize = 10_000;
/// Streams of all groups together: AWS has no quota, but each costs memory that no event counts.
pub(super) const STREAMS_MAX: usize = 100_000;
/// The largest message in bytes: AWS's 1 MB less the 26 bytes that every event costs.
pub(super) const MESSAGE_BYTES_MAX: usize = 1024 * 1024 - 26;

/// All log groups.
#[derive(Debug)]
pub(super) struct Store {
    groups: BTreeMap<Arc<str>, Group>,
    limits: Limits,
    held: Amount,
    dropped: Amount,
    streams: usize,
    next_id: u64,
}

/// Why a group or a stream could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// There are [`GROUPS_MAX`].
    Groups,
    /// There are [`STREAMS_MAX`].
    Streams,
}

impl Store {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            groups: BTreeMap::new(),
            limits,
            held: Amount::default(),
            dropped: Amount::default(),
            streams: 0,
            next_id: 0,
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::new(self.limits);
    }

    /// What may be held.
    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// What is held now.
    pub(super) fn held(&self) -> Amount {
        self.held
    }

    /// What made room for newer events, since the start or the last reset.
    pub(super) fn dropped(&self) -> Amount {
        self.dropped
    }

    /// The order of arrival of the next event.
    pub(super) fn next_id(&self) -> u64 {
        self.next_id
    }

    /// The group of this name.
    pub(super) fn group(&self, name: &str) -> Option<&Group> {
        self.groups.get(name)
    }

    /// The group of this name, for a change that neither adds nor removes events or streams.
    pub(super) fn group_mut(&mut self, name: &str) -> Option<&mut Group> {
        self.groups.get_mut(name)
    }

    /// All groups by name.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values()
    }

    /// Makes a group exist; false if there was one.
    ///
    /// # Errors
    /// [`Full::Groups`].
    pub(super) fn create_group(&mut self, name: &str, now: i64) -> Result<bool, Full> {
        if self.groups.contains_key(name) {
            return Ok(false);
        }
        if self.groups.len() >= GROUPS_MAX {
            return Err(Full::Groups);
        }
        let name: Arc<str> = name.into();
        self.groups.insert(Arc::clone(&name), Group::new(name, now));
        Ok(true)
    }

    /// Removes a group with all that is in it; false if there was none.
    pub(super) fn remove_group(&mut self, name: &str) -> bool {
        let Some(group) = self.groups.remove(name) else {
            return false;
        };
        self.held.subtract(group.amount());
        self.streams = self.streams.saturating_sub(group.stream_count());
        true
    }

    /// Makes a stream exist in a group that does; none if the group does not.
    ///
    /// # Errors
    /// [`Full::Streams`].
    pub(super) fn open_stream(
        &mut self,
        group: &str,
        stream: &str,
        now: i64,
    ) -> Result<Option<StreamId>, Full> {
        let Some(group) = self.groups.get_mut(group) else {
            return Ok(None);
        };
        if let Some((id, _)) = group.stream(stream) {
            return Ok(Some(id));
        }
        if self.streams >= STREAMS_MAX {
            return Err(Full::Streams);
        }
        self.streams += 1;
        Ok(Some(group.open_stream(stream, now)))
    }

    /// Removes a stream with its events; false if there was none.
    pub(super) fn remove_stream(&mut self, group: &str, stream: &str) -> bool {
        let group = self.groups.get_mut(group);
        let Some(removed) = group.and_then(|group| group.remove_stream(stream)) else {
            return false;
        };
        self.held.subtract(removed);
        self.streams = self.streams.saturating_sub(1);
        true
    }

    /// Writes an event into a stream that exists; times in milliseconds.
    pub(super) fn write(
        &mut self,
        group: &str,
        stream: StreamId,
        at: i64,
        now: i64,
        message: &str,
    ) {
        let cut = message.floor_char_boundary(MESSAGE_BYTES_MAX);
        let message = &message[..cut];
        let id = self.next_id;
        let Some(group) = self.groups.get_mut(group) else {
            return;
        };
        group.append(
            Stamp {
                at,
                ingested: now,
                id,
                stream,
            },
            message,
        );
        self.next_id += 1;
        self.held.add(Amount::of_message(message));
        self.make_room();
    }

    /// Counts an event that no place could be made for.
    pub(super) fn refuse(&mut self, message: &str) {
        self.dropped.add(Amount::of_message(message));
    }

    /// Drops what has expired.
    pub(super) fn expire(&mut self, now: i64) {
        for group in self.groups.values_mut() {
            if group.retention_days.is_some() {
                self.held.subtract(group.expire(now));
            }
        }
    }

    /// Drops the chunks that arrived first, of whichever group, until all fit.
    fn make_room(&mut self) {
        while self.held.events > self.limits.log_events || self.held.bytes > self.limits.log_bytes {
            let oldest = self
                .groups
                .values_mut()
                .filter(|group| group.oldest_id().is_some())
                .min_by_key(|group| group.oldest_id());
            let Some(group) = oldest else {
                break;
            };
            let dropped = group.drop_oldest();
            self.held.subtract(dropped);
            self.dropped.add(dropped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::chunk::CHUNK_EVENTS_MAX;
    use super::*;

    fn store(log_events: u64, log_bytes: u64) -> Store {
        Store::new(Limits {
            log_events,
            log_bytes,
            ..Limits::default()
        })
    }

    fn write(store: &mut Store, group: &str, at: i64, message: &str) {
        store.create_group(group, 0).unwrap();
        let stream = store.open_stream(group, "s", 0).unwrap().unwrap();
        store.write(group, stream, at, at, message);
    }

    fn messages(store: &Store, group: &str, now: i64) -> Vec<String> {
        let snapshot = store.group(group).unwrap().snapshot(now);
        let places = snapshot.between(i64::MIN, i64::MAX);
        let message = |place| snapshot.event(place).unwrap().message.to_owned();
        places.into_iter().map(message).collect()
    }

    #[test]
    fn the_oldest_events_of_any_group_make_room() {
        let limit = 2 * CHUNK_EVENTS_MAX as u64;
        let mut store = store(limit, u64::MAX);
        for number in 0..limit {
            let group = if number < CHUNK_EVENTS_MAX as u64 {
                "a"
            } else {
                "b"
            };
            write(&mut store, group, 1, &number.to_string());
        }
        assert_eq!(store.dropped(), Amount::default());
        write(&mut store, "c", 1, "one more");
        assert_eq!(store.dropped().events, CHUNK_EVENTS_MAX as u64);
        assert_eq!(store.held().events, CHUNK_EVENTS_MAX as u64 + 1);
        assert_eq!(messages(&store, "a", 1).len(), 0);
        assert_eq!(messages(&store, "b", 1)[0], CHUNK_EVENTS_MAX.to_string());
    }

    #[test]
    fn bytes_are_limited_too() {
        let mut store = store(u64::MAX, 100);
        write(&mut store, "a", 1, &"x".repeat(70));
        write(&mut store, "b", 1, "y");
        assert_eq!(
            store.dropped(),
            Amount {
                events: 1,
                bytes: 96
            }
        );
        assert_eq!(
            store.held(),
            Amount {
                events: 1,
                bytes: 27
            }
        );
    }

    #[test]
    fn events_expire_by_the_groups_retention() {
        const DAY: i64 = 24 * 60 * 60 * 1_000;
        let mut store = store(u64::MAX, u64::MAX);
        write(&mut store, "a", 0, "old");
        write(&mut store, "a", DAY, "new");
        store.group_mut("a").unwrap().retention_days = Some(1);
        assert_eq!(messages(&store, "a", DAY), ["old", "new"]);
        assert_eq!(messages(&store, "a", DAY + 1), ["new"]);
        store.expire(DAY + 1);
        assert_eq!(store.held().events, 2, "half of the chunk is still kept");
        store.expire(2 * DAY + 1);
        assert_eq!(store.held(), Amount::default());
    }

    #[test]
    fn what_is_removed_no_longer_counts() {
        let mut store = store(u64::MAX, u64::MAX);
        write(&mut store, "a", 1, "x");
        store.open_stream("a", "other", 0).unwrap();
        assert!(store.remove_stream("a", "s"));
        assert!(!store.remove_stream("a", "s"));
        assert_eq!(store.held(), Amount::default());
        write(&mut store, "a", 1, "y");
        assert!(store.remove_group("a"));
        assert!(!store.remove_group("a"));
        assert_eq!((store.held().events, store.streams), (0, 0));
    }

    #[test]
    fn a_snapshot_does_not_change() {
        let mut store = store(u64::MAX, u64::MAX);
        write(&mut store, "a", 1, "first");
        let snapshot = store.group("a").unwrap().snapshot(1);
        write(&mut store, "a", 1, "second");
        assert_eq!(snapshot.between(0, 9).len(), 1);
        assert_eq!(messages(&store, "a", 1), ["first", "second"]);
    }
}
