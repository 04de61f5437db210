//! Time, passed in: whoever needs the hour asks a [`Clock`] for it.

use std::fmt::Debug;
use std::sync::Arc;

use jiff::Timestamp;

/// A source of wall-clock time.
pub trait Clock: Debug + Send + Sync {
    /// The present moment in UTC.
    fn now(&self) -> Timestamp;
}

/// A clock that several threads read.
pub type SharedClock = Arc<dyn Clock>;

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
