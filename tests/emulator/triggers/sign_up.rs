//! `PreSignUp` and `PostConfirmation` (COGNITO.md 6.4, 6.5).

use std::sync::{Arc, OnceLock};

use reverify::emulator::MailView;
use reverify::emulator::lambda::Function;
use serde_json::{Value, json};

use super::fixture::{Stage, function_name, refused, thrown};
use crate::wire::call;

const VERIFIES_EMAIL: &str = "AutoVerifiedAttributes = [\"email\"]";

/// COGNITO.md 6.4 \[R\], 6.5 \[D\] and 2.8 \[D\]: the members and their order.
#[test]
fn the_event_is_as_recorded() {
    let (world, events) = Stage::pool(VERIFIES_EMAIL).note("PreSignUp").open();
    let attributes =
        json!([{"Name": "email", "Value": "ada@example.com"}, {"Name": "name", "Value": "Ada"}]);
    let mut body = json!({
        "ClientId": "CLIENT", "Username": "ada", "Password": "Passw0rd!",
        "UserAttributes": attributes,
    });
    assert_eq!(world.call("SignUp", &body).status, 200);
    let expected = format!(
        r#"{{"version":"1","region":"us-east-1","userPoolId":"{}","userName":"ada","callerContext":{{"awsSdkVersion":"aws-sdk-unknown-unknown","clientId":"{}"}},"triggerSource":"PreSignUp_SignUp","request":{{"userAttributes":{{"email":"ada@example.com","name":"Ada"}},"validationData":null}},"response":{{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}}}}"#,
        world.pool, world.client
    );
    assert_eq!(events.take_texts(), [expected]);

    body["Username"] = json!("bob");
    body["ValidationData"] = json!([{"Name": "invitation", "Value": "x"}]);
    body["ClientMetadata"] = json!({"locale": "de"});
    assert_eq!(world.call("SignUp", &body).status, 200);
    let request = events.take_one()["request"].clone();
    assert_eq!(request["validationData"], json!({"invitation": "x"}));
    assert_eq!(request["clientMetadata"], json!({"locale": "de"}));
}

/// COGNITO.md 2.3 \[R\]: the name in events is the one that is stored.
#[test]
fn an_attribute_as_username_shows_the_sub() {
    let (world, events) = Stage::pool("UsernameAttributes = [\"email\"]")
        .note("PreSignUp")
        .note("PostConfirmation")
        .open();
    let reply = world.sign_up("ada@example.com", "ada@example.com").json();
    assert_eq!(events.take_one()["userName"], reply["UserSub"]);
    let body = json!({"UserPoolId": "POOL", "Username": "ada@example.com"});
    assert_eq!(world.call("AdminConfirmSignUp", &body).status, 200);
    let event = events.take_one();
    assert_eq!(event["userName"], reply["UserSub"]);
    let attributes = &event["request"]["userAttributes"];
    assert_eq!(attributes["cognito:email_alias"], "ada@example.com");
}

fn with_both_addresses() -> Value {
    json!({
        "ClientId": "CLIENT", "Username": "ada", "Password": "Passw0rd!",
        "ClientMetadata": {"k": "v"},
        "UserAttributes": [
            {"Name": "email", "Value": "ada@example.com"},
            {"Name": "phone_number", "Value": "+15550100"},
        ],
    })
}

