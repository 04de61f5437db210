//! What a function was given.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// One event that a function was invoked with: any JSON.
///
/// ```
/// use reverify::control::FunctionEvent;
///
/// let event = FunctionEvent::new(br#"{"request": {"userAttributes": {"email": "ada@b.example"}}}"#);
/// assert_eq!(event.member("request.userAttributes.email").as_deref(), Some("ada@b.example"));
/// assert_eq!(event.member("request.validationData"), None);
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FunctionEvent(Box<RawValue>);

impl FunctionEvent {
    /// The event in a payload; one that is no JSON becomes a JSON text.
    pub fn new(payload: &[u8]) -> Self {
        let parsed = serde_json::from_slice::<Box<RawValue>>(payload);
        let text = || to_raw_value(&String::from_utf8_lossy(payload));
        // A text always has a JSON form.
        Self(
            parsed
                .or_else(|_| text())
                .unwrap_or_else(|_| RawValue::NULL.to_owned()),
        )
    }

    /// The event as it was written.
    pub fn as_json(&self) -> &str {
        self.0.get()
    }

    /// A member by its path, with dots between the names: a text as it is, anything else as JSON;
    /// none for `null`. Names with a dot in them cannot be named.
    pub fn member(&self, path: &str) -> Option<String> {
        let mut value = self.0.clone();
        for name in path.split('.') {
            let mut members = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(value.get());
            value = members.as_mut().ok()?.remove(name)?;
        }
        let json = value.get();
        let text = serde_json::from_str::<String>(json);
        (json != "null").then(|| text.unwrap_or_else(|_| json.to_owned()))
    }
}

impl fmt::Debug for FunctionEvent {
    /// Events name users and may hold what they typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FunctionEvent").finish_non_exhaustive()
    }
}

/// How often a function was invoked, and with what.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FunctionInvocations {
    /// How many invocations there were since the function was first deployed; Lambda's and Cognito's
    /// repetitions of one count each.
    pub count: u64,
    /// The newest of them, oldest first.
    pub latest: Vec<FunctionInvocation>,
}

/// One invocation of a function.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FunctionInvocation {
    /// When, by the emulator's clock.
    pub at: Timestamp,
    /// What the function was given.
    pub event: FunctionEvent,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_path() {
        let event = FunctionEvent::new(br#"{"a":{"b":"text","c":true,"d":null,"e":{"f":7}}}"#);
        let cases = [
            ("a.b", Some("text")),
            ("a.c", Some("true")),
            ("a.d", None),
            ("a.e", Some(r#"{"f":7}"#)),
            ("a.b.c", None),
            ("x", None),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(event.member(path).as_deref(), expected, "{path}");
        }
        assert_eq!(FunctionEvent::new(b"not JSON").as_json(), r#""not JSON""#);
    }
}
