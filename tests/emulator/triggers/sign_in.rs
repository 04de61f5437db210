//! `PreAuthentication`, `PostAuthentication` and `UserMigration` (COGNITO.md 6.5).

use serde_json::{Value, json};

use super::fixture::{Stage, refused, sign_in, sign_in_with, thrown};

/// A pool that confirms everybody.
fn confirming() -> Stage {
    Stage::pool("").on("PreSignUp", |event| {
        event["response"]["autoConfirmUser"] = json!(true);
        Ok(())
    })
}

/// COGNITO.md 6.3 \[D\]: which functions a sign-in and a refresh call, and in which order. That
/// `PostAuthentication` comes before the tokens is documented, before their claims a guess.
#[test]
fn a_sign_in_calls_its_functions_in_order() {
    let (world, events) = confirming()
        .note("PreAuthentication")
        .note("PostAuthentication")
        .note("PreTokenGeneration")
        .open();
    world.sign_up("ada", "ada@example.com");
    events.take();
    let metadata = json!({"device": "tablet"});
    let reply = sign_in_with(&world, "ada", "Passw0rd!", &metadata).json();
    let seen = events.take();
    let [before, after, tokens] = seen.as_slice() else {
        panic!("{seen:?}");
    };
    assert_eq!(before["triggerSource"], "PreAuthentication_Authentication");
    assert_eq!(before["request"]["validationData"], metadata);
    assert_eq!(before["request"].get("userNotFound"), None);
    assert_eq!(after["triggerSource"], "PostAuthentication_Authentication");
    assert_eq!(after["request"]["newDeviceUsed"], false);
    assert_eq!(after["request"].get("clientMetadata"), None);
    assert_eq!(tokens["triggerSource"], "TokenGeneration_Authentication");
    for event in &seen {
        let attributes = &event["request"]["userAttributes"];
        assert_eq!(attributes["cognito:user_status"], "CONFIRMED");
        assert_eq!(event["userName"], "ada");
    }

    let token = &reply["AuthenticationResult"]["RefreshToken"];
    let body = json!({
        "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": "CLIENT",
        "AuthParameters": {"REFRESH_TOKEN": token},
    });
    assert_eq!(world.call("InitiateAuth", &body).status, 200);
    assert_eq!(events.take_sources(), ["TokenGeneration_RefreshTokens"]);

    assert_eq!(sign_in(&world, "ada", "wrong").status, 400);
    assert_eq!(events.take_sources(), ["PreAuthentication_Authentication"]);
}

/// COGNITO.md 6.2: each of the three refuses, and there are no tokens.
#[test]
fn each_function_may_refuse() {
    for trigger in [
        "PreAuthentication",
        "PostAuthentication",
        "PreTokenGeneration",
    ] {
        let (world, _) = confirming().on(trigger, |_| thrown("not today")).open();
        world.sign_up("ada", "ada@example.com");
        let reply = sign_in(&world, "ada", "Passw0rd!");
        let message = format!("{trigger} failed with error not today.");
        assert_eq!(
            reply.error(),
            refused("UserLambdaValidationException", &message)
        );
    }
}

/// COGNITO.md 6.5 \[D\]: a client that hides users asks for unknown ones, too.
#[test]
fn an_unknown_user_is_told_to_the_function_alone() {
    let (world, events) = Stage::pool("")
        .client("PreventUserExistenceErrors = \"ENABLED\"")
        .note("PreAuthentication")
        .open();
    let incorrect = refused("NotAuthorizedException", "Incorrect username or password.");
    assert_eq!(sign_in(&world, "eve", "x").error(), incorrect);
    let event = events.take_one();
    assert_eq!(event["userName"], "eve");
    assert_eq!(event["request"]["userNotFound"], true);
    assert_eq!(event["request"]["userAttributes"], json!({}));

    let (world, events) = Stage::pool("").note("PreAuthentication").open();
    let unknown = refused("UserNotFoundException", "User does not exist.");
    assert_eq!(sign_in(&world, "eve", "x").error(), unknown);
    assert_eq!(events.take(), [Value::Null; 0]);
}

/// COGNITO.md 6.5 \[D\]: the user is created with the password that was typed, whatever the policy.
#[test]
fn a_user_is_brought_over_once() {
    let (world, events) = Stage::pool("")
        .on("UserMigration", |event| {
            if event["request"]["password"] == "old" {
                event["response"]["userAttributes"] = json!({
                    "email": "ada@example.com", "email_verified": "true", "sub": "of-another-place",
                });
                event["response"]["finalUserStatus"] = json!("CONFIRMED");
            }
            Ok(())
        })
        .open();
    let metadata = json!({"from": "forum"});
    let reply = sign_in_with(&world, "ada", "old", &metadata);
    assert!(
        reply.json()["AuthenticationResult"]["AccessToken"].is_string(),
        "{reply:?}"
    );
    let event = events.take_one();
    assert_eq!(event["triggerSource"], "UserMigration_Authentication");
    assert_eq!(event["userName"], "ada");
    assert_eq!(event["request"]["validationData"], metadata);
    assert_eq!(event["response"]["finalUserStatus"], Value::Null);
    assert_eq!(
        world.admin_get_user("ada").json()["UserStatus"],
        "CONFIRMED"
    );
    assert_eq!(
        world.attribute("ada", "email_verified").as_deref(),
        Some("true")
    );

    assert_eq!(sign_in(&world, "ada", "old").status, 200);
    assert_eq!(sign_in(&world, "ada", "other").status, 400);
    assert_eq!(
        events.take(),
        [Value::Null; 0],
        "the pool knows the user now"
    );
}

/// COGNITO.md 6.5 \[R, U\]: a failure and an empty answer create nobody.
#[test]
fn nobody_is_brought_over_by_a_failure() {
    for throws in [true, false] {
        for (client, name) in [
            ("", "UserNotFoundException"),
            (
                "PreventUserExistenceErrors = \"ENABLED\"",
                "NotAuthorizedException",
            ),
        ] {
            let (world, _) = Stage::pool("")
                .client(client)
                .on(
                    "UserMigration",
                    move |_| if throws { thrown("no") } else { Ok(()) },
                )
                .open();
            assert_eq!(sign_in(&world, "ada", "x").error().0, name, "{throws}");
            let listed = world.call("ListUsers", &json!({"UserPoolId": "POOL"}));
            assert_eq!(listed.json()["Users"], json!([]), "{throws}");
        }
    }
}
