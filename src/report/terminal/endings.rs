//! How each scenario ended, as a text of its own.

use std::collections::BTreeMap;

use super::live::Live;
use super::{Style, summary};
use crate::model::ScenarioId;
use crate::record::{Entry, Event, FailureKind, Outcome, PlannedScenario, RunSummary};
use crate::report::text::one_line;

type Again = Box<dyn Fn(&PlannedScenario) -> String + Send>;

/// How a scenario ended, for those who run each as a test of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScenarioEnding {
    /// It passed.
    Passed,
    /// It did not, with all that a person needs.
    DidNotPass(String),
    /// It says nothing about this target, for this reason.
    NotApplicable(String),
}

/// Follows a run and tells of each scenario, when it ends, all that a person needs if it did not
/// pass: the step, what was seen, the verdict, the calls.
pub struct ScenarioEndings {
    style: Style,
    again: Again,
    summary: RunSummary,
    live: Live,
    left_behind: BTreeMap<ScenarioId, Vec<String>>,
}

impl ScenarioEndings {
    /// Begins before the run's first entry; `again` is the command that runs a scenario again.
    pub fn new(style: Style, again: impl Fn(&PlannedScenario) -> String + Send + 'static) -> Self {
        Self {
            style,
            again: Box::new(again),
            summary: RunSummary::default(),
            live: Live::default(),
            left_behind: BTreeMap::new(),
        }
    }

    /// Takes an entry in. Answers the scenario that ended with it, and how.
    ///
    /// An attempt that another one follows is no end. A scenario that left something behind did not
    /// pass.
    pub fn entry(&mut self, entry: &Entry) -> Option<(ScenarioId, ScenarioEnding)> {
        self.summary.apply(entry);
        self.live.apply(entry);
        let id = entry.scenario.as_ref()?;
        match &entry.event {
            Event::LeftBehind { what } => {
                let left = self.left_behind.entry(id.clone()).or_default();
                left.push(what.clone());
                None
            }
            Event::ScenarioFinished { .. } if self.live.pause(id).is_some() => {
                self.live.end(id);
                None
            }
            Event::ScenarioFinished { .. } => Some((id.clone(), self.end(id))),
            _ => None,
        }
    }

    fn end(&mut self, id: &ScenarioId) -> ScenarioEnding {
        let step = self.live.end(id);
        let left_behind = self.left_behind.remove(id).unwrap_or_default();
        let left_behind = left_behind
            .iter()
            .map(|what| format!("left behind: {}", one_line(what)));
        let mut lines: Vec<_> = left_behind.collect();
        if let Some(scenario) = self.summary.scenario(id)
            && let Outcome::Failed(failure) = &scenario.outcome
        {
            if failure.kind == FailureKind::NotApplicable && lines.is_empty() {
                return ScenarioEnding::NotApplicable(one_line(&failure.message));
            }
            let again = (self.again)(&scenario.planned);
            let block =
                summary::failure_block(scenario, failure, step.as_ref(), &again, self.style);
            lines.insert(0, block);
        }
        if lines.is_empty() {
            ScenarioEnding::Passed
        } else {
            ScenarioEnding::DidNotPass(lines.join("\n"))
        }
    }
}

impl std::fmt::Debug for ScenarioEndings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScenarioEndings").finish_non_exhaustive()
    }
}
