//! The wording of every kind of refusal, each row with its source.

use super::*;

mod wording;

/// The refusal of a request as `<exception>: <text>`, or nothing if it is valid.
fn refusal(target: &str, body: &str) -> Option<String> {
    let rejection = validate(operation(target).unwrap(), body.as_bytes()).err()?;
    Some(format!(
        "{}: {}",
        rejection.error_type(),
        rejection.message().unwrap_or_default()
    ))
}

/// The violations that a request is refused for.
fn violations(target: &str, body: &str) -> String {
    let text = refusal(target, body).unwrap_or_else(|| panic!("{target} took {body}"));
    let (kind, text) = text.split_once(": ").unwrap();
    assert_eq!(kind, "InvalidParameterException", "{text}");
    text.to_owned()
}

const SIGN_UP: &str = r#"{"ClientId":"3n4b5urk1ft4fl3mg5e62d9ado","Username":"ada@example.com",
    "Password":"Correct-horse-1","UserAttributes":[{"Name":"email","Value":"ada@example.com"}]}"#;

#[test]
fn a_valid_request_passes() {
    let longest = "x".repeat(128);
    let rows = [
        ("SignUp", SIGN_UP.to_owned()),
        // The model names no minimum for passwords any more (COGNITO.md 1.5, "password floor").
        (
            "SignUp",
            r#"{"ClientId":"a","Username":"b","Password":"1"}"#.to_owned(),
        ),
        (
            "SignUp",
            format!(r#"{{"ClientId":"a","Username":"{longest}"}}"#),
        ),
        // Length is counted in characters, not in bytes.
        (
            "SignUp",
            format!(r#"{{"ClientId":"a","Username":"{}"}}"#, "é".repeat(128)),
        ),
        (
            "SignUp",
            r#"{"ClientId":"a","Username":"😀é","SecretHash":null}"#.to_owned(),
        ),
        // What the model does not know is ignored, by the rules of the protocol.
        (
            "SignUp",
            r#"{"ClientId":"a","Username":"b","New":{"deep":[1]}}"#.to_owned(),
        ),
        (
            "SignUp",
            r#"{"Client\u0049d":"a","Username":"\u0061"}"#.to_owned(),
        ),
        (
            "ListUsers",
            r#"{"UserPoolId":"us-east-1_AbC","Limit":0}"#.to_owned(),
        ),
        (
            "ListUsers",
            r#"{"UserPoolId":"us-east-1_AbC","Limit":60,"Filter":""}"#.to_owned(),
        ),
        (
            "InitiateAuth",
            r#"{"ClientId":"a","AuthFlow":"USER_SRP_AUTH","AuthParameters":{"USERNAME":"b"}}"#
                .to_owned(),
        ),
        (
            "CreateUserPool",
            r#"{"PoolName":"My pool","Policies":{"PasswordPolicy":{"MinimumLength":6}}}"#
                .to_owned(),
        ),
        (
            " DescribeUserPool".trim(),
            " {\"UserPoolId\":\"us-east-1_AbC\"} \n".to_owned(),
        ),
    ];
    for (target, body) in rows {
        assert_eq!(refusal(target, &body), None, "{target} {body}");
    }
}

#[test]
fn a_wrong_json_type_cannot_be_deserialized() {
    let rows = [
        (
            r#"{"ClientId":"c","Username":1}"#,
            "NUMBER_VALUE can not be converted to a String",
        ),
        (
            r#"{"ClientId":"c","Username":true}"#,
            "TRUE_VALUE can not be converted to a String",
        ),
        (
            r#"{"ClientId":"c","Username":{"a":"b"}}"#,
            "Start of structure or map found where not expected.",
        ),
        (
            r#"{"ClientId":"c","Username":["b"]}"#,
            "Start of list found where not expected",
        ),
        (
            r#"{"ClientId":"c","Username":"u","UserAttributes":"x"}"#,
            "Expected list or null",
        ),
        (
            r#"{"ClientId":"c","Username":"u","UserAttributes":{}}"#,
            "Start of structure or map found where not expected.",
        ),
        (
            r#"{"ClientId":"c","Username":"u","UserAttributes":[1]}"#,
            "Expected null",
        ),
        (
            r#"{"ClientId":"c","Username":"u","UserAttributes":[{"Name":"n","Value":false}]}"#,
            "FALSE_VALUE can not be converted to a String",
        ),
        (
            r#"{"ClientId":"c","Username":"u","ClientMetadata":"x"}"#,
            "Expected map or null",
        ),
        (
            r#"{"ClientId":"c","Username":"u","ClientMetadata":{"k":7}}"#,
            "NUMBER_VALUE can not be converted to a String",
        ),
        ("[]", "Start of list found where not expected"),
        ("7", "Expected null"),
        // Deserialized first: the missing client id is not reported.
        (
            r#"{"Username":1}"#,
            "NUMBER_VALUE can not be converted to a String",
        ),
    ];
    for (body, text) in rows {
        let expected = format!("SerializationException: {text}");
        assert_eq!(refusal("SignUp", body), Some(expected), "{body}");
    }
    let integer = r#"{"UserPoolId":"r_a","Limit":"5"}"#;
    let text = "SerializationException: STRING_VALUE can not be converted to an Integer";
    assert_eq!(refusal("ListUsers", integer).as_deref(), Some(text));
    let fraction = r#"{"UserPoolId":"r_a","Limit":5.5}"#;
    let text = "SerializationException: NUMBER_VALUE can not be converted to an Integer";
    assert_eq!(refusal("ListUsers", fraction).as_deref(), Some(text));
    let boolean = r#"{"UserPoolId":"r_a","Username":"u","Password":"p","Permanent":"true"}"#;
    let text = "SerializationException: STRING_VALUE can not be converted to a Boolean";
    assert_eq!(
        refusal("AdminSetUserPassword", boolean).as_deref(),
        Some(text)
    );
}

#[test]
fn what_is_not_json_is_refused_whatever_it_is() {
    let sign_up = operation("SignUp").unwrap();
    let deep = "[".repeat(1_000_000);
    let bodies: [&[u8]; 9] = [
        b"",
        b"{",
        b"null",
        b"{}x",
        b"\xff",
        b"{\"Username\":\"\xff\"}",
        deep.as_bytes(),
        br#"{"ClientId":"c","Username":"\ud800"}"#,
        b"<xml/>",
    ];
    for body in bodies {
        let start = String::from_utf8_lossy(&body[..body.len().min(40)]);
        let rejection = validate(sign_up, body).unwrap_err();
        assert_eq!(rejection, Rejection::NotJson, "{start}");
        assert_eq!(
            (rejection.error_type(), rejection.message()),
            ("SerializationException", None)
        );
    }
}

#[test]
fn a_flood_of_violations_is_answered_with_a_bounded_text() {
    let broken = vec![r#"{"Name":""}"#; 5_000].join(",");
    let body = format!(r#"{{"ClientId":"c","Username":"u","UserAttributes":[{broken}]}}"#);
    let text = violations("SignUp", &body);
    assert!(
        text.starts_with("100 validation errors detected: "),
        "{}",
        &text[..60]
    );
    assert!(text.len() < 30_000, "{}", text.len());
}

#[test]
fn a_secret_is_in_no_refusal_and_in_no_debug_output() {
    let secret = "my secret, with blanks";
    let bodies = [
        (
            "SignUp",
            format!(r#"{{"ClientId":"c","Username":"u","Password":"{secret}"}}"#),
        ),
        (
            "RevokeToken",
            format!(r#"{{"ClientId":"c","Token":"{secret}"}}"#),
        ),
        (
            "SignUp",
            format!(r#"{{"ClientId":"{secret}","Username":"{secret}"}}"#),
        ),
    ];
    for (target, body) in bodies {
        let rejection = validate(operation(target).unwrap(), body.as_bytes()).unwrap_err();
        assert!(
            !format!("{rejection} {rejection:?}").contains(secret),
            "{rejection:?}"
        );
    }
}

#[test]
fn knows_what_the_api_says_of_an_operation() {
    let sign_up = operation("SignUp").unwrap();
    assert_eq!(sign_up.name(), "SignUp");
    assert!(!sign_up.needs_signature() && sign_up.has_output());
    let delete = operation("AdminDeleteUser").unwrap();
    assert!(delete.needs_signature() && !delete.has_output());
    assert!(operation("signUp").is_none() && operation("").is_none());
    assert_eq!(operations().filter(|o| !o.needs_signature()).count(), 34);
    let admin = operations().filter(|o| o.name().starts_with("Admin"));
    assert!(admin.into_iter().all(Operation::needs_signature));
    for (error, status) in [
        ("UserNotFoundException", Some(400)),
        ("ForbiddenException", Some(400)),
        ("InternalErrorException", Some(500)),
        ("NoSuchException", None),
    ] {
        assert_eq!(error_status(error), status, "{error}");
    }
}
