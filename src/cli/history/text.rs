//! Words and numbers of the history's pages in the terminal.

pub(super) use crate::history::words::{commit, moment, percent, time, words};
use crate::history::{PastOutcome, PastResult, PastRun};
pub(super) use crate::report::{no_command, one_line};

/// `7f3c01 of 2026-11-21 03:00, commit c0ffee12`.
pub(super) fn run(run: &PastRun) -> String {
    let commit = commit(run).map(|commit| format!(", commit {commit}"));
    let (started, commit) = (moment(run.started), commit.unwrap_or_default());
    one_line(&format!("{} of {started}{commit}", run.id))
}

/// `1 run`, `2 runs`.
pub(super) fn count(number: usize, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {what}{s}")
}

/// What the letters of a strip mean.
pub(super) const STRIP_LEGEND: &str =
    ". passed  ~ passed late  F failed  B broken  ! interrupted  - not applicable  ? not run";

/// A result in one character.
pub(super) fn letter(result: &PastResult) -> char {
    match result.outcome {
        PastOutcome::Passed if result.passed_late() => '~',
        PastOutcome::Passed => '.',
        PastOutcome::Failed => 'F',
        PastOutcome::Broken => 'B',
        PastOutcome::Interrupted => '!',
        PastOutcome::NotApplicable => '-',
        PastOutcome::NotRun => '?',
    }
}

/// Rows under a heading, each column as wide as its widest cell; the last one is not filled up.
pub(super) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<_> = heading.iter().map(|cell| (*cell).to_owned()).collect();
    let shown = |row: &Vec<String>| row.iter().map(|cell| one_line(cell)).collect();
    let rows: Vec<Vec<_>> = rows.iter().map(shown).collect();
    let all = || std::iter::once(&heading).chain(&rows);
    let chars = |cell: &String| cell.chars().count();
    let width = |column: usize| all().filter_map(|row| row.get(column).map(chars)).max();
    let widths: Vec<_> = (0..heading.len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let cells: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    all().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_must_be() {
        let rows = [
            vec!["ü".to_owned(), "22".into(), String::new()],
            vec!["lo\nng".into(), "3".into(), "x".into()],
        ];
        let text = table(&["a", "b", "c"], &rows);
        assert_eq!(text, "a      b   c\nü      22\nlo ng  3   x\n");
    }
}
