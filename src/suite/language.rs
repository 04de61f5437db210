//! The line `# language: de`, with which a feature file names the language of its keywords.

use cucumber::gherkin::is_language_supported;

use super::lines::{Line, LineKind, lines};
use super::{FeatureProblem, Source};

/// The code of the file's language, if a line names one where the parser looks for it.
pub(super) fn of(text: &str) -> Option<&str> {
    let (line, code) = directive(text)?;
    let before = lines(text).take_while(|one| one.number < line.number);
    let is_first = before.into_iter().all(|one| one.kind == LineKind::Blank);
    is_first.then_some(code)
}

/// What is wrong with the line, in a file that cannot be parsed.
pub(super) fn problem(source: &Source) -> Option<FeatureProblem> {
    let (line, code) = directive(&source.text)?;
    let problem = |what: String, label: &str, help: String| {
        Some(FeatureProblem {
            what,
            label: label.to_owned(),
            help,
            ..FeatureProblem::at(source, line.number, line.column())
        })
    };
    if of(&source.text).is_none() {
        let what = "the line with the language is not the file's first".to_owned();
        let help = "move it to the top, above all comments".to_owned();
        return problem(what, "here it is a comment like any other", help);
    }
    if !is_language_supported(code) {
        let what = format!("Gherkin knows no language `{code}`");
        return problem(what, "the language of the keywords", near(code));
    }
    if line.text.ends_with([' ', '\t']) {
        let what = "blanks stand behind the language".to_owned();
        let help = "remove them: the parser takes them for a part of it".to_owned();
        return problem(what, "this line ends with blanks", help);
    }
    None
}

fn near(code: &str) -> String {
    let short = code.split(['-', '_']).next().unwrap_or_default();
    let short = short.to_lowercase();
    if is_language_supported(&short) {
        return format!("did you mean `# language: {short}`?");
    }
    "write its code, such as `de`, `fr` or `ja`; without the line the keywords are English"
        .to_owned()
}

/// The line above the feature that names a language, and what it names.
fn directive(text: &str) -> Option<(Line<'_>, &str)> {
    let head =
        lines(text).take_while(|line| matches!(line.kind, LineKind::Blank | LineKind::Comment));
    let mut named = head.filter_map(|line| {
        let comment = line.text.trim_start().strip_prefix('#')?.trim_start();
        let value = comment.strip_prefix("language")?.trim_start();
        Some((line, value.strip_prefix(':')?.trim()))
    });
    named.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_read_where_the_parser_reads_it() {
        assert_eq!(of("\n # language : fr\nX"), Some("fr"));
        assert_eq!(of("# language: de\r\nX"), Some("de"));
        assert_eq!(of("# about\n# language: de\nX"), None);
        assert_eq!(of("Feature: A\n# language: de\n"), None);
    }

    #[test]
    fn a_language_that_does_not_count_is_told() {
        let said = |text: &str| {
            let source = Source {
                path: "a.feature".into(),
                text: text.to_owned().into(),
            };
            let problem = problem(&source);
            problem.map(|one| format!("{}: {} {}", one.line, one.what, one.help))
        };
        let cases = [
            (
                "# about\n# language: de\nX",
                "2: the line with the language is not",
            ),
            (
                "# language: german\nX",
                "1: Gherkin knows no language `german`",
            ),
            ("# language: de-DE\nX", "did you mean `# language: de`?"),
            ("# language: de \nX", "blanks stand behind"),
        ];
        for (text, expected) in cases {
            assert!(said(text).unwrap().contains(expected), "{:?}", said(text));
        }
        assert_eq!(said("# language: de\nX"), None);
    }
}
