//! What is going to be run.

use std::collections::HashSet;

use cucumber::gherkin::{Feature, Rule, Scenario};
use cucumber::step::Collection;

use super::{
    FeatureProblem, InvalidSelection, Selection, Source, SuiteError, check, mail_cost, parse,
    preflight,
};
use crate::model::ScenarioId;
use crate::record::PlannedScenario;

/// Selected scenarios, parsed and checked.
///
/// ```
/// use cucumber::World as _;
/// use reverify::suite::{Plan, ReverifyWorld, Selection, Source};
/// use reverify::steps;
///
/// let steps = steps::register(ReverifyWorld::collection());
/// let selection = Selection::all().with_name("Five rounds")?;
/// let plan = Plan::new(&Source::shipped(), &selection, &steps)?;
/// assert_eq!(plan.scenarios().len(), 1);
/// assert_eq!(plan.mails(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Plan {
    features: Vec<Feature>,
    scenarios: Vec<PlannedScenario>,
}

impl Plan {
    /// Parses, selects, and checks that every selected step matches exactly once.
    ///
    /// # Errors
    ///
    /// Every problem of the features at once, or what is wrong with the selection.
    pub fn new<W>(
        sources: &[Source],
        selection: &Selection,
        steps: &Collection<W>,
    ) -> Result<Self, SuiteError> {
        let (features, problems) = parse_all(sources, steps);
        if !problems.is_empty() {
            return Err(SuiteError::Problems(problems));
        }
        check_places(&features, selection)?;
        let available: usize = features
            .iter()
            .map(|(_, feature)| all(feature).count())
            .sum();
        let mut plan = Self {
            features: Vec::new(),
            scenarios: Vec::new(),
        };
        let mut problems = Vec::new();
        for (source, feature) in features {
            let feature = plan.select(feature, selection);
            problems.extend(preflight::check(source, &feature, steps));
            plan.features.push(feature);
        }
        match (problems.is_empty(), plan.scenarios.is_empty()) {
            (false, _) => Err(SuiteError::Problems(problems)),
            (true, true) => Err(SuiteError::NothingSelected { available }),
            (true, false) => Ok(plan),
        }
    }

    /// The scenarios in the order of their files.
    pub fn scenarios(&self) -> &[PlannedScenario] {
        &self.scenarios
    }

    /// How many mails the target will be made to send, if each scenario needs one attempt.
    pub fn mails(&self) -> u32 {
        self.scenarios.iter().map(|scenario| scenario.mails).sum()
    }

    /// The same plan with only the scenarios for which `wanted` says so.
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(&PlannedScenario) -> bool) -> Self {
        self.scenarios.retain(wanted);
        let kept: HashSet<_> = self.scenarios.iter().map(|one| one.id.clone()).collect();
        for feature in &mut self.features {
            let whole = feature.clone();
            let keep = |one: &Scenario| kept.contains(&scenario_id(&whole, one));
            feature.scenarios.retain(keep);
            for rule in &mut feature.rules {
                rule.scenarios.retain(keep);
            }
            feature.rules.retain(|rule| !rule.scenarios.is_empty());
        }
        self
    }

    pub(super) fn features(&self) -> Vec<Feature> {
        self.features.clone()
    }

    fn select(&mut self, mut feature: Feature, selection: &Selection) -> Feature {
        let whole = feature.clone();
        feature
            .scenarios
            .retain(|one| self.take(&whole, None, one, selection));
        for rule in &mut feature.rules {
            let whole_rule = rule.clone();
            rule.scenarios
                .retain(|one| self.take(&whole, Some(&whole_rule), one, selection));
        }
        feature.rules.retain(|rule| !rule.scenarios.is_empty());
        feature
    }

    fn take(
        &mut self,
        feature: &Feature,
        rule: Option<&Rule>,
        scenario: &Scenario,
        selection: &Selection,
    ) -> bool {
        let planned = planned(feature, rule, scenario);
        let taken = selection.takes(&planned, &lines(scenario));
        if taken {
            self.scenarios.push(planned);
        }
        taken
    }
}

/// Names a scenario by the file and line where it, or its row of examples, stands.
pub(super) fn scenario_id(feature: &Feature, scenario: &Scenario) -> ScenarioId {
    let path = feature.path.as_ref().map(|path| path.to_string_lossy());
    ScenarioId::new(path.unwrap_or_default(), scenario.position.line)
}

fn planned(feature: &Feature, rule: Option<&Rule>, scenario: &Scenario) -> PlannedScenario {
    let of_rule = rule.into_iter().flat_map(|rule| &rule.tags);
    let tags = feature.tags.iter().chain(of_rule).chain(&scenario.tags);
    let tags: Vec<String> = tags.cloned().collect();
    PlannedScenario {
        id: scenario_id(feature, scenario),
        feature: feature.name.clone(),
        name: scenario.name.clone(),
        mails: mail_cost::promised(&tags).unwrap_or(0),
        tags,
        row: row(scenario),
    }
}

/// The cells of the row that an outline was written out for: cucumber leaves it in place of all of
/// them.
fn row(scenario: &Scenario) -> Vec<String> {
    let mut tables = scenario
        .examples
        .iter()
        .filter_map(|one| one.table.as_ref());
    let row = tables.find_map(|table| table.rows.get(1));
    row.cloned().unwrap_or_default()
}

/// The lines by which a scenario can be asked for: its own and those of its steps.
fn lines(scenario: &Scenario) -> Vec<usize> {
    let steps = scenario.steps.iter().map(|step| step.position.line);
    std::iter::once(scenario.position.line)
        .chain(steps)
        .collect()
}

fn all(feature: &Feature) -> impl Iterator<Item = &Scenario> {
    let in_rules = feature.rules.iter().flat_map(|rule| &rule.scenarios);
    feature.scenarios.iter().chain(in_rules)
}

fn parse_all<'a, W>(
    sources: &'a [Source],
    steps: &Collection<W>,
) -> (Vec<(&'a Source, Feature)>, Vec<FeatureProblem>) {
    let mut features = Vec::new();
    let mut problems = Vec::new();
    for source in sources {
        match parse::parse(source) {
            Ok(parsed) => {
                problems.extend(check::text_problems(source, &parsed.written, steps));
                features.push((source, parsed.expanded));
            }
            Err(problem) => problems.push(*problem),
        }
    }
    (features, problems)
}

/// A place without a scenario is a mistake, not an empty selection.
fn check_places(
    features: &[(&Source, Feature)],
    selection: &Selection,
) -> Result<(), InvalidSelection> {
    for place in selection.places() {
        let same_file = features
            .iter()
            .filter(|(source, _)| source.path == place.feature());
        let scenarios: Vec<_> = same_file.flat_map(|(_, feature)| all(feature)).collect();
        if scenarios
            .iter()
            .any(|one| lines(one).contains(&place.line()))
        {
            continue;
        }
        let before = scenarios.iter().map(|one| one.position.line);
        let nearest = before.filter(|line| *line <= place.line()).max();
        return Err(InvalidSelection::Line {
            place: place.clone(),
            nearest: nearest.unwrap_or(0),
        });
    }
    Ok(())
}
