//! What a case is about: names that nobody else has, and what the answers so far told.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// The answers' members that later steps may name, and by which name.
const REMEMBERED: [(&str, &str); 6] = [
    ("AccessToken", "$TOKEN"),
    ("IdToken", "$ID_TOKEN"),
    ("RefreshToken", "$REFRESH"),
    ("Session", "$SESSION"),
    ("UserSub", "$SUB"),
    ("SecretCode", "$TOTP_SECRET"),
];

/// Values by the names under which the table's texts mention them.
#[derive(Debug, Clone, Default)]
pub(super) struct Person(BTreeMap<String, String>);

impl Person {
    /// Values that are known before the first call.
    pub(super) fn new<'a>(values: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let named = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Self(named.collect())
    }

    pub(super) fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    pub(super) fn value(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Keeps what later steps may need of an answer.
    pub(super) fn remember(&mut self, answer: &Value) {
        let Value::Object(members) = answer else {
            return;
        };
        for (member, value) in members {
            let known = REMEMBERED.iter().find(|(name, _)| name == member);
            match (known, value) {
                (Some((_, name)), Value::String(text)) => self.set(name, text.clone()),
                _ => self.remember(value),
            }
        }
    }

    /// Puts the values in place of their names, in all texts.
    pub(super) fn fill(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill_text(text)),
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(members) => {
                let filled = members
                    .iter()
                    .map(|(name, value)| (name.clone(), self.fill(value)));
                Value::Object(filled.collect())
            }
            other => other.clone(),
        }
    }

    pub(super) fn fill_text(&self, text: &str) -> String {
        if !text.contains('$') {
            return text.to_owned();
        }
        // A name may begin with another one: the longer one goes first.
        let mut names: Vec<_> = self.0.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let texts = names.into_iter();
        texts.fold(text.to_owned(), |text, (name, value)| {
            text.replace(name.as_str(), value)
        })
    }
}

/// An address as Cognito shows it: `a***@e***` (COGNITO.md 2.6).
pub(super) fn masked(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or_default();
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    format!("{}***@{}***", first(local), first(domain))
}

/// The secret hash of a username (COGNITO.md 2.4).
pub(super) fn secret_hash(secret: &str, username: &str, client: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, format!("{username}{client}").as_bytes()))
}
