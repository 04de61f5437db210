//! What each line of Gherkin text is, as far as that can be told without its language.

/// A line and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// From 1.
    pub(super) number: usize,
    pub(super) text: &'a str,
    pub(super) kind: LineKind,
}

/// The kinds of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    Blank,
    Comment,
    Tags,
    /// Of a table.
    Row,
    /// Begins a doc string.
    DocString,
    /// In a doc string, or its end.
    InDocString,
    /// A keyword, a step or a description.
    Words,
}

impl Line<'_> {
    /// The column of the first character that is no blank, from 1, in characters.
    pub(super) fn column(&self) -> usize {
        let indent = self.text.chars().take_while(|c| c.is_whitespace());
        indent.count() + 1
    }
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut fence = None;
    (1..).zip(text.lines()).map(move |(number, text)| Line {
        number,
        text,
        kind: kind(text.trim_start(), &mut fence),
    })
}

/// Where a doc string begins that has no end.
pub(super) fn open_doc_string(text: &str) -> Option<Line<'_>> {
    let mut fence = None;
    let mut begun = None;
    for (number, text) in (1..).zip(text.lines()) {
        let kind = kind(text.trim_start(), &mut fence);
        if kind == LineKind::DocString {
            begun = Some(Line { number, text, kind });
        }
    }
    begun.filter(|_| fence.is_some())
}

/// `fence` is what ends the doc string in which the text stands.
fn kind(text: &str, fence: &mut Option<&'static str>) -> LineKind {
    if let Some(end) = *fence {
        if text.contains(end) {
            *fence = None;
        }
        return LineKind::InDocString;
    }
    for mark in ["\"\"\"", "```"] {
        if let Some(rest) = text.strip_prefix(mark) {
            *fence = (!rest.contains(mark)).then_some(mark);
            return LineKind::DocString;
        }
    }
    match text.chars().next() {
        None => LineKind::Blank,
        Some('#') => LineKind::Comment,
        Some('@') => LineKind::Tags,
        Some('|') => LineKind::Row,
        Some(_) => LineKind::Words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_its_kind() {
        use LineKind::{Blank, Comment, DocString, InDocString, Row, Tags, Words};
        let text = "# language: de\n\n  @a @b\nFunktion: A\n  | x |\n\"\"\"\n@no tag\n\"\"\"\n``` ```\n| y |\n";
        let kinds: Vec<_> = lines(text).map(|line| line.kind).collect();
        let expected = [
            Comment,
            Blank,
            Tags,
            Words,
            Row,
            DocString,
            InDocString,
            InDocString,
            DocString,
            Row,
        ];
        assert_eq!(kinds, expected);
        assert_eq!(lines(text).nth(2).map(|line| line.column()), Some(3));
    }

    #[test]
    fn a_doc_string_without_an_end_is_found() {
        let begun = |text| open_doc_string(text).map(|line| line.number);
        assert_eq!(begun("a\n\"\"\"\nb\n"), Some(2));
        assert_eq!(begun("a\n\"\"\"\nb\n\"\"\"\n```\n\"\"\"\n"), Some(5));
        assert_eq!(begun("a\n\"\"\"\nb\n\"\"\"\n"), None);
    }
}
