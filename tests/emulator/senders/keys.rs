//! KMS on the wire: answers and exceptions of every operation.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::fixture::kms;
use crate::wire::send;
use crate::world::World;

/// The answer of a call that has to succeed.
fn ask(world: &World, operation: &str, body: &Value) -> Value {
    let reply = kms(world, operation, body);
    assert_eq!(reply.status, 200, "{operation}: {reply:?}");
    if reply.body.is_empty() {
        return Value::Null;
    }
    reply.json()
}

/// A new key: its id and ARN.
fn new_key(world: &World) -> (String, String) {
    let metadata = &ask(world, "CreateKey", &json!({}))["KeyMetadata"];
    let text = |name: &str| metadata[name].as_str().unwrap().to_owned();
    (text("KeyId"), text("Arn"))
}

#[test]
fn a_key_is_made_and_described() {
    let world = World::standard();
    let made = ask(
        &world,
        "CreateKey",
        &json!({
            "Description": "codes", "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT",
            "Origin": "AWS_KMS", "MultiRegion": false, "Policy": "{}",
            "Tags": [{"TagKey": "a", "TagValue": "b"}],
        }),
    );
    let id = made["KeyMetadata"]["KeyId"].clone();
    let arn = format!(
        "arn:aws:kms:us-east-1:123456789012:key/{}",
        id.as_str().unwrap()
    );
    assert_eq!(
        made,
        json!({"KeyMetadata": {
            "AWSAccountId": "123456789012", "KeyId": id, "Arn": arn,
            "CreationDate": made["KeyMetadata"]["CreationDate"], "Enabled": true,
            "Description": "codes", "KeyUsage": "ENCRYPT_DECRYPT", "KeyState": "Enabled",
            "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "KeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "MultiRegion": false,
        }})
    );
    assert!(made["KeyMetadata"]["CreationDate"].is_number());
    assert_eq!(
        ask(&world, "DisableKey", &json!({"KeyId": arn})),
        Value::Null
    );
    let described = ask(&world, "DescribeKey", &json!({"KeyId": arn}));
    let state = &described["KeyMetadata"];
    assert_eq!(
        (&state["KeyState"], &state["Enabled"]),
        (&json!("Disabled"), &json!(false))
    );
}

#[test]
fn what_is_encrypted_is_decrypted_by_the_same_key_and_context() {
    let world = World::standard();
    let (id, arn) = new_key(&world);
    ask(
        &world,
        "CreateAlias",
        &json!({"AliasName": "alias/a", "TargetKeyId": id}),
    );
    let alias = "arn:aws:kms:us-east-1:123456789012:alias/a";
    let plaintext = BASE64_STANDARD.encode("secret");
    for name in [&*id, &arn, "alias/a", alias] {
        let encrypted = ask(
            &world,
            "Encrypt",
            &json!({"KeyId": name, "Plaintext": plaintext, "EncryptionContext": {"a": "b"}}),
        );
        assert_eq!(encrypted["KeyId"], arn);
        let blob = &encrypted["CiphertextBlob"];
        let decrypted = ask(
            &world,
            "Decrypt",
            &json!({"CiphertextBlob": blob, "EncryptionContext": {"a": "b"}, "KeyId": name}),
        );
        assert_eq!(
            decrypted,
            json!({
                "KeyId": arn, "Plaintext": plaintext, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
            })
        );
    }
}

#[test]
fn a_data_key_has_the_length_that_was_asked_for() {
    let world = World::standard();
    let (id, arn) = new_key(&world);
    for (asked, length) in [
        (json!({"KeySpec": "AES_128"}), 16),
        (json!({"KeySpec": "AES_256"}), 32),
        (json!({"NumberOfBytes": 1024}), 1024),
    ] {
        let mut body = asked;
        body["KeyId"] = json!(id);
        let key = ask(&world, "GenerateDataKey", &body);
        assert_eq!(key["KeyId"], arn);
        let plaintext = BASE64_STANDARD.decode(key["Plaintext"].as_str().unwrap());
        assert_eq!(plaintext.unwrap().len(), length);
        let blob = json!({"CiphertextBlob": key["CiphertextBlob"]});
        assert_eq!(ask(&world, "Decrypt", &blob)["Plaintext"], key["Plaintext"]);
        let hidden = ask(&world, "GenerateDataKeyWithoutPlaintext", &body);
        assert_eq!(hidden.get("Plaintext"), None);
        assert!(hidden["CiphertextBlob"].is_string());
    }
}

