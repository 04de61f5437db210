//! What the tables' texts stand for: the present time, long texts, and what answers told.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The number that `$now`, `$now-5000` and the like stand for: milliseconds.
const NOW: &str = "$now";
/// The same in whole seconds.
const SECOND: &str = "$second";

/// Values by the names under which the tables' texts mention them.
#[derive(Debug)]
pub(super) struct Values {
    now: i64,
    told: BTreeMap<String, String>,
}

impl Values {
    /// Values of an emulator whose clock shows this, in milliseconds.
    pub(super) fn at(now: i64) -> Self {
        Self {
            now,
            told: BTreeMap::new(),
        }
    }

    pub(super) fn set_now(&mut self, now: i64) {
        self.now = now;
    }

    /// Keeps the texts of an answer: a later step names the member `queryId` as `$queryId`.
    pub(super) fn remember(&mut self, answer: &Value) {
        for (name, value) in answer.as_object().into_iter().flatten() {
            if let Value::String(text) = value {
                self.told.insert(format!("${name}"), text.clone());
            }
        }
    }

    /// Puts values in place of their names, and long texts in place of `{repeat, times}`.
    pub(super) fn fill(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.filled(text),
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(members) => {
                if let (Some(repeat), Some(times)) = (members.get("repeat"), members.get("times")) {
                    return repeated(repeat, usize::try_from(times.as_u64().unwrap()).unwrap());
                }
                let members = members.iter();
                let filled = members.map(|(name, value)| (name.clone(), self.fill(value)));
                Value::Object(filled.collect())
            }
            other => other.clone(),
        }
    }

    fn filled(&self, text: &str) -> Value {
        for (name, unit) in [(NOW, 1), (SECOND, 1_000)] {
            let Some(offset) = text.strip_prefix(name) else {
                continue;
            };
            if offset.is_empty() {
                return json!(self.now / unit);
            }
            if let Ok(offset) = offset.parse::<i64>() {
                return json!(self.now / unit + offset);
            }
        }
        let mut text = text.to_owned();
        for (name, value) in self.told.iter().rev() {
            text = text.replace(name, value);
        }
        json!(text)
    }
}

/// A text so many times, or a list of so many items.
fn repeated(item: &Value, times: usize) -> Value {
    match item {
        Value::String(text) => json!(text.repeat(times)),
        item => json!(vec![item.clone(); times]),
    }
}

#[test]
fn names_stand_for_values() {
    let mut values = Values::at(5_000);
    values.remember(&json!({"id": "a", "idOf": "b", "n": 1}));
    let filled = values.fill(&json!({
        "t": ["$now", "$now-1", "$second+2", "$nowhere"],
        "both": "$id-$idOf",
        "long": {"repeat": "xy", "times": 2},
        "many": {"repeat": ["x"], "times": 2},
    }));
    assert_eq!(
        filled,
        json!({
            "t": [5_000, 4_999, 7, "$nowhere"], "both": "a-b", "long": "xyxy",
            "many": [["x"], ["x"]],
        })
    );
}
