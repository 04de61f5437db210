//! Takes secrets out of what is recorded.

use std::collections::BTreeMap;
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
    /// The rules by the first bytes of their needles: a run of many scenarios learns thousands, and each
    /// text is looked through once.
    by_start: BTreeMap<[u8; SECRET_BYTES_MIN], Vec<usize>>,
    starts: PairSet,
}

/// A set of pairs of bytes: the first two of each needle, which sort most places of a text out.
#[derive(Clone)]
struct PairSet(Box<[u64]>);

impl Default for PairSet {
    fn default() -> Self {
        Self(vec![0; 1 << 10].into())
    }
}

impl PairSet {
    fn place(pair: [u8; 2]) -> (usize, u64) {
        let number = u16::from_be_bytes(pair);
        (usize::from(number >> 6), 1 << (number & 63))
    }

    fn insert(&mut self, pair: [u8; 2]) {
        let (word, bit) = Self::place(pair);
        self.0[word] |= bit;
    }

    fn has(&self, pair: [u8; 2]) -> bool {
        let (word, bit) = Self::place(pair);
        self.0[word] & bit != 0
    }
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
        for needle in forms {
            if let Some(&start) = needle.as_bytes().first_chunk() {
                self.by_start
                    .entry(start)
                    .or_default()
                    .push(self.rules.len());
                self.starts.insert([start[0], start[1]]);
            }
            let shown = shown.to_owned();
            self.rules.push(Rule { needle, shown });
        }
    }

    /// The text without the known secrets.
    pub fn clean(&self, text: &str) -> String {
        let found = self.found_in(text).into_iter();
        found
            .filter_map(|index| self.rules.get(index))
            .fold(text.to_owned(), |text, rule| {
                text.replace(&rule.needle, &rule.shown)
            })
    }

    /// The rules whose needle is in the text, in the order in which they were learnt.
    fn found_in(&self, text: &str) -> Vec<usize> {
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        for (at, start) in bytes.windows(SECRET_BYTES_MIN).enumerate() {
            if !self.starts.has([start[0], start[1]]) {
                continue;
            }
            let rules = <[u8; SECRET_BYTES_MIN]>::try_from(start)
                .ok()
                .and_then(|start| self.by_start.get(&start));
            let here = rules.into_iter().flatten().copied();
            found.extend(here.filter(|&index| {
                let rule = self.rules.get(index);
                rule.is_some_and(|rule| bytes[at..].starts_with(rule.needle.as_bytes()))
            }));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Cleans every string inside a JSON value; numbers, keys and times are not touched: the digits of
    /// a code may stand in a fraction of a second, and mean nothing there.
    pub(super) fn clean_value(&self, value: &mut Value) {
        match value {
            Value::String(text) if self.found_in(text).is_empty() => {}
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
    fn many_secrets_are_each_found() {
        let mut redactor = Redactor::default();
        for number in 1_000..3_000 {
            redactor.learn(&format!("secret-{number}"), "[secret]");
        }
        let text = "secret-999, secret-1000 and Secret-2000, secret-2999";
        let expected = "secret-999, [secret] and Secret-2000, [secret]";
        assert_eq!(redactor.clean(text), expected);
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
