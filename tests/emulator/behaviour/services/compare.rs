//! What a case expects and what was answered.

use serde_json::Value;

use super::super::exchange::Answered;
use super::super::message::is_like;
use super::case::Case;
use super::values::Values;

/// Why an answer is not the expected one; nothing if it is.
pub(super) fn difference(case: &Case, values: &Values, answered: &Answered) -> Option<String> {
    let status = case
        .status
        .unwrap_or(if case.error.is_some() { 400 } else { 200 });
    if answered.status != status {
        return Some(format!("not status {status}: {answered}"));
    }
    if let Some((name, message)) = &case.error {
        let message = values.fill(&Value::String(message.clone()));
        let found = answered.body["message"].as_str().unwrap_or_default();
        let is_same = answered.body["__type"] == **name
            && is_like(found, message.as_str().unwrap_or_default());
        return (!is_same).then(|| format!("not {name}: {message}, but {answered}"));
    }
    let inner;
    let body = match &case.json_at {
        None => &answered.body,
        Some(path) => {
            let text = at(&answered.body, path).and_then(Value::as_str);
            inner = serde_json::from_str(text.unwrap_or_default()).unwrap_or(Value::Null);
            &inner
        }
    };
    let expected = values.fill(&Value::Object(case.answer.clone().unwrap_or_default()));
    let present = case.absent.iter().find(|path| at(body, path).is_some());
    if has(body, &expected) && present.is_none() {
        return None;
    }
    Some(format!(
        "not {expected} without {:?}, but {body}",
        case.absent
    ))
}

/// Whether `found` has all that `expected` has; lists have to be equal, item by item, and `*` is any
/// text or number.
fn has(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let mut expected = expected.iter();
            expected.all(|(name, expected)| has(found.get(name).unwrap_or(&Value::Null), expected))
        }
        (Value::Array(found), Value::Array(expected)) => {
            let mut pairs = found.iter().zip(expected);
            found.len() == expected.len() && pairs.all(|(found, expected)| has(found, expected))
        }
        (Value::String(found), Value::String(pattern)) => is_like(found, pattern),
        (found, Value::String(any)) if any == "*" => !found.is_null(),
        (Value::Number(found), Value::Number(expected)) => found.as_f64() == expected.as_f64(),
        (found, expected) => found == expected,
    }
}

/// What a path such as `Events.0.EventName` leads to.
fn at<'a>(body: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(body, |value, name| match value {
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        value => value.get(name),
    })
}

#[test]
fn what_is_not_there_is_different() {
    let found = serde_json::json!({"a": [{"b": "one two"}], "n": 1.0});
    for (expected, same) in [
        (serde_json::json!({"a": [{"b": "one *"}]}), true),
        (serde_json::json!({"a": [{"b": "*"}], "n": 1}), true),
        (serde_json::json!({"n": "*"}), true),
        (serde_json::json!({"a": []}), false),
        (serde_json::json!({"a": [{"b": "one"}]}), false),
        (serde_json::json!({"c": "*"}), false),
    ] {
        assert_eq!(has(&found, &expected), same, "{expected}");
    }
    assert!(at(&found, "a.0.b").is_some() && at(&found, "a.1").is_none());
}
