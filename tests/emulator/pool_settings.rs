//! What a pool is asked to be, and what is told of it (COGNITO.md 5.1, 7.1 and 8).

use aws_sdk_cognitoidentityprovider::types::{
    AttributeDataType, SchemaAttributeType, UserPoolMfaType, VerifiedAttributeType,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::world::World;

/// Makes a pool and gives its id.
pub(crate) fn pool_of(world: &World, settings: &Value) -> String {
    let made = world.call("CreateUserPool", settings);
    let json = made.json();
    let id = json["UserPool"]["Id"].as_str();
    id.unwrap_or_else(|| panic!("{made:?}")).to_owned()
}

/// The pool as it is described.
pub(crate) fn described(world: &World, id: &str) -> Value {
    world
        .call("DescribeUserPool", &json!({"UserPoolId": id}))
        .json()["UserPool"]
        .take()
}

/// COGNITO.md 8 \[D\]: the order and constraints of the standard schema; 5.1 \[U\]: the mirrored
/// texts.
#[test]
fn a_description_is_complete() {
    let world = World::standard();
    let settings = json!({
        "PoolName": "shop", "MfaConfiguration": "OFF", "UsernameAttributes": ["email"],
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "Policies": {"PasswordPolicy": {"MinimumLength": 10, "TemporaryPasswordValidityDays": 0},
                     "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK",
            "EmailMessageByLink": "Click {##here##}", "SmsMessage": "Code {####}"},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
        "UserPoolTags": {"team": "a"}, "UserPoolTier": "PLUS",
    });
    let id = pool_of(&world, &settings);
    let pool = described(&world, &id);
    let arn = format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{id}");
    let expected = [
        ("/Arn", json!(arn)),
        ("/Name", json!("shop")),
        ("/MfaConfiguration", json!("OFF")),
        ("/DeletionProtection", json!("INACTIVE")),
        ("/EstimatedNumberOfUsers", json!(0)),
        ("/AutoVerifiedAttributes", json!(["email", "phone_number"])),
        ("/UsernameAttributes", json!(["email"])),
        ("/UsernameConfiguration/CaseSensitive", json!(true)),
        ("/Policies/PasswordPolicy/MinimumLength", json!(10)),
        (
            "/Policies/PasswordPolicy/TemporaryPasswordValidityDays",
            json!(7),
        ),
        (
            "/Policies/SignInPolicy/AllowedFirstAuthFactors",
            json!(["PASSWORD", "EMAIL_OTP"]),
        ),
        (
            "/VerificationMessageTemplate/DefaultEmailOption",
            json!("CONFIRM_WITH_LINK"),
        ),
        (
            "/VerificationMessageTemplate/SmsMessage",
            json!("Code {####}"),
        ),
        ("/SmsVerificationMessage", json!("Code {####}")),
        ("/AdminCreateUserConfig/UnusedAccountValidityDays", json!(7)),
        (
            "/AccountRecoverySetting/RecoveryMechanisms/0/Name",
            json!("verified_email"),
        ),
        ("/UserPoolTier", json!("PLUS")),
        ("/SchemaAttributes/0/Name", json!("sub")),
        (
            "/SchemaAttributes/0/StringAttributeConstraints/MinLength",
            json!("1"),
        ),
        ("/SchemaAttributes/10/Name", json!("email")),
        (
            "/SchemaAttributes/19/NumberAttributeConstraints/MinValue",
            json!("0"),
        ),
    ];
    for (pointer, value) in expected {
        assert_eq!(pool.pointer(pointer), Some(&value), "{pointer} in {pool}");
    }
    for absent in [
        "Domain",
        "CustomDomain",
        "AliasAttributes",
        "Schema",
        "SmsConfiguration",
    ] {
        assert!(pool.get(absent).is_none(), "{absent}");
    }
}

/// The API reference: what an update does not name gets its default.
#[test]
fn an_update_resets_what_it_does_not_name() {
    let world = World::standard();
    let settings = json!({
        "PoolName": "shop", "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"],
        "Policies": {"PasswordPolicy": {"MinimumLength": 12}}, "DeletionProtection": "ACTIVE",
        "EmailVerificationSubject": "Hello", "UsernameConfiguration": {"CaseSensitive": false},
        "Schema": [{"Name": "plan", "AttributeDataType": "String"}],
    });
    let id = pool_of(&world, &settings);
    let before = described(&world, &id);
    world.clock.advance(SignedDuration::from_secs(60));
    let update = json!({"UserPoolId": id, "AutoVerifiedAttributes": ["phone_number"]});
    assert_eq!(world.call("UpdateUserPool", &update).body, "{}");
    let after = described(&world, &id);
    assert_eq!(after["AutoVerifiedAttributes"], json!(["phone_number"]));
    assert_eq!(after["Policies"]["PasswordPolicy"]["MinimumLength"], 8);
    assert_eq!(after["DeletionProtection"], "INACTIVE");
    assert!(after.get("EmailVerificationSubject").is_none());
    for kept in [
        "Name",
        "AliasAttributes",
        "UsernameConfiguration",
        "SchemaAttributes",
        "CreationDate",
    ] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    let modified = |pool: &Value| pool["LastModifiedDate"].as_f64().unwrap();
    assert!((modified(&after) - modified(&before) - 60.0).abs() < 0.01);
}

