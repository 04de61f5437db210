//! KMS on the wire: names and words of every refusal.

use serde_json::{Value, json};

use super::fixture::{ask, kms, new_key};
use crate::wire::send;
use crate::world::World;

const PREFIX: &str = "arn:aws:kms:us-east-1:123456789012";

/// An operation, its body, and the name and message of its refusal.
type Case = (&'static str, Value, &'static str, String);

fn assert_refused(world: &World, cases: impl IntoIterator<Item = Case>) {
    for (operation, body, name, message) in cases {
        let reply = kms(world, operation, &body);
        assert_eq!(reply.status, 400, "{operation} {body}: {reply:?}");
        let error = (name.to_owned(), message);
        assert_eq!(reply.error(), error, "{operation} {body}");
        assert_eq!(reply.header("x-amzn-errortype"), Some(&*format!("{name}:")));
    }
}

#[test]
fn a_key_that_is_not_there_is_not_found() {
    let world = World::standard();
    let missing = "00000000-12ab-34cd-56ef-1234567890ab";
    let by_id = format!("Key '{PREFIX}:key/{missing}' does not exist");
    let by_alias = format!("Alias {PREFIX}:alias/x is not found.");
    let keys = [
        (missing.to_owned(), by_id.clone()),
        (format!("{PREFIX}:key/{missing}"), by_id),
        ("alias/x".to_owned(), by_alias.clone()),
        (format!("{PREFIX}:alias/x"), by_alias.clone()),
        ("x".to_owned(), "Invalid keyId 'x'".to_owned()),
    ];
    for (key, message) in keys {
        let named = json!({"KeyId": key, "Plaintext": "YQ==", "KeySpec": "AES_256",
                           "CiphertextBlob": "YQ==", "AliasName": "alias/y", "TargetKeyId": key});
        for operation in [
            "CreateAlias",
            "Decrypt",
            "DescribeKey",
            "DisableKey",
            "EnableKey",
            "Encrypt",
            "GenerateDataKey",
            "ListAliases",
        ] {
            let case = (
                operation,
                named.clone(),
                "NotFoundException",
                message.clone(),
            );
            assert_refused(&world, [case]);
        }
    }
    let delete = json!({"AliasName": "alias/x"});
    assert_refused(
        &world,
        [("DeleteAlias", delete, "NotFoundException", by_alias)],
    );
}

#[test]
fn a_ciphertext_needs_its_own_key_enabled() {
    let world = World::standard();
    let (id, arn) = new_key(&world);
    let (other, _) = new_key(&world);
    let encrypt = json!({"KeyId": id, "Plaintext": "YQ=="});
    let blob = &ask(&world, "Encrypt", &encrypt)["CiphertextBlob"];
    let incorrect =
        "The key ID in the request does not identify a CMK that can perform this operation.";
    let invalid = |body: Value| ("Decrypt", body, "InvalidCiphertextException", String::new());
    let named = json!({"CiphertextBlob": blob, "KeyId": other});
    assert_refused(
        &world,
        [
            (
                "Decrypt",
                named,
                "IncorrectKeyException",
                incorrect.to_owned(),
            ),
            invalid(json!({"CiphertextBlob": blob, "EncryptionContext": {"a": "b"}})),
            invalid(json!({"CiphertextBlob": "YQ=="})),
        ],
    );
    ask(&world, "DisableKey", &json!({"KeyId": id}));
    let disabled = format!("{arn} is disabled.");
    let decrypt = json!({"CiphertextBlob": blob});
    let data_key = json!({"KeyId": id, "KeySpec": "AES_256"});
    assert_refused(
        &world,
        [
            ("Encrypt", encrypt, "DisabledException", disabled.clone()),
            ("Decrypt", decrypt, "DisabledException", disabled.clone()),
            ("GenerateDataKey", data_key, "DisabledException", disabled),
        ],
    );
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