/// COGNITO.md 6.5 \[D, I\]: what each flag does; verifying without confirming still sends a code \[U\].
#[test]
fn flags_confirm_and_verify() {
    let cases = [
        (json!({}), "UNCONFIRMED", "false", "false", 1),
        (
            json!({"autoConfirmUser": true}),
            "CONFIRMED",
            "false",
            "false",
            0,
        ),
        (
            json!({"autoVerifyEmail": true}),
            "UNCONFIRMED",
            "true",
            "false",
            1,
        ),
        (
            json!({"autoConfirmUser": true, "autoVerifyEmail": true, "autoVerifyPhone": true}),
            "CONFIRMED",
            "true",
            "true",
            0,
        ),
        (
            json!({"autoConfirmUser": null}),
            "UNCONFIRMED",
            "false",
            "false",
            1,
        ),
    ];
    for (answer, status, email, phone, mails) in cases {
        let response = answer.clone();
        let (world, events) = Stage::pool(VERIFIES_EMAIL)
            .on("PreSignUp", move |event| {
                event["response"] = response.clone();
                Ok(())
            })
            .note("PostConfirmation")
            .open();
        let reply = world.call("SignUp", &with_both_addresses()).json();
        let confirmed = status == "CONFIRMED";
        assert_eq!(reply["UserConfirmed"], confirmed, "{answer}");
        assert_eq!(
            reply.get("CodeDeliveryDetails").is_some(),
            mails == 1,
            "{answer}"
        );
        assert_eq!(world.smtp.mails(None, false).len(), mails, "{answer}");
        assert_eq!(
            world.admin_get_user("ada").json()["UserStatus"],
            status,
            "{answer}"
        );
        let flag = |name: &str| world.attribute("ada", name).unwrap();
        assert_eq!(flag("email_verified"), email, "{answer}");
        assert_eq!(flag("phone_number_verified"), phone, "{answer}");

        let events = events.take();
        assert_eq!(events.len(), 1 + usize::from(confirmed), "{answer}");
        if let [_, after] = events.as_slice() {
            assert_eq!(after["triggerSource"], "PostConfirmation_ConfirmSignUp");
            assert_eq!(after["request"]["clientMetadata"], json!({"k": "v"}));
        }
    }
}

/// COGNITO.md 6.5 \[D\]: without an address there is nothing to verify, and no sign-up.
#[test]
fn an_address_that_is_missing_is_not_verified() {
    for flag in ["autoVerifyEmail", "autoVerifyPhone"] {
        let (world, _) = Stage::pool("")
            .on("PreSignUp", move |event| {
                event["response"][flag] = json!(true);
                Ok(())
            })
            .open();
        let body = json!({"ClientId": "CLIENT", "Username": "ada", "Password": "Passw0rd!"});
        let (name, _) = world.call("SignUp", &body).error();
        assert_eq!(name, "InvalidLambdaResponseException", "{flag}");
        assert_eq!(
            world.admin_get_user("ada").error().0,
            "UserNotFoundException",
            "{flag}"
        );
    }
}

/// COGNITO.md 6.5 \[D\]: the alias moves, and the former owner's address is no longer verified.
#[test]
fn an_alias_moves_to_the_new_user() {
    let (world, _) = Stage::pool("AliasAttributes = [\"email\"]")
        .on("PreSignUp", |event| {
            event["response"] = json!({"autoConfirmUser": true, "autoVerifyEmail": true});
            Ok(())
        })
        .open();
    for name in ["ada", "bob"] {
        assert_eq!(world.sign_up(name, "shared@example.com").status, 200);
        assert_eq!(
            world.admin_get_user("shared@example.com").json()["Username"],
            *name
        );
    }
    assert_eq!(
        world.attribute("ada", "email_verified").as_deref(),
        Some("false")
    );
    assert_eq!(
        world.attribute("bob", "email_verified").as_deref(),
        Some("true")
    );
}

/// COGNITO.md 2.1 row 10 \[I\]: it runs before the look whether the name is free.
#[test]
fn it_runs_before_the_existence_check() {
    let (world, _) = Stage::pool("")
        .on("PreSignUp", |event| match event["userName"].as_str() {
            Some("eve") => thrown("not you"),
            _ => Ok(()),
        })
        .open();
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let exists = refused("UsernameExistsException", "User already exists");
    assert_eq!(world.sign_up("ada", "ada@example.com").error(), exists);
    let masked = refused(
        "UserLambdaValidationException",
        "PreSignUp failed with error not you.",
    );
    assert_eq!(world.sign_up("eve", "eve@example.com").error(), masked);
}

