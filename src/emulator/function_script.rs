//! Functions without code: they do what their script says.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use serde_json::value::{RawValue, to_raw_value};

use super::lambda::{FunctionError, Outbox};
use crate::control::{FunctionEvent, FunctionScript, ScriptMail, ScriptValue};

type Members = BTreeMap<String, Box<RawValue>>;

/// Answers one event.
///
/// # Errors
/// The script's own error, that of SES about its mail, or that the event is no object of JSON.
pub(super) async fn play(
    script: Arc<FunctionScript>,
    event: Bytes,
    outbox: Option<Arc<dyn Outbox>>,
) -> Result<Bytes, FunctionError> {
    // A function takes as long as its script says.
    if script.milliseconds > 0 {
        tokio::time::sleep(Duration::from_millis(script.milliseconds.into())).await;
    }
    let given = FunctionEvent::new(&event);
    let rule = script.rules.iter().find(|rule| rule.fits(&given));
    if let (None, Some(mail)) = (rule, &script.mail) {
        send(mail, &given, outbox).await?;
    }
    let (response, error_message, answer) = match rule {
        Some(rule) => (&rule.response, &rule.error_message, &None),
        None => (&script.response, &script.error_message, &script.answer),
    };
    if let Some(message) = error_message {
        return Err(FunctionError::new("Error", filled(message, &given)));
    }
    if let Some(answer) = answer {
        return Ok(Bytes::from(answer.clone()));
    }
    let answered = answered(response, &given, &event);
    answered.map_err(|error| FunctionError::new("TypeError", error.to_string()))
}

async fn send(
    mail: &ScriptMail,
    given: &FunctionEvent,
    outbox: Option<Arc<dyn Outbox>>,
) -> Result<(), FunctionError> {
    let Some(outbox) = outbox else {
        return Err(FunctionError::new(
            "Error",
            "there is no SES to send a mail with",
        ));
    };
    let mail = ScriptMail {
        from: filled(&mail.from, given),
        to: filled(&mail.to, given),
        subject: filled(&mail.subject, given),
        text: filled(&mail.text, given),
    };
    outbox.send(mail).await
}

/// The event with these members of `response`.
fn answered(
    values: &BTreeMap<String, ScriptValue>,
    given: &FunctionEvent,
    event: &[u8],
) -> serde_json::Result<Bytes> {
    let mut event: Members = serde_json::from_slice(event)?;
    let response = event.get("response").map(|response| response.get());
    let mut response: Members = serde_json::from_str(response.unwrap_or("{}"))?;
    for (name, value) in values {
        let value = match value {
            ScriptValue::Flag(flag) => to_raw_value(flag)?,
            ScriptValue::Text(text) => to_raw_value(&filled(text, given))?,
        };
        response.insert(name.clone(), value);
    }
    event.insert("response".to_owned(), to_raw_value(&response)?);
    serde_json::to_vec(&event).map(Bytes::from)
}

/// A text with members of the event's `request` put in; Cognito's own placeholders stay.
fn filled(text: &str, event: &FunctionEvent) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{request.") {
        let Some((path, after)) = after.split_once('}') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&event.member(&format!("request.{path}")).unwrap_or_default());
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn played(script: &str, event: &str) -> Result<String, String> {
        let script = serde_json::from_str(script).unwrap();
        let event = Bytes::from(event.to_owned());
        match play(Arc::new(script), event, None).await {
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
        let mail = r#"{"Mail": {"From": "a@b.test", "To": "c@d.test", "Subject": "", "Text": ""}}"#;
        let nowhere = played(mail, event).await.unwrap_err();
        assert!(nowhere.contains("no SES"), "{nowhere}");
    }

    #[tokio::test]
    async fn rules_choose_by_the_event() {
        let script = r#"{
            "Rules": [
                {"When": {"request.userAttributes.email": {"EndsWith": "@Partner.example"}},
                 "Response": {"emailMessage": "Dear {request.userAttributes.name}: {####}"}},
                {"When": {"request.userAttributes.nickname": {"Equals": "ada"}},
                 "ErrorMessage": "{request.userAttributes.nickname} is taken"},
                {"When": {"request.userAttributes.phone_number": {"Present": true},
                          "request.userAttributes.email": {"Present": false}}}
            ],
            "ErrorMessage": "not you"
        }"#;
        let cases = [
            (
                r#""email":"a@partner.example","name":"Ada""#,
                Ok("Dear Ada: {####}"),
            ),
            (r#""nickname":"ada""#, Err("ada is taken")),
            (r#""phone_number":"+15550100""#, Ok(r#""response":{}"#)),
            (
                r#""phone_number":"+15550100","email":"a@b.example""#,
                Err("not you"),
            ),
            ("", Err("not you")),
        ];
        for (attributes, expected) in cases {
            let event = format!(r#"{{"request":{{"userAttributes":{{{attributes}}}}}}}"#);
            match (played(script, &event).await, expected) {
                (Ok(answer), Ok(part)) => assert!(answer.contains(part), "{answer}"),
                (answer, expected) => {
                    assert_eq!(answer, expected.map(str::to_owned).map_err(str::to_owned));
                }
            }
        }
    }
}
