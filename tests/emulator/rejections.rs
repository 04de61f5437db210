//! Requests that no operation sees (COGNITO.md 1.4 and 1.5).

use serde_json::Value;

use crate::wire::{SIGNED, send};
use crate::world::World;

/// A request, the status, and the whole body of the answer.
const CASES: &[(&str, &str, &str)] = &[
    // 1.5 [C]
    (
        "SignUp",
        r#"{"Username":"ada","Password":"Passw0rd!"}"#,
        r#"{"__type":"InvalidParameterException","message":"1 validation error detected: Value null at 'clientId' failed to satisfy constraint: Member must not be null"}"#,
    ),
    // 1.5 [R]: sensitive, so not echoed
    (
        "SignUp",
        r#"{"ClientId":"a","Username":"a b","Password":"Passw0rd!"}"#,
        r#"{"__type":"InvalidParameterException","message":"1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+"}"#,
    ),
    // 1.5 [R]: the grammar of two
    (
        "DescribeUserPool",
        r#"{"UserPoolId":""}"#,
        r#"{"__type":"InvalidParameterException","message":"2 validation errors detected: Value '' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+; Value '' at 'userPoolId' failed to satisfy constraint: Member must have length greater than or equal to 1"}"#,
    ),
    // Recorded in a public issue: the order of a Java set.
    (
        "CreateUserPool",
        r#"{"PoolName":"p","MfaConfiguration":"false"}"#,
        r#"{"__type":"InvalidParameterException","message":"1 validation error detected: Value 'false' at 'mfaConfiguration' failed to satisfy constraint: Member must satisfy enum value set: [OPTIONAL, OFF, ON]"}"#,
    ),
    // Recorded in public issues: the key has a capital.
    (
        "SignUp",
        r#"{"ClientId":"a","Username":"u","ClientMetadata":"x"}"#,
        r#"{"__type":"SerializationException","Message":"Expected map or null"}"#,
    ),
    (
        "SignUp",
        r#"{"ClientId":"a","Username":1}"#,
        r#"{"__type":"SerializationException","Message":"NUMBER_VALUE can not be converted to a String"}"#,
    ),
    ("SignUp", "{", r#"{"__type":"SerializationException"}"#),
    ("SignUp", "<xml/>", r#"{"__type":"SerializationException"}"#),
    ("signUp", "{}", r#"{"__type":"UnknownOperationException"}"#),
];

#[test]
fn a_rejection_has_exactly_these_bytes() {
    let world = World::standard();
    for (operation, body, expected) in CASES {
        let target = format!("X-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\n");
        let headers = target + SIGNED;
        let endpoint = world.emulator.endpoint();
        let reply = send(&endpoint, "POST", "/", &headers, body.as_bytes());
        assert_eq!(
            (reply.status, &*reply.body),
            (400, *expected),
            "{operation} {body}"
        );
        let json: Value = reply.json();
        let name = format!("{}:", json["__type"].as_str().unwrap());
        assert_eq!(reply.header("x-amzn-errortype"), Some(&*name));
        let length = reply.body.len().to_string();
        assert_eq!(reply.header("content-length"), Some(&*length));
    }
}

/// A guess \[U\]: the signature is missed before the body is looked at.
#[test]
fn an_unsigned_call_is_refused_whatever_it_says() {
    let world = World::standard();
    let target = "X-Amz-Target: AWSCognitoIdentityProviderService.AdminGetUser\r\n";
    for body in ["{}", "{", ""] {
        let reply = send(
            &world.emulator.endpoint(),
            "POST",
            "/",
            target,
            body.as_bytes(),
        );
        let (name, message) = reply.error();
        assert_eq!(reply.status, 400);
        assert_eq!(name, "MissingAuthenticationTokenException");
        assert_eq!(message, "Missing Authentication Token");
    }
}
