//! Texts of CloudWatch Logs Insights, into which a name or an address can be put safely.
//!
//! Syntax: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html>. Every
//! query answers with the time and the whole text of each event: fields are read here, where a
//! missing or odd one does not lose the event, and where Insights' limit on the number of fields
//! that it discovers does not count.

/// Lines that one query answers with, at most: AWS's default, and what one page of results holds.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html>
pub(super) const LINES_MAX: usize = 10_000;

const FIELDS: &str = "fields @timestamp, @logStream, @message";
const ORDER: &str = "sort @timestamp asc";

/// All lines that pass a filter, oldest first.
pub(super) fn lines_where(filter: &str) -> String {
    format!("{FIELDS} | filter {filter} | {ORDER} | limit {LINES_MAX}")
}

/// All lines, oldest first.
pub(super) fn all_lines() -> String {
    format!("{FIELDS} | {ORDER} | limit {LINES_MAX}")
}

/// A text between quotes. Control characters, which no id has, are left out.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars().filter(|c| !c.is_control()) {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// Texts between quotes in a list.
pub(super) fn quoted_list(texts: &[&str]) -> String {
    let quoted: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A regular expression that finds a text, capitals aside.
///
/// Letters, digits and what has no meaning in an expression stand for themselves, a dot and a plus
/// are escaped, and any other character is any one character: so the expression finds at least the
/// text, and nothing in the text can end it. What else it finds is sorted out afterwards.
pub(super) fn finding(text: &str) -> String {
    let mut expression = String::from("/(?i)");
    for character in text.chars() {
        match character {
            c if c.is_alphanumeric() => expression.push(c),
            c @ ('@' | '_') => expression.push(c),
            c @ ('.' | '+' | '-') => expression.extend(['\\', c]),
            _ => expression.push('.'),
        }
    }
    expression.push('/');
    expression
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a quoted text says, read as Insights reads it; nothing if anything follows its end.
    fn unquoted(quoted: &str) -> Option<String> {
        let mut characters = quoted.strip_prefix('"')?.chars();
        let mut text = String::new();
        loop {
            match characters.next()? {
                '"' => return characters.next().is_none().then_some(text),
                '\\' => text.push(characters.next()?),
                other => text.push(other),
            }
        }
    }

    #[test]
    fn texts_stand_between_quotes() {
        for (text, expected) in [
            ("eu-west-1_AbC", r#""eu-west-1_AbC""#),
            (r#"a" or 1 = 1 | stats "#, r#""a\" or 1 = 1 | stats ""#),
            ("a\\", r#""a\\""#),
            ("a\nb", r#""ab""#),
        ] {
            assert_eq!(quoted(text), expected);
        }
        assert_eq!(quoted_list(&["a", "b"]), r#"["a", "b"]"#);
    }

    #[test]
    fn addresses_become_expressions() {
        for (address, expected) in [
            ("Ada+7f@example.com", r"/(?i)Ada\+7f@example\.com/"),
            ("a/b|c'd@x-y.z", r"/(?i)a.b.c.d@x\-y\.z/"),
            (r"a\b@x.z", r"/(?i)a.b@x\.z/"),
        ] {
            assert_eq!(finding(address), expected);
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_its_quotes(text in any::<String>()) {
            let printable: String = text.chars().filter(|c| !c.is_control()).collect();
            prop_assert_eq!(unquoted(&quoted(&text)), Some(printable));
        }

        #[test]
        fn no_text_breaks_out_of_its_expression(text in "\\PC{0,40}") {
            let found = finding(&text);
            let inner = found.strip_prefix("/(?i)").and_then(|rest| rest.strip_suffix('/'));
            prop_assert!(!inner.unwrap().contains(['/', '\n', '"', '\'', '|', '#', '`']));
            let expression = regex::Regex::new(&format!("^(?i){}$", inner.unwrap())).unwrap();
            prop_assert!(expression.is_match(&text));
            prop_assert!(expression.is_match(&text.to_ascii_uppercase()));
        }
    }
}
