//! A run of events in one piece of memory: their text in an arena, their order in an index.

/// Events of one chunk: enough that the index costs little, few enough that inserting a late event
/// into the order and copying a chunk that a query still reads are cheap.
pub(super) const CHUNK_EVENTS_MAX: usize = 4_096;
/// Bytes of text from which on a chunk takes no further event.
const CHUNK_BYTES_MAX: usize = 1024 * 1024;

/// A stream within its group; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct StreamId(pub(super) u32);

/// What is said of an event besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The event's own time, in milliseconds since the epoch.
    pub(super) at: i64,
    /// When it arrived, likewise.
    pub(super) ingested: i64,
    /// The order of arrival over all groups.
    pub(super) id: u64,
    /// Where it was written.
    pub(super) stream: StreamId,
}

/// An event as it lies in a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event<'a> {
    pub(super) stamp: Stamp,
    pub(super) message: &'a str,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    stamp: Stamp,
    start: u32,
    length: u32,
}

/// Up to [`CHUNK_EVENTS_MAX`] events, ordered by their time; those of one moment by arrival.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    entries: Vec<Entry>,
    text: String,
    first_id: u64,
}

impl Chunk {
    /// A chunk without events, for those from this one on.
    pub(super) fn starting_with(first_id: u64) -> Self {
        Self {
            entries: Vec::new(),
            text: String::new(),
            first_id,
        }
    }

    /// The first of its events to arrive.
    pub(super) fn first_id(&self) -> u64 {
        self.first_id
    }

    /// How many events it has.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes of text of its events.
    pub(super) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether the next event goes into a new chunk.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= CHUNK_EVENTS_MAX || self.text.len() >= CHUNK_BYTES_MAX
    }

    /// Gives back memory that was reserved for growth.
    pub(super) fn shrink(&mut self) {
        self.entries.shrink_to_fit();
        self.text.shrink_to_fit();
    }

    /// Adds an event where its time belongs.
    pub(super) fn insert(&mut self, stamp: Stamp, message: &str) {
        // Both fit: a chunk ends with the event that takes it past 1 MiB, and no event is larger.
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        self.text.push_str(message);
        let entry = Entry {
            stamp,
            start,
            length,
        };
        let is_newest = self
            .entries
            .last()
            .is_none_or(|last| last.stamp.at <= stamp.at);
        if is_newest {
            self.entries.push(entry);
        } else {
            let place = self
                .entries
                .partition_point(|other| other.stamp.at <= stamp.at);
            self.entries.insert(place, entry);
        }
    }

    /// The event at a place in the order; none beyond the last.
    pub(super) fn event(&self, index: usize) -> Option<Event<'_>> {
        let entry = self.entries.get(index)?;
        let start = entry.start as usize;
        let message = self.text.get(start..start + entry.length as usize)?;
        Some(Event {
            stamp: entry.stamp,
            message,
        })
    }

    /// All events in order.
    pub(super) fn events(&self) -> impl Iterator<Item = Event<'_>> {
        (0..self.len()).filter_map(|index| self.event(index))
    }

    /// The stamps of all events in order.
    pub(super) fn stamps(&self) -> impl Iterator<Item = Stamp> + '_ {
        self.entries.iter().map(|entry| entry.stamp)
    }

    /// The places of the events from `start` to before `end`, in milliseconds.
    pub(super) fn between(&self, start: i64, end: i64) -> std::ops::Range<usize> {
        let from = self.entries.partition_point(|entry| entry.stamp.at < start);
        let to = self.entries.partition_point(|entry| entry.stamp.at < end);
        from..to.max(from)
    }

    /// The time of its newest event.
    pub(super) fn newest(&self) -> Option<i64> {
        self.entries.last().map(|entry| entry.stamp.at)
    }

    /// The same without the events of one stream.
    pub(super) fn without(&self, stream: StreamId) -> Self {
        let mut rest = Self::starting_with(self.first_id);
        for event in self.events() {
            if event.stamp.stream != stream {
                rest.insert(event.stamp, event.message);
            }
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(at: i64, id: u64) -> Stamp {
        Stamp {
            at,
            ingested: at,
            id,
            stream: StreamId(0),
        }
    }

    #[test]
    fn keeps_the_order_of_time_and_then_of_arrival() {
        let mut chunk = Chunk::starting_with(1);
        for (id, (at, text)) in (1..).zip([(5, "e"), (7, "g"), (5, "f"), (1, "a"), (7, "h")]) {
            chunk.insert(stamp(at, id), text);
        }
        let texts: String = chunk.events().map(|event| event.message).collect();
        assert_eq!(texts, "aefgh");
        for (start, end, range) in [(0, 9, 0..5), (5, 7, 1..3), (7, 5, 3..3), (8, 9, 5..5)] {
            assert_eq!(chunk.between(start, end), range, "{start}..{end}");
        }
        assert_eq!(chunk.newest(), Some(7));
        assert_eq!(chunk.event(5), None);
    }

    #[test]
    fn forgets_a_stream() {
        let mut chunk = Chunk::starting_with(1);
        let other = Stamp {
            stream: StreamId(1),
            ..stamp(2, 2)
        };
        chunk.insert(stamp(1, 1), "kept");
        chunk.insert(other, "gone");
        let rest = chunk.without(StreamId(1));
        assert_eq!((rest.len(), rest.text_bytes()), (1, 4));
    }

    #[test]
    fn is_full_by_events_and_by_bytes() {
        let mut chunk = Chunk::starting_with(0);
        chunk.insert(stamp(0, 0), &"x".repeat(CHUNK_BYTES_MAX - 1));
        assert!(!chunk.is_full());
        chunk.insert(stamp(0, 1), "y");
        assert!(chunk.is_full());
    }
}
