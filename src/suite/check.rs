//! Everything that can be said about features without running them.

use std::collections::HashMap;

use cucumber::gherkin::{Feature, Scenario};
use cucumber::step::Collection;

use super::parse::Parsed;
use super::plan::row;
use super::{FeatureProblem, Source, descriptions, mail_cost, parse, preflight, tables, tags};

/// What was found in features: numbers, problems and doubts.
///
/// ```
/// use cucumber::World as _;
/// use reverify::suite::{Check, ReverifyWorld, Source};
/// use reverify::steps;
///
/// let steps = steps::register(ReverifyWorld::collection());
/// let check = Check::new(&Source::shipped(), &steps, &[]);
/// assert!(check.problems.is_empty());
/// assert!(check.features.iter().any(|one| one.mails > 0));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// Every feature that could be parsed.
    pub features: Vec<CheckedFeature>,
    /// What keeps the features from being run.
    pub problems: Vec<FeatureProblem>,
    /// What does not, and is hardly meant so.
    pub warnings: Vec<FeatureProblem>,
}

/// The numbers of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFeature {
    /// Its file.
    pub path: String,
    /// How many scenarios it has, each row of examples counted.
    pub scenarios: usize,
    /// How many steps they have, those of backgrounds among them.
    pub steps: usize,
    /// How many mails they cost: what tags say, or what steps wait for where that is more.
    pub mails: u32,
}

impl Check {
    /// Looks at features, tags and steps. `own_tags` are known beside ours.
    pub fn new<W>(sources: &[Source], steps: &Collection<W>, own_tags: &[String]) -> Self {
        let mut check = Self::default();
        for source in sources {
            check.warnings.extend(tags::unknown(source, own_tags));
            match parse::parse(source) {
                Ok(parsed) => check.feature(source, &parsed, steps),
                Err(problem) => check.problems.push(*problem),
            }
        }
        check
    }

    /// How many scenarios there are.
    pub fn scenarios(&self) -> usize {
        self.features.iter().map(|one| one.scenarios).sum()
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.features.iter().map(|one| one.steps).sum()
    }

    /// How many mails the target would be made to send.
    pub fn mails(&self) -> u32 {
        let mails = self.features.iter().map(|one| one.mails);
        mails.fold(0, u32::saturating_add)
    }

    fn feature<W>(&mut self, source: &Source, parsed: &Parsed, steps: &Collection<W>) {
        let mut problems = text_problems(source, &parsed.written, steps);
        problems.extend(preflight::check(source, &parsed.expanded, steps));
        let (checked, warnings) = costs(source, &parsed.expanded, steps);
        // What is doubtful in a file with mistakes is often one of them, seen from another side.
        if problems.is_empty() {
            self.warnings
                .extend(nothing_to_run(source, &parsed.written));
            self.warnings.extend(twins(source, &parsed.expanded));
            self.warnings.extend(warnings);
        }
        self.problems.extend(problems);
        self.features.push(checked);
    }
}

/// Counts a feature, and says where its tags do not.
fn costs<W>(
    source: &Source,
    feature: &Feature,
    steps: &Collection<W>,
) -> (CheckedFeature, Vec<FeatureProblem>) {
    let mut checked = CheckedFeature {
        path: source.path.clone(),
        scenarios: 0,
        steps: 0,
        mails: 0,
    };
    let mut warnings = Vec::new();
    for (rule, scenario) in preflight::scenarios(feature) {
        let all = || preflight::steps_of(feature, rule, scenario);
        let cost = mail_cost::Cost::of(all, steps);
        let of_rule = rule.into_iter().flat_map(|rule| &rule.tags);
        let tags = feature.tags.iter().chain(of_rule).chain(&scenario.tags);
        let tags: Vec<_> = tags.cloned().collect();
        let promised = mail_cost::promised(&tags);
        warnings.extend(mail_cost::warning(source, scenario, promised, cost));
        checked.scenarios += 1;
        checked.steps += all().count();
        checked.mails = checked
            .mails
            .saturating_add(promised.unwrap_or(0).max(cost.awaited));
    }
    // The rows of an outline share its tag.
    warnings.dedup();
    (checked, warnings)
}

/// Scenarios that are told from others of their file by their line alone, which changes.
fn twins(source: &Source, feature: &Feature) -> Vec<FeatureProblem> {
    let mut seen = HashMap::new();
    let mut found = Vec::new();
    for (_, scenario) in preflight::scenarios(feature) {
        // Rows that are the same may be meant to be run twice.
        if !row(scenario).is_empty() {
            continue;
        }
        let place = scenario.position;
        let Some(first) = seen.insert(scenario.name.as_str(), place.line) else {
            continue;
        };
        found.push(FeatureProblem {
            what: "another scenario of this file has the same name".to_owned(),
            label: format!("as on line {first}"),
            help: "give it a name of its own: the history and --last-failed know scenarios by file and name"
                .to_owned(),
            ..FeatureProblem::at(source, place.line, place.col)
        });
    }
    found
}

/// What can be wrong in a whole file, whichever of its scenarios are run.
pub(super) fn text_problems<W>(
    source: &Source,
    written: &Feature,
    steps: &Collection<W>,
) -> Vec<FeatureProblem> {
    let mut found = tables::problems(source);
    found.extend(tags::problems(source));
    found.extend(descriptions::problems(source, written, steps));
    found
}

/// What is green because nothing happens in it.
fn nothing_to_run(source: &Source, written: &Feature) -> Vec<FeatureProblem> {
    let warning = |line, column, what: &str, help: &str| FeatureProblem {
        what: what.to_owned(),
        label: "nothing is run here".to_owned(),
        help: help.to_owned(),
        ..FeatureProblem::at(source, line, column)
    };
    let scenarios: Vec<_> = preflight::scenarios(written).collect();
    if scenarios.is_empty() {
        let place = written.position;
        return vec![warning(
            place.line,
            place.col,
            "the feature has no scenario",
            "add one, or remove the file",
        )];
    }
    let empty = |scenario: &Scenario| {
        let place = scenario.position;
        let rows = scenario
            .examples
            .iter()
            .filter_map(|one| one.table.as_ref());
        let rows: usize = rows.map(|table| table.rows.len().saturating_sub(1)).sum();
        if scenario.steps.is_empty() {
            let what = "the scenario has no steps, so it always passes";
            Some(warning(
                place.line,
                place.col,
                what,
                "write its steps, or remove it",
            ))
        } else if !scenario.examples.is_empty() && rows == 0 {
            let what = "the outline has no rows of examples, so it is never run";
            let help = "add a row below the names of the columns";
            Some(warning(place.line, place.col, what, help))
        } else {
            None
        }
    };
    scenarios
        .into_iter()
        .filter_map(|(_, scenario)| empty(scenario))
        .collect()
}
