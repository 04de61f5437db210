//! Groups, who is in them, and what tokens say of it (COGNITO.md 10).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::wire::Reply;
use crate::world::World;

fn call(world: &World, operation: &str, more: Value) -> Reply {
    let mut body = more;
    body["UserPoolId"] = json!("POOL");
    world.call(operation, &body)
}

fn names(page: &Value, list: &str, name: &str) -> Vec<String> {
    let items = page[list].as_array().unwrap().iter();
    items
        .map(|item| item[name].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_group_is_made_shown_changed_and_deleted() {
    let world = World::standard();
    let settings = json!({"GroupName": "admins", "Description": "All", "Precedence": 0});
    let made = call(&world, "CreateGroup", settings.clone()).json()["Group"].take();
    assert_eq!(
        (&made["Description"], &made["Precedence"]),
        (&json!("All"), &json!(0))
    );
    assert_eq!(made["UserPoolId"], json!(world.pool));
    assert!(made.get("RoleArn").is_none());
    let again = call(&world, "CreateGroup", settings).error();
    let exists = (
        "GroupExistsException",
        "A group with the name already exists.",
    );
    assert_eq!(again, (exists.0.to_owned(), exists.1.to_owned()));
    let changed = json!({"GroupName": "admins", "Precedence": 3});
    call(&world, "UpdateGroup", changed);
    let shown = call(&world, "GetGroup", json!({"GroupName": "admins"})).json()["Group"].take();
    assert_eq!(
        (&shown["Description"], &shown["Precedence"]),
        (&json!("All"), &json!(3))
    );
    assert_eq!(
        call(&world, "DeleteGroup", json!({"GroupName": "admins"})).body,
        ""
    );
    for operation in ["GetGroup", "UpdateGroup", "DeleteGroup", "ListUsersInGroup"] {
        let gone = call(&world, operation, json!({"GroupName": "admins"})).error();
        let expected = (
            "ResourceNotFoundException".to_owned(),
            "Group not found.".to_owned(),
        );
        assert_eq!(gone, expected, "{operation}");
    }
}

#[test]
fn members_come_and_go_and_are_listed_in_pages() {
    let world = World::standard();
    for group in ["b", "a", "c"] {
        call(&world, "CreateGroup", json!({"GroupName": group}));
    }
    for user in ["u1", "u2", "u3"] {
        world.sign_up(user, &format!("{user}@example.com"));
        let member = json!({"GroupName": "a", "Username": user});
        assert_eq!(
            call(&world, "AdminAddUserToGroup", member.clone()).status,
            200
        );
        assert_eq!(
            call(&world, "AdminAddUserToGroup", member).status,
            200,
            "twice is once"
        );
    }
    let first = call(
        &world,
        "ListUsersInGroup",
        json!({"GroupName": "a", "Limit": 2}),
    )
    .json();
    assert_eq!(names(&first, "Users", "Username"), ["u1", "u2"]);
    let next = json!({"GroupName": "a", "Limit": 2, "NextToken": first["NextToken"]});
    let second = call(&world, "ListUsersInGroup", next).json();
    assert_eq!(names(&second, "Users", "Username"), ["u3"]);
    assert!(second.get("NextToken").is_none());

    call(
        &world,
        "AdminAddUserToGroup",
        json!({"GroupName": "b", "Username": "u1"}),
    );
    let of = |user: &str| call(&world, "AdminListGroupsForUser", json!({"Username": user}));
    assert_eq!(names(&of("u1").json(), "Groups", "GroupName"), ["a", "b"]);
    call(
        &world,
        "AdminRemoveUserFromGroup",
        json!({"GroupName": "a", "Username": "u1"}),
    );
    call(&world, "DeleteGroup", json!({"GroupName": "b"}));
    assert_eq!(of("u1").json(), json!({"Groups": []}));
    assert_eq!(of("nobody").error().1, "User does not exist.");
    let page = call(&world, "ListGroups", json!({"Limit": 1})).json();
    assert_eq!(names(&page, "Groups", "GroupName"), ["a"]);
    assert!(page["NextToken"].is_string());

    call(&world, "AdminDeleteUser", json!({"Username": "u2"}));
    let left = call(&world, "ListUsersInGroup", json!({"GroupName": "a"})).json();
    assert_eq!(names(&left, "Users", "Username"), ["u3"]);
    // A new user of the name is not in the old one's groups.
    world.sign_up("u2", "u2@example.com");
    assert_eq!(of("u2").json(), json!({"Groups": []}));
}

/// COGNITO.md 10 \[V\]: in both tokens, and absent when there are none.
#[test]
fn tokens_name_the_groups() {
    let world = World::standard();
    world.sign_up("ada", "ada@example.com");
    world.confirm("ada", &world.code("ada@example.com"));
    let claims = || {
        let body = json!({"ClientId": "CLIENT", "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "ada", "PASSWORD": "Passw0rd!"}});
        let result = world.call("InitiateAuth", &body).json()["AuthenticationResult"].take();
        ["IdToken", "AccessToken"].map(|token| {
            let claims = result[token].as_str().unwrap().split('.').nth(1).unwrap();
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
            serde_json::from_slice::<Value>(&bytes).unwrap()
        })
    };
    assert!(
        claims()
            .iter()
            .all(|claims| claims.get("cognito:groups").is_none())
    );
    let role = "arn:aws:iam::123456789012:role/admin";
    for (name, precedence, role) in [("staff", 5, None), ("admins", 1, Some(role))] {
        let group = json!({"GroupName": name, "Precedence": precedence, "RoleArn": role});
        assert_eq!(call(&world, "CreateGroup", group).status, 200);
        call(
            &world,
            "AdminAddUserToGroup",
            json!({"GroupName": name, "Username": "ada"}),
        );
    }
    let [id, access] = claims();
    assert_eq!(id["cognito:groups"], json!(["admins", "staff"]));
    assert_eq!(access["cognito:groups"], id["cognito:groups"]);
    assert_eq!(id["cognito:roles"], json!([role]));
    assert_eq!(id["cognito:preferred_role"], json!(role));
    assert!(access.get("cognito:roles").is_none());
}
