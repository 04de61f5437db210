//! Which second factor is asked for, and the preferences (COGNITO.md 3.10).

use serde_json::{Value, json};

use super::requests::{
    ADA, PASSWORD, assert_signed_in, invalid_parameter, refused, user, world, world_of,
};
use super::software_token::enrol;
use crate::world::World;

/// All three factors.
const FACTORS: &str = "SmsConfiguration = { SnsCallerArn = \"arn:aws:iam::1:role/r\" }\n\
                       SoftwareTokenMfaConfiguration = { Enabled = true }\n\
                       EmailMfaConfiguration = {}";

fn pool(configuration: &str) -> String {
    format!("MfaConfiguration = \"{configuration}\"\n{FACTORS}")
}

fn set(world: &World, settings: &Value) -> (String, String) {
    let mut body = settings.clone();
    body["UserPoolId"] = json!("POOL");
    body["Username"] = json!("ada");
    let reply = world.call("AdminSetUserMFAPreference", &body);
    if reply.status == 200 {
        (String::new(), reply.body)
    } else {
        reply.error()
    }
}

/// The challenge after a right password, or nothing.
fn asked(world: &World) -> Option<String> {
    let answer = world.sign_in("ada", PASSWORD).json();
    answer["ChallengeName"].as_str().map(str::to_owned)
}

/// COGNITO.md 3.10: the pool's setting, then the preferred factor, the only one, or a choice.
#[test]
fn the_factor_follows_pool_and_preference() {
    let on = json!({"Enabled": true});
    let preferred = json!({"Enabled": true, "PreferredMfa": true});
    let cases = [
        ("OFF", json!({"SMSMfaSettings": preferred}), None),
        ("OPTIONAL", json!({}), None),
        ("OPTIONAL", json!({"SMSMfaSettings": on}), Some("SMS_MFA")),
        (
            "OPTIONAL",
            json!({"EmailMfaSettings": on}),
            Some("EMAIL_OTP"),
        ),
        (
            "OPTIONAL",
            json!({"SMSMfaSettings": on, "EmailMfaSettings": on}),
            Some("SELECT_MFA_TYPE"),
        ),
        (
            "OPTIONAL",
            json!({"SMSMfaSettings": on, "EmailMfaSettings": preferred}),
            Some("EMAIL_OTP"),
        ),
        ("ON", json!({}), Some("SELECT_MFA_TYPE")),
        ("ON", json!({"SMSMfaSettings": on}), Some("SMS_MFA")),
    ];
    for (configuration, settings, expected) in cases {
        let world = world(&pool(configuration), "");
        assert_eq!(set(&world, &settings), (String::new(), "{}".to_owned()));
        assert_eq!(
            asked(&world).as_deref(),
            expected,
            "{configuration} {settings}"
        );
    }
    let world = world_of(&pool("ON"), "", &user("ada", "CONFIRMED", ""));
    assert_eq!(asked(&world).as_deref(), Some("MFA_SETUP"));
}

/// COGNITO.md 3.10 \[U\]: the choice is a JSON array in a text, and is made once.
#[test]
fn a_factor_is_chosen() {
    let world = world(&pool("ON"), "");
    let choice = world.sign_in("ada", PASSWORD).json();
    let parameters = json!({
        "MFAS_CAN_CHOOSE": "[\"SMS_MFA\",\"EMAIL_OTP\"]", "USER_ID_FOR_SRP": "ada",
    });
    assert_eq!(choice["ChallengeParameters"], parameters);
    let choose =
        |answer: &str| world.respond(&choice, &json!({"USERNAME": "ada", "ANSWER": answer}));
    let unavailable = invalid_parameter("The MFA type is not available.");
    assert_eq!(choose("SOFTWARE_TOKEN_MFA").error(), unavailable);
    let challenge = choose("SMS_MFA").json();
    assert_eq!(challenge["ChallengeName"], "SMS_MFA");
    assert_eq!(choose("SMS_MFA").error().0, "NotAuthorizedException");
    let message = world.text_message("+12025559934");
    let code = json!({"USERNAME": "ada", "SMS_MFA_CODE": message["code"]});
    assert_signed_in(&world.respond(&challenge, &code));
}

