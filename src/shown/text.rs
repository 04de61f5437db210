//! Texts of a record made fit for a place where they are shown.

use std::borrow::Cow;

/// At most so many characters; what is longer says that it was cut.
///
/// A record may hold a text of any length: a mail's subject, a service's message, a panic.
pub(crate) fn bounded(text: &str, chars_max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(chars_max) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let more = text[end..].chars().count();
            Cow::Owned(format!("{}… [{more} characters more]", &text[..end]))
        }
    }
}

/// With a mark in place of each character that shows nothing, or that turns the writing round: text
/// of a mail must not look like something else.
///
/// The joiners U+200C and U+200D stay: scripts and emoji are written with them.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let hides = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
            || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(hides) {
        Cow::Owned(text.replace(hides, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        assert_eq!(bounded("grün", 4), "grün");
        assert_eq!(bounded("grüner", 3), "grü… [3 characters more]");
    }

    #[test]
    fn what_shows_nothing_is_marked() {
        let cases = [
            ("Füße\n2", "Füße\n2"),
            ("a\u{7}b\u{202e}c\u{2066}d", "a\u{fffd}b\u{fffd}c\u{fffd}d"),
            (
                "pay\u{200b}pal\u{feff}\u{61c}",
                "pay\u{fffd}pal\u{fffd}\u{fffd}",
            ),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
        ];
        for (text, shown) in cases {
            assert_eq!(visible(text), shown);
        }
    }
}
