//! One log group: its settings, its streams and its events.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::chunk::{Chunk, Event, Stamp, StreamId};

/// What AWS counts for an event besides its text, in bytes:
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html>.
pub(super) const EVENT_OVERHEAD_BYTES: u64 = 26;
const DAY_MILLISECONDS: i64 = 24 * 60 * 60 * 1_000;

/// `LogGroupClass`. All classes behave as the standard one here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum LogGroupClass {
    Standard,
    InfrequentAccess,
    Delivery,
    Essentials,
}

/// A log stream, as `DescribeLogStreams` tells of it; times in milliseconds.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    pub(super) name: Arc<str>,
    pub(super) created: i64,
    pub(super) first_event: Option<i64>,
    pub(super) last_event: Option<i64>,
    pub(super) last_ingestion: Option<i64>,
}

/// How many events there are, and their size as AWS counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) events: u64,
    pub(super) bytes: u64,
}

impl Amount {
    pub(super) fn of_message(message: &str) -> Self {
        Self {
            events: 1,
            bytes: message.len() as u64 + EVENT_OVERHEAD_BYTES,
        }
    }

    fn of_chunk(chunk: &Chunk) -> Self {
        let events = chunk.len() as u64;
        Self {
            events,
            bytes: chunk.text_bytes() as u64 + events * EVENT_OVERHEAD_BYTES,
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.events += other.events;
        self.bytes += other.bytes;
    }

    pub(super) fn subtract(&mut self, other: Self) {
        self.events = self.events.saturating_sub(other.events);
        self.bytes = self.bytes.saturating_sub(other.bytes);
    }
}

/// A log group.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: Arc<str>,
    pub(super) created: i64,
    pub(super) retention_days: Option<u32>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) class: LogGroupClass,
    /// Kept and shown; nothing is encrypted.
    pub(super) kms_key_id: Option<String>,
    stream_ids: BTreeMap<Arc<str>, StreamId>,
    streams: HashMap<StreamId, Stream>,
    // Shared with the queries that run; copied when a stream comes while one does.
    stream_names: Arc<HashMap<StreamId, Arc<str>>>,
    next_stream: u32,
    chunks: VecDeque<Arc<Chunk>>,
    amount: Amount,
}

/// The events of a group at one moment, which nothing changes any more.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub(super) group: Arc<str>,
    pub(super) stream_names: Arc<HashMap<StreamId, Arc<str>>>,
    pub(super) chunks: Vec<Arc<Chunk>>,
    /// Events from before this time have expired.
    pub(super) kept_from: i64,
}

impl Group {
    pub(super) fn new(name: Arc<str>, created: i64) -> Self {
        Self {
            name,
            created,
            retention_days: None,
            tags: BTreeMap::new(),
            class: LogGroupClass::Standard,
            kms_key_id: None,
            stream_ids: BTreeMap::new(),
            streams: HashMap::new(),
            stream_names: Arc::default(),
            next_stream: 0,
            chunks: VecDeque::new(),
            amount: Amount::default(),
        }
    }

    /// How much it holds.
    pub(super) fn amount(&self) -> Amount {
        self.amount
    }

    /// The stream of this name.
    pub(super) fn stream(&self, name: &str) -> Option<(StreamId, &Stream)> {
        let id = self.stream_ids.get(name)?;
        self.streams.get(id).map(|stream| (*id, stream))
    }

    /// All streams by name.
    pub(super) fn streams(&self) -> impl Iterator<Item = &Stream> {
        self.stream_ids
            .values()
            .filter_map(|id| self.streams.get(id))
    }

    /// How many streams it has.
    pub(super) fn stream_count(&self) -> usize {
        self.streams.len()
    }

    /// Makes a stream exist; the one of this name, if there is one.
    pub(super) fn open_stream(&mut self, name: &str, now: i64) -> StreamId {
        if let Some(id) = self.stream_ids.get(name) {
            return *id;
        }
        let id = StreamId(self.next_stream);
        self.next_stream += 1;
        let name: Arc<str> = name.into();
        let stream = Stream {
            name: Arc::clone(&name),
            created: now,
            first_event: None,
            last_event: None,
            last_ingestion: None,
        };
        Arc::make_mut(&mut self.stream_names).insert(id, Arc::clone(&name));
        self.stream_ids.insert(name, id);
        self.streams.insert(id, stream);
        id
    }

