//! What is going to be run.

use std::collections::HashMap;
use std::num::NonZeroU32;

use aws_lc_rs::digest;
use cucumber::gherkin::{Feature, Rule, Scenario, Step};
use cucumber::step::Collection;

use super::{
    FeatureProblem, InvalidSelection, Selection, Source, SuiteError, check, mail_cost, parse,
    preflight,
};
use crate::model::{Partition, ScenarioId};
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
    /// Every problem of the features at once, what is wrong with the selection, or a name that two
    /// different files have.
    pub fn new<W>(
        sources: &[Source],
        selection: &Selection,
        steps: &Collection<W>,
    ) -> Result<Self, SuiteError> {
        let (features, problems) = parse_all(&each_once(sources)?, steps);
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
            let feature = plan.select(feature, selection, steps);
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
    pub fn only(mut self, wanted: impl FnMut(&PlannedScenario) -> bool) -> Self {
        self.scenarios.retain(wanted);
        self
    }

    /// The same plan with only the scenarios of a part, which may be none.
    #[must_use]
    pub fn part(self, partition: Partition) -> Self {
        let mut places = 0..;
        self.only(|scenario| {
            let place = places.next().unwrap_or_default();
            partition.takes(stable_hash(&scenario.key()), place)
        })
    }

    /// The same plan with each scenario so many times, each time a scenario of its own.
    #[must_use]
    pub fn repeated(mut self, times: NonZeroU32) -> Self {
        let once = std::mem::take(&mut self.scenarios);
        let several = |scenario: PlannedScenario| {
            (1..=times.get()).map(move |number| PlannedScenario {
                id: scenario.id.repeated(number),
                ..scenario.clone()
            })
        };
        self.scenarios = once.into_iter().flat_map(several).collect();
        self
    }

    /// What is to be run, in the order of [`Plan::scenarios`].
    pub(super) fn cases(&self) -> Vec<Case> {
        let mut parsed = HashMap::new();
        for feature in &self.features {
            for (rule, scenario) in preflight::scenarios(feature) {
                parsed.insert(scenario_id(feature, scenario), (feature, rule, scenario));
            }
        }
        let case = |planned: &PlannedScenario| {
            let (feature, rule, scenario) = parsed.get(&planned.id.repeated(0))?;
            Some(Case {
                planned: planned.clone(),
                scenario: (*scenario).clone(),
                steps: preflight::steps_of(feature, *rule, scenario)
                    .cloned()
                    .collect(),
            })
        };
        self.scenarios.iter().filter_map(case).collect()
    }

    fn select<W>(
        &mut self,
        mut feature: Feature,
        selection: &Selection,
        steps: &Collection<W>,
    ) -> Feature {
        let whole = feature.clone();
        let mut take = |rule: Option<&Rule>, scenario: &Scenario| {
            let planned = planned(&whole, rule, scenario, steps);
            let taken = selection.takes(&planned, &lines(scenario));
            if taken {
                self.scenarios.push(planned);
            }
            taken
        };
        feature.scenarios.retain(|one| take(None, one));
        for rule in &mut feature.rules {
            let whole_rule = rule.clone();
            rule.scenarios.retain(|one| take(Some(&whole_rule), one));
        }
        feature.rules.retain(|rule| !rule.scenarios.is_empty());
        feature
    }
}

/// One scenario to be run.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) planned: PlannedScenario,
    pub(super) scenario: Scenario,
    /// Those of its backgrounds first.
    pub(super) steps: Vec<Step>,
}

