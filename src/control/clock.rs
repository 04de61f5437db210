//! The emulator's clock.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the emulator's clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    /// The emulator's present moment.
    pub now: Timestamp,
    /// How far it is ahead of the clock that it was started with, in whole seconds.
    pub ahead_seconds: i64,
}

/// A request to move the clock: `{"advance_seconds": 86400}` or `{"now": "2030-01-01T00:00:00Z"}`.
///
/// It moves forward only. Codes, tokens and counts that were made at a later hour would otherwise be
/// from the future, which no client of AWS ever meets; a reset, after which none of them is left,
/// puts the clock back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockMove {
    /// By so many seconds.
    AdvanceSeconds(u64),
    /// To this moment, which must not be past.
    Now(Timestamp),
}
