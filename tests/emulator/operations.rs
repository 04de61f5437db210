//! Every operation of the service model: implemented, or explicitly not.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::world::World;

/// The facts that the emulator itself is built from.
const MODEL: &str = include_str!("../../fixtures/cognito/service-model.json");

/// Operations that have nothing to look up, so that a request about nothing succeeds.
const NEEDS_NOTHING: [&str; 3] = ["CreateUserPool", "DescribeUserPoolDomain", "ListUserPools"];

/// Texts that satisfy the pattern of their shape and name nothing that exists.
const TEXTS: &[(&str, &str)] = &[
    ("AccountTakeoverEventActionType", "BLOCK"),
    (
        "ArnType",
        "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_nothing",
    ),
    ("DomainType", "nothing"),
    ("EmailAddressType", "ada@example.com"),
    ("HexStringType", "00"),
    ("RegionCodeType", "us-east-1"),
    ("S3BucketType", "nothing"),
    ("SoftwareTokenMFAUserCodeType", "123456"),
    ("UserPoolIdType", "us-east-1_nothing"),
];

/// The smallest value that its shape allows.
fn value(shapes: &Map<String, Value>, name: &str) -> Value {
    let shape = &shapes[name];
    let known: BTreeMap<_, _> = TEXTS.iter().copied().collect();
    match shape["type"].as_str().unwrap() {
        "structure" => object(shapes, name),
        "list" => {
            let count = usize::try_from(shape["min"].as_u64().unwrap_or(0)).unwrap();
            Value::Array(vec![
                value(shapes, shape["member"].as_str().unwrap());
                count
            ])
        }
        "map" => json!({}),
        "integer" => json!(shape["min"].as_i64().unwrap_or(1)),
        "boolean" => json!(true),
        _ if shape["enum"].is_array() => shape["enum"][0].clone(),
        _ => {
            let length = usize::try_from(shape["min"].as_u64().unwrap_or(1)).unwrap();
            let text = known.get(name).map(|text| (*text).to_owned());
            json!(text.unwrap_or_else(|| "n".repeat(length.max(1))))
        }
    }
}

fn object(shapes: &Map<String, Value>, name: &str) -> Value {
    let shape = &shapes[name];
    let required = shape["required"].as_array().into_iter().flatten();
    let members = required.map(|member| {
        let member = member.as_str().unwrap();
        let of = shape["members"][member].as_str().unwrap();
        (member.to_owned(), value(shapes, of))
    });
    Value::Object(members.collect())
}

/// Each operation of the model, and whether the emulator has it: as the emulator itself answers.
pub(crate) fn implementations(world: &World) -> BTreeMap<String, bool> {
    let model: Value = serde_json::from_str(MODEL).unwrap();
    let shapes = model["shapes"].as_object().unwrap();
    let operations = model["operations"].as_object().unwrap().iter();
    let answered = operations.map(|(operation, facts)| {
        let body = object(shapes, facts["input"].as_str().unwrap());
        (
            operation.clone(),
            world.call(operation, &body).status != 501,
        )
    });
    answered.collect()
}

/// Whatever is not implemented says so; whatever is refuses a request about a pool, a client or a
/// token that does not exist, with an exception that the model lists.
#[test]
fn no_operation_makes_up_a_success() {
    let world = World::standard();
    let model: Value = serde_json::from_str(MODEL).unwrap();
    let shapes = model["shapes"].as_object().unwrap();
    let mut implemented = Vec::new();
    for (operation, facts) in model["operations"].as_object().unwrap() {
        let body = object(shapes, facts["input"].as_str().unwrap());
        let reply = world.call(operation, &body);
        if reply.status == 200 {
            assert!(
                NEEDS_NOTHING.contains(&operation.as_str()),
                "{operation}: {reply:?}"
            );
            implemented.push(operation.as_str());
            continue;
        }
        let (name, message) = reply.error();
        if reply.status == 501 {
            assert_eq!(name, "NotImplementedException");
            let expected =
                format!("The operation {operation} is not implemented by this emulator.");
            assert_eq!(message, expected);
            continue;
        }
        let modelled = facts["errors"].as_array().unwrap();
        assert!(modelled.contains(&json!(name)), "{operation}: {reply:?}");
        assert!(
            !message.contains("validation error"),
            "{operation}: {reply:?}"
        );
        implemented.push(operation.as_str());
    }
    assert_eq!(model["operations"].as_object().unwrap().len(), 141);
    for operation in [
        "AddCustomAttributes",
        "AdminAddUserToGroup",
        "SignUp",
        "UpdateUserPool",
    ] {
        assert!(implemented.contains(&operation), "{operation}");
    }
    assert!(implemented.len() >= 44, "{implemented:?}");
}

/// COGNITO.md 1.2 \[M, U, I\]: the model says whether a success has a body.
#[test]
fn a_success_has_a_body_only_where_the_model_has_an_output() {
    let world = World::standard();
    let group = json!({"UserPoolId": "POOL", "GroupName": "g"});
    world.sign_up("ada", "ada@example.com");
    let member = json!({"UserPoolId": "POOL", "GroupName": "g", "Username": "ada"});
    let attribute = json!([{"Name": "plan", "AttributeDataType": "String"}]);
    let cases = [
        ("CreateGroup", &group, None),
        ("AdminAddUserToGroup", &member, Some("")),
        ("AdminRemoveUserFromGroup", &member, Some("")),
        ("DeleteGroup", &group, Some("")),
        (
            "AddCustomAttributes",
            &json!({"UserPoolId": "POOL", "CustomAttributes": attribute}),
            Some("{}"),
        ),
        ("UpdateUserPool", &json!({"UserPoolId": "POOL"}), Some("{}")),
        ("DeleteUserPool", &json!({"UserPoolId": "POOL"}), Some("")),
    ];
    for (operation, body, expected) in cases {
        let reply = world.call(operation, body);
        assert_eq!(reply.status, 200, "{operation}: {reply:?}");
        if let Some(expected) = expected {
            assert_eq!(reply.body, expected, "{operation}");
        }
    }
}
