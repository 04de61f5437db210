//! `ListUsers` (COGNITO.md 3.9).

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::wire::Reply;
use crate::world::World;

fn list(world: &World, members: &Value) -> Reply {
    let mut body = json!({"UserPoolId": "POOL"});
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    world.call("ListUsers", &body)
}

fn usernames(reply: &Reply) -> Vec<String> {
    let users = reply.json()["Users"].as_array().unwrap().clone();
    let name = |user: &Value| user["Username"].as_str().unwrap().to_owned();
    users.iter().map(name).collect()
}

/// Ada is confirmed, Bob is not, Cy is disabled and has a name in capitals.
fn three() -> World {
    let world = World::with_pool("");
    world.confirmed_ada("ada@example.com");
    world.sign_up("bob", "bob@example.com");
    let cy = json!({
        "UserPoolId": "POOL", "Username": "Cy",
        "UserAttributes": [{"Name": "name", "Value": "CY \"C\" Doe"}],
    });
    assert_eq!(world.call("AdminCreateUser", &cy).status, 200);
    let cy = json!({"UserPoolId": "POOL", "Username": "Cy"});
    assert_eq!(world.call("AdminDisableUser", &cy).status, 200);
    world
}

/// COGNITO.md 3.9 \[M, D\]: the grammar, and where case counts.
#[test]
fn a_filter_chooses() {
    let world = three();
    let cases: [(&str, &[&str]); 15] = [
        ("", &["ada", "bob", "Cy"]),
        (r#"username = "ada""#, &["ada"]),
        (r#"username = "Ada""#, &[]),
        (r#"username ^= "C""#, &["Cy"]),
        (r#"email="ADA@example.com""#, &["ada"]),
        (r#"email^="b""#, &["bob"]),
        (r#"name ^= "cy \"c""#, &["Cy"]),
        (r#"phone_number ^= "+""#, &[]),
        (r#"cognito:user_status = "unconfirmed""#, &["bob"]),
        (r#"cognito:user_status = "CONFIRMED""#, &["ada"]),
        (r#"cognito:user_status ^= "force""#, &["Cy"]),
        (r#"status = "Enabled""#, &["ada", "bob"]),
        (r#"status = "Disabled""#, &["Cy"]),
        (r#"status = "disabled""#, &[]),
        (r#"sub = "x""#, &[]),
    ];
    for (filter, expected) in cases {
        let reply = list(&world, &json!({"Filter": filter}));
        assert_eq!(usernames(&reply), expected, "{filter}");
    }
}

/// COGNITO.md 3.9 \[T, M\].
#[test]
fn what_cannot_be_asked() {
    let world = three();
    let cases = [
        (
            json!({"Filter": r#"custom:foo = "x""#}),
            "Invalid search attribute: custom:foo",
        ),
        (json!({"Filter": "email"}), "Error while parsing filter"),
        (json!({"Filter": "email = x"}), "Error while parsing filter"),
        (json!({"PaginationToken": "x"}), "Invalid pagination token."),
        (
            json!({"AttributesToGet": ["email"]}),
            "One or more requested attributes do not exist: email",
        ),
    ];
    for (members, message) in cases {
        let reply = list(&world, &members);
        let expected = ("InvalidParameterException".to_owned(), message.to_owned());
        assert_eq!((reply.status, reply.error()), (400, expected), "{members}");
    }
}

/// COGNITO.md 3.9 \[M, D\]: the pages of a chain have each user once; a token is good for an hour.
#[test]
fn pages_follow_each_other() {
    let world = three();
    let only = json!({"Filter": r#"email ^= """#, "AttributesToGet": ["email"], "Limit": 1});
    let first = list(&world, &only);
    assert_eq!(usernames(&first), ["ada"]);
    let attributes = &first.json()["Users"][0]["Attributes"];
    assert_eq!(
        *attributes,
        json!([{"Name": "email", "Value": "ada@example.com"}])
    );
    let mut next = only.clone();
    next["PaginationToken"] = first.json()["PaginationToken"].clone();
    // A user of the first page who is deleted meanwhile moves nobody.
    world.call(
        "AdminDeleteUser",
        &json!({"UserPoolId": "POOL", "Username": "ada"}),
    );
    let last = list(&world, &next);
    assert_eq!(usernames(&last), ["bob"]);
    assert_eq!(last.json()["PaginationToken"], Value::Null);
    world.clock.advance(SignedDuration::from_secs(3_601));
    assert_eq!(list(&world, &next).error().1, "Invalid pagination token.");
}