/// COGNITO.md 3.10 \[C\]; the texts of the other rows are quoted in public or guesses.
#[test]
fn a_preference_needs_what_it_prefers() {
    let on = json!({"Enabled": true});
    let preferred = json!({"Enabled": true, "PreferredMfa": true});
    let cases = [
        (
            json!({"SoftwareTokenMfaSettings": on}),
            "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
        ),
        (
            json!({"SMSMfaSettings": on}),
            "User does not have a phone_number set to turn on SMS MFA",
        ),
        (
            json!({"EmailMfaSettings": on}),
            "User does not have delivery config set to turn on EMAIL_OTP",
        ),
        (
            json!({"EmailMfaSettings": {"PreferredMfa": true}}),
            "An MFA type must be enabled to be preferred.",
        ),
        (
            json!({"EmailMfaSettings": preferred, "SMSMfaSettings": preferred}),
            "Only one MFA type can be preferred.",
        ),
    ];
    let world = world_of(&pool("OPTIONAL"), "", &user("ada", "CONFIRMED", ""));
    for (settings, message) in cases {
        assert_eq!(
            set(&world, &settings),
            invalid_parameter(message),
            "{settings}"
        );
    }
    let body = json!({"UserPoolId": "POOL", "Username": "eve"});
    let unknown = refused("UserNotFoundException", "User does not exist.");
    assert_eq!(
        world.call("AdminSetUserMFAPreference", &body).error(),
        unknown
    );
}

/// COGNITO.md 3.8 \[V\] and the model: what is set is shown, and switched off again.
#[test]
fn preferences_are_shown_where_the_model_has_them() {
    let world = world(&pool("OPTIONAL"), "");
    let token = world.tokens("ada")["AccessToken"].clone();
    let by_token = json!({"AccessToken": token});
    let factors = world.call("GetUserAuthFactors", &by_token).json();
    assert_eq!(
        factors,
        json!({"ConfiguredUserAuthFactors": ["PASSWORD"], "Username": "ada"})
    );
    assert!(
        world
            .admin_get_user("ada")
            .json()
            .get("UserMFASettingList")
            .is_none()
    );
    enrol(&world, &token);
    let body = json!({
        "AccessToken": token, "SMSMfaSettings": {"Enabled": true},
        "SoftwareTokenMfaSettings": {"Enabled": true, "PreferredMfa": true},
    });
    assert_eq!(world.call("SetUserMFAPreference", &body).status, 200);
    let shown = [
        world.admin_get_user("ada").json(),
        world.call("GetUser", &by_token).json(),
        world.call("GetUserAuthFactors", &by_token).json(),
    ];
    for shown in shown {
        assert_eq!(
            shown["UserMFASettingList"],
            json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA"])
        );
        assert_eq!(shown["PreferredMfaSetting"], "SOFTWARE_TOKEN_MFA");
    }
    let off = json!({"SoftwareTokenMfaSettings": {"Enabled": false}});
    assert_eq!(set(&world, &off).1, "{}");
    let user = world.admin_get_user("ada").json();
    assert_eq!(user["UserMFASettingList"], json!(["SMS_MFA"]));
    assert!(user.get("PreferredMfaSetting").is_none());
    let factors = world_of(
        "Policies = { SignInPolicy = { AllowedFirstAuthFactors = [\"PASSWORD\", \"EMAIL_OTP\"] } }",
        "",
        &user_of_ada(),
    );
    let token = factors.tokens("ada")["AccessToken"].clone();
    let shown = factors
        .call("GetUserAuthFactors", &json!({"AccessToken": token}))
        .json();
    assert_eq!(
        shown["ConfiguredUserAuthFactors"],
        json!(["PASSWORD", "EMAIL_OTP"])
    );
}

fn user_of_ada() -> String {
    user("ada", "CONFIRMED", ADA)
}
