//! Refresh tokens, rotation and revocation (COGNITO.md 3.8, 3.10 and 10).

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::requests::{claims, invalid_parameter, not_authorized, refused, user, world, world_of};
use crate::wire::Reply;
use crate::world::World;

const ROTATING: &str =
    "RefreshTokenRotation = { Feature = \"ENABLED\", RetryGracePeriodSeconds = 30 }";

fn refresh(world: &World, tokens: &Value) -> Reply {
    let parameters = json!({"REFRESH_TOKEN": tokens["RefreshToken"]});
    world.initiate("REFRESH_TOKEN_AUTH", &parameters)
}

fn get_tokens(world: &World, tokens: &Value) -> Reply {
    let body = json!({"ClientId": "CLIENT", "RefreshToken": tokens["RefreshToken"]});
    world.call("GetTokensFromRefreshToken", &body)
}

fn get_user(world: &World, tokens: &Value) -> Reply {
    world.call("GetUser", &json!({"AccessToken": tokens["AccessToken"]}))
}

/// COGNITO.md 3.10 \[D\] and 10 \[V\]: no new refresh token, the same beginning.
#[test]
fn a_refresh_continues_the_session() {
    let world = world("", "");
    let first = world.tokens("ada");
    world.advance_minutes(30);
    for reply in [refresh(&world, &first), get_tokens(&world, &first)] {
        let second = reply.json()["AuthenticationResult"].clone();
        assert!(second.get("RefreshToken").is_none());
        for kind in ["IdToken", "AccessToken"] {
            let (old, new) = (claims(&first[kind]), claims(&second[kind]));
            for same in ["auth_time", "origin_jti", "sub"] {
                assert_eq!(old[same], new[same], "{kind} {same}");
            }
            for other in ["jti", "iat", "exp", "event_id"] {
                assert_ne!(old[other], new[other], "{kind} {other}");
            }
        }
        assert_eq!(get_user(&world, &second).status, 200);
    }
}

/// COGNITO.md 3.10 \[T, U\] and aws-sdk-js issue 4016: every bad token has its words.
#[test]
fn bad_refresh_tokens_are_told_apart() {
    let world = world(
        "",
        "RefreshTokenValidity = 60\nTokenValidityUnits = { RefreshToken = \"minutes\" }",
    );
    let body = json!({"UserPoolId": "POOL", "ClientName": "other"});
    let other = world.call("CreateUserPoolClient", &body).json();
    let tokens = world.tokens("ada");
    let bogus = json!({"RefreshToken": "bogus"});
    let invalid = not_authorized("Invalid Refresh Token");
    assert_eq!(refresh(&world, &bogus).error(), invalid);
    assert_eq!(get_tokens(&world, &bogus).error(), invalid);
    let foreign = json!({
        "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": other["UserPoolClient"]["ClientId"],
        "AuthParameters": {"REFRESH_TOKEN": tokens["RefreshToken"]},
    });
    let error = world.call("InitiateAuth", &foreign).error();
    assert_eq!(error, not_authorized("Refresh Token has different Client."));
    world.advance_minutes(60);
    let expired = not_authorized("Refresh Token has expired");
    assert_eq!(refresh(&world, &tokens).error(), expired);
    assert_eq!(get_tokens(&world, &tokens).error(), expired);
}

