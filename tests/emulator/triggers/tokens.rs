//! `PreTokenGeneration` (COGNITO.md 6.5 and 10).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::fixture::{Events, Stage, arn, refused, sign_in};
use crate::world::World;

/// A pool with one confirmed user, whose function answers so.
fn world(version: &str, response: Value) -> (World, Events) {
    let config = format!(
        "LambdaConfig.PreTokenGenerationConfig = {{ LambdaVersion = \"{version}\", LambdaArn = \"{}\" }}",
        arn("PreTokenGeneration")
    );
    let (world, events) = Stage::pool(&config)
        .on("PreTokenGeneration", move |event| {
            event["response"] = response.clone();
            Ok(())
        })
        .open();
    world.sign_up("ada", "ada@example.com");
    world.call(
        "AdminConfirmSignUp",
        &json!({"UserPoolId": "POOL", "Username": "ada"}),
    );
    (world, events)
}

/// The claims of the id and of the access token.
fn claims(world: &World) -> (Value, Value) {
    let reply = sign_in(world, "ada", "Passw0rd!").json();
    let claims = |token: &str| {
        let token = reply["AuthenticationResult"][token].as_str().unwrap();
        let payload = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
    };
    (claims("IdToken"), claims("AccessToken"))
}

/// COGNITO.md 6.5 \[D, R\]: version 1 changes the id token, and the groups of both.
#[test]
fn version_1_changes_the_id_token() {
    let (world, events) = world(
        "V1_0",
        json!({"claimsOverrideDetails": {
            "claimsToAddOrOverride": {"plan": "gold", "email": "else@example.com", "sub": "x"},
            "claimsToSuppress": ["email_verified"],
            "groupOverrideDetails": {"groupsToOverride": ["admins"], "preferredRole": "r"},
        }}),
    );
    let (id, access) = claims(&world);
    assert_eq!(
        (&id["plan"], &id["email"]),
        (&json!("gold"), &json!("else@example.com"))
    );
    assert_ne!(id["sub"], "x");
    assert_eq!(id.get("email_verified"), None);
    assert_eq!(id["cognito:groups"], json!(["admins"]));
    assert_eq!(id["cognito:preferred_role"], "r");
    assert_eq!(access["cognito:groups"], json!(["admins"]));
    assert_eq!(access.get("plan"), None);
    let event = events.take_one();
    assert_eq!(event["version"], "1");
    assert_eq!(event["request"].get("scopes"), None);
    let groups = json!({"groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": null});
    assert_eq!(event["request"]["groupConfiguration"], groups);
    assert_eq!(event["response"], json!({"claimsOverrideDetails": null}));
}

/// COGNITO.md 6.5 \[R\]: later versions change both tokens, with values of any type, and scopes.
#[test]
fn versions_2_and_3_change_both_tokens() {
    for (version, number) in [("V2_0", "2"), ("V3_0", "3")] {
        let (world, events) = world(
            version,
            json!({"claimsAndScopeOverrideDetails": {
                "idTokenGeneration": {"claimsToAddOrOverride": {"limits": {"max": 7}}},
                "accessTokenGeneration": {
                    "claimsToAddOrOverride": {"tenant": ["a", "b"], "client_id": "x"},
                    "scopesToAdd": ["shop/read"],
                    "scopesToSuppress": ["aws.cognito.signin.user.admin"],
                },
            }}),
        );
        let (id, access) = claims(&world);
        assert_eq!(id["limits"], json!({"max": 7}));
        assert_eq!(access["tenant"], json!(["a", "b"]));
        assert_eq!(access["client_id"], *world.client);
        assert_eq!(access["scope"], "shop/read");
        let event = events.take_one();
        assert_eq!(event["version"], number);
        assert_eq!(
            event["request"]["scopes"],
            json!(["aws.cognito.signin.user.admin"])
        );
    }
}

/// COGNITO.md 6.2 \[R\]: a list is no claim of version 1.
#[test]
fn a_list_in_version_1_is_not_recognised() {
    let details = json!({"claimsToAddOrOverride": {"tenant": ["a"]}});
    let (world, _) = world("V1_0", json!({"claimsOverrideDetails": details}));
    let reply = sign_in(&world, "ada", "Passw0rd!");
    let expected = refused(
        "InvalidLambdaResponseException",
        "Unrecognizable lambda output",
    );
    assert_eq!(reply.error(), expected);
}