/// A running pool takes new settings without losing its users.
#[test]
fn users_survive_an_update_and_meet_the_new_rules() {
    let world = World::standard();
    assert_eq!(world.sign_up("ada", "ada@example.com").status, 200);
    let update = json!({
        "UserPoolId": "POOL", "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true},
    });
    assert_eq!(world.call("UpdateUserPool", &update).status, 200);
    let refused = world.sign_up("bob", "bob@example.com").error();
    assert_eq!(refused.1, "SignUp is not permitted for this user pool");
    assert_eq!(world.admin_get_user("ada").status, 200);
    let pool = world.pool.clone();
    assert_eq!(described(&world, &pool)["EstimatedNumberOfUsers"], 1);
}

/// COGNITO.md 8 \[T\].
#[test]
fn custom_attributes_are_refused_in_the_words_of_aws() {
    let world = World::standard();
    let add = |mut attribute: Value, name: &str| {
        attribute["Name"] = json!(name);
        let body = json!({"UserPoolId": "POOL", "CustomAttributes": [attribute]});
        world.call("AddCustomAttributes", &body)
    };
    let text = || json!({"AttributeDataType": "String"});
    let developer = || json!({"AttributeDataType": "String", "DeveloperOnlyAttribute": true});
    assert_eq!(add(text(), "banana").body, "{}");
    assert_eq!(add(developer(), "pear").body, "{}");
    let bounds = json!({"MinValue": "9", "MaxValue": "1"});
    let cases = [
        (
            json!({}),
            "a",
            "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
        ),
        (
            json!({"AttributeDataType": "String", "Required": true}),
            "a",
            "Required custom attributes are not supported currently.",
        ),
        (
            text(),
            "banana",
            "custom:banana: Existing attribute already has name custom:banana.",
        ),
        (
            developer(),
            "pear",
            "custom:pear: Existing attribute already has name dev:custom:pear.",
        ),
        (
            json!({"AttributeDataType": "Number", "NumberAttributeConstraints": bounds}),
            "a",
            "user.custom:a: Max value cannot be less than min value.",
        ),
    ];
    for (attribute, name, message) in cases {
        let expected = ("InvalidParameterException".to_owned(), message.to_owned());
        assert_eq!(add(attribute, name).error(), expected);
    }
}

/// The texts of the second factors are recorded in public issues; the last two are the emulator's
/// own.
#[test]
fn settings_are_refused_in_the_words_of_aws() {
    let world = World::standard();
    let invalid = "InvalidParameterException";
    let unimplemented = "NotImplementedException";
    let cases = [
        (
            "SetUserPoolMfaConfig",
            json!({"MfaConfiguration": "ON"}),
            invalid,
            "Invalid MFA configuration given, can't disable all MFAs with a required or optional \
             configuration.",
        ),
        (
            "SetUserPoolMfaConfig",
            json!({"MfaConfiguration": "OFF", "SoftwareTokenMfaConfiguration": {"Enabled": true}}),
            invalid,
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
        ),
        (
            "CreateUserPool",
            json!({"PoolName": "p", "MfaConfiguration": "ON"}),
            invalid,
            "SMS configuration and Auto verification for phone_number are required when MFA is \
             required/optional",
        ),
        (
            "SetUserPoolMfaConfig",
            json!({"WebAuthnConfiguration": {"UserVerification": "required"}}),
            unimplemented,
            "The setting WebAuthnConfiguration is not implemented by this emulator.",
        ),
        (
            "CreateUserPool",
            json!({"PoolName": "p", "DeviceConfiguration": {}}),
            unimplemented,
            "The setting DeviceConfiguration is not implemented by this emulator.",
        ),
    ];
    for (operation, mut body, name, message) in cases {
        body["UserPoolId"] = json!("POOL");
        let expected = (name.to_owned(), message.to_owned());
        let error = world.call(operation, &body).error();
        assert_eq!(error, expected, "{operation} {body}");
    }
}