    /// Removes a stream with its events and says how much they were; none if there is no such
    /// stream.
    pub(super) fn remove_stream(&mut self, name: &str) -> Option<Amount> {
        let id = self.stream_ids.remove(name)?;
        let stream = self.streams.remove(&id)?;
        Arc::make_mut(&mut self.stream_names).remove(&id);
        let before = self.amount;
        if stream.last_event.is_some() {
            for chunk in &mut self.chunks {
                if chunk.stamps().any(|stamp| stamp.stream == id) {
                    *chunk = Arc::new(chunk.without(id));
                }
            }
            self.chunks.retain(|chunk| chunk.len() > 0);
            self.recount();
        }
        let mut removed = before;
        removed.subtract(self.amount);
        Some(removed)
    }

    /// Writes an event into a stream of this group.
    pub(super) fn append(&mut self, stamp: Stamp, message: &str) {
        if let Some(stream) = self.streams.get_mut(&stamp.stream) {
            let earliest = stream.first_event.unwrap_or(stamp.at).min(stamp.at);
            stream.first_event = Some(earliest);
            stream.last_event = Some(stream.last_event.unwrap_or(stamp.at).max(stamp.at));
            stream.last_ingestion = Some(stamp.ingested);
        }
        if self.chunks.back().is_none_or(|chunk| chunk.is_full()) {
            if let Some(chunk) = self.chunks.back_mut().and_then(Arc::get_mut) {
                chunk.shrink();
            }
            let chunk = Chunk::starting_with(stamp.id);
            self.chunks.push_back(Arc::new(chunk));
        }
        if let Some(chunk) = self.chunks.back_mut() {
            // Copies the chunk only while a query still reads it.
            Arc::make_mut(chunk).insert(stamp, message);
            self.amount.add(Amount::of_message(message));
        }
    }

    /// The first event that arrived of those that are here.
    pub(super) fn oldest_id(&self) -> Option<u64> {
        self.chunks.front().map(|chunk| chunk.first_id())
    }

    /// Drops the chunk that arrived first and says how much it was.
    pub(super) fn drop_oldest(&mut self) -> Amount {
        let dropped = self.chunks.pop_front();
        let dropped = dropped.map_or_else(Amount::default, |chunk| Amount::of_chunk(&chunk));
        self.amount.subtract(dropped);
        dropped
    }

    /// From when on events are kept, by the group's retention.
    pub(super) fn kept_from(&self, now: i64) -> i64 {
        self.retention_days.map_or(i64::MIN, |days| {
            now.saturating_sub(i64::from(days) * DAY_MILLISECONDS)
        })
    }

    /// Drops the chunks whose events have all expired and says how much they were.
    ///
    /// Expired events are no longer found from that moment on, where AWS takes up to 72 hours.
    pub(super) fn expire(&mut self, now: i64) -> Amount {
        let kept_from = self.kept_from(now);
        let before = self.amount;
        let chunks = self.chunks.len();
        self.chunks
            .retain(|chunk| chunk.newest().is_some_and(|newest| newest >= kept_from));
        if self.chunks.len() < chunks {
            self.recount();
        }
        let mut expired = before;
        expired.subtract(self.amount);
        expired
    }

    /// The events as they are now.
    pub(super) fn snapshot(&self, now: i64) -> Snapshot {
        Snapshot {
            group: Arc::clone(&self.name),
            stream_names: Arc::clone(&self.stream_names),
            chunks: self.chunks.iter().cloned().collect(),
            kept_from: self.kept_from(now),
        }
    }

    fn recount(&mut self) {
        self.amount = Amount::default();
        for chunk in &self.chunks {
            self.amount.add(Amount::of_chunk(chunk));
        }
    }
}

impl Snapshot {
    /// Where the events from `start` to before `end` lie, ordered by time and then by arrival.
    pub(super) fn between(&self, start: i64, end: i64) -> Vec<Place> {
        let start = start.max(self.kept_from);
        let mut places = Vec::new();
        for (chunk, events) in (0..).zip(&self.chunks) {
            for index in events.between(start, end) {
                let Some(event) = events.event(index) else {
                    continue;
                };
                places.push(Place {
                    at: event.stamp.at,
                    chunk,
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                });
            }
        }
        // A merge of runs that are each in order, and mostly one after the other.
        places.sort_by_key(|place| place.at);
        places
    }

    /// The event at a place of [`Self::between`].
    pub(super) fn event(&self, place: Place) -> Option<Event<'_>> {
        self.chunks
            .get(place.chunk as usize)?
            .event(place.index as usize)
    }

    /// The name of a stream; empty if it was deleted since.
    pub(super) fn stream_name(&self, id: StreamId) -> &str {
        self.stream_names.get(&id).map_or("", |name| name)
    }
}

/// Where an event lies in a snapshot, and its time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: i64,
    chunk: u32,
    index: u32,
}
