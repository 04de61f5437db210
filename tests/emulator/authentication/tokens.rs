//! Tokens, looked at by a verifier that nobody here wrote (COGNITO.md 10).

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use super::requests::{PASSWORD, claims, user, world, world_of};
use crate::wire::send;
use crate::world::World;

/// Verifies a token as a resource server does, from the discovery document on.
fn verified(world: &World, token: &Value, audience: Option<&str>) -> Value {
    let endpoint = world.emulator.endpoint();
    let path = format!("/{}/.well-known/openid-configuration", world.pool);
    let configuration = send(&endpoint, "GET", &path, "", b"").json();
    let jwks = configuration["jwks_uri"].as_str().unwrap();
    let jwks = send(
        &endpoint,
        "GET",
        jwks.strip_prefix(&endpoint).unwrap(),
        "",
        b"",
    )
    .body;
    let jwks: JwkSet = serde_json::from_str(&jwks).unwrap();
    let token = token.as_str().unwrap();
    let header = decode_header(token).unwrap();
    assert_eq!((header.alg, header.typ), (Algorithm::RS256, None));
    let key = jwks.find(&header.kid.unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[configuration["issuer"].as_str().unwrap()]);
    match audience {
        Some(audience) => validation.set_audience(&[audience]),
        None => validation.validate_aud = false,
    }
    let key = DecodingKey::from_jwk(key).unwrap();
    decode::<Value>(token, &key, &validation).unwrap().claims
}

const ID_CLAIMS: [&str; 17] = [
    "aud",
    "auth_time",
    "cognito:username",
    "custom:plan",
    "custom:seats",
    "email",
    "email_verified",
    "event_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "origin_jti",
    "phone_number",
    "phone_number_verified",
    "sub",
    "token_use",
];
const ACCESS_CLAIMS: [&str; 12] = [
    "auth_time",
    "client_id",
    "event_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "origin_jti",
    "scope",
    "sub",
    "token_use",
    "username",
];

fn names(claims: &Value) -> Vec<&str> {
    claims
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// COGNITO.md 10 \[D, V\]: all claims of both tokens, and no others.
#[test]
fn both_tokens_say_what_those_of_aws_say() {
    let pool = "UsernameAttributes = [\"email\"]\n\
                Schema = [{ Name = \"plan\", AttributeDataType = \"String\", Mutable = true }, \
                { Name = \"seats\", AttributeDataType = \"Number\", Mutable = true }]";
    let attributes = "{ Name = \"custom:plan\", Value = \"pro\" }, \
                      { Name = \"custom:seats\", Value = \"7\" }, \
                      { Name = \"phone_number\", Value = \"+12025559934\" }";
    let world = world_of(pool, "", &user("ada@example.com", "CONFIRMED", attributes));
    let tokens = world.tokens("ada@example.com");
    let id = verified(&world, &tokens["IdToken"], Some(&world.client));
    let access = verified(&world, &tokens["AccessToken"], None);
    assert_eq!(names(&id), ID_CLAIMS);
    assert_eq!(names(&access), ACCESS_CLAIMS);
    assert_eq!(
        id["email_verified"],
        json!(false),
        "a JSON boolean, present although false"
    );
    assert_eq!(
        (&id["custom:plan"], &id["custom:seats"]),
        (&json!("pro"), &json!("7"))
    );
    assert_eq!(
        (&id["cognito:username"], &access["username"]),
        (&id["sub"], &access["sub"])
    );
    assert_eq!(
        (&id["token_use"], &access["token_use"]),
        (&json!("id"), &json!("access"))
    );
    assert_eq!(access["client_id"], json!(world.client));
    assert_eq!(access["scope"], "aws.cognito.signin.user.admin");
    for same in [
        "sub",
        "iss",
        "origin_jti",
        "event_id",
        "auth_time",
        "iat",
        "exp",
    ] {
        assert_eq!(id[same], access[same], "{same}");
    }
    for uuid in ["sub", "jti", "origin_jti", "event_id"] {
        assert!(
            id[uuid].as_str().unwrap().parse::<uuid::Uuid>().is_ok(),
            "{uuid}"
        );
    }
    assert_ne!(id["jti"], access["jti"]);
    let kid = |token: &Value| decode_header(token.as_str().unwrap()).unwrap().kid;
    assert_ne!(kid(&tokens["IdToken"]), kid(&tokens["AccessToken"]), "[D]");
}

/// COGNITO.md 8 \[D\] and 10: attributes that the client may not read are in no answer.
#[test]
fn unreadable_attributes_are_left_out() {
    let world = world("", "ReadAttributes = [\"email\"]");
    let tokens = world.tokens("ada");
    let id = claims(&tokens["IdToken"]);
    assert_eq!(id["email"], "ada@example.com");
    for hidden in ["email_verified", "phone_number", "phone_number_verified"] {
        assert!(id.get(hidden).is_none(), "{hidden}");
    }
    let shown = world
        .call("GetUser", &json!({"AccessToken": tokens["AccessToken"]}))
        .json();
    let names = shown["UserAttributes"].as_array().unwrap().iter();
    let names: Vec<_> = names
        .map(|attribute| attribute["Name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["sub", "email"]);
}

/// COGNITO.md 9 \[D\]: the client's validities in their units, and an hour without them.
#[test]
fn tokens_live_as_long_as_the_client_says() {
    let units = "AccessTokenValidity = 10\nIdTokenValidity = 1800\n\
                 TokenValidityUnits = { AccessToken = \"minutes\", IdToken = \"seconds\" }";
    let cases = [
        ("", 3_600, 3_600),
        (
            "AccessTokenValidity = 2\nIdTokenValidity = 3",
            7_200,
            10_800,
        ),
        (units, 600, 1_800),
    ];
    for (client, access, id) in cases {
        let world = world("", client);
        let tokens = world.tokens("ada");
        let life = |kind: &str| {
            let claims = claims(&tokens[kind]);
            claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
        };
        assert_eq!(
            (life("AccessToken"), life("IdToken")),
            (access, id),
            "{client}"
        );
        assert_eq!(tokens["ExpiresIn"], access, "{client}");
        let by_token = json!({"AccessToken": tokens["AccessToken"]});
        world.advance_minutes(access / 60 - 1);
        assert_eq!(world.call("GetUser", &by_token).status, 200);
        world.advance_minutes(1);
        let expired = [
            "GetUser",
            "GlobalSignOut",
            "SetUserMFAPreference",
            "GetUserAuthFactors",
        ];
        for operation in expired {
            let error = world.call(operation, &by_token).error();
            assert_eq!(error.1, "Access Token has expired", "{operation}");
        }
    }
}

/// COGNITO.md 3.10 \[D\]: `auth_time` is the sign-in's, also after a challenge.
#[test]
fn a_sign_in_ends_when_its_last_challenge_does() {
    let world = world("MfaConfiguration = \"ON\"\nEmailMfaConfiguration = {}", "");
    let challenge = world.sign_in("ada", PASSWORD).json();
    world.advance_minutes(2);
    let code = json!({"USERNAME": "ada", "EMAIL_OTP_CODE": world.mailed_digits()});
    let tokens = world.respond(&challenge, &code).json()["AuthenticationResult"].clone();
    let access = claims(&tokens["AccessToken"]);
    assert_eq!(access["auth_time"], access["iat"]);
}
