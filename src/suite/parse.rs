//! Gherkin text to features, with errors that point at their place.

use std::sync::LazyLock;

use cucumber::feature::Ext as _;
use cucumber::gherkin::{self, Feature, GherkinEnv};
use regex::Regex;

use super::{FeatureProblem, Source};

/// Parses a source and writes out its outlines, a scenario for each row of examples.
pub(super) fn parse(source: &Source) -> Result<Feature, FeatureProblem> {
    let parsed = Feature::parse(&source.text, GherkinEnv::default());
    let mut feature = parsed.map_err(|error| syntax_problem(source, &error))?;
    feature.path = Some(source.path.clone().into());
    feature.expand_examples().map_err(|error| FeatureProblem {
        path: source.path.clone(),
        source: source.text.to_string(),
        line: error.pos.line,
        column: error.pos.col,
        what: format!("the examples have no column `{}`", error.name),
        label: format!("`<{}>` is to be filled in here", error.name),
        help: "add the column to the table under `Examples:`, or change the name".to_owned(),
    })
}

/// The parser tells its place only in its text.
fn syntax_problem(source: &Source, error: &gherkin::ParseError) -> FeatureProblem {
    static PLACE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^Error at (\d+):(\d+)").ok());
    let text = error.to_string();
    let captures = PLACE.as_ref().and_then(|place| place.captures(&text));
    let number = |group: usize| {
        let captured = captures.as_ref().and_then(|found| found.get(group));
        captured
            .and_then(|digits| digits.as_str().parse().ok())
            .unwrap_or(1)
    };
    let (line, column) = (number(1), number(2));
    let found = source.text.lines().nth(line - 1).unwrap_or_default().trim();
    let label = if found.is_empty() {
        "the file cannot be understood from here on".to_owned()
    } else {
        "Gherkin does not expect this here".to_owned()
    };
    FeatureProblem {
        path: source.path.clone(),
        source: source.text.to_string(),
        line,
        column,
        what: "the feature file has a syntax error".to_owned(),
        label,
        help: advice(&source.text, found),
    }
}

fn advice(text: &str, found: &str) -> String {
    let has = |keyword: &str| {
        text.lines()
            .any(|line| line.trim_start().starts_with(keyword))
    };
    if !has("Feature:") && !has("# language:") {
        return "begin the file with `Feature: ` and a name".to_owned();
    }
    let step = ["Given ", "When ", "Then ", "And ", "But "];
    if step.iter().any(|keyword| found.starts_with(keyword)) {
        return "steps stand under `Scenario:`, `Background:` or `Scenario Outline:`; a description \
                cannot follow a step"
            .to_owned();
    }
    "a line is a keyword with a colon (`Scenario:`, `Background:`, `Rule:`, `Examples:`), a step \
     (`Given`, `When`, `Then`, `And`, `But`), a table row, a tag or a comment"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_has_its_line() {
        let text = "Feature: A\n  Scenario: B\n    Given a\n    Scenaro: C\n    Given b\n";
        let source = Source {
            path: "a.feature".into(),
            text: text.into(),
        };
        let problem = parse(&source).unwrap_err();
        assert_eq!(problem.line, 4, "{problem:?}");
    }

    #[test]
    fn an_unknown_placeholder_has_its_line() {
        let text = "Feature: A\n  Scenario Outline: B\n    Given <x>\n    Examples:\n      | y |\n      | 1 |\n";
        let source = Source {
            path: "a.feature".into(),
            text: text.into(),
        };
        assert!(
            parse(&source).is_ok(),
            "one letter is no placeholder to cucumber"
        );
        let source = Source {
            path: "a.feature".into(),
            text: text.replace("<x>", "<pause>").into(),
        };
        let problem = parse(&source).unwrap_err();
        assert_eq!(
            (problem.line, problem.what.contains("`pause`")),
            (3, true),
            "{problem:?}"
        );
    }
}
