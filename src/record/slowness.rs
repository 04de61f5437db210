//! How much the calls of a run were slowed.

use serde::Serialize;

/// Calls to the target that took longer, because they were sent again.
///
/// A throttled run does not fail, it takes longer: this tells why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Slowness {
    /// How many calls were sent more than once.
    pub calls: u64,
    /// How often one of them was throttled.
    pub throttled: u64,
    /// How often the answer was lost, or was an error of the service's own.
    pub unanswered: u64,
    /// Milliseconds of the pauses between, summed over all calls: several may pause at once.
    pub paused_ms: f64,
}

impl Slowness {
    /// Counts one more call.
    pub(super) fn add(&mut self, throttled: u32, unanswered: u32, paused_ms: f64) {
        self.calls += 1;
        self.throttled += u64::from(throttled);
        self.unanswered += u64::from(unanswered);
        self.paused_ms += paused_ms;
    }
}
