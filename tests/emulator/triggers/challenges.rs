//! The triggers of challenges: `CUSTOM_AUTH` (COGNITO.md 6.5), and a temporary password.

use serde_json::{Value, json};

use super::fixture::{Events, Stage, refused, sign_in};
use crate::world::World;

/// A pool whose functions ask one riddle, and give one more try; `ada` is confirmed.
fn riddle() -> (World, Events) {
    let (world, events) = Stage::pool("")
        .on("DefineAuthChallenge", |event| {
            let session = event["request"]["session"].as_array().unwrap();
            event["response"] = match session.last() {
                Some(last) if last["challengeResult"] == true => json!({"issueTokens": true}),
                _ if session.len() == 2 => json!({"failAuthentication": true}),
                _ => json!({"challengeName": "CUSTOM_CHALLENGE"}),
            };
            Ok(())
        })
        .on("CreateAuthChallenge", |event| {
            event["response"] = json!({
                "publicChallengeParameters": {"riddle": "6 * 7"},
                "privateChallengeParameters": {"answer": "42"},
                "challengeMetadata": "riddle",
            });
            Ok(())
        })
        .on("VerifyAuthChallengeResponse", |event| {
            let request = &event["request"];
            let expected = &request["privateChallengeParameters"]["answer"];
            let right = request["challengeAnswer"] == *expected;
            event["response"] = json!({"answerCorrect": right});
            Ok(())
        })
        .note("PostAuthentication")
        .open();
    let body = json!({
        "UserPoolId": "POOL", "ClientId": "CLIENT", "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"],
    });
    assert_eq!(world.call("UpdateUserPoolClient", &body).status, 200);
    world.sign_up("ada", "ada@example.com");
    let body = json!({"UserPoolId": "POOL", "Username": "ada"});
    assert_eq!(world.call("AdminConfirmSignUp", &body).status, 200);
    (world, events)
}

fn begin(world: &World) -> Value {
    let body = json!({
        "AuthFlow": "CUSTOM_AUTH", "ClientId": "CLIENT", "AuthParameters": {"USERNAME": "ada"},
        "ClientMetadata": {"from": "start"},
    });
    world.call("InitiateAuth", &body).json()
}

fn answer(world: &World, challenge: &Value, answer: &str) -> crate::wire::Reply {
    let body = json!({
        "ChallengeName": "CUSTOM_CHALLENGE", "ClientId": "CLIENT", "Session": challenge["Session"],
        "ChallengeResponses": {"USERNAME": "ada", "ANSWER": answer},
        "ClientMetadata": {"from": "answer"},
    });
    world.call("RespondToAuthChallenge", &body)
}

/// COGNITO.md 6.3 and 6.5 \[D\]: the metadata of the beginning reaches none of these functions,
/// that of an answer all of them.
#[test]
fn functions_ask_and_judge() {
    let (world, events) = riddle();
    let first = begin(&world);
    assert_eq!(first["ChallengeName"], "CUSTOM_CHALLENGE");
    let shown = json!({"USERNAME": "ada", "riddle": "6 * 7"});
    assert_eq!(first["ChallengeParameters"], shown);
    for event in events.take() {
        assert_eq!(event["request"].get("clientMetadata"), None, "{event}");
    }
    let second = answer(&world, &first, "41").json();
    assert_eq!(second["ChallengeName"], "CUSTOM_CHALLENGE");
    events.take();
    let tokens = answer(&world, &second, "42").json();
    assert!(tokens["AuthenticationResult"]["AccessToken"].is_string());
    let seen = events.take();
    for event in &seen {
        let metadata = &event["request"]["clientMetadata"];
        assert_eq!(*metadata, json!({"from": "answer"}), "{event}");
    }
    let sources: Vec<_> = seen.iter().map(|event| &event["triggerSource"]).collect();
    assert_eq!(
        sources,
        [
            "VerifyAuthChallengeResponse_Authentication",
            "DefineAuthChallenge_Authentication",
            "PostAuthentication_Authentication",
        ]
    );
    let result = |right| {
        json!({
            "challengeName": "CUSTOM_CHALLENGE", "challengeResult": right,
            "challengeMetadata": "riddle",
        })
    };
    let session = json!([result(false), result(true)]);
    assert_eq!(seen[1]["request"]["session"], session);
}

/// COGNITO.md 6.5 \[D, U\].
#[test]
fn functions_end_a_sign_in() {
    let (world, _) = riddle();
    let second = answer(&world, &begin(&world), "40").json();
    let refusal = answer(&world, &second, "41").error();
    let incorrect = refused("NotAuthorizedException", "Incorrect username or password.");
    assert_eq!(refusal, incorrect);
}

/// COGNITO.md 6.3 \[D\].
#[test]
fn tokens_after_a_new_password_have_their_source() {
    let (world, events) = Stage::pool("").note("PreTokenGeneration").open();
    let body = json!({
        "UserPoolId": "POOL", "Username": "ada", "TemporaryPassword": "Temp0rary!",
        "MessageAction": "SUPPRESS",
    });
    assert_eq!(world.call("AdminCreateUser", &body).status, 200);
    let challenge = sign_in(&world, "ada", "Temp0rary!").json();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    assert_eq!(events.take(), [Value::Null; 0]);
    let body = json!({
        "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": "CLIENT",
        "Session": challenge["Session"],
        "ChallengeResponses": {"USERNAME": "ada", "NEW_PASSWORD": "Passw0rd!"},
    });
    assert_eq!(world.call("RespondToAuthChallenge", &body).status, 200);
    assert_eq!(
        events.take_sources(),
        ["TokenGeneration_NewPasswordChallenge"]
    );
}