#[test]
fn keys_and_aliases_are_listed_in_parts() {
    let world = World::standard();
    let mut ids: Vec<String> = (0..5).map(|_| new_key(&world).0).collect();
    ids.sort();
    let mut listed = Vec::new();
    let mut body = json!({"Limit": 2});
    loop {
        let part = ask(&world, "ListKeys", &body);
        let keys = part["Keys"].as_array().unwrap().iter();
        listed.extend(keys.map(|key| key["KeyId"].as_str().unwrap().to_owned()));
        assert_eq!(part["Truncated"], part.get("NextMarker").is_some());
        let Some(marker) = part.get("NextMarker") else {
            break;
        };
        body["Marker"] = marker.clone();
    }
    assert_eq!(listed, ids);
    for (name, key) in [
        ("alias/b", &ids[0]),
        ("alias/a", &ids[0]),
        ("alias/c", &ids[1]),
    ] {
        ask(
            &world,
            "CreateAlias",
            &json!({"AliasName": name, "TargetKeyId": key}),
        );
    }
    let names = |body: &Value| {
        let listed = ask(&world, "ListAliases", body);
        let aliases = listed["Aliases"].as_array().unwrap().iter();
        let names = aliases.map(|alias| alias["AliasName"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(&json!({})), "alias/a alias/b alias/c");
    assert_eq!(names(&json!({"KeyId": ids[0]})), "alias/a alias/b");
    ask(&world, "DeleteAlias", &json!({"AliasName": "alias/a"}));
    assert_eq!(names(&json!({})), "alias/b alias/c");
}

#[test]
fn refusals_have_the_names_and_words_of_aws() {
    let world = World::standard();
    let (id, arn) = new_key(&world);
    let (other, _) = new_key(&world);
    let (disabled, disabled_arn) = new_key(&world);
    let blob = |key: &str| {
        let body = json!({"KeyId": key, "Plaintext": "YQ=="});
        ask(&world, "Encrypt", &body)["CiphertextBlob"].clone()
    };
    let (mine, locked) = (blob(&id), blob(&disabled));
    ask(&world, "DisableKey", &json!({"KeyId": disabled}));
    ask(
        &world,
        "CreateAlias",
        &json!({"AliasName": "alias/a", "TargetKeyId": id}),
    );
    let missing = "00000000-12ab-34cd-56ef-1234567890ab";
    let prefix = "arn:aws:kms:us-east-1:123456789012";
    let incorrect =
        "The key ID in the request does not identify a CMK that can perform this operation.";
    let constraint = "1 validation error detected: Value at";
    let cases = [
        (
            "DescribeKey",
            json!({"KeyId": missing}),
            "NotFoundException",
            format!("Key '{prefix}:key/{missing}' does not exist"),
        ),
        (
            "DescribeKey",
            json!({"KeyId": "x"}),
            "NotFoundException",
            "Invalid keyId 'x'".to_owned(),
        ),
        (
            "Encrypt",
            json!({"KeyId": "alias/x", "Plaintext": "YQ=="}),
            "NotFoundException",
            format!("Alias {prefix}:alias/x is not found."),
        ),
        (
            "Encrypt",
            json!({"KeyId": disabled, "Plaintext": "YQ=="}),
            "DisabledException",
            format!("{disabled_arn} is disabled."),
        ),
        (
            "Encrypt",
            json!({"KeyId": id, "Plaintext": ""}),
            "ValidationException",
            format!(
                "{constraint} 'plaintext' failed to satisfy constraint: Member must have length \
                  greater than or equal to 1"
            ),
        ),
        (
            "Encrypt",
            json!({"KeyId": id, "Plaintext": "?"}),
            "SerializationException",
            String::new(),
        ),
        (
            "Decrypt",
            json!({"CiphertextBlob": locked}),
            "DisabledException",
            format!("{disabled_arn} is disabled."),
        ),
        (
            "Decrypt",
            json!({"CiphertextBlob": mine, "KeyId": other}),
            "IncorrectKeyException",
            incorrect.to_owned(),
        ),
        (
            "Decrypt",
            json!({"CiphertextBlob": mine, "EncryptionContext": {"a": "b"}}),
            "InvalidCiphertextException",
            String::new(),
        ),
        (
            "Decrypt",
            json!({"CiphertextBlob": "YQ=="}),
            "InvalidCiphertextException",
            String::new(),
        ),
        (
            "GenerateDataKey",
            json!({"KeyId": id}),
            "ValidationException",
            "Please specify either number of bytes or key spec.".to_owned(),
        ),
        (
            "GenerateDataKey",
            json!({"KeyId": id, "NumberOfBytes": 1025}),
            "ValidationException",
            format!(
                "{constraint} 'numberOfBytes' failed to satisfy constraint: Member must have value \
                  between 1 and 1024"
            ),
        ),
        (
            "CreateAlias",
            json!({"AliasName": "alias/a", "TargetKeyId": id}),
            "AlreadyExistsException",
            format!("An alias with the name {prefix}:alias/a already exists"),
        ),
        (
            "CreateAlias",
            json!({"AliasName": "alias/aws/ses", "TargetKeyId": id}),
            "NotAuthorizedException",
            String::new(),
        ),
        (
            "DeleteAlias",
            json!({"AliasName": "alias/x"}),
            "NotFoundException",
            format!("Alias {prefix}:alias/x is not found."),
        ),
        (
            "ListKeys",
            json!({"Limit": 1001}),
            "ValidationException",
            format!(
                "{constraint} 'limit' failed to satisfy constraint: Member must have value less \
                  than or equal to 1000"
            ),
        ),
    ];
    for (operation, body, name, message) in cases {
        let reply = kms(&world, operation, &body);
        assert_eq!(reply.status, 400, "{operation} {body}: {reply:?}");
        let (thrown, text) = reply.error();
        assert_eq!(thrown, name, "{operation} {body}: {text}");
        if name != "SerializationException" {
            assert_eq!(text, message, "{operation} {body}");
        }
        assert_eq!(reply.header("x-amzn-errortype"), Some(&*format!("{name}:")));
    }
    assert!(arn.ends_with(&id));
}

#[test]
fn what_is_not_here_says_so() {
    let world = World::standard();
    let (id, _) = new_key(&world);
    for (operation, body, what) in [
        (
            "ScheduleKeyDeletion",
            json!({"KeyId": id}),
            "The operation ScheduleKeyDeletion of KMS",
        ),
        (
            "CreateKey",
            json!({"KeySpec": "RSA_2048"}),
            "The KeySpec RSA_2048",
        ),
        (
            "CreateKey",
            json!({"CustomerMasterKeySpec": "HMAC_256"}),
            "The KeySpec HMAC_256",
        ),
        (
            "CreateKey",
            json!({"KeyUsage": "SIGN_VERIFY"}),
            "The KeyUsage SIGN_VERIFY",
        ),
        (
            "CreateKey",
            json!({"Origin": "EXTERNAL"}),
            "The Origin EXTERNAL",
        ),
        (
            "CreateKey",
            json!({"MultiRegion": true}),
            "The setting MultiRegion",
        ),
        (
            "Encrypt",
            json!({"KeyId": id, "Plaintext": "YQ==", "DryRun": true}),
            "The setting DryRun",
        ),
    ] {
        let reply = kms(&world, operation, &body);
        assert_eq!(reply.status, 501, "{operation} {body}");
        let message = format!("{what} is not implemented by this emulator.");
        assert_eq!(
            reply.error(),
            ("NotImplementedException".to_owned(), message)
        );
    }
}

#[test]
fn kms_wants_a_signature() {
    let world = World::standard();
    let headers = "X-Amz-Target: TrentService.ListKeys\r\n";
    let reply = send(&world.emulator.endpoint(), "POST", "/", headers, b"{}");
    assert_eq!(reply.error().0, "MissingAuthenticationTokenException");
}
