//! What is wrong, for a person: one message each, with its place and what to do.

use std::io::IsTerminal as _;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity,
    SourceCode,
};

use super::args::Color;
use super::exit::Exit;
use crate::config::{ConfigError, ConfigProblem, Origin};
use crate::report::Style;
use crate::suite::{FeatureProblem, InvalidSelection, SuiteError};
use crate::targets::TargetError;

/// Problems shown in full; the rest are counted.
const PROBLEMS_SHOWN_MAX: usize = 20;
/// Width at which messages are wrapped.
const MESSAGE_COLUMNS: usize = 100;

/// Whether standard error takes colours.
pub(super) fn style(color: Color) -> Style {
    style_on(color, std::io::stderr().is_terminal())
}

/// Whether standard output takes colours.
pub(super) fn style_of_output(color: Color) -> Style {
    style_on(color, std::io::stdout().is_terminal())
}

fn style_on(color: Color, terminal: bool) -> Style {
    let wanted = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
            terminal && unset("NO_COLOR")
        }
    };
    if wanted {
        Style::Coloured
    } else {
        Style::Plain
    }
}

/// Says what is wrong on standard error.
pub(super) fn say(message: &str, help: &str, color: Color) {
    let bold = |text: &str| match style(color) {
        Style::Coloured => format!("\u{1b}[1;31m{text}\u{1b}[0m"),
        Style::Plain => text.to_owned(),
    };
    write(&format!("{}: {message}\n", bold("error")));
    if !help.is_empty() {
        write(&format!("help: {help}\n"));
    }
}

/// Says what goes on, on standard error: standard output is for what was asked for.
pub(super) fn note(message: &str) {
    write(&format!("{message}\n"));
}

/// A closed standard error leaves nobody to tell.
fn write(text: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
}

/// Says why a suite cannot be run, and with which code to exit.
pub(super) fn suite(error: &SuiteError, color: Color) -> Exit {
    match error {
        SuiteError::Problems(problems) => {
            features(problems, &[], color);
            say(&error.to_string(), "nothing was run", color);
            Exit::Invalid
        }
        SuiteError::Unreadable { .. } => {
            say(
                &error.to_string(),
                "name a feature file or a folder that holds some; `reverify list` shows those that \
                 ship with reverify",
                color,
            );
            Exit::Invalid
        }
        SuiteError::SamePath(_) => {
            say(
                &error.to_string(),
                "rename yours, or leave out those that ship with reverify: scenarios are named by file and line",
                color,
            );
            Exit::Invalid
        }
        SuiteError::Selection(selection) => {
            say(&error.to_string(), selection_help(selection), color);
            Exit::Invalid
        }
        SuiteError::NothingSelected { .. } => {
            say(
                &error.to_string(),
                "`reverify list` shows names and tags",
                color,
            );
            Exit::NothingSelected
        }
    }
}

/// Says what is wrong with features, and what is doubtful about them.
pub(super) fn features(problems: &[FeatureProblem], warnings: &[FeatureProblem], color: Color) {
    for (all, severity) in [(warnings, Severity::Warning), (problems, Severity::Error)] {
        for one in all.iter().take(PROBLEMS_SHOWN_MAX) {
            write(&render(one, severity, style(color)));
        }
        if all.len() > PROBLEMS_SHOWN_MAX {
            let more = all.len() - PROBLEMS_SHOWN_MAX;
            write(&format!("... and {more} more\n"));
        }
    }
}

/// Says why there is no configuration, and with which code to exit.
pub(super) fn config(error: &ConfigError, color: Color) -> Exit {
    let help = match error {
        ConfigError::Problems(problems) => {
            for one in problems.iter().take(PROBLEMS_SHOWN_MAX) {
                write(&config_problem(one, color));
            }
            if problems.len() > PROBLEMS_SHOWN_MAX {
                let more = problems.len() - PROBLEMS_SHOWN_MAX;
                write(&format!("... and {more} more\n"));
            }
            "nothing was done; docs/configuration.md has all keys".to_owned()
        }
        ConfigError::Unreadable { .. } => "name a file with --config".to_owned(),
        ConfigError::Unknown { what, known, .. } => {
            format!("there are the {what}s {}", known.join(", "))
        }
    };
    say(&error.to_string(), &help, color);
    Exit::Configuration
}

