//! The end of cucumber's stream of events.

use std::sync::Arc;

use cucumber::gherkin::{Feature, Scenario};
use cucumber::writer::Normalized;
use cucumber::{Event, Writer, cli, event, parser};

use super::hooks::{Shared, step_failure};
use super::plan::scenario_id;
use crate::record::{Event as Fact, Failure, ScenarioRecorder, StepOutcome};
use crate::steps;

/// Records the steps that are not ours, which record themselves with what they did, and the end of
/// each scenario.
///
/// The record may be read out of order, so nothing has to be sorted or held back here.
pub(super) struct RecordForeignSteps {
    shared: Arc<Shared>,
}

impl RecordForeignSteps {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    fn recorder(&self, feature: &Feature, scenario: &Scenario) -> ScenarioRecorder {
        let id = scenario_id(feature, scenario);
        self.shared.recorder.scenario(id, 1)
    }

    fn record_end(&self, feature: &Feature, scenario: &Scenario) {
        // One that never began has no end.
        if let Some(ending) = self.shared.endings.take(&scenario_id(feature, scenario)) {
            let (failure, took_ms) = (ending.failure, ending.took_ms);
            let recorder = self.recorder(feature, scenario);
            recorder.record(Fact::ScenarioFinished { failure, took_ms });
        }
    }

    fn record<W>(
        &self,
        feature: &Feature,
        scenario: &Scenario,
        step: &cucumber::gherkin::Step,
        event: &event::Step<W>,
    ) {
        let foreign =
            |place: &Option<cucumber::step::Location>| !place.as_ref().is_some_and(steps::is_ours);
        let outcome = match event {
            event::Step::Passed(_, place) if foreign(place) => StepOutcome::Passed,
            event::Step::Failed(_, place, _, error) if foreign(place) => StepOutcome::Failed {
                failure: step_failure(error, place.as_ref()),
            },
            event::Step::Skipped => StepOutcome::Failed {
                failure: Failure::broken("the step is not defined"),
            },
            _ => return,
        };
        let recorder = self.recorder(feature, scenario);
        let line = step.position.line;
        let text = format!("{} {}", step.keyword.trim(), step.value);
        recorder.record(Fact::StepStarted {
            line,
            text: text.clone(),
        });
        recorder.record(Fact::StepFinished {
            line,
            text,
            outcome,
            took_ms: 0.0,
        });
    }
}

impl Normalized for RecordForeignSteps {}

impl<W> Writer<W> for RecordForeignSteps {
    type Cli = cli::Empty;

    async fn handle_event(
        &mut self,
        event: parser::Result<Event<event::Cucumber<W>>>,
        _: &Self::Cli,
    ) {
        use event::{Cucumber, Feature as InFeature, Rule, Scenario as InScenario};
        let Ok(Cucumber::Feature(feature, event)) = event.map(Event::into_inner) else {
            return;
        };
        let (InFeature::Scenario(scenario, retryable)
        | InFeature::Rule(_, Rule::Scenario(scenario, retryable))) = event
        else {
            return;
        };
        match retryable.event {
            InScenario::Background(step, event) | InScenario::Step(step, event) => {
                self.record(&feature, &scenario, &step, &event);
            }
            InScenario::Finished => self.record_end(&feature, &scenario),
            _ => {}
        }
    }
}
