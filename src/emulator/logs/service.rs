//! The service: what its operations work on, and the way for the emulator's other parts to write.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::queries::Queries;
use super::store::Store;
use crate::emulator::Settings;
use crate::emulator::lambda::{LogEvent, LogSink};
use crate::emulator::random::Random;
use crate::model::SharedClock;

/// Searches of `GetLogEvents` and `FilterLogEvents` at once; more wait. Each lists up to every event of
/// a group, at 16 bytes.
const SEARCHES_MAX: usize = 4;

/// CloudWatch Logs in one account and region.
pub(crate) struct Logs {
    clock: SharedClock,
    region: String,
    account_id: String,
    random: Random,
    store: Mutex<Store>,
    pub(super) queries: Queries,
    pub(super) searches: Arc<Semaphore>,
}

/// How much the log groups hold, as the control interface tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Usage {
    pub(crate) events: u64,
    pub(crate) bytes: u64,
    /// Events that made room for newer ones, because `Limits::log_events` or `Limits::log_bytes` was
    /// reached.
    pub(crate) dropped_events: u64,
    pub(crate) dropped_bytes: u64,
    /// The most events that are held.
    pub(crate) log_events_max: u64,
    /// The most bytes that are held.
    pub(crate) log_bytes_max: u64,
}

impl Logs {
    /// The service of an emulator with these settings, without groups.
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            clock: Arc::clone(&settings.clock),
            region: settings.region.clone(),
            account_id: settings.account_id.clone(),
            // A sequence of its own, so that a seed gives users and codes the same ids whatever is
            // queried.
            random: Random::new(settings.seed),
            store: Mutex::new(Store::new(settings.limits)),
            queries: Queries::new(),
            searches: Arc::new(Semaphore::new(SEARCHES_MAX)),
        }
    }

    /// Writes an event, in a group and a stream that come to be if they are missing, as the services
    /// of AWS that deliver logs make theirs.
    ///
    /// It does not fail. What does not fit (`Limits::log_events`, `Limits::log_bytes`) makes the
    /// oldest events go; [`Logs::usage`] tells how many.
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

    /// Forgets every group and every query.
    pub(crate) fn clear(&self) {
        self.queries.clear();
        self.store().clear();
    }

    /// How much is held, and how much was dropped since the start or the last reset.
    pub(crate) fn usage(&self) -> Usage {
        let mut store = self.store();
        store.expire(self.now());
        let (held, dropped) = (store.held(), store.dropped());
        Usage {
            events: held.events,
            bytes: held.bytes,
            dropped_events: dropped.events,
            dropped_bytes: dropped.bytes,
            log_events_max: store.limits().log_events,
            log_bytes_max: store.limits().log_bytes,
        }
    }

    /// The present moment in milliseconds since the epoch.
    pub(super) fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// The name of a group among all resources of AWS, without `:*` at its end.
    pub(super) fn arn(&self, group: &str) -> String {
        let Self {
            region, account_id, ..
        } = self;
        format!("arn:aws:logs:{region}:{account_id}:log-group:{group}")
    }

    /// The field `@log` of a group's events.
    pub(super) fn log_field(&self, group: &str) -> String {
        format!("{}:{group}", self.account_id)
    }

    /// A new id of a query.
    pub(super) fn query_id(&self) -> Uuid {
        self.random.uuid()
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
