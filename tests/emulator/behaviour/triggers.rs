//! The functions that pools of the table name as their triggers.

use reverify::emulator::lambda::{Function, FunctionError, FunctionName};
use serde_json::{Value, json};

type Change = fn(&mut Value) -> Result<(), FunctionError>;

const CHANGES: [(&str, Change); 8] = [
    ("returns", |_| Ok(())),
    ("throws", |_| {
        Err(FunctionError::new("ValueError", "not today"))
    }),
    ("confirms", |event| {
        event["response"]["autoConfirmUser"] = json!(true);
        event["response"]["autoVerifyEmail"] = json!(true);
        Ok(())
    }),
    ("verifies", |event| {
        event["response"]["autoVerifyEmail"] = json!(true);
        Ok(())
    }),
    ("answers-rubbish", |event| {
        *event = json!("rubbish");
        Ok(())
    }),
    ("words-without-code", |event| {
        event["response"]["emailMessage"] = json!("hello");
        Ok(())
    }),
    ("migrates", |event| {
        let email = format!(
            "{}@example.com",
            event["userName"].as_str().unwrap_or_default()
        );
        event["response"]["userAttributes"] = json!({"email": email, "email_verified": "true"});
        event["response"]["finalUserStatus"] = json!("CONFIRMED");
        event["response"]["messageAction"] = json!("SUPPRESS");
        Ok(())
    }),
    ("throws-for-other", |event| {
        // A trigger that some users never get past; a case about two of them needs both.
        if event["userName"]
            .as_str()
            .is_some_and(|name| name.ends_with("-other"))
        {
            return Err(FunctionError::new("ValueError", "not today"));
        }
        event["response"]["autoConfirmUser"] = json!(true);
        Ok(())
    }),
];

/// All of them, deployed under their names.
pub(super) fn functions() -> Vec<Function> {
    let deployed = CHANGES.iter().map(|(name, change)| {
        Function::closure(FunctionName::parse(name).unwrap(), move |bytes| {
            let mut event: Value = serde_json::from_slice(&bytes).unwrap();
            let answer = change(&mut event).map(|()| event.to_string().into());
            async move { answer }
        })
    });
    deployed.collect()
}
