//! Functions without code: they do what their script says.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use serde_json::value::{RawValue, to_raw_value};

use super::lambda::FunctionError;
use crate::control::FunctionScript;

type Members = BTreeMap<String, Box<RawValue>>;

/// Answers one event.
///
/// # Errors
/// The script's own error, or that the event is no object of JSON.
pub(super) async fn play(
    script: Arc<FunctionScript>,
    event: Bytes,
) -> Result<Bytes, FunctionError> {
    if script.milliseconds > 0 {
        tokio::time::sleep(Duration::from_millis(script.milliseconds.into())).await;
    }
    if let Some(message) = &script.error_message {
        return Err(FunctionError::new("Error", message));
    }
    if let Some(answer) = &script.answer {
        return Ok(Bytes::from(answer.clone()));
    }
    answered(&script, &event).map_err(|error| FunctionError::new("TypeError", error.to_string()))
}

/// The event with the script's members of `response`.
fn answered(script: &FunctionScript, event: &[u8]) -> serde_json::Result<Bytes> {
    let mut event: Members = serde_json::from_slice(event)?;
    let response = event.get("response").map(|response| response.get());
    let mut response: Members = serde_json::from_str(response.unwrap_or("{}"))?;
    for (name, value) in &script.response {
        response.insert(name.clone(), to_raw_value(value)?);
    }
    event.insert("response".to_owned(), to_raw_value(&response)?);
    serde_json::to_vec(&event).map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn played(script: &str, event: &str) -> Result<String, String> {
        let script = serde_json::from_str(script).unwrap();
        let event = Bytes::from(event.to_owned());
        match play(Arc::new(script), event).await {
            Ok(answer) => Ok(String::from_utf8(answer.to_vec()).unwrap()),
            Err(error) => Err(error.error_message),
        }
    }

    #[tokio::test]
    async fn a_script_answers_the_event_or_fails() {
        let event = r#"{"userName":"ada","response":{"autoVerifyEmail":false}}"#;
        let cases = [
            (
                r#"{"Response": {"autoConfirmUser": true}}"#,
                Ok(
                    r#"{"response":{"autoConfirmUser":true,"autoVerifyEmail":false},"userName":"ada"}"#,
                ),
            ),
            (r#"{"ErrorMessage": "seen before"}"#, Err("seen before")),
            (r#"{"Answer": "rubbish"}"#, Ok("rubbish")),
        ];
        for (script, expected) in cases {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(played(script, event).await, expected, "{script}");
        }
        assert!(played("{}", "not JSON").await.is_err());
    }
}
