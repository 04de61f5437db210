//! Gherkin text to features, with errors that point at their place.

use std::sync::LazyLock;

use cucumber::feature::Ext as _;
use cucumber::gherkin::{self, Feature, GherkinEnv};
use regex::Regex;

use super::{FeatureProblem, Source};

/// Keywords with which a step begins.
const STEP_KEYWORDS: [&str; 6] = ["Given ", "When ", "Then ", "And ", "But ", "* "];
/// Keywords with which something else begins.
const BLOCK_KEYWORDS: [&str; 9] = [
    "Feature:",
    "Rule:",
    "Background:",
    "Scenario:",
    "Scenario Outline:",
    "Scenario Template:",
    "Example:",
    "Examples:",
    "Scenarios:",
];

/// Parses a source and writes out its outlines, a scenario for each row of examples.
pub(super) fn parse(source: &Source) -> Result<Feature, Box<FeatureProblem>> {
    let parsed = Feature::parse(&source.text, GherkinEnv::default());
    let mut feature = parsed.map_err(|error| Box::new(syntax_problem(source, &error)))?;
    feature.path = Some(source.path.clone().into());
    let expanded = feature.expand_examples();
    expanded.map_err(|error| {
        Box::new(FeatureProblem {
            path: source.path.clone(),
            source: source.text.to_string(),
            line: error.pos.line,
            column: error.pos.col,
            what: format!("the examples have no column `{}`", error.name),
            label: format!("`<{}>` is to be filled in here", error.name),
            help: "add the column to the table under `Examples:`, or change the name".to_owned(),
        })
    })
}

/// The parser tells its place only in its text.
fn syntax_problem(source: &Source, error: &gherkin::ParseError) -> FeatureProblem {
    static PLACE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^Error at (\d+):(\d+)").ok());
    let text = error.to_string();
    let captures = PLACE.as_ref().and_then(|place| place.captures(&text));
    let number = |group: usize| {
        let digits = captures.as_ref().and_then(|found| found.get(group));
        digits
            .and_then(|digits| digits.as_str().parse().ok())
            .unwrap_or(1)
    };
    let (line, column) = (number(1), number(2));
    let (line, column) = written_place(&source.text, line, column);
    let found = source.text.lines().nth(line - 1).unwrap_or_default().trim();
    FeatureProblem {
        path: source.path.clone(),
        source: source.text.to_string(),
        line,
        column,
        what: "the feature file has a syntax error".to_owned(),
        label: "Gherkin does not expect this here".to_owned(),
        help: advice(&source.text, found),
    }
}

/// The parser names the farthest place that it reached, which may lie behind the line that is wrong.
/// A line that is nothing while steps are listed is wrong for certain; so is the last line before
/// an end that came too early.
fn written_place(text: &str, line: usize, column: usize) -> (usize, usize) {
    let indent = |line: &str| line.chars().take_while(|c| c.is_whitespace()).count() + 1;
    if let Some((number, found)) = line_after_steps(text) {
        return (number, indent(found));
    }
    let lines: Vec<_> = text.lines().take(line).collect();
    match lines.iter().rposition(|line| !line.trim().is_empty()) {
        Some(index) if index + 1 < line => (index + 1, indent(lines[index])),
        _ => (line, column),
    }
}

/// The first line among steps that is no step, keyword, row, tag or comment. English keywords only.
fn line_after_steps(text: &str) -> Option<(usize, &str)> {
    let (mut among_steps, mut in_doc_string) = (false, false);
    let english = !has_line(text, "# language:");
    (1..)
        .zip(text.lines())
        .filter(|_| english)
        .find(|(_, line)| {
            let line = line.trim();
            if line.starts_with("\"\"\"") || line.starts_with("```") {
                in_doc_string = !in_doc_string;
                return false;
            }
            let is_step = STEP_KEYWORDS
                .iter()
                .any(|keyword| line.starts_with(keyword));
            let is_block = BLOCK_KEYWORDS
                .iter()
                .any(|keyword| line.starts_with(keyword));
            among_steps = is_step || (among_steps && !is_block);
            let known = is_step || is_block || line.is_empty() || line.starts_with(['|', '@', '#']);
            among_steps && !in_doc_string && !known
        })
}

fn has_line(text: &str, beginning: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with(beginning))
}

fn advice(text: &str, found: &str) -> String {
    if !has_line(text, "Feature:") && !has_line(text, "# language:") {
        return "begin the file with `Feature: ` and a name".to_owned();
    }
    if STEP_KEYWORDS
        .iter()
        .any(|keyword| found.starts_with(keyword))
    {
        return "steps stand under `Scenario:`, `Background:` or `Scenario Outline:`".to_owned();
    }
    "a line is a keyword with a colon (`Scenario:`, `Background:`, `Rule:`, `Examples:`), a step \
     (`Given`, `When`, `Then`, `And`, `But`), a table row, a tag or a comment"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> FeatureProblem {
        let source = Source {
            path: "a.feature".into(),
            text: text.to_owned().into(),
        };
        *parse(&source).unwrap_err()
    }

    #[test]
    fn a_syntax_error_has_its_place() {
        let cases = [
            (
                "Feature: A\n  Scenario: B\n    Given a\n    Scenaro: C\n    Given b\n",
                (4, 5),
            ),
            (
                "Feature: A\n  Scenario: B\n    Given a\n    Scenaro: C\n\n",
                (4, 5),
            ),
            (
                "Feature: A\n  Scenario: B\n    Given a\n    Wenn b\n",
                (4, 5),
            ),
        ];
        for (text, place) in cases {
            let found = problem(text);
            assert_eq!((found.line, found.column), place, "{text}: {found:?}");
        }
        assert!(problem("Given a\n").help.contains("`Feature: `"));
    }

    #[test]
    fn an_unknown_placeholder_has_its_line() {
        let text = "Feature: A\n  Scenario Outline: B\n    Given <pause>\n    Examples:\n      | y |\n      | 1 |\n";
        let found = problem(text);
        assert_eq!(found.line, 3, "{found:?}");
        assert!(found.what.contains("`pause`"), "{found:?}");
    }
}