/// COGNITO.md 8 \[D\]: 25 attributes a call by the model, 50 in all.
#[test]
fn custom_attributes_can_be_used_at_once_and_are_limited() {
    let world = World::standard();
    let named = |range: std::ops::Range<u8>| -> Value {
        range
            .map(|n| json!({"Name": format!("a{n}"), "AttributeDataType": "String"}))
            .collect()
    };
    let add = |attributes: Value| {
        world.call(
            "AddCustomAttributes",
            &json!({"UserPoolId": "POOL", "CustomAttributes": attributes}),
        )
    };
    assert_eq!(add(named(0..25)).status, 200);
    let body = json!({
        "ClientId": "CLIENT", "Username": "ada", "Password": "Passw0rd!",
        "UserAttributes": [{"Name": "custom:a7", "Value": "x"}],
    });
    assert_eq!(world.call("SignUp", &body).status, 200);
    assert_eq!(world.attribute("ada", "custom:a7").as_deref(), Some("x"));
    let (_, message) = add(named(25..51)).error();
    assert!(
        message.contains("length less than or equal to 25"),
        "{message}"
    );
    assert_eq!(add(named(25..50)).status, 200);
    assert_eq!(add(named(50..51)).error().0, "InvalidParameterException");
}

#[test]
fn a_protected_pool_is_not_deleted() {
    let world = World::standard();
    let id = pool_of(
        &world,
        &json!({"PoolName": "p", "DeletionProtection": "ACTIVE"}),
    );
    let delete = || world.call("DeleteUserPool", &json!({"UserPoolId": id}));
    assert_eq!(delete().error().0, "InvalidParameterException");
    assert_eq!(
        world
            .call("UpdateUserPool", &json!({"UserPoolId": id}))
            .status,
        200
    );
    assert_eq!(delete().status, 200);
    assert_eq!(delete().error().0, "ResourceNotFoundException");
}

/// The SDK understands the second factors of a pool.
#[tokio::test]
async fn second_factors_are_chosen_and_shown() {
    let world = World::standard();
    let token = aws_sdk_cognitoidentityprovider::types::SoftwareTokenMfaConfigType::builder();
    let email = aws_sdk_cognitoidentityprovider::types::EmailMfaConfigType::builder();
    let set = world
        .sdk
        .set_user_pool_mfa_config()
        .user_pool_id(&world.pool);
    let set = set.mfa_configuration(UserPoolMfaType::Optional);
    let set = set.software_token_mfa_configuration(token.enabled(true).build());
    set.email_mfa_configuration(email.subject("Hi").build())
        .send()
        .await
        .unwrap();
    let shown = world
        .sdk
        .get_user_pool_mfa_config()
        .user_pool_id(&world.pool);
    let shown = shown.send().await.unwrap();
    assert_eq!(shown.mfa_configuration(), Some(&UserPoolMfaType::Optional));
    assert!(shown.software_token_mfa_configuration().unwrap().enabled());
    assert_eq!(
        shown.email_mfa_configuration().unwrap().subject(),
        Some("Hi")
    );
    assert!(shown.sms_mfa_configuration().is_none());
    let pool = world.pool.clone();
    assert_eq!(described(&world, &pool)["MfaConfiguration"], "OPTIONAL");
    // What was chosen survives an update that leaves MFA on.
    let update = json!({"UserPoolId": "POOL", "MfaConfiguration": "ON"});
    assert_eq!(world.call("UpdateUserPool", &update).status, 200);
    let shown = world
        .call("GetUserPoolMfaConfig", &json!({"UserPoolId": "POOL"}))
        .json();
    assert_eq!(shown["SoftwareTokenMfaConfiguration"]["Enabled"], true);
    let off = json!({"UserPoolId": "POOL", "MfaConfiguration": "OFF"});
    let reply = world.call("SetUserPoolMfaConfig", &off);
    assert_eq!(reply.body, r#"{"MfaConfiguration":"OFF"}"#);
}

/// The SDK pages through the pools.
#[tokio::test]
async fn pools_are_listed_in_pages() {
    let world = World::standard();
    let attribute = SchemaAttributeType::builder().name("plan");
    let attribute = attribute
        .attribute_data_type(AttributeDataType::String)
        .build();
    for number in 0..6 {
        let pool = world.sdk.create_user_pool().pool_name(format!("p{number}"));
        let pool = pool.auto_verified_attributes(VerifiedAttributeType::Email);
        pool.schema(attribute.clone()).send().await.unwrap();
    }
    let mut names = Vec::new();
    let mut pages = world
        .sdk
        .list_user_pools()
        .max_results(3)
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.user_pools().len() <= 3);
        names.extend(
            page.user_pools()
                .iter()
                .map(|pool| pool.name().unwrap().to_owned()),
        );
    }
    names.sort();
    assert_eq!(names, ["p0", "p1", "p2", "p3", "p4", "p5", "reverify"]);
}
