//! `USER_SRP_AUTH` (COGNITO.md 3.10).

use serde_json::{Value, json};

use super::requests::{
    ADA, PASSWORD, assert_signed_in, incorrect, invalid_parameter, not_authorized, refused, user,
    world, world_of,
};
use super::srp_client::SrpClient;
use crate::wire::Reply;
use crate::world::World;

fn begin(world: &World, client: &SrpClient, username: &str) -> Value {
    let parameters = json!({"USERNAME": username, "SRP_A": client.public()});
    let reply = world.initiate("USER_SRP_AUTH", &parameters);
    assert_eq!(reply.status, 200, "{reply:?}");
    let challenge = reply.json();
    assert_eq!(challenge["ChallengeName"], "PASSWORD_VERIFIER");
    challenge
}

fn sign_in(world: &World, username: &str, password: &str) -> Reply {
    let client = SrpClient::new();
    let challenge = begin(world, &client, username);
    world.respond(&challenge, &client.claim(&world.pool, &challenge, password))
}

/// COGNITO.md 3.10: with a username \[D\], and where it is the `sub` \[V\].
#[test]
fn a_right_password_signs_in_and_a_wrong_one_does_not() {
    let cases = [
        ("", "ada"),
        ("UsernameAttributes = [\"email\"]", "ada@example.com"),
    ];
    for (pool, name) in cases {
        let world = world_of(pool, "", &user(name, "CONFIRMED", ADA));
        assert_signed_in(&sign_in(&world, name, PASSWORD));
        assert_eq!(
            sign_in(&world, name, "wrong").error(),
            incorrect(),
            "{pool}"
        );
    }
}

/// COGNITO.md 3.10 \[D, U\]: the parameters that clients read, and no session.
#[test]
fn the_challenge_has_what_clients_read() {
    let world = world("", "");
    let challenge = begin(&world, &SrpClient::new(), "ada");
    let parameters = challenge["ChallengeParameters"].as_object().unwrap();
    let names: Vec<_> = parameters.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "SALT",
            "SECRET_BLOCK",
            "SRP_B",
            "USERNAME",
            "USER_ID_FOR_SRP"
        ]
    );
    assert!(challenge.get("Session").is_none());
    assert_eq!(parameters["USER_ID_FOR_SRP"], "ada");
}

/// COGNITO.md 3.10: what sign-in with a password refuses, SRP refuses at the response.
#[test]
fn status_and_lock_are_those_of_a_password() {
    let users = [
        user("new", "UNCONFIRMED", ""),
        user("reset", "RESET_REQUIRED", ""),
        user("temporary", "FORCE_CHANGE_PASSWORD", ""),
        user("ada", "CONFIRMED", ""),
    ];
    let world = world_of("", "", &users.concat());
    let unconfirmed = refused("UserNotConfirmedException", "User is not confirmed.");
    assert_eq!(sign_in(&world, "new", "wrong").error(), unconfirmed);
    let reset = refused(
        "PasswordResetRequiredException",
        "Password reset required for the user",
    );
    assert_eq!(sign_in(&world, "reset", PASSWORD).error(), reset);
    let temporary = sign_in(&world, "temporary", PASSWORD).json();
    assert_eq!(temporary["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    for _ in 0..5 {
        assert_eq!(sign_in(&world, "ada", "wrong").error(), incorrect());
    }
    let locked = not_authorized("Password attempts exceeded");
    assert_eq!(sign_in(&world, "ada", PASSWORD).error(), locked);
}

/// COGNITO.md 3.10 \[D\]: an unknown user gets the same salt and UUID each time, and no password
/// fits; without the setting, there is no such user.
#[test]
fn an_unknown_user_is_simulated() {
    let unknown = refused("UserNotFoundException", "User does not exist.");
    let parameters = json!({"USERNAME": "eve", "SRP_A": SrpClient::new().public()});
    assert_eq!(
        world("", "").initiate("USER_SRP_AUTH", &parameters).error(),
        unknown
    );

    let world = world("", "PreventUserExistenceErrors = \"ENABLED\"");
    let client = SrpClient::new();
    let [first, second] = [(), ()].map(|()| begin(&world, &client, "eve"));
    let parameters = |challenge: &Value, name: &str| challenge["ChallengeParameters"][name].clone();
    for same in ["SALT", "USER_ID_FOR_SRP", "USERNAME"] {
        assert_eq!(
            parameters(&first, same),
            parameters(&second, same),
            "{same}"
        );
    }
    assert_ne!(parameters(&first, "SRP_B"), parameters(&second, "SRP_B"));
    let id = parameters(&first, "USER_ID_FOR_SRP");
    assert!(id.as_str().unwrap().parse::<uuid::Uuid>().is_ok(), "{id}");
    let claim = client.claim(&world.pool, &first, PASSWORD);
    assert_eq!(world.respond(&first, &claim).error(), incorrect());
}

/// COGNITO.md 3.10 \[R\] and RFC 5054, 2.5.4.
#[test]
fn a_claim_is_taken_once_in_time_and_for_its_user() {
    let world = world_of(
        "",
        "",
        &[user("ada", "CONFIRMED", ""), user("bob", "CONFIRMED", "")].concat(),
    );
    let client = SrpClient::new();
    let challenge = begin(&world, &client, "ada");
    let claim = client.claim(&world.pool, &challenge, PASSWORD);
    let mut anothers = claim.clone();
    anothers["USERNAME"] = json!("bob");
    let error = world.respond(&challenge, &anothers).error();
    assert_eq!(error, not_authorized("Invalid session for the user."));
    assert_signed_in(&world.respond(&challenge, &claim));
    let again = "Invalid session for the user, session can only be used once.";
    assert_eq!(
        world.respond(&challenge, &claim).error(),
        not_authorized(again)
    );

    let challenge = begin(&world, &client, "ada");
    world.advance_minutes(4);
    let late = "Invalid session for the user, session is expired.";
    let claim = client.claim(&world.pool, &challenge, PASSWORD);
    assert_eq!(
        world.respond(&challenge, &claim).error(),
        not_authorized(late)
    );

    for missing in [
        "TIMESTAMP",
        "PASSWORD_CLAIM_SIGNATURE",
        "PASSWORD_CLAIM_SECRET_BLOCK",
    ] {
        let challenge = begin(&world, &client, "ada");
        let mut claim = client.claim(&world.pool, &challenge, PASSWORD);
        claim.as_object_mut().unwrap().remove(missing);
        let message = format!("Missing required parameter {missing}");
        assert_eq!(
            world.respond(&challenge, &claim).error(),
            invalid_parameter(&message)
        );
    }
    for srp_a in ["0", "", "xyz"] {
        let parameters = json!({"USERNAME": "ada", "SRP_A": srp_a});
        let error = world.initiate("USER_SRP_AUTH", &parameters).error();
        assert_eq!(error.0, "InvalidParameterException", "{srp_a}");
    }
}

/// COGNITO.md 3.10 \[D\]: administrators may begin with SRP too.
#[test]
fn srp_works_for_administrators_with_an_alias() {
    let world = world("AliasAttributes = [\"email\"]", "");
    let client = SrpClient::new();
    let parameters = json!({"USERNAME": "ada@example.com", "SRP_A": client.public()});
    let challenge = world.admin_initiate("USER_SRP_AUTH", &parameters).json();
    let body = json!({
        "UserPoolId": "POOL", "ClientId": "CLIENT", "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": client.claim(&world.pool, &challenge, PASSWORD),
    });
    assert_signed_in(&world.call("AdminRespondToAuthChallenge", &body));
}
