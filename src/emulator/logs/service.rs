//! The service: what its operations work on, and the way for the emulator's other parts to write.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::late::{Late, LateEvent};
use super::operations::group_of_arn;
use super::queries::Queries;
use super::store::Store;
use crate::control::LogUsage;
use crate::emulator::Settings;
use crate::emulator::faults::Faults;
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
    faults: Arc<Faults>,
    store: Mutex<Store>,
    late: Mutex<Late>,
    pub(super) queries: Queries,
    pub(super) searches: Arc<Semaphore>,
}

impl Logs {
    /// The service of an emulator with these settings, on its clock and with its faults, without
    /// groups.
    pub(crate) fn new(settings: &Settings, clock: SharedClock, faults: Arc<Faults>) -> Self {
        Self {
            clock,
            region: settings.region.clone(),
            account_id: settings.account_id.clone(),
            // A sequence of its own, so that a seed gives users and codes the same ids whatever is
            // queried.
            random: Random::new(settings.seed),
            faults,
            store: Mutex::new(Store::new(settings.limits)),
            late: Mutex::default(),
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
        self.append_after(SignedDuration::ZERO, (group, stream), at, message);
    }

    /// Writes an event that becomes visible after a while, or after the longer one that a fault of
    /// the control interface asks for. Its ingestion time is when it becomes visible.
    pub(crate) fn append_after(
        &self,
        delay: SignedDuration,
        (group, stream): (&str, &str),
        at: Timestamp,
        message: impl AsRef<str>,
    ) {
        let (now, at) = (self.now(), at.as_millisecond());
        let lag = SignedDuration::from_secs(self.faults.log_delay(group).into());
        let delay = i64::try_from(delay.max(lag).as_millis()).unwrap_or_default();
        let message = message.as_ref();
        if delay > 0 {
            let event = LateEvent {
                visible_at: now.saturating_add(delay),
                group: group.to_owned(),
                stream: stream.to_owned(),
                at,
                message: message.to_owned(),
            };
            let Err(event) = self.late().add(event) else {
                return;
            };
            write(&mut self.store(), &event, now);
            return;
        }
        let mut store = self.store();
        let _ = store.create_group(group, now);
        match store.open_stream(group, stream, now) {
            Ok(Some(id)) => store.write(group, id, at, now, message),
            _ => store.refuse(message),
        }
    }

    /// Forgets every group and every query.
    pub(crate) fn clear(&self) {
        self.late().clear();
        self.queries.clear();
        self.store().clear();
    }

    /// How much is held, and how much was dropped since the start or the last reset.
    pub(crate) fn usage(&self) -> LogUsage {
        let mut store = self.store();
        store.expire(self.now());
        let (held, dropped) = (store.held(), store.dropped());
        LogUsage {
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

    /// The resource that IAM checks for a request: the streams of its group, or of none, as recorded in
    /// public logs of `DescribeLogGroups`. That a request about several groups is checked for none is a
    /// guess.
    pub(crate) fn resource(&self, body: &[u8]) -> String {
        #[derive(Default, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Named {
            log_group_name: Option<String>,
            log_group_identifier: Option<String>,
        }
        let named: Named = serde_json::from_slice(body).unwrap_or_default();
        let group = named.log_group_name.or(named.log_group_identifier);
        let group = group.unwrap_or_default();
        let name = group_of_arn(&group).unwrap_or(&group);
        format!("{}:log-stream:", self.arn(name))
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
    ///
    /// What became visible since is among them.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        // The store is whole after any panic, so that a poisoned lock is still good.
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        let mut late = self.late();
        while let Some(event) = late.visible(now) {
            write(&mut store, &event, event.visible_at);
        }
        drop(late);
        store
    }

    fn late(&self) -> MutexGuard<'_, Late> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes an event that was on its way.
fn write(store: &mut Store, event: &LateEvent, ingested: i64) {
    let _ = store.create_group(&event.group, ingested);
    match store.open_stream(&event.group, &event.stream, ingested) {
        Ok(Some(id)) => store.write(&event.group, id, event.at, ingested, &event.message),
        _ => store.refuse(&event.message),
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
