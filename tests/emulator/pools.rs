//! User pools, app clients and the list of users.

use aws_sdk_cognitoidentityprovider::types::{ExplicitAuthFlowsType, VerifiedAttributeType};
use serde_json::json;

use crate::world::World;

/// The SDK understands what the emulator answers.
#[tokio::test]
async fn the_sdk_makes_describes_and_deletes_a_pool() {
    let world = World::standard();
    let pool = world.sdk.create_user_pool().pool_name("shop");
    let pool = pool.auto_verified_attributes(VerifiedAttributeType::Email);
    let pool = pool
        .email_verification_subject("Hello")
        .user_pool_tags("team", "a");
    let made = pool.send().await.unwrap().user_pool.unwrap();
    let id = made.id().unwrap();
    assert!(id.starts_with("us-east-1_") && id.len() == 19, "{id}");
    let described = world
        .sdk
        .describe_user_pool()
        .user_pool_id(id)
        .send()
        .await
        .unwrap();
    let described = described.user_pool.unwrap();
    let template = described.verification_message_template().unwrap();
    assert_eq!(template.email_subject(), Some("Hello"));
    assert_eq!(described.schema_attributes().len(), 20);
    assert_eq!(described.creation_date(), made.creation_date());
    let policy = described.policies().unwrap().password_policy().unwrap();
    assert_eq!(
        (policy.minimum_length(), policy.require_symbols()),
        (Some(8), true)
    );

    let client = world
        .sdk
        .create_user_pool_client()
        .user_pool_id(id)
        .client_name("web");
    let client = client.generate_secret(true);
    let client = client.explicit_auth_flows(ExplicitAuthFlowsType::AllowUserPasswordAuth);
    let client = client.send().await.unwrap().user_pool_client.unwrap();
    let client_id = client.client_id().unwrap();
    let shown = world
        .sdk
        .describe_user_pool_client()
        .user_pool_id(id)
        .client_id(client_id);
    let shown = shown.send().await.unwrap().user_pool_client.unwrap();
    assert_eq!(shown.client_secret(), client.client_secret());
    assert!(shown.client_secret().is_some());

    world
        .sdk
        .delete_user_pool()
        .user_pool_id(id)
        .send()
        .await
        .unwrap();
    let gone = world
        .sdk
        .describe_user_pool()
        .user_pool_id(id)
        .send()
        .await
        .unwrap_err();
    assert!(gone.into_service_error().is_resource_not_found_exception());
    let orphan = world
        .sdk
        .sign_up()
        .client_id(client_id)
        .username("a")
        .password("Passw0rd!");
    let orphan = orphan.send().await.unwrap_err().into_service_error();
    assert!(orphan.is_resource_not_found_exception(), "{orphan}");
}

/// COGNITO.md 3.9 \[M, D, T\].
#[test]
fn users_are_listed_in_pages_and_by_filter() {
    let world = World::standard();
    for number in 0..7 {
        world.sign_up(
            &format!("user{number}"),
            &format!("User{number}@example.com"),
        );
    }
    let list = |body: &str| world.call("ListUsers", &serde_json::from_str(body).unwrap());
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let page = list(&format!(r#"{{"UserPoolId":"POOL","Limit":3{token}}}"#)).json();
        let users = page["Users"].as_array().unwrap().clone();
        seen.extend(
            users
                .into_iter()
                .map(|user| user["Username"].as_str().unwrap().to_owned()),
        );
        match page["PaginationToken"].as_str() {
            Some(next) => token = format!(r#","PaginationToken":"{next}""#),
            None => break,
        }
    }
    let expected: Vec<_> = (0..7).map(|number| format!("user{number}")).collect();
    assert_eq!(seen, expected);

    let cases = [
        (r#"email = \"user3@example.com\""#, 1),
        (r#"email ^= \"USER\""#, 7),
        (r#"username = \"user3\""#, 1),
        (r#"username = \"USER3\""#, 0),
        (r#"cognito:user_status = \"unconfirmed\""#, 7),
        (r#"status = \"Enabled\""#, 7),
        (r#"status = \"Disabled\""#, 0),
    ];
    for (filter, count) in cases {
        let body = format!(r#"{{"UserPoolId":"POOL","Filter":"{filter}"}}"#);
        assert_eq!(
            list(&body).json()["Users"].as_array().unwrap().len(),
            count,
            "{filter}"
        );
    }
    let bad = list(r#"{"UserPoolId":"POOL","Filter":"custom:foo = \"a\""}"#).error();
    assert_eq!(bad.1, "Invalid search attribute: custom:foo");
    let narrow = list(r#"{"UserPoolId":"POOL","Limit":1,"AttributesToGet":["email"]}"#).json();
    let attributes = json!([{"Name": "email", "Value": "User0@example.com"}]);
    assert_eq!(narrow["Users"][0]["Attributes"], attributes);
}

/// COGNITO.md 1.2 and 3.8 \[V, D\].
#[test]
fn a_user_is_shown_flat_with_its_sub_first() {
    let world = World::standard();
    let sub = world.sign_up("ada", "ada@example.com").json()["UserSub"].clone();
    let user = world.admin_get_user("ada").json();
    let attributes = json!([
        {"Name": "sub", "Value": sub},
        {"Name": "email_verified", "Value": "false"},
        {"Name": "email", "Value": "ada@example.com"},
    ]);
    assert_eq!(user["UserAttributes"], attributes);
    assert_eq!(
        (&user["Enabled"], &user["UserStatus"]),
        (&json!(true), &json!("UNCONFIRMED"))
    );
    assert!(user["UserCreateDate"].as_f64().unwrap() > 1e9);
    assert!(user.get("UserMFASettingList").is_none());
}
