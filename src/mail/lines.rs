//! A text made ready for weighing: in lower case, without accents, with one blank between words.

use unicode_normalization::char::decompose_canonical;

/// How much of a text is weighed. What a code stands in comes first in a mail.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// The folded lines of a text.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
    /// Where each line ends; its line break follows.
    ends: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let text = fold(super::text::head(text, TEXT_BYTES_MAX));
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        let ends = ends.chain([text.len()]).collect();
        Self { text, ends }
    }

    /// The whole text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How many lines there are.
    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    /// Where a line begins and ends in the text.
    pub(super) fn bounds(&self, line: usize) -> std::ops::Range<usize> {
        let end = self.ends.get(line).copied().unwrap_or(self.text.len());
        let before = line.checked_sub(1).and_then(|line| self.ends.get(line));
        before.map_or(0, |end| end + 1)..end
    }

    /// A line without its break.
    pub(super) fn line(&self, line: usize) -> &str {
        self.text.get(self.bounds(line)).unwrap_or_default()
    }
}

/// The text in lower case, without the accents of Latin, Greek and Cyrillic letters, and with one
/// blank for several: a space, or a tab where one of them is a tab. No line begins or ends with a
/// blank.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut blank = None;
    let mut rest = text;
    loop {
        // Most of a text are words of small letters, which stay as they are.
        let is_kept = |byte: &u8| matches!(byte, b'!'..=b'@' | b'['..=b'~');
        let word = rest.bytes().take_while(is_kept).count();
        if word > 0 {
            push_blank(&mut folded, &mut blank);
            folded.push_str(&rest[..word]);
        }
        let mut others = rest[word..].chars();
        let Some(c) = others.next() else {
            return folded;
        };
        rest = others.as_str();
        match c {
            ' ' => blank = blank.or(Some(' ')),
            '\t' => blank = Some('\t'),
            '\n' => {
                blank = None;
                folded.push('\n');
            }
            _ => {
                push_blank(&mut folded, &mut blank);
                push_folded(&mut folded, c);
            }
        }
    }
}

fn push_blank(folded: &mut String, blank: &mut Option<char>) {
    if let Some(blank) = blank.take()
        && !(folded.is_empty() || folded.ends_with('\n'))
    {
        folded.push(blank);
    }
}

fn push_folded(folded: &mut String, c: char) {
    match c {
        '\0'..='\u{7f}' => folded.push(c.to_ascii_lowercase()),
        '\u{2018}' | '\u{2019}' => folded.push('\''),
        '\u{80}'..='\u{58f}' | '\u{1e00}'..='\u{1fff}' => {
            for lower in c.to_lowercase() {
                decompose_canonical(lower, |part| {
                    if !is_accent(part) {
                        folded.push(part);
                    }
                });
            }
        }
        _ => folded.push(c),
    }
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Whether a character is a part of a word, like the letters and digits around it.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_what_makes_no_difference() {
        let cases = [
            ("  Your  CODE \t is\n\n 1 ", "your code\tis\n\n1"),
            ("Código DE VERIFICAÇÃO", "codigo de verificacao"),
            ("Co\u{301}digo", "codigo"),
            ("İŞLEM d’accès Ü", "islem d'acces u"),
            ("Код ПРОВЕРКИ й", "код проверки и"),
            ("Łódź ß コード", "łodz ß コード"),
        ];
        for (text, expected) in cases {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_are_found_by_number() {
        let lines = Lines::new("a\n\n B c\n");
        assert_eq!(lines.count(), 4);
        let all: Vec<&str> = (0..5).map(|line| lines.line(line)).collect();
        assert_eq!(all, ["a", "", "b c", "", ""]);
        assert_eq!(lines.bounds(2), 3..6);
    }
}
