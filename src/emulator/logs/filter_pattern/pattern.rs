//! A pattern of any kind.

use super::columns::ColumnsPattern;
use super::json::JsonPattern;
use super::scanner::Scanner;
use super::terms::Terms;

/// A pattern that was understood.
#[derive(Debug)]
pub(in crate::emulator::logs) enum FilterPattern {
    /// The empty pattern, which matches every event.
    Any,
    Terms(Terms),
    Json(JsonPattern),
    Columns(ColumnsPattern),
}

/// A pattern that cannot be read. The words are guesses, except those of a wrong character.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::emulator::logs) enum InvalidPattern {
    /// A term that has to stand in quotes.
    #[error("Invalid character(s) in term '{0}'")]
    Characters(String),
    #[error("Invalid filter pattern: {what} at position {position}")]
    Syntax { what: String, position: usize },
    /// A part that AWS knows, and this emulator does not.
    #[error("{0} in filter patterns")]
    MissingHere(&'static str),
}

impl FilterPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`InvalidPattern`].
    pub(in crate::emulator::logs) fn parse(text: &str) -> Result<Self, InvalidPattern> {
        let mut scanner = Scanner::new(text);
        scanner.skip_space();
        match scanner.peek() {
            None => Ok(Self::Any),
            Some('{') => JsonPattern::parse(&mut scanner).map(Self::Json),
            Some('[') => ColumnsPattern::parse(&mut scanner).map(Self::Columns),
            Some(_) => Terms::parse(&mut scanner).map(Self::Terms),
        }
    }

    /// Whether an event's message fits.
    pub(in crate::emulator::logs) fn matches(&self, message: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Terms(terms) => terms.matches(message),
            Self::Json(pattern) => pattern.matches(message),
            Self::Columns(pattern) => pattern.matches(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matching<'a>(pattern: &str, messages: &[&'a str]) -> Vec<&'a str> {
        let read = FilterPattern::parse(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
        let messages = messages.iter().copied();
        messages.filter(|message| read.matches(message)).collect()
    }

    #[test]
    fn terms_quotes_options_exclusions_and_regexes() {
        let messages = ["ERROR disk full", "ERROR net", "WARN disk", "info"];
        let cases: [(&str, &[&str]); 11] = [
            ("", &messages),
            ("  ", &messages),
            ("ERROR", &messages[..2]),
            ("error", &[]),
            ("disk ERROR", &messages[..1]),
            ("\"disk full\"", &messages[..1]),
            ("?ERROR ?WARN", &messages[..3]),
            ("ERROR -disk", &messages[1..2]),
            ("-ERROR -\"WARN disk\"", &messages[3..]),
            ("%^(?:)?ERROR% ", &messages[..2]),
            ("%D|disk%", &[]),
        ];
        for (pattern, expected) in &cases[..9] {
            assert_eq!(matching(pattern, &messages), *expected, "{pattern}");
        }
        assert_eq!(matching("%ERR[A-Z]+ n%", &messages), messages[1..2]);
        assert_eq!(matching("%disk$% WARN", &messages), messages[2..3]);
    }

    #[test]
    fn members_of_json() {
        let messages = [
            r#"{"a":{"b":"x"},"n":404,"t":true,"z":null,"list":[{"k-1":"1.2.3.4"}]}"#,
            r#"{"a":{"b":"xyz"},"n":"500","t":false,"list":[]}"#,
            "a = x, n = 404",
        ];
        let cases: [(&str, &[usize]); 20] = [
            ("{ $.a.b = \"x\" }", &[0]),
            ("{ $.a.b = x* }", &[0, 1]),
            ("{ $.a.b != \"x\" }", &[1]),
            ("{$.n=404}", &[0]),
            ("{ $.n >= 404 && $.n < 500.5 }", &[0, 1]),
            ("{ ($.n = 404) || ($.n = 500) }", &[0, 1]),
            ("{ $.n > 4e2 && ($.a.b = \"*z\" || $.t IS TRUE) }", &[0, 1]),
            ("{ $.t IS FALSE }", &[1]),
            ("{ $.z IS NULL }", &[0]),
            ("{ $.z NOT EXISTS }", &[1]),
            ("{ $.a EXISTS }", &[0, 1]),
            ("{ $.a IS NULL }", &[]),
            ("{ $.list[0].k-1 = \"1.2.*\" }", &[0]),
            ("{ $.list[0][\"k-1\"] = %^[0-9.]+$% }", &[0]),
            ("{ $.list = x }", &[]),
            ("{ $.a.b = \"*\" }", &[0, 1]),
            ("{ $.a.b = \"*y*\" }", &[1]),
            ("{ $.missing = \"*\" }", &[]),
            ("{ $.missing != \"x\" }", &[]),
            ("{ $.a.b > 1 }", &[]),
        ];
        for (pattern, expected) in cases {
            let expected: Vec<&str> = expected.iter().map(|index| messages[*index]).collect();
            assert_eq!(matching(pattern, &messages), expected, "{pattern}");
        }
    }

    #[test]
    fn columns_between_spaces() {
        let messages = [
            r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#,
            r#"127.0.0.1 - ada [10/Oct/2000:13:25:15 -0700] "GET /a.png HTTP/1.0" 200 90"#,
            "ERROR only two",
        ];
        let cases: [(&str, &[usize]); 9] = [
            ("[ip, id, user, timestamp, request, status, bytes]", &[0, 1]),
            (
                "[ip, id, user, timestamp, request, status=4*, bytes > 1000]",
                &[0],
            ),
            (
                "[ip, id, user, timestamp, request=*.html*, status, bytes]",
                &[0],
            ),
            ("[..., status = 404 || status = 200, bytes]", &[0, 1]),
            ("[ip, ..., bytes < 100]", &[1]),
            ("[w1=ERROR, ...]", &[2]),
            ("[w1=ERROR, w2]", &[]),
            ("[a, b, user != frank, ...]", &[1, 2]),
            ("[..., status = %[45][0-9]{2}%, bytes]", &[0]),
        ];
        for (pattern, expected) in cases {
            let expected: Vec<&str> = expected.iter().map(|index| messages[*index]).collect();
            assert_eq!(matching(pattern, &messages), expected, "{pattern}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let nested = format!("{{ {}$.a = 1{} }}", "(".repeat(100), ")".repeat(100));
        let cases = [
            ("a-b", "Invalid character(s) in term 'a-b'"),
            ("\"open", "a quote without its end"),
            ("{ $.a }", "comparison"),
            ("{ $.a = }", "a value"),
            ("{ a = 1 }", "$"),
            ("{ $.a = 1", "}"),
            ("{ $.a = 1 } x", "the end"),
            ("{ $.a[*] = 1 }", "`[*]`"),
            ("{ $.a > \"x\" }", "a number"),
            ("[a, b", "]"),
            ("[a = ]", "a value"),
            ("[..., ...]", "..."),
            ("%(%", "regular expression"),
            ("%a{1000}{1000}{1000}%", "regular expression"),
            ("%open", "a `%` without its end"),
            (&nested, "deep"),
        ];
        for (pattern, expected) in cases {
            let error = FilterPattern::parse(pattern).unwrap_err().to_string();
            assert!(error.contains(expected), "{pattern}: {error}");
        }
    }
}
