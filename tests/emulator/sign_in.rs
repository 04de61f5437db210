//! `InitiateAuth`, `GetUser` and `DeleteUser` (COGNITO.md 3.8, 3.10 and 10).

use aws_sdk_cognitoidentityprovider::types::AuthFlowType;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::wire::{Reply, send};
use crate::world::World;

fn sign_in(world: &World, username: &str, password: &str) -> Reply {
    let parameters = json!({"USERNAME": username, "PASSWORD": password});
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "CLIENT", "AuthParameters": parameters,
    });
    world.call("InitiateAuth", &body)
}

fn refused(name: &str, message: &str) -> (String, String) {
    (name.to_owned(), message.to_owned())
}

fn incorrect() -> (String, String) {
    refused("NotAuthorizedException", "Incorrect username or password.")
}

fn confirmed(world: &World) {
    world.sign_up("ada", "ada@example.com");
    world.confirm("ada", &world.code("ada@example.com"));
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// COGNITO.md 3.10 \[R, D\].
#[test]
fn who_may_not_sign_in_is_told_as_aws_tells_it() {
    let world = World::standard();
    let unknown = refused("UserNotFoundException", "User does not exist.");
    assert_eq!(sign_in(&world, "eve", "x").error(), unknown);
    world.sign_up("ada", "ada@example.com");
    let unconfirmed = refused("UserNotConfirmedException", "User is not confirmed.");
    assert_eq!(sign_in(&world, "ada", "wrong").error(), unconfirmed);
    world.confirm("ada", &world.code("ada@example.com"));
    for _ in 0..5 {
        assert_eq!(sign_in(&world, "ada", "wrong").error(), incorrect());
    }
    let locked = refused("NotAuthorizedException", "Password attempts exceeded");
    assert_eq!(sign_in(&world, "ada", "Passw0rd!").error(), locked);
    world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(sign_in(&world, "ada", "Passw0rd!").status, 200);

    let hiding = "PreventUserExistenceErrors = \"ENABLED\"";
    let world = World::with_pool_and_client("", hiding);
    assert_eq!(sign_in(&world, "eve", "x").error(), incorrect());
    let admin = json!({"AuthFlow": "ADMIN_NO_SRP_AUTH", "ClientId": "CLIENT"});
    let message = "Initiate Auth method not supported.";
    assert_eq!(world.call("InitiateAuth", &admin).error().1, message);
}

/// COGNITO.md 10 \[D, V\].
#[test]
fn tokens_say_what_those_of_aws_say() {
    let world = World::standard();
    confirmed(&world);
    let answer = sign_in(&world, "ada", "Passw0rd!").json();
    assert_eq!(answer["ChallengeParameters"], json!({}));
    let tokens = &answer["AuthenticationResult"];
    assert_eq!(
        (&tokens["ExpiresIn"], &tokens["TokenType"]),
        (&json!(3600), &json!("Bearer"))
    );
    let (id, access) = (claims(&tokens["IdToken"]), claims(&tokens["AccessToken"]));
    let issuer = format!("https://cognito-idp.us-east-1.amazonaws.com/{}", world.pool);
    for token in [&id, &access] {
        assert_eq!(token["iss"], issuer);
        assert_eq!(token["origin_jti"], id["origin_jti"]);
    }
    assert_ne!(id["jti"], access["jti"]);
    assert_eq!(
        (&id["token_use"], &id["aud"]),
        (&json!("id"), &json!(world.client))
    );
    assert_eq!(
        (&id["email"], &id["email_verified"]),
        (&json!("ada@example.com"), &json!(true))
    );
    assert_eq!(id["cognito:username"], "ada");
    assert_eq!(
        (&access["token_use"], &access["username"]),
        (&json!("access"), &json!("ada"))
    );
    assert_eq!(access["scope"], "aws.cognito.signin.user.admin");
    assert!(access.get("email").is_none());

    let path = format!("/{}/.well-known/jwks.json", world.pool);
    let jwks = send(&world.emulator.endpoint(), "GET", &path, "", b"").json();
    let header = |token: &Value| {
        let header = token.as_str().unwrap().split('.').next().unwrap();
        let header = BASE64_URL_SAFE_NO_PAD.decode(header).unwrap();
        serde_json::from_slice::<Value>(&header).unwrap()["kid"].clone()
    };
    assert_eq!(header(&tokens["IdToken"]), jwks["keys"][0]["kid"]);
    assert_eq!(header(&tokens["AccessToken"]), jwks["keys"][1]["kid"]);
    let path = format!("/{}/.well-known/openid-configuration", world.pool);
    let configuration = send(&world.emulator.endpoint(), "GET", &path, "", b"").json();
    assert_eq!(configuration["issuer"], issuer);
}

/// COGNITO.md 3.10 \[D\]: a refresh gives no new refresh token and keeps `auth_time`.
#[test]
fn a_refresh_token_continues_the_session_until_the_user_is_deleted() {
    let world = World::standard();
    confirmed(&world);
    let first = sign_in(&world, "ada", "Passw0rd!").json()["AuthenticationResult"].clone();
    let refresh = || {
        let parameters = json!({"REFRESH_TOKEN": first["RefreshToken"]});
        let body = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": "CLIENT", "AuthParameters": parameters,
        });
        world.call("InitiateAuth", &body)
    };
    world.clock.advance(SignedDuration::from_mins(90));
    let second = refresh().json()["AuthenticationResult"].clone();
    assert!(second.get("RefreshToken").is_none());
    let (old, new) = (claims(&first["IdToken"]), claims(&second["IdToken"]));
    assert_eq!(
        (&old["auth_time"], &old["origin_jti"]),
        (&new["auth_time"], &new["origin_jti"])
    );
    assert_ne!(old["iat"], new["iat"]);
    let expired = world
        .call("GetUser", &json!({"AccessToken": first["AccessToken"]}))
        .error();
    assert_eq!(
        expired,
        refused("NotAuthorizedException", "Access Token has expired")
    );
    world.call(
        "AdminDeleteUser",
        &json!({"UserPoolId": "POOL", "Username": "ada"}),
    );
    assert_eq!(refresh().error().0, "NotAuthorizedException");
}

/// COGNITO.md 3.8, through the SDK: the user deletes itself and signs up again.
#[tokio::test]
async fn a_user_deletes_itself_with_its_token() {
    let world = World::standard();
    confirmed(&world);
    let auth = world.sdk.initiate_auth().client_id(&world.client);
    let auth = auth.auth_flow(AuthFlowType::UserPasswordAuth);
    let auth = auth
        .auth_parameters("USERNAME", "ada")
        .auth_parameters("PASSWORD", "Passw0rd!");
    let tokens = auth.send().await.unwrap().authentication_result.unwrap();
    let token = tokens.access_token().unwrap();
    let shown = world
        .sdk
        .get_user()
        .access_token(token)
        .send()
        .await
        .unwrap();
    assert_eq!(shown.username(), "ada");
    world
        .sdk
        .delete_user()
        .access_token(token)
        .send()
        .await
        .unwrap();
    let orphan = world
        .sdk
        .get_user()
        .access_token(token)
        .send()
        .await
        .unwrap_err();
    assert!(orphan.into_service_error().is_user_not_found_exception());
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    // The second account is another user; the first one's token does not speak for it.
    let orphan = world
        .sdk
        .get_user()
        .access_token(token)
        .send()
        .await
        .unwrap_err();
    assert!(orphan.into_service_error().is_user_not_found_exception());
}
