//! Takes what may be a secret out of a text that messages quote.
//!
//! A password that somebody wrote into the file is an error whose message shows the line, and so may
//! any error on the same line. This looks at the text alone, so that it also holds for a file that is
//! no TOML and for a misspelt key.

/// Parts of keys whose values are not shown.
const SECRET_WORDS: [&str; 4] = ["password", "passwd", "secret", "token"];

/// The text with the strings at keys that sound like secrets replaced by as many asterisks.
pub(super) fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        let (before, after) = rest.split_at(at + 1);
        shown.push_str(before);
        rest = after;
        if !is_secret(before) {
            continue;
        }
        let value = rest.trim_start_matches([' ', '\t']);
        shown.push_str(&rest[..rest.len() - value.len()]);
        let length = string_length(value);
        let hidden = value[..length].bytes();
        // Lines stay lines, so that the places behind them stay true.
        shown.extend(hidden.map(|byte| if byte == b'\n' { '\n' } else { '*' }));
        rest = &value[length..];
    }
    shown.push_str(rest);
    shown
}

/// Whether the last part of the key that ends here sounds like one.
fn is_secret(before: &str) -> bool {
    let key = before.trim_end_matches('=').trim_end();
    let key = key.trim_end_matches(['"', '\'']);
    let word = key.rsplit(|c: char| c.is_whitespace() || "{,.=\"':".contains(c));
    let key = word.take(1).collect::<String>().to_lowercase();
    SECRET_WORDS.iter().any(|word| key.contains(word))
}

/// Bytes of what stands there in place of a table: to the end of the string, or of the line where it
/// has none.
fn string_length(value: &str) -> usize {
    let line = value.find('\n').unwrap_or(value.len());
    let Some(quote) = value.chars().next().filter(|first| "\"'".contains(*first)) else {
        // A table refers to the secret; anything else on the line may be one.
        let shown = value.starts_with(['{', '[', '\r', '\n']);
        return if shown { 0 } else { line };
    };
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    if let Some(inner) = value.strip_prefix(&triple) {
        return inner.find(&triple).map_or(value.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (index, character) in value.char_indices().skip(1) {
        match character {
            '\n' => return index,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            found if found == quote => return index + 1,
            _ => {}
        }
    }
    value.len()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_may_be_a_secret_is_not_shown() {
        let cases = [
            ("password = \"hunter2\" # x", "password = ********* # x"),
            (
                "Password='a#b'\nhost = \"h\"",
                "Password=*****\nhost = \"h\"",
            ),
            (
                "{ host = \"h\", client_secret = \"x\\\"y\" }",
                "{ host = \"h\", client_secret = ****** }",
            ),
            ("token = \"abc\njobs = 1", "token = ****\njobs = 1"),
            ("token = abc\njobs = 1", "token = ***\njobs = 1"),
            ("password = '''a\nb''' #", "password = ****\n**** #"),
            ("\"password\" = \"x\"", "\"password\" = ***"),
            ("password = \"ü\"", "password = ****"),
        ];
        for (text, shown) in cases {
            assert_eq!(masked(text), shown);
            assert_eq!(masked(text).len(), text.len(), "places stay where they are");
        }
    }

    #[test]
    fn a_reference_is_shown() {
        for text in [
            "password = { env = \"QA\" }",
            "password.env = \"QA\"",
            "[inbox.qa.password]\nenv = \"QA\"",
            "# no password here: a = b",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
