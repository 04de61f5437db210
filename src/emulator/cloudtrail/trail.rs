//! What is kept of the calls: the event history, and a trail into a log group if one is on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};

use super::call::{Call, Place};
use super::history::{CALLS_MAX, Found, History, REQUEST_BYTES_MAX};
use super::identity::Caller;
use super::lookup::Lookup;
use crate::control::{TrailSettings, TrailState};
use crate::emulator::logs::Logs;
use crate::emulator::random::Random;
use crate::emulator::settings::Settings;

/// The calls of an account and region.
pub(crate) struct Trail {
    place: Place,
    /// A sequence of its own, so that a seed gives users and codes the same ids whatever is recorded.
    pub(super) random: Random,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    settings: TrailSettings,
    history: History,
    /// Who called last, and most probably calls again.
    caller: Option<Arc<Caller>>,
}

impl Trail {
    /// The trail of an emulator with these settings, without calls.
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            place: Place {
                region: settings.region.clone(),
                account_id: settings.account_id.clone(),
            },
            random: Random::new(settings.seed),
            state: Mutex::default(),
        }
    }

    /// Where it goes.
    pub(crate) fn settings(&self) -> TrailSettings {
        self.state().settings.clone()
    }

    /// Where it goes, and how much of the history is held.
    pub(crate) fn usage(&self, now: Timestamp) -> TrailState {
        let mut state = self.state();
        state.history.expire(now);
        TrailState {
            log_group: state.settings.log_group.clone(),
            delay_seconds: state.settings.delay_seconds,
            events: state.history.len() as u64,
            dropped_events: state.history.dropped(),
            events_max: CALLS_MAX as u64,
            request_bytes_max: REQUEST_BYTES_MAX as u64,
        }
    }

    /// Lets it go elsewhere from now on.
    pub(crate) fn set(&self, settings: TrailSettings) {
        self.state().settings = settings;
    }

    /// Forgets all calls, and lets the trail go where it went at the start.
    pub(crate) fn reset(&self, settings: TrailSettings) {
        let mut state = self.state();
        state.history.clear();
        state.settings = settings;
    }

    /// The sender of a request.
    pub(super) fn caller(&self, headers: &HeaderMap) -> Arc<Caller> {
        let mut state = self.state();
        match &state.caller {
            Some(caller) if caller.sends(headers) => Arc::clone(caller),
            _ => Arc::clone(state.caller.insert(Arc::new(Caller::of(headers)))),
        }
    }

    /// Keeps a call, and writes its event into the log group if there is one.
    pub(super) fn add(&self, mut call: Call, logs: &Logs) {
        let mut state = self.state();
        let delay = SignedDuration::from_secs(state.settings.delay_seconds.into());
        // Past the end of time there is nobody who looks.
        call.visible_at = call.began.checked_add(delay).unwrap_or(Timestamp::MAX);
        state.history.expire(call.began);
        let Some(group) = state.settings.log_group.clone() else {
            state.history.add(call);
            return;
        };
        let (began, event) = (call.began, call.event(&self.place));
        state.history.add(call);
        drop(state);
        // The stream that CloudTrail makes:
        // <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html>.
        let Place { region, account_id } = &self.place;
        let stream = format!("{account_id}_CloudTrail_{region}");
        logs.append_after(delay, (&group, &stream), began, event);
    }

    /// Has a look-up's answer made of what it finds.
    pub(super) fn look_up<T>(
        &self,
        lookup: &Lookup,
        now: Timestamp,
        answer: impl FnOnce(Found<'_>, &Place) -> T,
    ) -> T {
        let mut state = self.state();
        state.history.expire(now);
        answer(state.history.find(lookup, now), &self.place)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is whole after any panic, so that a poisoned lock is still good.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
