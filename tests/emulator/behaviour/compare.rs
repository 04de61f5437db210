//! What was expected and what was answered.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::case::{Case, Members};
use super::exchange::Answered;
use super::message::{Expected, Message};
use super::person::Person;

/// What became of a case.
#[derive(Debug)]
pub(super) enum Outcome {
    Same,
    Different(Difference),
    /// It cannot be tried on this target.
    NotRun(String),
}

/// Two answers that are not one.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) expected: String,
    pub(super) answered: String,
}

/// Stands in an expected answer for any value, as long as there is one.
const ANY: &str = "*";

/// Compares an answer with what the case expects.
pub(super) fn compare(case: &Case, person: &Person, answered: &Answered) -> Outcome {
    let is_error = case.error.is_some();
    let status = case.status.unwrap_or(if is_error { 400 } else { 200 });
    let body = &answered.body;
    let is_same = if let Some((name, message)) = &case.error {
        let message = person.fill_text(message);
        body["__type"] == *name && body["message"].as_str().unwrap_or_default() == message
    } else {
        let expected = person.fill(&json!(case.answer));
        let claims = case.claims_of.as_deref().map(|token| claims(body, token));
        let body = claims.as_ref().unwrap_or(body);
        has(body, &expected) && !case.absent.iter().any(|name| is_present(body, name))
    };
    if is_same && answered.status == status {
        return Outcome::Same;
    }
    let expected = match (&case.error, &case.answer) {
        (Some((name, message)), _) => format!("{status} {name}: {}", person.fill_text(message)),
        (None, Some(answer)) => format!("{status} {}", person.fill(&json!(answer))),
        (None, None) => format!("{status} without {}", case.absent.join(", ")),
    };
    let expected = expected.replace('\n', "\\n");
    Outcome::Different(Difference {
        expected,
        answered: answered.to_string(),
    })
}

/// Whether `found` has all that `expected` has; lists have to be equal, item by item.
pub(super) fn has(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (_, Value::Null) => true,
        (found, Value::String(any)) if any == ANY => !found.is_null(),
        (Value::Object(found), Value::Object(expected)) => has_members(found, expected),
        (Value::Array(found), Value::Array(expected)) => {
            let mut pairs = found.iter().zip(expected);
            found.len() == expected.len() && pairs.all(|(found, expected)| has(found, expected))
        }
        (found, expected) => found == expected,
    }
}

fn has_members(found: &Members, expected: &Members) -> bool {
    let mut expected = expected.iter();
    expected.all(|(name, expected)| has(found.get(name).unwrap_or(&Value::Null), expected))
}

/// The claims of a token of a sign-in, unverified: that is another test's matter.
fn claims(body: &Value, token: &str) -> Value {
    let token = body["AuthenticationResult"][token]
        .as_str()
        .unwrap_or_default();
    let payload = token.split('.').nth(1).unwrap_or_default();
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
    serde_json::from_slice(&payload).unwrap_or_default()
}

/// Whether a path such as `AuthenticationResult.RefreshToken` leads to a value.
fn is_present(body: &Value, path: &str) -> bool {
    let value = path
        .split('.')
        .try_fold(body, |value, name| value.get(name));
    value.is_some_and(|value| !value.is_null())
}

impl fmt::Display for Answered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, body } = self;
        match (body["__type"].as_str(), body["message"].as_str()) {
            (Some(name), message) => {
                let message = message.unwrap_or_default().replace('\n', "\\n");
                write!(formatter, "{status} {name}: {message}")
            }
            _ => write!(formatter, "{status} {}", without_secrets(body)),
        }
    }
}

/// What nobody is to read in a report.
const SECRETS: [&str; 6] = [
    "AccessToken",
    "IdToken",
    "RefreshToken",
    "Session",
    "SecretCode",
    "ClientSecret",
];

fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let shown = members.iter().map(|(name, value)| {
                let is_secret = SECRETS.contains(&name.as_str());
                let shown = if is_secret {
                    json!("...")
                } else {
                    without_secrets(value)
                };
                (name.clone(), shown)
            });
            Value::Object(shown.collect())
        }
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        other => other.clone(),
    }
}

impl Outcome {
    /// A step before the last one that did not do what it is there for.
    pub(super) fn stuck(operation: &str, answered: &Answered) -> Self {
        Self::Different(Difference {
            expected: format!("to get as far as after {operation}"),
            answered: answered.to_string(),
        })
    }

    /// A message that is not the expected one, or not there.
    pub(super) fn message(expected: &Expected, found: Option<&Message>) -> Self {
        Self::Different(Difference {
            expected: format!("the message {expected}"),
            answered: found.map_or_else(|| "no message".to_owned(), |found| format!("{found:?}")),
        })
    }
}

#[test]
fn an_expectation_may_say_less_than_the_answer() {
    let found = json!({"User": {"Enabled": true, "Attributes": [{"Name": "sub", "Value": "1"}]}});
    let yes = [
        json!({"User": {"Enabled": true}}),
        json!({"User": {"Attributes": [{"Name": "sub", "Value": "*"}]}}),
    ];
    let no = [
        json!({"User": {"Enabled": false}}),
        json!({"User": {"Attributes": []}}),
        json!({"User": {"Status": "*"}}),
    ];
    assert!(yes.iter().all(|expected| has(&found, expected)));
    assert!(!no.iter().any(|expected| has(&found, expected)));
    assert!(is_present(&found, "User.Enabled") && !is_present(&found, "User.Status"));
}

#[test]
fn a_report_shows_no_token() {
    let body = json!({"AuthenticationResult": {"AccessToken": "eyJ", "ExpiresIn": 3600}});
    let shown = Answered { status: 200, body }.to_string();
    assert_eq!(
        shown,
        r#"200 {"AuthenticationResult":{"AccessToken":"...","ExpiresIn":3600}}"#
    );
}
