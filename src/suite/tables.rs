//! Tables whose rows are of different lengths: the parser cuts the longer ones without a word.

use super::lines::{Line, LineKind, lines};
use super::{FeatureProblem, Source};

/// Every row that has more or fewer cells than its table's first.
pub(super) fn problems(source: &Source) -> Vec<FeatureProblem> {
    let mut first: Option<usize> = None;
    let mut found = Vec::new();
    for line in lines(&source.text) {
        match (line.kind, first) {
            (LineKind::Row, None) => first = Some(cells(line.text)),
            (LineKind::Row, Some(width)) => found.extend(uneven(source, line, width)),
            (LineKind::Blank | LineKind::Comment, _) => {}
            _ => first = None,
        }
    }
    found
}

fn uneven(source: &Source, line: Line<'_>, width: usize) -> Option<FeatureProblem> {
    let own = cells(line.text);
    (own != width).then(|| FeatureProblem {
        what: "a row of a table has another length than the first".to_owned(),
        label: format!("{own} cells here, {width} in the first row"),
        help: "give each row as many cells as the first; write `\\|` for a `|` within a cell"
            .to_owned(),
        ..FeatureProblem::at(source, line.number, line.column())
    })
}

fn cells(row: &str) -> usize {
    let mut escaped = false;
    let mut bars: usize = 0;
    for character in row.trim().chars() {
        bars += usize::from(character == '|' && !escaped);
        escaped = character == '\\' && !escaped;
    }
    bars.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uneven_rows_are_found() {
        let rows = |text: &str| {
            let source = Source {
                path: "a.feature".into(),
                text: text.to_owned().into(),
            };
            let lines = problems(&source).into_iter().map(|found| found.line);
            lines.collect::<Vec<_>>()
        };
        assert_eq!(rows("| a | b |\n| 1 |\n| 1 | 2 | 3 |\n| 1 | |\n"), [2, 3]);
        assert_eq!(rows("| a |\n# c\n\n| 1 | 2 |\nGiven b\n| 1 | 2 |\n"), [4]);
        assert_eq!(rows("| a |\n| \\| |\n| \\\\ |\n"), [0; 0]);
        assert_eq!(rows("\"\"\"\n| a |\n| 1 | 2 |\n\"\"\"\n"), [0; 0]);
    }
}
