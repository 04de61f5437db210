//! Events as they are listed.

use serde::Serialize;

use super::super::chunk::Event;
use super::super::group::EVENT_OVERHEAD_BYTES;

/// Events of one page, and its bytes: AWS's 1 MB.
pub(super) const PAGE_EVENTS_MAX: usize = 10_000;
const PAGE_BYTES_MAX: u64 = 1024 * 1024;

/// Counts what a page holds.
#[derive(Debug, Default)]
pub(super) struct Page {
    bytes: u64,
    events: usize,
}

impl Page {
    /// Whether an event still fits; one always does.
    pub(super) fn takes(&mut self, message: &str, limit: usize) -> bool {
        let bytes = message.len() as u64 + EVENT_OVERHEAD_BYTES;
        let fits =
            self.events < limit && (self.events == 0 || self.bytes + bytes <= PAGE_BYTES_MAX);
        if fits {
            self.events += 1;
            self.bytes += bytes;
        }
        fits
    }
}

/// `OutputLogEvent`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OutputLogEvent {
    timestamp: i64,
    message: String,
    ingestion_time: i64,
}

/// `FilteredLogEvent`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilteredLogEvent {
    log_stream_name: String,
    timestamp: i64,
    message: String,
    ingestion_time: i64,
    event_id: String,
}

impl From<Event<'_>> for OutputLogEvent {
    fn from(event: Event<'_>) -> Self {
        Self {
            timestamp: event.stamp.at,
            message: event.message.to_owned(),
            ingestion_time: event.stamp.ingested,
        }
    }
}

impl FilteredLogEvent {
    pub(super) fn new(event: Event<'_>, stream: &str) -> Self {
        Self {
            log_stream_name: stream.to_owned(),
            timestamp: event.stamp.at,
            message: event.message.to_owned(),
            ingestion_time: event.stamp.ingested,
            event_id: super::position::Position::of(event.stamp).digits(),
        }
    }
}
