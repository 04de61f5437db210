//! Takes secrets out of what is recorded.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::Value;

/// Shorter secrets are not searched for: they would match everywhere.
const SECRET_BYTES_MIN: usize = 4;

/// A secret in one of the forms in which it may occur, and what is written in its place.
#[derive(Clone)]
struct Rule {
    needle: String,
    shown: String,
}

/// Knows the secrets of a run and replaces each, in every form, wherever it occurs.
///
/// Secrets come up during the run (a code is one as soon as it was read), so the set grows.
///
/// ```
/// use reverify::record::Redactor;
///
/// let mut redactor = Redactor::default();
/// redactor.learn("s3cret-password", "[password]");
/// assert_eq!(redactor.clean("Basic czNjcmV0LXBhc3N3b3Jk"), "Basic [password]");
/// ```
#[derive(Clone, Default)]
pub struct Redactor {
    rules: Vec<Rule>,
}

impl Redactor {
    /// From now on `secret` is written as `shown`, plain, base64, URL-encoded or quoted-printable.
    pub fn learn(&mut self, secret: &str, shown: &str) {
        if secret.len() < SECRET_BYTES_MIN || self.rules.iter().any(|r| r.needle == secret) {
            return;
        }
        let mut forms = vec![
            secret.to_owned(),
            url_encoded(secret),
            quoted_printable(secret),
            json_escaped(secret),
            STANDARD.encode(secret),
            STANDARD_NO_PAD.encode(secret),
            URL_SAFE_NO_PAD.encode(secret),
        ];
        // The longest first, so that padding does not stay behind.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        self.rules.extend(forms.into_iter().map(|needle| Rule {
            needle,
            shown: shown.to_owned(),
        }));
    }

    /// The text without the known secrets.
    pub fn clean(&self, text: &str) -> String {
        self.rules
            .iter()
            .filter(|rule| text.contains(&rule.needle))
            .map(|rule| (&rule.needle, &rule.shown))
            .fold(text.to_owned(), |text, (needle, shown)| {
                text.replace(needle, shown)
            })
    }

    /// Cleans every string inside a JSON value; numbers, keys and times are not touched: the digits of
    /// a code may stand in a fraction of a second, and mean nothing there.
    pub(super) fn clean_value(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.parse::<Timestamp>().is_ok() => {}
            Value::String(text) => *text = self.clean(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.clean_value(item)),
            Value::Object(members) => members.values_mut().for_each(|item| self.clean_value(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} forms)", self.rules.len())
    }
}

fn url_encoded(text: &str) -> String {
    encode(text, '%', |b| {
        b.is_ascii_alphanumeric() || b"-._~".contains(&b)
    })
}

fn quoted_printable(text: &str) -> String {
    encode(text, '=', |b| (b' '..=b'~').contains(&b) && b != b'=')
}

fn encode(text: &str, escape: char, plain: impl Fn(u8) -> bool) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "{escape}{byte:02X}");
        }
        out
    })
}

fn json_escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_secret_in_each_form() {
        let mut redactor = Redactor::default();
        redactor.learn("p=ss w\"rd/ü", "[password]");
        let forms = [
            "p=ss w\"rd/ü",
            "p%3Dss%20w%22rd%2F%C3%BC",
            "p=3Dss w\"rd/=C3=BC",
            "p=ss w\\\"rd/ü",
            "cD1zcyB3InJkL8O8",
        ];
        for form in forms {
            let text = format!("before {form} after");
            assert_eq!(redactor.clean(&text), "before [password] after", "{form}");
        }
    }

    #[test]
    fn leaves_short_texts_and_other_digits_alone() {
        let mut redactor = Redactor::default();
        redactor.learn("12", "[code]");
        redactor.learn("123456", "••••56");
        assert_eq!(
            redactor.clean("12 and 123456 and 12345"),
            "12 and ••••56 and 12345"
        );
    }

    #[test]
    fn leaves_times_whole() {
        let mut redactor = Redactor::default();
        redactor.learn("488928", "••••28");
        let mut event = serde_json::json!({
            "at": "2026-11-21T11:11:04.488928Z",
            "text": "at 04.488928 it was 488928",
        });
        redactor.clean_value(&mut event);
        assert_eq!(event["at"], "2026-11-21T11:11:04.488928Z");
        assert_eq!(event["text"], "at 04.••••28 it was ••••28");
    }
}
