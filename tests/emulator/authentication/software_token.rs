//! Authenticator apps: enrolment and codes (COGNITO.md 3.10 and 4).

use aws_lc_rs::hmac;
use jiff::SignedDuration;
use reverify::model::Clock;
use serde_json::{Value, json};

use super::requests::{
    PASSWORD, assert_signed_in, invalid_parameter, not_authorized, refused, world,
};
use crate::world::World;

const OPTIONAL: &str =
    "MfaConfiguration = \"OPTIONAL\"\nSoftwareTokenMfaConfiguration = { Enabled = true }";
const ON: &str = "MfaConfiguration = \"ON\"\nSoftwareTokenMfaConfiguration = { Enabled = true }";

/// The code that an app with this secret shows, some steps of 30 seconds from now (RFC 6238).
pub(super) fn totp(world: &World, secret: &Value, steps: i64) -> String {
    let secret = data_encoding::BASE32_NOPAD
        .decode(secret.as_str().unwrap().as_bytes())
        .unwrap();
    let step = world.clock.now().as_second() / 30 + steps;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let digest = hmac::sign(&key, &step.to_be_bytes());
    let digest = digest.as_ref();
    let at = usize::from(digest[19] & 0xf);
    let bits = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", bits % 1_000_000)
}

fn wrong(code: &str) -> String {
    code.bytes()
        .map(|b| char::from(b'0' + (b - b'0' + 5) % 10))
        .collect()
}

fn prefer(world: &World, token: &Value) {
    let settings = json!({"Enabled": true, "PreferredMfa": true});
    let body = json!({"AccessToken": token, "SoftwareTokenMfaSettings": settings});
    let reply = world.call("SetUserMFAPreference", &body);
    assert_eq!((reply.status, &*reply.body), (200, "{}"));
}

/// Enrols an authenticator with an access token and gives its secret.
pub(super) fn enrol(world: &World, token: &Value) -> Value {
    let associated = world
        .call("AssociateSoftwareToken", &json!({"AccessToken": token}))
        .json();
    assert!(
        associated.get("Session").is_none(),
        "[D]: only with a session"
    );
    let secret = associated["SecretCode"].clone();
    let body = json!({
        "AccessToken": token, "UserCode": totp(world, &secret, 0), "FriendlyDeviceName": "phone",
    });
    let verified = world.call("VerifySoftwareToken", &body).json();
    assert_eq!(verified, json!({"Status": "SUCCESS"}));
    secret
}

