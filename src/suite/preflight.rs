//! Checks every step against the vocabulary before anything is run.

use cucumber::gherkin::{Feature, Step};
use cucumber::step::Collection;

use super::{FeatureProblem, Source};
use crate::steps::{self, check_arguments};

/// Texts less alike than this are not suggested: a wrong hint is worse than none.
const LIKENESS_MIN: f64 = 0.5;

/// Every step of a feature that does not match exactly once, or whose arguments are wrong.
pub(super) fn check<W>(
    source: &Source,
    feature: &Feature,
    steps: &Collection<W>,
) -> Vec<FeatureProblem> {
    let mut problems: Vec<_> = all_steps(feature)
        .filter_map(|step| check_step(source, step, steps))
        .collect();
    // The rows of an outline repeat its steps, and so their problems.
    problems.dedup();
    problems
}

fn all_steps(feature: &Feature) -> impl Iterator<Item = &Step> {
    let rules = &feature.rules;
    let used = !feature.scenarios.is_empty() || !rules.is_empty();
    let background = feature.background.iter().filter(move |_| used);
    background
        .chain(rules.iter().filter_map(|rule| rule.background.as_ref()))
        .flat_map(|background| &background.steps)
        .chain(
            feature
                .scenarios
                .iter()
                .flat_map(|scenario| &scenario.steps),
        )
        .chain(
            rules
                .iter()
                .flat_map(|rule| &rule.scenarios)
                .flat_map(|one| &one.steps),
        )
}

fn check_step<W>(source: &Source, step: &Step, steps: &Collection<W>) -> Option<FeatureProblem> {
    let problem = |what: &str, label: String, help: String| FeatureProblem {
        path: source.path.clone(),
        source: source.text.to_string(),
        line: step.position.line,
        column: step.position.col,
        what: what.to_owned(),
        label,
        help,
    };
    match steps.find(step) {
        Ok(Some((_, _, _, context))) => check_arguments(&context).err().map(|bad| {
            let label = bad.reason.clone();
            problem(
                "an argument of this step is not right",
                label,
                "write it as in `reverify list --steps`".to_owned(),
            )
        }),
        Ok(None) => {
            let label = format!("no step says this as a `{:?}`", step.ty);
            Some(problem("an undefined step", label, suggestion(step)))
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

/// The nearest step of the catalogue.
fn suggestion(step: &Step) -> String {
    let entries = steps::catalogue();
    let nearest = entries
        .iter()
        .map(|entry| {
            (
                strsim::normalized_levenshtein(entry.example, &step.value),
                entry,
            )
        })
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match nearest {
        Some((likeness, entry)) if likeness >= LIKENESS_MIN => {
            format!("did you mean: {:?} {}", entry.kind, entry.example)
        }
        _ => "`reverify list --steps` shows what a scenario can say".to_owned(),
    }
}
