//! How attempts ended, from the hook that knows it to the writer that records it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::model::ScenarioId;
use crate::record::Failure;

/// How an attempt ended.
pub(super) struct Ending {
    pub(super) failure: Option<Failure>,
    pub(super) took_ms: f64,
}

/// The endings that were noted and not recorded yet.
///
/// Cucumber runs the hook after a scenario before it tells of the step that failed. An ending is
/// therefore recorded when cucumber has told everything, so that it is the attempt's last event.
#[derive(Default)]
pub(super) struct Endings(Mutex<HashMap<ScenarioId, Ending>>);

impl Endings {
    pub(super) fn note(&self, scenario: ScenarioId, ending: Ending) {
        let mut endings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        endings.insert(scenario, ending);
    }

    pub(super) fn take(&self, scenario: &ScenarioId) -> Option<Ending> {
        let mut endings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        endings.remove(scenario)
    }
}
