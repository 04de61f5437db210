//! Checks every step against the vocabulary before anything is run.

use std::collections::HashSet;

use cucumber::gherkin::{Feature, Rule, Scenario, Step};
use cucumber::step::{Collection, Context, Location};

use super::suggest::suggestion;
use super::{FeatureProblem, Source};
use crate::record::Failure;
use crate::steps::{BadArgument, Block, Ground, Reach, check_arguments, entry_at};

/// Every step of a feature that does not match exactly once, or whose arguments are wrong.
pub(super) fn check<W>(
    source: &Source,
    feature: &Feature,
    steps: &Collection<W>,
) -> Vec<FeatureProblem> {
    // The rows of an outline repeat its steps, and so their problems.
    let mut seen = HashSet::new();
    all_steps(feature)
        .filter_map(|step| check_step(source, step, steps))
        .filter(|found| seen.insert((found.line, found.label.clone(), found.help.clone())))
        .collect()
}

/// The scenarios of a feature, each with the rule in which it stands.
pub(super) fn scenarios(feature: &Feature) -> impl Iterator<Item = (Option<&Rule>, &Scenario)> {
    let in_rule = |rule| move |scenario| (Some(rule), scenario);
    let rules = feature.rules.iter();
    let in_rules = rules.flat_map(move |rule| rule.scenarios.iter().map(in_rule(rule)));
    let outside = feature.scenarios.iter().map(|scenario| (None, scenario));
    outside.chain(in_rules)
}

/// The steps that a scenario runs, those of its backgrounds first.
pub(super) fn steps_of<'a>(
    feature: &'a Feature,
    rule: Option<&'a Rule>,
    scenario: &'a Scenario,
) -> impl Iterator<Item = &'a Step> {
    let of_rule = rule.and_then(|rule| rule.background.as_ref());
    let backgrounds = feature.background.iter().chain(of_rule);
    let before = backgrounds.flat_map(|background| &background.steps);
    before.chain(&scenario.steps)
}

/// Ends a scenario as not applicable before it begins where one of its steps cannot be taken on the
/// target: no mail is spent on the steps before it.
pub(super) fn must_apply<W>(
    scenario: &[Step],
    steps: &Collection<W>,
    ground: &Ground,
) -> Result<(), Failure> {
    for (step, reach) in reaches(scenario, steps) {
        let text = format!("{} {}", step.keyword.trim(), step.value);
        reach.includes(ground, &text)?;
    }
    Ok(())
}

/// What the first step needs that cannot be taken on the target, in a few words.
pub(super) fn lacks<W>(
    scenario: &[Step],
    steps: &Collection<W>,
    ground: &Ground,
) -> Option<&'static str> {
    reaches(scenario, steps).find_map(|(_, reach)| reach.lacks(ground))
}

/// Those of the steps that are ours, each with where it can be taken.
fn reaches<'a, W>(
    scenario: &'a [Step],
    steps: &Collection<W>,
) -> impl Iterator<Item = (&'a Step, Reach)> {
    scenario.iter().filter_map(|step| {
        let (_, _, place, _) = steps.find(step).ok()??;
        Some((step, entry_at(&place?)?.reach()))
    })
}

fn all_steps(feature: &Feature) -> impl Iterator<Item = &Step> {
    let used = scenarios(feature).next().is_some();
    let of_rules = feature
        .rules
        .iter()
        .filter_map(|rule| rule.background.as_ref());
    let backgrounds = feature.background.iter().chain(of_rules);
    let backgrounds = backgrounds.filter(move |_| used);
    backgrounds
        .flat_map(|background| &background.steps)
        .chain(scenarios(feature).flat_map(|(_, scenario)| &scenario.steps))
}

