//! App clients and their secrets.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::wire::Reply;
use crate::world::World;

fn made(world: &World, settings: &Value) -> Reply {
    let mut body = settings.clone();
    body["UserPoolId"] = json!("POOL");
    body["ClientName"] = json!("web");
    world.call("CreateUserPoolClient", &body)
}

/// The API reference: what an update does not name gets its default; id, name and secret stay.
#[test]
fn an_update_resets_what_it_does_not_name() {
    let world = World::standard();
    let settings = json!({
        "GenerateSecret": true, "RefreshTokenValidity": 5, "AccessTokenValidity": 10,
        "TokenValidityUnits": {"AccessToken": "minutes"}, "ReadAttributes": ["email"],
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], "PreventUserExistenceErrors": "ENABLED",
        "CallbackURLs": ["https://shop.example/in"], "EnableTokenRevocation": false,
    });
    let before = made(&world, &settings).json()["UserPoolClient"].take();
    let update = json!({"UserPoolId": "POOL", "ClientId": before["ClientId"],
        "WriteAttributes": ["name"]});
    let after = world.call("UpdateUserPoolClient", &update).json()["UserPoolClient"].take();
    for kept in [
        "ClientId",
        "ClientName",
        "ClientSecret",
        "CreationDate",
        "UserPoolId",
    ] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    for reset in [
        "AccessTokenValidity",
        "ReadAttributes",
        "CallbackURLs",
        "PreventUserExistenceErrors",
    ] {
        assert!(
            before.get(reset).is_some() && after.get(reset).is_none(),
            "{reset}"
        );
    }
    assert_eq!(after["RefreshTokenValidity"], 30);
    assert_eq!(after["EnableTokenRevocation"], true);
    assert_eq!(after["WriteAttributes"], json!(["name"]));
    let flows = json!([
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_CUSTOM_AUTH"
    ]);
    assert_eq!(after["ExplicitAuthFlows"], flows);
    let shown = json!({"UserPoolId": "POOL", "ClientId": before["ClientId"]});
    let shown = world.call("DescribeUserPoolClient", &shown).json();
    assert_eq!(shown["UserPoolClient"], after);
}

/// Recorded in public issues, but for the last.
#[test]
fn settings_that_the_pool_cannot_have_are_refused() {
    let world = World::with_pool("Schema = [{ Name = \"email\", Required = true }]");
    let provider = format!(
        "The provider Google does not exist for User Pool {}.",
        world.pool
    );
    let write = "Invalid write attributes specified while creating a client";
    let range = "Invalid range for token validity.";
    let cases = [
        (
            json!({"ReadAttributes": ["custom:plan"]}),
            "Invalid read attributes specified while creating a client",
        ),
        (
            json!({"WriteAttributes": ["email", "email_verified"]}),
            write,
        ),
        (json!({"WriteAttributes": ["given_name"]}), write),
        (
            json!({"AccessTokenValidity": 2, "TokenValidityUnits": {"AccessToken": "minutes"}}),
            range,
        ),
        (json!({"IdTokenValidity": 60}), range),
        (json!({"RefreshTokenValidity": 36500}), range),
        (
            json!({"SupportedIdentityProviders": ["COGNITO", "Google"]}),
            provider.as_str(),
        ),
        (
            json!({"ExplicitAuthFlows": ["USER_PASSWORD_AUTH", "ALLOW_USER_AUTH"]}),
            "Legacy ExplicitAuthFlows cannot be mixed with ALLOW_ ones.",
        ),
    ];
    for (settings, message) in cases {
        let expected = ("InvalidParameterException".to_owned(), message.to_owned());
        assert_eq!(made(&world, &settings).error(), expected, "{settings}");
    }
    let update = json!({"UserPoolId": "POOL", "ClientId": "CLIENT", "WriteAttributes": ["name"]});
    let message = world.call("UpdateUserPoolClient", &update).error().1;
    assert_eq!(
        message,
        "Invalid write attributes specified while updating a client"
    );
}