/// COGNITO.md 3.8 \[T, U\]: signing out ends every session of the user, and of nobody else.
#[test]
fn a_global_sign_out_revokes_all_tokens_of_the_user() {
    for by_admin in [false, true] {
        let users = [user("ada", "CONFIRMED", ""), user("bob", "CONFIRMED", "")].concat();
        let world = world_of("", "", &users);
        let [one, two, bob] = ["ada", "ada", "bob"].map(|name| world.tokens(name));
        let reply = if by_admin {
            world.call(
                "AdminUserGlobalSignOut",
                &json!({"UserPoolId": "POOL", "Username": "ada"}),
            )
        } else {
            world.call("GlobalSignOut", &json!({"AccessToken": one["AccessToken"]}))
        };
        assert_eq!((reply.status, &*reply.body), (200, "{}"));
        for tokens in [&one, &two] {
            let revoked = not_authorized("Access Token has been revoked");
            for operation in [
                "GetUser",
                "GlobalSignOut",
                "GetUserAuthFactors",
                "DeleteUser",
            ] {
                let body = json!({"AccessToken": tokens["AccessToken"]});
                assert_eq!(world.call(operation, &body).error(), revoked, "{operation}");
            }
            let revoked = not_authorized("Refresh Token has been revoked");
            assert_eq!(refresh(&world, tokens).error(), revoked);
        }
        assert_eq!(get_user(&world, &bob).status, 200);
        // The clock stood still: a new sign-in of the same second is not signed out.
        assert_eq!(get_user(&world, &world.tokens("ada")).status, 200);
    }
    let unknown = json!({"UserPoolId": "POOL", "Username": "eve"});
    let error = world("", "")
        .call("AdminUserGlobalSignOut", &unknown)
        .error();
    assert_eq!(
        error,
        refused("UserNotFoundException", "User does not exist.")
    );
}

/// `RevokeToken` \[M\]: one session ends; the errors' texts are guesses.
#[test]
fn revoking_ends_one_session() {
    let world = world("", "");
    let [one, two] = ["ada", "ada"].map(|name| world.tokens(name));
    let refreshed = refresh(&world, &one).json()["AuthenticationResult"].clone();
    let revoke = |token: &Value| {
        world.call(
            "RevokeToken",
            &json!({"ClientId": "CLIENT", "Token": token}),
        )
    };
    for _ in 0..2 {
        let reply = revoke(&one["RefreshToken"]);
        assert_eq!((reply.status, &*reply.body), (200, "{}"));
    }
    let revoked = not_authorized("Access Token has been revoked");
    assert_eq!(get_user(&world, &one).error(), revoked);
    assert_eq!(get_user(&world, &refreshed).error(), revoked);
    let revoked = not_authorized("Refresh Token has been revoked");
    assert_eq!(refresh(&world, &one).error(), revoked);
    assert_eq!(get_user(&world, &two).status, 200);
    let error = revoke(&two["AccessToken"]).error();
    assert_eq!(error.0, "UnsupportedTokenTypeException");
}

/// `RevokeToken` \[M\] for a client with a secret, and for one that does not revoke.
#[test]
fn revoking_is_for_the_client_that_may() {
    let world_of_secret = world("", "ClientSecret = \"s3cret-s3cret-s3cret-s3cret\"");
    let body = json!({"ClientId": "CLIENT", "Token": "t", "ClientSecret": "wr0ng_".repeat(4)});
    let error = world_of_secret.call("RevokeToken", &body).error();
    assert_eq!(error.0, "UnauthorizedException");
    let world = world("", "EnableTokenRevocation = false");
    let body = json!({"ClientId": "CLIENT", "Token": world.tokens("ada")["RefreshToken"]});
    assert_eq!(
        world.call("RevokeToken", &body).error().0,
        "UnsupportedOperationException"
    );
}

/// COGNITO.md 3.10 \[M\]: a rotated token works for its grace period, then never again; its
/// successors live no longer than it would have.
#[test]
fn rotation_replaces_the_token() {
    let world = world("", ROTATING);
    let first = world.tokens("ada");
    let error = refresh(&world, &first).error();
    assert_eq!(
        error,
        invalid_parameter("Auth flow not enabled for this client")
    );
    let second = get_tokens(&world, &first).json()["AuthenticationResult"].clone();
    assert!(second["RefreshToken"].is_string());
    assert_ne!(first["RefreshToken"], second["RefreshToken"]);
    world.clock.advance(SignedDuration::from_secs(29));
    assert_eq!(get_tokens(&world, &first).status, 200);
    world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(
        get_tokens(&world, &first).error().0,
        "RefreshTokenReuseException"
    );
    world.clock.advance(SignedDuration::from_hours(29 * 24));
    let third = get_tokens(&world, &second).json()["AuthenticationResult"].clone();
    assert!(third["RefreshToken"].is_string());
    world.clock.advance(SignedDuration::from_hours(24));
    let expired = not_authorized("Refresh Token has expired");
    assert_eq!(get_tokens(&world, &third).error(), expired);
}
