//! Gherkin text to features, with errors that point at their place.

use std::sync::LazyLock;

use cucumber::feature::Ext as _;
use cucumber::gherkin::{self, Feature, GherkinEnv};
use regex::Regex;

use super::lines::{Line, LineKind, lines, open_doc_string};
use super::{FeatureProblem, Source, language, tables};

/// Keywords with which a step begins.
const STEP_KEYWORDS: [&str; 6] = ["Given ", "When ", "Then ", "And ", "But ", "* "];
/// Keywords with which a block begins, the longer ones first.
const BLOCK_KEYWORDS: [&str; 7] = [
    "Scenario Outline",
    "Scenario Template",
    "Scenario",
    "Background",
    "Examples",
    "Example",
    "Rule",
];
/// How many beginnings of a file are parsed in search of the line that is wrong: the parser names a
/// place at most a few lines behind it.
const BEGINNINGS_MAX: usize = 32;

/// A feature as it was written and as it is run.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) written: Feature,
    /// With a scenario for each row of examples.
    pub(super) expanded: Feature,
}

/// Parses a source and writes out its outlines.
pub(super) fn parse(source: &Source) -> Result<Parsed, Box<FeatureProblem>> {
    let parsed = Feature::parse(&source.text, GherkinEnv::default());
    let mut written = parsed.map_err(|error| Box::new(syntax_problem(source, &error)))?;
    written.path = Some(source.path.clone().into());
    let expanded = written.clone().expand_examples();
    let expanded = expanded.map_err(|error| {
        Box::new(FeatureProblem {
            what: format!("the examples have no column `{}`", error.name),
            label: format!("`<{}>` is to be filled in here", error.name),
            help: "add the column to the table under `Examples:`, or change the name".to_owned(),
            ..FeatureProblem::at(source, error.pos.line, error.pos.col)
        })
    })?;
    Ok(Parsed { written, expanded })
}

fn syntax_problem(source: &Source, error: &gherkin::ParseError) -> FeatureProblem {
    if let Some(problem) = language::problem(source) {
        return problem;
    }
    if let Some(begun) = open_doc_string(&source.text) {
        return FeatureProblem {
            what: "a doc string has no end".to_owned(),
            label: "it begins here".to_owned(),
            help: "end it with a line of the same three characters".to_owned(),
            ..FeatureProblem::at(source, begun.number, begun.column())
        };
    }
    if let Some(uneven) = tables::problems(source).into_iter().next() {
        return uneven;
    }
    let (line, column) = wrong_place(&source.text, reported_line(error));
    let found = source.text.lines().nth(line - 1).unwrap_or_default().trim();
    FeatureProblem {
        what: "the feature file has a syntax error".to_owned(),
        label: "Gherkin does not expect this here".to_owned(),
        help: advice(&source.text, found),
        ..FeatureProblem::at(source, line, column)
    }
}

/// The parser tells its place only in its text.
fn reported_line(error: &gherkin::ParseError) -> usize {
    static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^Error at (\d+):").ok());
    let text = error.to_string();
    let captures = PLACE.as_ref().and_then(|place| place.captures(&text));
    let line = captures.and_then(|found| found.get(1)?.as_str().parse().ok());
    line.unwrap_or(1)
}

/// Line and column of what is wrong.
///
/// The parser names the farthest place that it reached, which may lie behind the line that is wrong.
/// The longest beginning of the file that is right by itself ends just before that line, whatever
/// the file's language.
fn wrong_place(text: &str, reported: usize) -> (usize, usize) {
    let all: Vec<_> = lines(text).collect();
    let last = reported.min(all.len());
    let is_right = |count: &usize| {
        let beginning: String = text.split_inclusive('\n').take(*count).collect();
        Feature::parse(beginning, GherkinEnv::default()).is_ok()
    };
    let right = (1..last).rev().take(BEGINNINGS_MAX).find(is_right);
    let says_something = |line: &&Line<'_>| {
        !matches!(
            line.kind,
            LineKind::Blank | LineKind::Comment | LineKind::Tags
        )
    };
    let after = all.iter().skip(right.unwrap_or(0));
    let wrong = after
        .clone()
        .find(says_something)
        .or(all.iter().rfind(says_something));
    wrong.map_or((1, 1), |line| (line.number, line.column()))
}

fn has_line(text: &str, beginning: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with(beginning))
}

fn advice(text: &str, found: &str) -> String {
    let begins = |keywords: &[&str]| keywords.iter().any(|keyword| found.starts_with(keyword));
    let english = language::of(text).is_none();
    let word = BLOCK_KEYWORDS.iter().find(|word| found.starts_with(**word));
    let without_colon = |word: &&&str| !found[word.len()..].starts_with(':');
    if let Some(word) = word.filter(without_colon).filter(|_| english) {
        return format!(
            "write `{word}:` with a colon; no line of a description may begin with this word"
        );
    }
    let advice = if english && !has_line(text, "Feature:") {
        "begin the file with `Feature: ` and a name"
    } else if english && begins(&STEP_KEYWORDS) {
        "steps stand under `Scenario:`, `Background:` or `Scenario Outline:`"
    } else if begins(&["Background:"]) {
        "a background stands once, before the first scenario of its feature or rule"
    } else if begins(&["Feature:"]) {
        "a file holds one feature; move this one to a file of its own"
    } else if english {
        "a line is a keyword with a colon (`Scenario:`, `Background:`, `Rule:`, `Examples:`), a step \
         (`Given`, `When`, `Then`, `And`, `But`), a table row, a tag or a comment"
    } else {
        "a line is a keyword of the file's language with a colon, a step that begins with one of its \
         words, a table row, a tag or a comment; https://cucumber.io/docs/gherkin/languages lists \
         the words"
    };
    advice.to_owned()
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
    fn a_mistake_is_named_for_what_it_is() {
        let feature = "Feature: A\n  Scenario: B\n    Given a\n";
        let german = "# language: de\nFunktionalität: A\n  Szenario: B\n    Angenommen a\n";
        let cases = [
            (
                format!("{german}    Given b\n"),
                5,
                "cucumber.io/docs/gherkin",
            ),
            (
                format!("{german}    Wenn b\n\n  @x\n  Scenario: C\n"),
                8,
                "cucumber.io",
            ),
            (
                format!("{feature}    \"\"\"\n    b\n    When c\n"),
                4,
                "the same three",
            ),
            (
                format!("{feature}    | a | b |\n    | 1 |\n"),
                5,
                "as many cells",
            ),
            (
                format!("{feature}  Background:\n    Given b\n"),
                4,
                "before the first",
            ),
            (
                format!("{feature}\nFeature: B\n"),
                5,
                "a file holds one feature",
            ),
            (format!("# language: xx\n{feature}"), 1, "`de`"),
        ];
        for (text, line, help) in cases {
            let found = problem(&text);
            assert_eq!(found.line, line, "{text}: {found:?}");
            assert!(found.help.contains(help), "{text}: {found:?}");
        }
    }

    #[test]
    fn an_unknown_placeholder_has_its_line() {
        let text = "Feature: A\n  Scenario Outline: B\n    Given <pause>\n    Examples:\n      | y |\n      | 1 |\n";
        let found = problem(text);
        assert_eq!(found.line, 3, "{found:?}");
        assert!(found.what.contains("`pause`"), "{found:?}");
    }
}
