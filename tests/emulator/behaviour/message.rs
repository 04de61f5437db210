//! The mail or text message that a case causes (COGNITO.md 5).

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::person::Person;

/// What the newest message to the user has to be; what is not named is not looked at.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    pub(super) from: Option<String>,
    pub(super) subject: Option<String>,
    /// In a mail HTML. `*` is any text.
    pub(super) body: Option<String>,
    /// There is no message at all.
    #[serde(default)]
    pub(super) none: bool,
}

/// A message that was sent. Text messages have a body alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Message {
    pub(super) from: String,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) code: Option<String>,
}

impl Expected {
    /// Whether a message is as expected.
    pub(super) fn fits(&self, person: &Person, found: Option<&Message>) -> bool {
        let Some(found) = found else {
            return self.none;
        };
        let same = |expected: &Option<String>, found: &str| {
            let expected = expected.as_ref();
            expected.is_none_or(|text| is_like(found, &person.fill_text(text)))
        };
        !self.none
            && same(&self.from, &found.from)
            && same(&self.subject, &found.subject)
            && same(&self.body, found.body.trim_end())
    }
}

/// Whether a text is the pattern, in which each `*` stands for any text.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return text == pattern;
    };
    let Some(mut left) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((last, middle)) = parts.split_last() else {
        return true;
    };
    for part in middle {
        let Some((_, after)) = left.split_once(part) else {
            return false;
        };
        left = after;
    }
    left.ends_with(last)
}

/// A message of the control interface's list of text messages.
pub(super) fn text_message(message: &Value) -> Message {
    let text = |name: &str| message[name].as_str().map(str::to_owned);
    Message {
        body: text("text").unwrap_or_default(),
        code: text("code"),
        ..Message::default()
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.none {
            return f.write_str("none");
        }
        let parts = [
            ("from", &self.from),
            ("subject", &self.subject),
            ("body", &self.body),
        ];
        let parts = parts.iter().filter_map(|(name, value)| {
            let value = value.as_ref()?;
            Some(format!("{name} `{value}`"))
        });
        f.write_str(&parts.collect::<Vec<_>>().join(", "))
    }
}

#[test]
fn a_star_is_any_text() {
    for (text, pattern, like) in [
        ("abc", "abc", true),
        ("abc", "ab", false),
        ("abc", "a*", true),
        ("abc", "*c", true),
        ("abc", "*b", false),
        ("abcabc", "a*b*c", true),
        ("abcabc", "a*c*a", false),
        ("", "*", true),
    ] {
        assert_eq!(is_like(text, pattern), like, "{text} {pattern}");
    }
}