#[test]
fn clients_are_listed_in_pages_and_gone_when_deleted() {
    let world = World::standard();
    for _ in 0..4 {
        made(&world, &json!({}));
    }
    let (mut seen, mut token) = (Vec::new(), Value::Null);
    loop {
        let body = json!({"UserPoolId": "POOL", "MaxResults": 2, "NextToken": token});
        let page = world.call("ListUserPoolClients", &body).json();
        for client in page["UserPoolClients"].as_array().unwrap() {
            assert_eq!(client["UserPoolId"], json!(world.pool));
            seen.push(client["ClientId"].as_str().unwrap().to_owned());
        }
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    let wrong = json!({"UserPoolId": "POOL", "NextToken": "{"});
    assert_eq!(
        world.call("ListUserPoolClients", &wrong).error().0,
        "InvalidParameterException"
    );
    let body = json!({"UserPoolId": "POOL", "ClientId": "CLIENT"});
    assert_eq!(world.call("DeleteUserPoolClient", &body).body, "");
    let gone = (
        "ResourceNotFoundException".to_owned(),
        format!("User pool client {} does not exist.", world.client),
    );
    assert_eq!(world.call("DeleteUserPoolClient", &body).error(), gone);
    assert_eq!(world.sign_up("ada", "ada@example.com").error(), gone);
}

/// The API reference: two secrets at most, both valid, and never none.
#[test]
fn a_secret_can_be_replaced_without_a_gap() {
    let world = World::standard();
    let client = made(&world, &json!({"GenerateSecret": true})).json()["UserPoolClient"].take();
    let id = client["ClientId"].as_str().unwrap();
    let call = |operation: &str, more: &[(&str, &str)]| {
        let mut body = json!({"UserPoolId": "POOL", "ClientId": id});
        for (name, value) in more {
            body[*name] = json!(value);
        }
        world.call(operation, &body)
    };
    let signs_up = |username: &str, secret: &str| {
        let key = Key::new(HMAC_SHA256, secret.as_bytes());
        let hash = BASE64_STANDARD.encode(sign(&key, format!("{username}{id}").as_bytes()));
        let body = json!({"ClientId": id, "Username": username, "Password": "Passw0rd!",
            "SecretHash": hash});
        world.call("SignUp", &body).status == 200
    };
    let first = client["ClientSecret"].as_str().unwrap();
    let added = call("AddUserPoolClientSecret", &[]).json()["ClientSecretDescriptor"].take();
    let second = added["ClientSecretValue"].as_str().unwrap();
    assert!(
        added["ClientSecretId"]
            .as_str()
            .unwrap()
            .starts_with(&format!("{id}--"))
    );
    assert!(signs_up("a", first) && signs_up("b", second) && !signs_up("c", "neither"));
    assert_eq!(
        call("AddUserPoolClientSecret", &[]).error().0,
        "LimitExceededException"
    );

    let listed = call("ListUserPoolClientSecrets", &[]).json()["ClientSecrets"].take();
    let ids: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["ClientSecretId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 2);
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .all(|secret| secret.get("ClientSecretValue").is_none())
    );
    let delete = |secret: &str| call("DeleteUserPoolClientSecret", &[("ClientSecretId", secret)]);
    assert_eq!(delete("nothing").error().0, "ResourceNotFoundException");
    assert_eq!(delete(ids[0]).status, 200);
    assert!(!signs_up("d", first) && signs_up("e", second));
    assert_eq!(delete(ids[1]).error().0, "InvalidParameterException");

    let own = "my-own-secret-of-24-chars".replace('-', "_");
    let added = call("AddUserPoolClientSecret", &[("ClientSecret", &own)]).json();
    assert!(
        added["ClientSecretDescriptor"]
            .get("ClientSecretValue")
            .is_none()
    );
    assert!(signs_up("f", &own));
    let public = json!({"UserPoolId": "POOL", "ClientId": "CLIENT"});
    assert_eq!(
        world.call("AddUserPoolClientSecret", &public).error().0,
        "InvalidParameterException"
    );
}
