//! What clients may cost.

use std::time::Duration;

/// Connections open at once by default: well under the 1,024 files that a process may commonly
/// open, of which the mail server needs some.
const CONNECTIONS_MAX: usize = 512;
/// Default of the longest wait for a client, in seconds: as long as SDKs wait for a server.
const PATIENCE_SECONDS: u64 = 30;

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
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS_MAX,
            patience: Duration::from_secs(PATIENCE_SECONDS),
        }
    }
}