/// COGNITO.md 3.10 \[C, D, V\]: enrolment, the preference, the challenge, each code once.
#[test]
fn an_authenticator_is_enrolled_and_asked_for() {
    let world = world(OPTIONAL, "");
    let token = world.tokens("ada")["AccessToken"].clone();
    let body = json!({
        "AccessToken": token, "SoftwareTokenMfaSettings": {"Enabled": true, "PreferredMfa": true},
    });
    let unset = invalid_parameter("User has not set up software token mfa");
    assert_eq!(world.call("SetUserMFAPreference", &body).error(), unset);
    let secret = enrol(&world, &token);
    // Enrolling alone does not switch it on [I].
    assert_signed_in(&world.sign_in("ada", PASSWORD));
    prefer(&world, &token);
    let shown = world.admin_get_user("ada").json();
    assert_eq!(shown["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    assert_eq!(shown["PreferredMfaSetting"], "SOFTWARE_TOKEN_MFA");

    let challenge = world.sign_in("ada", PASSWORD).json();
    assert_eq!(challenge["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    let parameters = json!({"FRIENDLY_DEVICE_NAME": "phone", "USER_ID_FOR_SRP": "ada"});
    assert_eq!(challenge["ChallengeParameters"], parameters);
    let answer = |code: &str| {
        world.respond(
            &challenge,
            &json!({"USERNAME": "ada", "SOFTWARE_TOKEN_MFA_CODE": code}),
        )
    };
    let used = refused(
        "ExpiredCodeException",
        "Your software token has already been used once.",
    );
    // The code that enrolled the app is used up.
    assert_eq!(answer(&totp(&world, &secret, 0)).error(), used);
    let mismatch = refused(
        "CodeMismatchException",
        "Invalid code or auth state for the user.",
    );
    let next = totp(&world, &secret, 1);
    assert_eq!(answer(&wrong(&next)).error(), mismatch);
    assert_eq!(answer(&totp(&world, &secret, 3)).error(), mismatch);
    world.clock.advance(SignedDuration::from_secs(30));
    assert_signed_in(&answer(&next));
    let again = world.sign_in("ada", PASSWORD).json();
    let body = json!({"USERNAME": "ada", "SOFTWARE_TOKEN_MFA_CODE": next});
    assert_eq!(world.respond(&again, &body).error(), used);
}

/// COGNITO.md 3.10 \[C, U\]: what enrolment refuses.
#[test]
fn enrolment_refuses_wrong_codes_and_sessions() {
    let world = world(OPTIONAL, "");
    let token = world.tokens("ada")["AccessToken"].clone();
    let verify = |code: &str| {
        world
            .call(
                "VerifySoftwareToken",
                &json!({"AccessToken": token, "UserCode": code}),
            )
            .error()
    };
    let not_begun = invalid_parameter("The software token was not associated.");
    assert_eq!(verify("123456"), not_begun);
    let associated = world
        .call("AssociateSoftwareToken", &json!({"AccessToken": token}))
        .json();
    let code = totp(&world, &associated["SecretCode"], 0);
    let mismatch = refused(
        "EnableSoftwareTokenMFAException",
        "Code mismatch and fail enable Software Token MFA",
    );
    assert_eq!(verify(&wrong(&code)), mismatch);
    let neither = invalid_parameter("Either AccessToken or Session is required.");
    assert_eq!(
        world.call("AssociateSoftwareToken", &json!({})).error(),
        neither
    );
    let bogus = json!({"Session": "x".repeat(40), "UserCode": "123456"});
    let invalid = not_authorized("Invalid session for the user.");
    assert_eq!(
        world.call("AssociateSoftwareToken", &bogus).error(),
        invalid
    );
    assert_eq!(world.call("VerifySoftwareToken", &bogus).error(), invalid);
}

/// COGNITO.md 3.10 \[V, M\]: where the pool insists, the app is enrolled in the sign-in.
#[test]
fn an_authenticator_is_set_up_on_the_way() {
    let world = world(ON, "");
    let setup = world.sign_in("ada", PASSWORD).json();
    assert_eq!(setup["ChallengeName"], "MFA_SETUP");
    let parameters =
        json!({"MFAS_CAN_SETUP": "[\"SOFTWARE_TOKEN_MFA\"]", "USER_ID_FOR_SRP": "ada"});
    assert_eq!(setup["ChallengeParameters"], parameters);
    let early = world.respond(&setup, &json!({"USERNAME": "ada"})).error();
    assert_eq!(early, not_authorized("Invalid session for the user."));

    let session = json!({"Session": setup["Session"]});
    let associated = world.call("AssociateSoftwareToken", &session).json();
    let spent = "Invalid session for the user, session can only be used once.";
    let again = world.call("AssociateSoftwareToken", &session).error();
    assert_eq!(again, not_authorized(spent));
    let secret = &associated["SecretCode"];
    let mut verify = json!({
        "Session": associated["Session"], "UserCode": wrong(&totp(&world, secret, 0)),
    });
    let error = world.call("VerifySoftwareToken", &verify).error();
    assert_eq!(error.0, "EnableSoftwareTokenMFAException");
    verify["UserCode"] = json!(totp(&world, secret, 0));
    let verified = world.call("VerifySoftwareToken", &verify).json();
    assert_eq!(verified["Status"], "SUCCESS");
    let mut answered = setup.clone();
    answered["Session"] = verified["Session"].clone();
    assert_signed_in(&world.respond(&answered, &json!({"USERNAME": "ada"})));
    let next = world.sign_in("ada", PASSWORD).json();
    assert_eq!(next["ChallengeName"], "SOFTWARE_TOKEN_MFA");
}