/// COGNITO.md 2.1 row 10 \[I\]: a function may delete a stale user while the sign-up waits for it.
#[test]
fn a_function_may_call_the_service() {
    let place: Arc<OnceLock<(String, String)>> = Arc::default();
    let known = Arc::clone(&place);
    let function = Function::closure(function_name("PreSignUp"), move |event| {
        let (endpoint, pool) = known.get().unwrap().clone();
        async move {
            // The emulator serves on the thread that runs this future.
            let delete = move || {
                let body = json!({"UserPoolId": pool, "Username": "ada"});
                call(&endpoint, "AdminDeleteUser", &body).status
            };
            tokio::task::spawn_blocking(delete).await.unwrap();
            Ok(event)
        }
    });
    let (world, _) = Stage::pool("").with("PreSignUp", function).open();
    place
        .set((world.emulator.endpoint(), world.pool.clone()))
        .unwrap();
    let first = world.sign_up("ada", "ada@example.com").json();
    let second = world.sign_up("ada", "ada@example.com").json();
    assert!(second["UserSub"].is_string(), "{second}");
    assert_ne!(first["UserSub"], second["UserSub"]);
}

/// COGNITO.md 6.3 \[D\] and 6.4 \[R\]: what the function sees after each way to be confirmed.
#[test]
fn a_confirmation_is_told() {
    let (world, events) = Stage::pool(VERIFIES_EMAIL).note("PostConfirmation").open();
    for name in ["ada", "bob"] {
        world.sign_up(name, &format!("{name}@example.com"));
    }
    assert_eq!(events.take_texts(), [""; 0], "nobody is confirmed");
    let code = world.code("ada@example.com");
    let body = json!({
        "ClientId": "CLIENT", "Username": "ada", "ConfirmationCode": code,
        "ClientMetadata": {"a": "b"},
    });
    assert_eq!(world.call("ConfirmSignUp", &body).status, 200);
    let event = events.take_one();
    assert_eq!(event["triggerSource"], "PostConfirmation_ConfirmSignUp");
    assert_eq!(event["callerContext"]["clientId"], *world.client);
    assert_eq!(event["response"], json!({}));
    let attributes = &event["request"]["userAttributes"];
    assert_eq!(attributes["cognito:user_status"], "CONFIRMED");
    assert_eq!(attributes["email_verified"], "true");
    assert_eq!(event["request"]["clientMetadata"], json!({"a": "b"}));

    let body = json!({"UserPoolId": "POOL", "Username": "bob"});
    assert_eq!(world.call("AdminConfirmSignUp", &body).status, 200);
    let event = events.take_one();
    assert_eq!(event["triggerSource"], "PostConfirmation_ConfirmSignUp");
    assert_eq!(
        event["callerContext"]["clientId"],
        "CLIENT_ID_NOT_APPLICABLE"
    );
    assert_eq!(
        event["request"]["userAttributes"]["email_verified"],
        "false"
    );
    assert_eq!(event["request"].get("clientMetadata"), None::<&Value>);
}

/// COGNITO.md 6.2 \[U\]: the caller hears of it; that the user stays confirmed is a guess.
#[test]
fn a_failure_after_the_confirmation_undoes_nothing() {
    let (world, _) = Stage::pool("")
        .on("PostConfirmation", |_| thrown("no greeting"))
        .open();
    world.sign_up("ada", "ada@example.com");
    let body = json!({"UserPoolId": "POOL", "Username": "ada"});
    let reply = world.call("AdminConfirmSignUp", &body);
    let message = "PostConfirmation failed with error no greeting.";
    assert_eq!(
        reply.error(),
        refused("UserLambdaValidationException", message)
    );
    assert_eq!(
        world.admin_get_user("ada").json()["UserStatus"],
        "CONFIRMED"
    );
}
