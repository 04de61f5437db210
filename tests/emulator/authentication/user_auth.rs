//! `USER_AUTH`: choice of the first factor (COGNITO.md 3.10).

use serde_json::{Value, json};

use super::requests::{
    ADA, PASSWORD, assert_signed_in, incorrect, invalid_parameter, refused, user, world, world_of,
};
use super::srp_client::SrpClient;
use crate::world::World;

const ALL: &str = "Policies = { SignInPolicy = { AllowedFirstAuthFactors = [\"PASSWORD\", \"EMAIL_OTP\", \"SMS_OTP\"] } }";
const MFA: &str = "MfaConfiguration = \"ON\"\nEmailMfaConfiguration = {}";
const HIDING: &str = "PreventUserExistenceErrors = \"ENABLED\"";

fn begin(world: &World, username: &str) -> Value {
    let reply = world.initiate("USER_AUTH", &json!({"USERNAME": username}));
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

/// COGNITO.md 3.10 \[R\]: what can be chosen depends on the pool, the status and the addresses.
#[test]
fn only_what_the_user_can_have_is_offered() {
    let temporary = user("ada", "FORCE_CHANGE_PASSWORD", ADA);
    let confirmed = user("ada", "CONFIRMED", ADA);
    let plain = user("ada", "CONFIRMED", "");
    let mfa = format!("{ALL}\n{MFA}");
    let cases = [
        ("[D]", "", &confirmed, json!(["PASSWORD_SRP", "PASSWORD"])),
        ("[R]", ALL, &temporary, json!(["PASSWORD_SRP", "PASSWORD"])),
        ("[I]", ALL, &plain, json!(["PASSWORD_SRP", "PASSWORD"])),
        (
            "[R]",
            ALL,
            &confirmed,
            json!(["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"]),
        ),
        ("[U]", &mfa, &confirmed, json!(["PASSWORD_SRP", "PASSWORD"])),
    ];
    for (tag, pool, users, available) in cases {
        let world = world_of(pool, "", users);
        let challenge = begin(&world, "ada");
        assert_eq!(challenge["ChallengeName"], "SELECT_CHALLENGE");
        assert_eq!(
            challenge["AvailableChallenges"], available,
            "{tag} {pool} {users}"
        );
        // A preference that cannot be had is answered with the choice [R].
        let preferring = json!({"USERNAME": "ada", "PREFERRED_CHALLENGE": "WEB_AUTHN"});
        let offered = world.initiate("USER_AUTH", &preferring).json();
        assert_eq!(offered["AvailableChallenges"], available);
    }
    let world = world(ALL, "");
    let parameters = json!({"USERNAME": "ada", "PREFERRED_CHALLENGE": "EMAIL_OTP"});
    let challenge = world.initiate("USER_AUTH", &parameters).json();
    assert_eq!(
        challenge["AvailableChallenges"],
        json!(["EMAIL_OTP"]),
        "[R]"
    );
}

/// COGNITO.md 3.10 \[M\]: each choice, by preference and by answer to `SELECT_CHALLENGE`.
#[test]
fn every_choice_signs_in() {
    let world = world(ALL, "");
    let client = SrpClient::new();
    let choose = |answer: &str, by_preference: bool| {
        let mut parameters = json!({
            "USERNAME": "ada", "PASSWORD": PASSWORD, "SRP_A": client.public(),
        });
        if by_preference {
            parameters["PREFERRED_CHALLENGE"] = json!(answer);
            return world.initiate("USER_AUTH", &parameters);
        }
        parameters["ANSWER"] = json!(answer);
        world.respond(&begin(&world, "ada"), &parameters)
    };
    for by_preference in [true, false] {
        assert_signed_in(&choose("PASSWORD", by_preference));
        let challenge = choose("PASSWORD_SRP", by_preference).json();
        assert!(challenge["Session"].is_string());
        let claim = client.claim(&world.pool, &challenge, PASSWORD);
        assert_signed_in(&world.respond(&challenge, &claim));
        let challenge = choose("EMAIL_OTP", by_preference).json();
        let code = json!({"USERNAME": "ada", "EMAIL_OTP_CODE": world.mailed_digits()});
        assert_signed_in(&world.respond(&challenge, &code));
        let challenge = choose("SMS_OTP", by_preference).json();
        let message = world.text_message("+12025559934");
        let code = json!({"USERNAME": "ada", "SMS_OTP_CODE": message["code"]});
        assert_signed_in(&world.respond(&challenge, &code));
    }
    let wrong = choose("WEB_AUTHN", false).error();
    assert_eq!(wrong, invalid_parameter("The challenge is not available."));
}

/// COGNITO.md 3.10 \[R, D\]: an unknown user is simulated, all the way.
#[test]
fn an_unknown_user_is_simulated() {
    let unknown = refused("UserNotFoundException", "User does not exist.");
    let parameters = json!({"USERNAME": "eve@example.com"});
    assert_eq!(
        world(ALL, "").initiate("USER_AUTH", &parameters).error(),
        unknown
    );

    let world = world(ALL, HIDING);
    let parameters = json!({
        "USERNAME": "eve@shop.example", "PREFERRED_CHALLENGE": "EMAIL_OTP",
    });
    let challenge = world.initiate("USER_AUTH", &parameters).json();
    assert_eq!(challenge["ChallengeName"], "EMAIL_OTP");
    let destination = &challenge["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"];
    assert_eq!(destination, "e***@s***");
    let code = json!({"USERNAME": "eve@shop.example", "EMAIL_OTP_CODE": "12345678"});
    let mismatch = refused(
        "CodeMismatchException",
        "Invalid code or auth state for the user.",
    );
    assert_eq!(world.respond(&challenge, &code).error(), mismatch);
    {
        use reverify::emulator::MailView;
        assert!(world.smtp.mails(None, false).is_empty(), "no mail goes out");
    }
    let password = json!({"USERNAME": "eve", "ANSWER": "PASSWORD", "PASSWORD": "x"});
    assert_eq!(
        world.respond(&begin(&world, "eve"), &password).error(),
        incorrect()
    );
    let client = SrpClient::new();
    let srp = json!({"USERNAME": "eve", "ANSWER": "PASSWORD_SRP", "SRP_A": client.public()});
    let challenge = world.respond(&begin(&world, "eve"), &srp).json();
    let claim = client.claim(&world.pool, &challenge, "x");
    assert_eq!(world.respond(&challenge, &claim).error(), incorrect());
    // A number that nobody has is the same each time.
    let sms = json!({"USERNAME": "eve", "ANSWER": "SMS_OTP"});
    let numbers = [(), ()].map(|()| {
        let challenge = world.respond(&begin(&world, "eve"), &sms).json();
        challenge["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"].clone()
    });
    assert_eq!(numbers[0], numbers[1]);
    assert!(
        numbers[0].as_str().unwrap().starts_with("+*******"),
        "{}",
        numbers[0]
    );
}

/// COGNITO.md 3.10 \[R\]: status comes first.
#[test]
fn a_status_refuses_before_the_choice() {
    let users = [
        user("new", "UNCONFIRMED", ADA),
        user("reset", "RESET_REQUIRED", ""),
    ]
    .concat();
    let world = world_of(ALL, HIDING, &users);
    for (name, exception) in [
        ("new", "UserNotConfirmedException"),
        ("reset", "PasswordResetRequiredException"),
    ] {
        let reply = world.initiate("USER_AUTH", &json!({"USERNAME": name}));
        assert_eq!(reply.error().0, exception);
    }
}
