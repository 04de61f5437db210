//! How scenarios ended, for the tests that wait for them.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::model::ScenarioId;
use crate::report::ScenarioEnding;

/// Filled by the run and awaited by the tests.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcomes(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    ended: HashMap<ScenarioId, ScenarioEnding>,
    /// Whether the run is over.
    closed: bool,
}

impl Outcomes {
    /// Notes how a scenario ended.
    pub(super) fn note(&self, scenario: ScenarioId, outcome: ScenarioEnding) {
        self.change(|state| {
            state.ended.insert(scenario, outcome);
        });
    }

    /// Ends the run when it is dropped, however that comes about.
    pub(super) fn until_dropped(&self) -> Open {
        Open(self.clone())
    }

    /// Waits for a scenario to end, or for the run, which has a time limit, to end without it.
    pub(super) fn wait(&self, scenario: &ScenarioId) -> ScenarioEnding {
        let state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let going_on = |state: &mut State| !state.closed && !state.ended.contains_key(scenario);
        let waited = self.0.changed.wait_while(state, going_on);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let ended = state.ended.remove(scenario);
        ended.unwrap_or_else(|| {
            ScenarioEnding::DidNotPass("the run ended before the scenario did".to_owned())
        })
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.changed.notify_all();
    }
}

/// A run that goes on.
#[derive(Debug)]
pub(super) struct Open(Outcomes);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.change(|state| state.closed = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_a_run_that_is_over() {
        let outcomes = Outcomes::default();
        let open = outcomes.until_dropped();
        let (first, second) = (ScenarioId::new("a", 1), ScenarioId::new("a", 2));
        let waiting = {
            let (outcomes, first) = (outcomes.clone(), first.clone());
            std::thread::spawn(move || outcomes.wait(&first))
        };
        let failed = ScenarioEnding::DidNotPass("it failed".to_owned());
        outcomes.note(first, failed.clone());
        assert_eq!(waiting.join().unwrap(), failed);
        drop(open);
        let over = "the run ended before the scenario did".to_owned();
        assert_eq!(outcomes.wait(&second), ScenarioEnding::DidNotPass(over));
    }
}
