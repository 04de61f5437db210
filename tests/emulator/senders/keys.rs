//! KMS on the wire: what its operations answer.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::fixture::{ask, new_key};
use crate::world::World;

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