/// A hash that is the same on every machine and in every version.
fn stable_hash(text: &str) -> u64 {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    let first = digest.as_ref().iter().take(size_of::<u64>());
    first.fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// Names a scenario by the file and line where it, or its row of examples, stands.
fn scenario_id(feature: &Feature, scenario: &Scenario) -> ScenarioId {
    let path = feature.path.as_ref().map(|path| path.to_string_lossy());
    ScenarioId::new(path.unwrap_or_default(), scenario.position.line)
}

fn planned<W>(
    feature: &Feature,
    rule: Option<&Rule>,
    scenario: &Scenario,
    steps: &Collection<W>,
) -> PlannedScenario {
    // Without a tag, what its steps wait for: those mails must have been sent.
    let awaited = || mail_cost::awaited(preflight::steps_of(feature, rule, scenario), steps);
    let of_rule = rule.into_iter().flat_map(|rule| &rule.tags);
    let tags = feature.tags.iter().chain(of_rule).chain(&scenario.tags);
    let tags: Vec<String> = tags.cloned().collect();
    PlannedScenario {
        id: scenario_id(feature, scenario),
        feature: feature.name.clone(),
        name: scenario.name.clone(),
        mails: mail_cost::promised(&tags).unwrap_or_else(awaited),
        tags,
        row: row(scenario),
    }
}

/// The cells of the row that an outline was written out for: cucumber leaves it in place of all of
/// them.
pub(super) fn row(scenario: &Scenario) -> Vec<String> {
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

/// The sources, each once: scenarios are named by their file's path and line, so that two files of one
/// path would be taken for each other.
fn each_once(sources: &[Source]) -> Result<Vec<&Source>, SuiteError> {
    let mut by_path = HashMap::new();
    let mut once = Vec::new();
    for source in sources {
        match by_path.insert(&*source.path, &source.text) {
            None => once.push(source),
            Some(text) if *text == source.text => {}
            Some(_) => return Err(SuiteError::SamePath(source.path.clone())),
        }
    }
    Ok(once)
}

fn parse_all<'a, W>(
    sources: &[&'a Source],
    steps: &Collection<W>,
) -> (Vec<(&'a Source, Feature)>, Vec<FeatureProblem>) {
    let mut features = Vec::new();
    let mut problems = Vec::new();
    for &source in sources {
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
        let lines = || scenarios.iter().map(|one| one.position.line);
        return Err(InvalidSelection::Line {
            place: place.clone(),
            before: lines().filter(|line| *line <= place.line()).max(),
            first: lines().min(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::register;
    use crate::suite::ReverifyWorld;

    fn plan(scenarios: &[&str]) -> Plan {
        let given = |name: &&str| format!("  Scenario: {name}\n    Given a new user Ada\n");
        let scenarios: String = scenarios.iter().map(given).collect();
        let source = Source {
            path: "a.feature".to_owned(),
            text: format!("Feature: A\n{scenarios}").into(),
        };
        let steps = register(Collection::<ReverifyWorld>::new());
        Plan::new(&[source], &Selection::all(), &steps).unwrap()
    }

    fn names(plan: &Plan) -> Vec<&str> {
        let scenarios = plan.scenarios().iter();
        scenarios.map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn two_files_of_one_path_are_one_or_none() {
        let named = |name: &str| Source {
            path: "features/a.feature".to_owned(),
            text: format!("Feature: A\n  Scenario: {name}\n    Given a new user Ada\n").into(),
        };
        let steps = register(Collection::<ReverifyWorld>::new());
        let planned = |sources: &[Source]| Plan::new(sources, &Selection::all(), &steps);
        let twice = planned(&[named("Ours"), named("Ours")]).unwrap();
        assert_eq!(names(&twice), ["Ours"]);
        let error = planned(&[named("Ours"), named("Theirs")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "two feature files are called `features/a.feature`"
        );
    }

    #[test]
    fn a_scenario_that_is_added_moves_no_other_to_another_part() {
        let before = plan(&["Ada", "Bob", "Cy", "Dee", "Eve", "Fay"]);
        let after = plan(&["Ada", "New", "Bob", "Cy", "Dee", "Eve", "Fay"]);
        let mut all = Vec::new();
        for number in 1..=3 {
            let part = Partition::new(crate::model::PartitionScheme::Hash, number, 3).unwrap();
            let (before, after) = (before.clone().part(part), after.clone().part(part));
            let mut now = names(&after);
            now.retain(|name| *name != "New");
            assert_eq!(names(&before), now, "{part}");
            all.extend(names(&before).into_iter().map(str::to_owned));
        }
        all.sort();
        assert_eq!(all, ["Ada", "Bob", "Cy", "Dee", "Eve", "Fay"]);
    }

    #[test]
    fn a_scenario_without_a_tag_costs_what_its_steps_wait_for() {
        let text = "\
Feature: A
  Scenario: Two mails
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada asks for another code
    Then Ada receives a verification mail within 10 seconds
  @mails:3
  Scenario: Three, as its tag says
    Given a new user Ada
";
        let source = Source {
            path: "a.feature".to_owned(),
            text: text.into(),
        };
        let steps = register(Collection::<ReverifyWorld>::new());
        let plan = Plan::new(&[source], &Selection::all(), &steps).unwrap();
        let mails: Vec<_> = plan.scenarios().iter().map(|one| one.mails).collect();
        assert_eq!((mails, plan.mails()), (vec![2, 3], 5));
    }

    #[test]
    fn the_hash_is_that_of_other_machines() {
        // The first eight bytes of what `sha256sum` says of nothing.
        assert_eq!(stable_hash(""), 0xe3b0_c442_98fc_1c14);
    }

    #[test]
    fn a_repeated_scenario_is_several() {
        let twice = plan(&["Ada", "Bob"]).repeated(NonZeroU32::new(2).unwrap());
        let ids: Vec<_> = twice
            .scenarios()
            .iter()
            .map(|one| one.id.to_string())
            .collect();
        assert_eq!(
            ids,
            [
                "a.feature:2#1",
                "a.feature:2#2",
                "a.feature:4#1",
                "a.feature:4#2"
            ]
        );
        let keys: Vec<_> = twice.scenarios().iter().map(PlannedScenario::key).collect();
        assert_eq!(keys[0], keys[1]);
        let cases = twice.cases();
        assert_eq!(cases.len(), 4);
        assert_eq!(cases[3].steps[0].position.line, 5);
    }
}