fn check_step<W>(source: &Source, step: &Step, steps: &Collection<W>) -> Option<FeatureProblem> {
    let problem = |what: &str, label: String, help: String| FeatureProblem {
        what: what.to_owned(),
        label,
        help,
        ..FeatureProblem::at(source, step.position.line, step.position.col)
    };
    match steps.find(step) {
        Ok(Some((_, _, place, context))) => {
            let help = |place: Option<Location>| match place.and_then(|place| entry_at(&place)) {
                Some(entry) => format!("write it as in this example:\n{}", entry.written()),
                None => "write it as its definition demands".to_owned(),
            };
            let bad = check_arguments(&context).and_then(|()| check_block(&context, place));
            let bad = bad.err()?;
            let what = "an argument of this step is not right";
            Some(problem(what, bad.reason, help(place)))
        }
        Ok(None) => {
            let label = format!("no step says this as a `{:?}`", step.ty);
            Some(problem("an undefined step", label, suggestion(step, steps)))
        }
        Err(ambiguous) => {
            let places = ambiguous.possible_matches.iter().map(|(regex, place)| {
                let place = place.map_or_else(|| "unknown place".to_owned(), |p| p.to_string());
                format!("`{}` at {place}", regex.as_str())
            });
            let places: Vec<_> = places.collect();
            let help = format!("keep one of them:\n{}", places.join("\n"));
            let label = format!("{} steps match this text", places.len());
            Some(problem("an ambiguous step", label, help))
        }
    }
}

/// A step of ours that is given a table or a text it does not take, or lacks the one it needs.
fn check_block(context: &Context, place: Option<Location>) -> Result<(), BadArgument> {
    let Some(entry) = place.and_then(|place| entry_at(&place)) else {
        return Ok(());
    };
    let step = &context.step;
    let (has_table, has_text) = (step.table.is_some(), step.docstring.is_some());
    let bad = |reason: &str| {
        Err(BadArgument {
            reason: reason.to_owned(),
        })
    };
    match entry.block {
        Block::None | Block::DocString { .. } if has_table => bad("this step takes no table"),
        Block::None | Block::Table { .. } if has_text => bad("this step takes no doc string"),
        Block::Table { .. } if !has_table => bad("this step needs a table below it"),
        Block::DocString { .. } if !has_text => bad("this step needs a doc string below it"),
        Block::Table { check, .. } | Block::DocString { check, .. } => check(step),
        Block::None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use cucumber::step::Step as Run;
    use regex::Regex;

    use super::super::{ReverifyWorld, parse};
    use super::*;
    use crate::steps::register;

    fn problems(text: &str, steps: &Collection<ReverifyWorld>) -> Vec<FeatureProblem> {
        let source = Source {
            path: "a.feature".into(),
            text: text.to_owned().into(),
        };
        check(&source, &parse::parse(&source).unwrap().expanded, steps)
    }

    #[test]
    fn two_steps_that_match_are_shown_with_their_places() {
        let nothing: Run<ReverifyWorld> = |_, _| Box::pin(async {});
        let own = Location {
            path: "tests/own_steps.rs",
            line: 12,
            column: 1,
        };
        let regex = Regex::new("^(.+) signs up$").unwrap();
        let steps = register(Collection::new().when(Some(own), regex, nothing));
        let found = problems("Feature: A\n  Scenario: B\n    When Ada signs up\n", &steps);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].column), (3, 5));
        assert_eq!(found[0].what, "an ambiguous step");
        let help = &found[0].help;
        assert!(help.contains("at tests/own_steps.rs:12:1"), "{help}");
        assert!(help.contains("at src/steps/vocabulary/when.rs:"), "{help}");
    }

    #[test]
    fn what_stands_below_a_step_is_checked() {
        let steps = register(Collection::new());
        let cases = [
            ("Given a new user Ada\n      | a |", "takes no table"),
            (
                "Given a new user Ada\n      \"\"\"\n      a\n      \"\"\"",
                "takes no doc string",
            ),
            ("Given these new users:", "needs a table"),
            (
                "Given these new users:\n      | name |\n      | ada |",
                "`ada` is not a name",
            ),
            (
                "Given the pool's verification mail says:",
                "needs a doc string",
            ),
            ("Given these new users:\n      | name |\n      | Ada |", ""),
        ];
        for (step, said) in cases {
            let found = problems(&format!("Feature: A\n  Scenario: B\n    {step}\n"), &steps);
            assert_eq!(
                found.len(),
                usize::from(!said.is_empty()),
                "{step}: {found:?}"
            );
            assert!(
                found.iter().all(|one| one.label.contains(said)),
                "{found:?}"
            );
        }
    }
}
