//! The service: what its operations work on, and the way for the emulator's other parts to write.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::store::Store;
use crate::emulator::Limits;
use crate::emulator::lambda::{LogEvent, LogSink};
use crate::model::SharedClock;

/// CloudWatch Logs in one account and region.
pub(crate) struct Logs {
    clock: SharedClock,
    store: Mutex<Store>,
}

impl Logs {
    /// A service without groups.
    pub(crate) fn new(clock: SharedClock, limits: Limits) -> Self {
        Self {
            clock,
            store: Mutex::new(Store::new(limits)),
        }
    }

    /// Writes an event, in a group and a stream that come to be if they are missing, as the services
    /// of AWS that deliver logs make theirs.
    ///
    /// It does not fail. What does not fit (`Limits::log_events`, `Limits::log_bytes`) makes the
    /// oldest events go; the control interface tells how many.
    pub(crate) fn append(
        &self,
        group: &str,
        stream: &str,
        at: Timestamp,
        message: impl AsRef<str>,
    ) {
        let message = message.as_ref();
        let now = self.now();
        let mut store = self.store();
        let _ = store.create_group(group, now);
        match store.open_stream(group, stream, now) {
            Ok(Some(id)) => store.write(group, id, at.as_millisecond(), now, message),
            _ => store.refuse(message),
        }
    }

    /// Forgets every group.
    pub(crate) fn clear(&self) {
        self.store().clear();
    }

    /// The present moment in milliseconds since the epoch.
    pub(super) fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// The groups, for as long as no one else needs them.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        // The store is whole after any panic, so that a poisoned lock is still good.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logs").finish_non_exhaustive()
    }
}

/// The log groups of functions: `/aws/lambda/NAME`, one stream for each environment.
impl LogSink for Logs {
    fn receive(&self, group: &str, event: &LogEvent) {
        self.append(group, &event.stream, event.timestamp, &event.message);
    }
}
