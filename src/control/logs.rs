//! What the log groups hold.

use serde::{Deserialize, Serialize};

/// How much the log groups hold, all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogUsage {
    /// Events that are held.
    pub events: u64,
    /// Bytes that are held, as AWS counts them: the text and 26 bytes for each event.
    pub bytes: u64,
    /// Events that made room for newer ones, since the start or the last reset.
    pub dropped_events: u64,
    /// Their bytes.
    pub dropped_bytes: u64,
    /// The most events that are held.
    pub log_events_max: u64,
    /// The most bytes that are held.
    pub log_bytes_max: u64,
}
