//! `CustomMessage` (COGNITO.md 6.5).

use reverify::emulator::MailView;
use serde_json::{Value, json};

use super::fixture::{Stage, refused, thrown};

const VERIFIES_EMAIL: &str = "AutoVerifiedAttributes = [\"email\"]";

/// COGNITO.md 6.5 \[R\]: the event never has the code, and shows the user as not confirmed.
#[test]
fn a_function_words_the_mail() {
    let (world, events) = Stage::pool(VERIFIES_EMAIL)
        .on("CustomMessage", |event| {
            event["response"] = json!({
                "emailSubject": "Grüezi {####}", "emailMessage": "<b>{####}</b>", "smsMessage": null,
            });
            Ok(())
        })
        .open();
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let event = events.take_one();
    assert_eq!(event["triggerSource"], "CustomMessage_SignUp");
    let request = &event["request"];
    assert_eq!(request["codeParameter"], "{####}");
    assert_eq!(request["linkParameter"], "{##Click Here##}");
    assert_eq!(request["usernameParameter"], Value::Null);
    assert_eq!(request.get("clientMetadata"), None);
    let attributes = &request["userAttributes"];
    assert_eq!(attributes["cognito:user_status"], "UNCONFIRMED");
    assert_eq!(attributes["email_verified"], "false");
    let unset = json!({"smsMessage": null, "emailMessage": null, "emailSubject": null});
    assert_eq!(event["response"], unset);

    let mail = world.smtp.mails(None, true).remove(0);
    let code = mail.code.unwrap();
    assert_eq!(mail.subject, format!("Grüezi {code}"));
    assert_eq!(mail.html.unwrap().trim_end(), format!("<b>{code}</b>"));
    assert_eq!(world.confirm("ada", &code).status, 200);
}

/// COGNITO.md 6.3 \[D\].
#[test]
fn a_resend_has_its_source_and_its_metadata() {
    let (world, events) = Stage::pool(VERIFIES_EMAIL).note("CustomMessage").open();
    world.sign_up("ada", "ada@example.com");
    assert_eq!(events.take_sources(), ["CustomMessage_SignUp"]);
    let body = json!({"ClientId": "CLIENT", "Username": "ada", "ClientMetadata": {"again": "1"}});
    assert_eq!(world.call("ResendConfirmationCode", &body).status, 200);
    let event = events.take_one();
    assert_eq!(event["triggerSource"], "CustomMessage_ResendCode");
    assert_eq!(event["request"]["clientMetadata"], json!({"again": "1"}));
    let mail = world.smtp.mails(None, true).remove(0);
    assert_eq!(
        mail.subject, "Your verification code",
        "null leaves the pool's words"
    );
}

/// COGNITO.md 6.2 \[D\], 6.5 \[D, U\]: no mail goes out, and the user exists.
#[test]
fn a_message_without_the_code_is_no_answer() {
    let (world, _) = Stage::pool(VERIFIES_EMAIL)
        .on("CustomMessage", |event| {
            let wanted = event["userName"].as_str().unwrap_or_default().to_owned();
            match wanted.as_str() {
                "throws" => return thrown("no words"),
                "number" => event["response"]["emailMessage"] = json!(7),
                _ => event["response"]["emailMessage"] = json!("Welcome!"),
            }
            Ok(())
        })
        .open();
    let cases = [
        (
            "ada",
            "InvalidLambdaResponseException",
            "emailMessage does not contain {####}",
        ),
        (
            "number",
            "InvalidLambdaResponseException",
            "Unrecognizable lambda output",
        ),
        (
            "throws",
            "UserLambdaValidationException",
            "CustomMessage failed with error no words.",
        ),
    ];
    for (username, name, message) in cases {
        let reply = world.sign_up(username, "ada@example.com");
        assert_eq!(reply.error(), refused(name, message));
        assert_eq!(
            world.admin_get_user(username).json()["UserStatus"],
            "UNCONFIRMED"
        );
    }
    assert_eq!(world.smtp.mails(None, false).len(), 0);
}
