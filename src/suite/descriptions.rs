//! Steps that nobody runs: the parser takes every line that begins with no keyword for a description.

use cucumber::gherkin::{Feature, LineCol, Step, StepType};
use cucumber::step::Collection;

use super::lines::{Line, LineKind, lines};
use super::{FeatureProblem, Source};

/// Words at the beginning of a line that may be meant for a keyword: `Étant donné que` has most.
const KEYWORD_WORDS_MAX: usize = 3;
/// English keywords that begin a block; a description has no reason to begin a line with one.
const BLOCKS: [&str; 6] = [
    "Background",
    "Rule",
    "Scenario",
    "Scenario Outline",
    "Examples",
    "Example",
];
/// Words less alike than this are not taken for a misspelled keyword, from 0 to 1.
const LIKENESS_MIN: f64 = 0.85;

/// Every line of a description that is a step but for its keyword, and the misspelled keyword of a
/// block above it.
pub(super) fn problems<W>(
    source: &Source,
    feature: &Feature,
    steps: &Collection<W>,
) -> Vec<FeatureProblem> {
    let lines: Vec<_> = lines(&source.text).collect();
    let mut found = Vec::new();
    for (place, description) in descriptions(feature) {
        let after = lines.iter().filter(|line| line.number > place.line);
        let mut block = None;
        for line in own_lines(after, description) {
            let text = line.text.trim();
            let near = block_keyword(text);
            block = near.map(|near| (line, near)).or(block);
            if near.is_none() && is_step(text, steps) {
                found.push(lost(source, line, block));
            }
        }
    }
    // All lost steps of a block have one reason.
    found.dedup();
    found
}

fn lost(
    source: &Source,
    step: &Line<'_>,
    block: Option<(&Line<'_>, &'static str)>,
) -> FeatureProblem {
    match block {
        Some((line, near)) => FeatureProblem {
            what: "steps are taken for a description, and would not be run".to_owned(),
            label: "no keyword of this file's language begins this line".to_owned(),
            help: format!(
                "did you mean `{near}:`? In a file with `# language`, the words of that language \
                 count"
            ),
            ..FeatureProblem::at(source, line.number, line.column())
        },
        None => FeatureProblem {
            what: "a step is taken for a description, and would not be run".to_owned(),
            label: "no keyword of this file's language begins this line".to_owned(),
            help:
                "begin it with `Given`, `When`, `Then`, `And` or `But`, or with the words of the \
                   file's language for them"
                    .to_owned(),
            ..FeatureProblem::at(source, step.number, step.column())
        },
    }
}

/// Each description, and where the block stands that has it.
fn descriptions(feature: &Feature) -> impl Iterator<Item = (LineCol, &str)> {
    let rules = &feature.rules;
    let backgrounds = rules.iter().filter_map(|rule| rule.background.as_ref());
    let backgrounds = backgrounds.chain(&feature.background);
    let in_rules = rules.iter().flat_map(|rule| &rule.scenarios);
    let scenarios = feature.scenarios.iter().chain(in_rules);
    let examples = scenarios.clone().flat_map(|one| &one.examples);
    std::iter::once((feature.position, &feature.description))
        .chain(rules.iter().map(|one| (one.position, &one.description)))
        .chain(backgrounds.map(|one| (one.position, &one.description)))
        .chain(scenarios.map(|one| (one.position, &one.description)))
        .chain(examples.map(|one| (one.position, &one.description)))
        .filter_map(|(place, text)| Some((place, text.as_deref()?)))
}

/// The lines of a text that make up a description: in its order, without blanks.
fn own_lines<'a, 'b>(
    after: impl Iterator<Item = &'b Line<'a>>,
    description: &str,
) -> Vec<&'b Line<'a>>
where
    'a: 'b,
{
    let mut wanted = description.lines().filter(|line| !line.trim().is_empty());
    let mut next = wanted.next();
    let mut found = Vec::new();
    for line in after.filter(|line| line.kind == LineKind::Words) {
        let Some(text) = next else { break };
        if line.text.trim() == text.trim() {
            found.push(line);
            next = wanted.next();
        }
    }
    found
}

/// The keyword that a line such as `Scenaro: Name` was meant to begin with, or does begin with in
/// another language than the file's.
fn block_keyword(line: &str) -> Option<&'static str> {
    let (word, _) = line.split_once(':')?;
    let likeness = |keyword: &str| strsim::jaro_winkler(word, keyword);
    let best = BLOCKS.into_iter();
    let best = best.max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(best) >= LIKENESS_MIN).then_some(best)
}

/// Whether a line is a step of the vocabulary, once its first words are taken for a keyword.
fn is_step<W>(line: &str, steps: &Collection<W>) -> bool {
    let mut rest = Some(line);
    for _ in 0..=KEYWORD_WORDS_MAX {
        let Some(text) = rest else { break };
        let kinds = [StepType::Given, StepType::When, StepType::Then];
        let found = |ty| !matches!(steps.find(&step(ty, text)), Ok(None));
        if kinds.into_iter().any(found) {
            return true;
        }
        rest = text.split_once(' ').map(|(_, rest)| rest.trim_start());
    }
    false
}

fn step(ty: StepType, text: &str) -> Step {
    Step::builder()
        .keyword(String::new())
        .ty(ty)
        .value(text.to_owned())
        .build()
}

#[cfg(test)]
mod tests {
    use super::super::{ReverifyWorld, parse};
    use super::*;
    use crate::steps::register;

    fn found(text: &str) -> Vec<(usize, String)> {
        let source = Source {
            path: "a.feature".into(),
            text: text.to_owned().into(),
        };
        let steps = register(Collection::<ReverifyWorld>::new());
        let parsed = parse::parse(&source).unwrap();
        let problems = problems(&source, &parsed.written, &steps).into_iter();
        problems.map(|one| (one.line, one.help)).collect()
    }

    #[test]
    fn a_step_without_a_keyword_is_found() {
        let lost =
            found("Feature: A\n  Scenario: B\n    Gven a new user Ada\n    When Ada signs up\n");
        assert_eq!(lost.len(), 1, "{lost:?}");
        assert_eq!(lost[0].0, 3);
        assert!(lost[0].1.contains("`Given`"), "{lost:?}");
    }

    #[test]
    fn a_misspelled_keyword_above_lost_steps_is_found() {
        let text = "Feature: A\n  About it.\n\n  Scenaro: B\n    Given a new user Ada\n    When Ada signs up\n\n  Scenario: C\n    Given a new user Ada\n";
        let lost = found(text);
        assert_eq!(lost.len(), 1, "{lost:?}");
        assert_eq!(lost[0].0, 4);
        assert!(lost[0].1.contains("`Scenario:`"), "{lost:?}");
    }

    #[test]
    fn english_steps_in_a_german_file_are_found() {
        let text = "# language: de\nFunktionalität: A\n  Szenario: B\n    Given a new user Ada\n    Wenn Ada signs up\n";
        assert_eq!(found(text).len(), 1);
    }

    #[test]
    fn a_description_may_speak_of_steps() {
        let text = "Feature: A\n  Scenes: a user signs up twice.\n  Ada signs up, and so on.\n\n  Rule: R\n    Given that it is so, all is well.\n    Scenario: B\n      Ada may sign up\n      Given a new user Ada\n";
        assert_eq!(found(text), []);
    }
}
