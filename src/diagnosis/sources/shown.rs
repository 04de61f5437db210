//! Foreign lines as evidence: short, and without codes.

/// What is kept of a line that others wrote: enough for an error with its reason.
const LINE_CHARS_MAX: usize = 500;
/// Digits of a confirmation code (COGNITO.md 2.6).
const CODE_DIGITS: usize = 6;

/// A line as it may be shown: on one line, cut to a length, and with stars for what may be a code,
/// which functions like to log.
pub(super) fn shown(line: &str) -> String {
    let flat = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = without_codes(&flat).chars().take(LINE_CHARS_MAX).collect();
    if flat.chars().nth(LINE_CHARS_MAX).is_some() {
        shown.push('…');
    }
    shown
}

/// Stars for each number that has as many digits as a code.
fn without_codes(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let (before, word) = rest.split_at(start);
        text.push_str(before);
        let end = word
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        if word.len() == CODE_DIGITS && word.bytes().all(|byte| byte.is_ascii_digit()) {
            text.push_str("******");
        } else {
            text.push_str(word);
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_hidden_and_nothing_else() {
        for (line, expected) in [
            ("code 123456 for ada", "code ****** for ada"),
            (r#"{"code":"123456"}"#, r#"{"code":"******"}"#),
            ("1234567 12345 a123456", "1234567 12345 a123456"),
            ("a\n  b\t\tc ", "a b c"),
            ("", ""),
            ("ü 123456", "ü ******"),
        ] {
            assert_eq!(shown(line), expected);
        }
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let line = "ü".repeat(LINE_CHARS_MAX + 1);
        let shown = shown(&line);
        assert_eq!(shown.chars().count(), LINE_CHARS_MAX + 1);
        assert!(shown.ends_with("ü…"));
    }
}
