//! The end of cucumber's stream of events.

use cucumber::gherkin::Feature;
use cucumber::writer::Normalized;
use cucumber::{Event, Writer, cli, event, parser};

use super::plan::scenario_id;
use crate::record::{Event as Fact, Failure, Recorder, StepOutcome};
use crate::steps;

/// Records the steps that are not ours; ours record themselves, with what they did.
///
/// The record may be read out of order, so nothing has to be sorted or held back here.
pub(super) struct RecordForeignSteps {
    recorder: Recorder,
}

impl RecordForeignSteps {
    pub(super) fn new(recorder: Recorder) -> Self {
        Self { recorder }
    }

    fn record<W>(
        &self,
        feature: &Feature,
        scenario: &cucumber::gherkin::Scenario,
        step: &cucumber::gherkin::Step,
        event: &event::Step<W>,
    ) {
        let foreign =
            |place: &Option<cucumber::step::Location>| !place.as_ref().is_some_and(steps::is_ours);
        let outcome = match event {
            event::Step::Passed(_, place) if foreign(place) => StepOutcome::Passed,
            event::Step::Failed(_, place, _, error) if foreign(place) => StepOutcome::Failed {
                failure: Failure::failed(error.to_string()),
            },
            event::Step::Skipped => StepOutcome::Failed {
                failure: Failure::broken("the step is not defined"),
            },
            _ => return,
        };
        let scoped = self.recorder.scenario(scenario_id(feature, scenario), 1);
        scoped.record(Fact::StepFinished {
            line: step.position.line,
            text: format!("{} {}", step.keyword.trim(), step.value),
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
        use event::{Cucumber, Feature as InFeature, Rule, Scenario};
        let Ok(Cucumber::Feature(feature, event)) = event.map(Event::into_inner) else {
            return;
        };
        let (InFeature::Scenario(scenario, retryable)
        | InFeature::Rule(_, Rule::Scenario(scenario, retryable))) = event
        else {
            return;
        };
        if let Scenario::Background(step, event) | Scenario::Step(step, event) = retryable.event {
            self.record(&feature, &scenario, &step, &event);
        }
    }
}