/// Says why a target cannot be tested, and with which code to exit.
pub(super) fn target(error: &TargetError, color: Color) -> Exit {
    say(&error.to_string(), &error.help(), color);
    if error.is_configuration() {
        Exit::Configuration
    } else {
        Exit::Broken
    }
}

fn config_problem(problem: &ConfigProblem, color: Color) -> String {
    let Origin::File { file, span } = &problem.origin else {
        // A variable has no line to show.
        return format!("{problem}\n");
    };
    let shown = Shown {
        source: NamedSource::new(&file.name, Arc::clone(&file.text)),
        label: LabeledSpan::new(Some(problem.label.clone()), span.start, span.len()),
        what: problem.what.clone(),
        help: problem.help.clone(),
        severity: Severity::Error,
    };
    shown
        .render(style(color))
        .unwrap_or_else(|| format!("{problem}\n"))
}

fn selection_help(error: &InvalidSelection) -> &'static str {
    match error {
        InvalidSelection::Tags { .. } => "tags are joined by `and`, `or`, `not` and parentheses",
        InvalidSelection::Name { .. } => "escape characters such as `(` with a backslash",
        InvalidSelection::Line { .. } => "name the line of `Scenario:`, or of one of its steps",
    }
}

/// A problem in a feature file with the line on which it stands.
fn render(problem: &FeatureProblem, severity: Severity, style: Style) -> String {
    let shown = Shown::new(problem, severity).render(style);
    shown.unwrap_or_else(|| {
        let FeatureProblem {
            path,
            line,
            column,
            what,
            ..
        } = problem;
        // A source that cannot be shown still has a place.
        format!("{path}:{line}:{column}: {what}\n")
    })
}

/// A problem in the shape that miette draws.
#[derive(Debug)]
struct Shown {
    source: NamedSource<Arc<str>>,
    label: LabeledSpan,
    what: String,
    help: String,
    severity: Severity,
}

impl Shown {
    fn new(problem: &FeatureProblem, severity: Severity) -> Self {
        let (offset, length) = span(&problem.source, problem.line, problem.column);
        Self {
            source: NamedSource::new(&problem.path, Arc::clone(&problem.source)),
            label: LabeledSpan::new(Some(problem.label.clone()), offset, length),
            what: problem.what.clone(),
            help: problem.help.clone(),
            severity,
        }
    }

    /// The drawing, unless the source cannot be shown.
    fn render(&self, style: Style) -> Option<String> {
        let theme = match style {
            Style::Coloured => GraphicalTheme::unicode(),
            Style::Plain => GraphicalTheme::unicode_nocolor(),
        };
        let mut text = String::new();
        let handler = GraphicalReportHandler::new_themed(theme).with_width(MESSAGE_COLUMNS);
        handler.render_report(&mut text, self).ok()?;
        Some(text)
    }
}

/// From the place to the end of what is written on its line, in bytes.
fn span(source: &str, line: usize, column: usize) -> (usize, usize) {
    let before = source.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    let text = source[start..].lines().next().unwrap_or_default();
    let skipped = text
        .chars()
        .take(column.saturating_sub(1))
        .map(char::len_utf8);
    let indent: usize = skipped.sum();
    (start + indent, text[indent..].trim_end().len())
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        if self.help.is_empty() {
            return None;
        }
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_covers_what_is_written_on_the_line() {
        let source = "Feature: A\n\n    Wenn ü\n";
        assert_eq!(
            &source[span(source, 3, 5).0..][..span(source, 3, 5).1],
            "Wenn ü"
        );
        assert_eq!(span(source, 99, 1), (source.len(), 0));
        assert_eq!(span("", 1, 1), (0, 0));
    }
}
