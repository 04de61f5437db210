//! What clients may cost.

use std::time::Duration;

/// Connections open at once by default: well under the 1,024 files that a process may commonly
/// open, of which the mail server needs some.
const CONNECTIONS_MAX: usize = 512;
/// Default of the longest wait for a client, in seconds: as long as SDKs wait for a server.
const PATIENCE_SECONDS: u64 = 30;
/// Log events kept by default: the million of a large test and as many again, whose index takes
/// 100 MB.
const LOG_EVENTS_MAX: u64 = 2_000_000;
/// Bytes of log events kept by default, as AWS counts them: what a laptop can spare.
const LOG_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// How much a client may ask of the emulator.
///
/// ```
/// use std::time::Duration;
///
/// use reverify::emulator::Limits;
///
/// let strict = Limits { patience: Duration::from_secs(2), ..Limits::default() };
/// assert_eq!(strict.connections, 512);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at once; more wait in the system's queue.
    pub connections: usize,
    /// The longest wait for a request's head, then for its whole body, then for a client to take
    /// its answer; also the longest time that a connection stays idle.
    pub patience: Duration,
    /// Log events kept in all log groups together; beyond it, those that arrived first go.
    pub log_events: u64,
    /// Bytes of log events kept in all log groups together, as AWS counts them: the text and 26
    /// bytes for each event; beyond it, those that arrived first go.
    pub log_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS_MAX,
            patience: Duration::from_secs(PATIENCE_SECONDS),
            log_events: LOG_EVENTS_MAX,
            log_bytes: LOG_BYTES_MAX,
        }
    }
}
