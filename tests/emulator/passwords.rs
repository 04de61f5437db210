//! New passwords: `ForgotPassword`, `ConfirmForgotPassword`, `ChangePassword`,
//! `AdminResetUserPassword` and `AdminSetUserPassword` (COGNITO.md 2.5, 3.3, 3.4 and 3.8).

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::wire::Reply;
use crate::world::{World, other_code};

const ADA: &str = "ada@example.com";
const PHONE: &str = "+4915112345678";
const POOL: &str = "AutoVerifiedAttributes = [\"email\"]";
const HIDING: &str = "PreventUserExistenceErrors = \"ENABLED\"";

fn error(reply: &Reply) -> (String, String) {
    assert_eq!(reply.status, 400, "{reply:?}");
    reply.error()
}

fn named(name: &str, message: &str) -> (String, String) {
    (name.to_owned(), message.to_owned())
}

fn admin(world: &World, operation: &str, mut members: Value) -> Reply {
    members["UserPoolId"] = json!("POOL");
    members["Username"] = json!("ada");
    world.call(operation, &members)
}

fn forgot(world: &World, username: &str) -> Reply {
    let body = json!({"ClientId": "CLIENT", "Username": username});
    world.call("ForgotPassword", &body)
}

fn set(world: &World, username: &str, code: &str, password: &str) -> Reply {
    let body = json!({
        "ClientId": "CLIENT", "Username": username, "ConfirmationCode": code, "Password": password,
    });
    world.call("ConfirmForgotPassword", &body)
}

fn status(world: &World) -> Value {
    world.admin_get_user("ada").json()["UserStatus"].clone()
}

/// Ada, confirmed by her code, so that her address is verified.
fn with_ada(pool: &str, client: &str) -> World {
    let world = World::with_pool_and_client(&format!("{POOL}\n{pool}"), client);
    world.sign_up("ada", ADA);
    assert_eq!(world.confirm("ada", &world.code(ADA)).status, 200);
    world
}

/// COGNITO.md 3.3 \[V\] and 3.4 \[D\].
#[test]
fn a_code_sets_a_new_password_once() {
    let world = with_ada("", "");
    let details = json!({
        "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***",
    });
    let answer = forgot(&world, "ada");
    assert_eq!(answer.json(), json!({"CodeDeliveryDetails": details}));
    assert_eq!(status(&world), "CONFIRMED");
    let code = world.code(ADA);
    let mismatch = "Invalid verification code provided, please try again.";
    assert_eq!(
        error(&set(&world, "ada", other_code(&code), "N3w-pass!")),
        named("CodeMismatchException", mismatch)
    );
    let weak = "Password does not conform to policy: Password not long enough";
    assert_eq!(
        error(&set(&world, "ada", &code, "N3w-")),
        named("InvalidPasswordException", weak)
    );
    let done = set(&world, "ada", &code, "N3w-pass!");
    assert_eq!((done.status, &*done.body), (200, "{}"));
    assert_eq!(world.sign_in("ada", "N3w-pass!").status, 200);
    assert_eq!(
        error(&world.sign_in("ada", "Passw0rd!")).0,
        "NotAuthorizedException"
    );
    let used = "Invalid code provided, please request a code again.";
    assert_eq!(
        error(&set(&world, "ada", &code, "N3w-pass?")),
        named("ExpiredCodeException", used)
    );
}

/// COGNITO.md 4 \[D, I\]: an hour, the latest only, and not a code of another purpose.
#[test]
fn only_the_latest_code_of_the_hour_counts() {
    let world = World::with_pool(POOL);
    world.sign_up("ada", ADA);
    let sign_up = world.code(ADA);
    world.confirm("ada", &sign_up);
    let never = set(&world, "ada", &sign_up, "N3w-pass!");
    assert_eq!(error(&never).0, "ExpiredCodeException");
    forgot(&world, "ada");
    let first = world.code(ADA);
    forgot(&world, "ada");
    let second = world.code(ADA);
    if first != second {
        let reply = set(&world, "ada", &first, "N3w-pass!");
        assert_eq!(error(&reply).0, "CodeMismatchException");
    }
    world.clock.advance(SignedDuration::from_secs(3_601));
    let late = set(&world, "ada", &second, "N3w-pass!");
    assert_eq!(error(&late).0, "ExpiredCodeException");
}

/// A request for a code that gets none.
struct NoCode {
    section: &'static str,
    pool: &'static str,
    /// What an administrator did to Ada before.
    done: Option<&'static str>,
    username: &'static str,
    refusal: (&'static str, &'static str),
    /// Whether a client that hides users hides this.
    hidden: bool,
}

const UNKNOWN: NoCode = NoCode {
    section: "3.3 [R]",
    pool: "",
    done: None,
    username: "eve",
    refusal: (
        "UserNotFoundException",
        "Username/client id combination not found.",
    ),
    hidden: true,
};

const NO_CODES: &[NoCode] = &[
    UNKNOWN,
    NoCode {
        username: "ada",
        refusal: (
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or \
             phone_number",
        ),
        ..UNKNOWN
    },
    NoCode {
        section: "3.3 [U]",
        done: Some("AdminDisableUser"),
        username: "ada",
        refusal: ("NotAuthorizedException", "User is disabled."),
        ..UNKNOWN
    },
    NoCode {
        section: "3.3 [T]",
        pool: "[[user_pool.AccountRecoverySetting.RecoveryMechanisms]]\nPriority = 1\n\
               Name = \"admin_only\"",
        username: "ada",
        refusal: (
            "NotAuthorizedException",
            "Contact administrator to reset password.",
        ),
        hidden: false,
        ..UNKNOWN
    },
    NoCode {
        section: "3.3 [R]",
        done: Some("AdminSetUserPassword"),
        username: "ada",
        refusal: (
            "NotAuthorizedException",
            "User password cannot be reset in the current state.",
        ),
        hidden: false,
        ..UNKNOWN
    },
];

/// COGNITO.md 3.3 \[R, T, U\]: told and hidden.
#[test]
fn who_gets_no_code() {
    for case in NO_CODES {
        let NoCode {
            section,
            pool,
            username,
            ..
        } = case;
        for client in ["", HIDING] {
            let world = World::with_pool_and_client(&format!("{POOL}\n{pool}"), client);
            world.confirmed_ada(ADA);
            let mails = world.smtp.mails_count();
            if let Some(operation) = case.done {
                let members = json!({"Password": "Temp0rary!"});
                assert_eq!(admin(&world, operation, members).status, 200);
            }
            let reply = forgot(&world, username);
            if case.hidden && client == HIDING {
                let destination = &reply.json()["CodeDeliveryDetails"]["Destination"];
                assert_eq!(destination, "u***@y***", "{section} {username}");
            } else {
                let (name, message) = case.refusal;
                assert_eq!(error(&reply), named(name, message), "{section} {username}");
            }
            assert_eq!(world.smtp.mails_count(), mails, "{section} {username}");
        }
    }
}

/// COGNITO.md 3.4 \[D\].
#[test]
fn confirming_tells_or_hides_who_exists() {
    let world = with_ada("", "");
    let unknown = set(&world, "eve", "123456", "N3w-pass!");
    assert_eq!(
        error(&unknown),
        named(
            "UserNotFoundException",
            "Username/client id combination not found."
        )
    );
    let world = with_ada("", HIDING);
    let hidden = set(&world, "eve", "123456", "N3w-pass!");
    assert_eq!(error(&hidden).0, "CodeMismatchException");
    let unasked = set(&world, "ada", "123456", "N3w-pass!");
    assert_eq!(error(&unasked).0, "ExpiredCodeException");
    admin(&world, "AdminDisableUser", json!({}));
    let disabled = set(&world, "ada", "123456", "N3w-pass!");
    assert_eq!(error(&disabled).0, "CodeMismatchException");
}

/// COGNITO.md 3.3 \[D\]: the priorities decide, among verified addresses; the phone comes first
/// without them.
#[test]
fn the_channel_is_chosen_among_verified_addresses() {
    let first = |name: &str, second: &str| {
        format!(
            "AccountRecoverySetting = {{ RecoveryMechanisms = [{{ Priority = 2, Name = \"{second}\" }}, \
             {{ Priority = 1, Name = \"{name}\" }}] }}"
        )
    };
    let phone_first = first("verified_phone_number", "verified_email");
    let email_first = first("verified_email", "verified_phone_number");
    let only = "AccountRecoverySetting = { RecoveryMechanisms = [{ Priority = 1, Name = \
                \"verified_email\" }] }";
    let cases = [
        ("", &["email", "phone_number"][..], Some("SMS")),
        ("", &["email"], Some("EMAIL")),
        (&phone_first, &["email", "phone_number"], Some("SMS")),
        (&email_first, &["email", "phone_number"], Some("EMAIL")),
        (&email_first, &["phone_number"], Some("SMS")),
        (only, &["phone_number"], None),
    ];
    for (pool, verified, medium) in cases {
        let world = World::with_pool(&format!("{POOL}\n{pool}"));
        world.confirmed_ada(ADA);
        let mut attributes = vec![json!({"Name": "phone_number", "Value": PHONE})];
        for name in verified {
            attributes.push(json!({"Name": format!("{name}_verified"), "Value": "true"}));
        }
        let updated = admin(
            &world,
            "AdminUpdateUserAttributes",
            json!({"UserAttributes": attributes}),
        );
        assert_eq!((updated.status, &*updated.body), (200, "{}"));
        let answer = forgot(&world, "ada");
        let details = &answer.json()["CodeDeliveryDetails"]["DeliveryMedium"];
        assert_eq!(details.as_str(), medium, "{pool} {verified:?} {answer:?}");
        if medium == Some("SMS") {
            let sent = world.sms(PHONE).pop().unwrap();
            let code = sent["code"].as_str().unwrap();
            let text = format!("Your password reset code is {code}");
            assert_eq!(sent["text"], text);
            assert_eq!(set(&world, "ada", code, "N3w-pass!").status, 200);
        }
    }
}

/// COGNITO.md 3.3 and 4 \[R, D\]: asking and trying share the hour's limit.
#[test]
fn asking_and_trying_are_limited_together() {
    let world = with_ada("", "");
    for _ in 0..10 {
        assert_eq!(forgot(&world, "ada").status, 200);
        let wrong = other_code(&world.code(ADA)).to_owned();
        let reply = set(&world, "ada", &wrong, "N3w-pass!");
        assert_eq!(error(&reply).0, "CodeMismatchException");
    }
    let message = "Attempt limit exceeded, please try after some time.";
    let limit = named("LimitExceededException", message);
    assert_eq!(error(&forgot(&world, "ada")), limit);
    let code = world.code(ADA);
    assert_eq!(error(&set(&world, "ada", &code, "N3w-pass!")), limit);
}

/// COGNITO.md 3.8 \[M, T, C\].
#[test]
fn an_administrator_resets_a_password() {
    let world = with_ada("", "");
    let reset = |world: &World| admin(world, "AdminResetUserPassword", json!({}));
    assert_eq!(reset(&world).body, "{}");
    assert_eq!(status(&world), "RESET_REQUIRED");
    assert_eq!(
        error(&world.sign_in("ada", "Passw0rd!")),
        named(
            "PasswordResetRequiredException",
            "Password reset required for the user"
        )
    );
    let code = world.code(ADA);
    assert_eq!(set(&world, "ada", &code, "N3w-pass!").status, 200);
    assert_eq!(status(&world), "CONFIRMED");

    admin(&world, "AdminDisableUser", json!({}));
    let disabled = named("NotAuthorizedException", "User is disabled");
    assert_eq!(error(&reset(&world)), disabled);
    let world = World::with_pool(POOL);
    let unknown = named("UserNotFoundException", "User does not exist.");
    assert_eq!(error(&reset(&world)), unknown);
    world.sign_up("ada", ADA);
    let current = "User password cannot be reset in the current state.";
    assert_eq!(
        error(&reset(&world)),
        named("NotAuthorizedException", current)
    );
}

/// COGNITO.md 3.8 \[M\] and 3.11.
#[test]
fn an_administrator_sets_a_password() {
    let world = World::with_pool(POOL);
    world.sign_up("ada", ADA);
    let set = |password: &str, permanent: bool| {
        let members = json!({"Password": password, "Permanent": permanent});
        admin(&world, "AdminSetUserPassword", members)
    };
    let weak = "Password did not conform with password policy: Password must have uppercase \
                characters";
    assert_eq!(
        error(&set("weak-pass1", true)),
        named("InvalidPasswordException", weak)
    );
    assert_eq!(status(&world), "UNCONFIRMED");
    assert_eq!(set("Str0ng-pass", true).body, "{}");
    assert_eq!(status(&world), "CONFIRMED");
    assert_eq!(world.sign_in("ada", "Str0ng-pass").status, 200);
    assert_eq!(
        world.attribute("ada", "email_verified").as_deref(),
        Some("false")
    );
    assert_eq!(set("Temp0rary!", false).body, "{}");
    assert_eq!(status(&world), "FORCE_CHANGE_PASSWORD");
    assert_eq!(world.smtp.mails_count(), 1, "no mail but the sign-up's");
    world.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    let expired = "Temporary password has expired and must be reset by an administrator.";
    assert_eq!(
        error(&world.sign_in("ada", "Temp0rary!")),
        named("NotAuthorizedException", expired)
    );
}

/// COGNITO.md 3.8 \[R\], 2.5 \[C\] and, for the words of the history, \[U\].
#[test]
fn a_user_changes_a_password() {
    let world = with_ada(
        "Policies = { PasswordPolicy = { PasswordHistorySize = 2 } }",
        "",
    );
    let token = world.access_token("ada", "Passw0rd!");
    let change = |previous: &str, proposed: &str| {
        let body = json!({
            "AccessToken": token, "PreviousPassword": previous, "ProposedPassword": proposed,
        });
        world.call("ChangePassword", &body)
    };
    let incorrect = named("NotAuthorizedException", "Incorrect username or password.");
    assert_eq!(error(&change("wrong", "Passw0rd?")), incorrect);
    let weak = "Password does not conform to policy: Password must have numeric characters";
    assert_eq!(
        error(&change("Passw0rd!", "Password!")),
        named("InvalidPasswordException", weak)
    );
    assert_eq!(change("Passw0rd!", "Passw0rd?").body, "{}");
    let again = error(&change("Passw0rd?", "Passw0rd!"));
    assert_eq!(again.0, "PasswordHistoryPolicyViolationException");
    assert_eq!(change("Passw0rd?", "Passw0rd#").body, "{}");
    let limit = "Attempt limit exceeded, please try after some time.";
    assert_eq!(
        error(&change("Passw0rd#", "Passw0rd!")),
        named("LimitExceededException", limit)
    );
    world.clock.advance(SignedDuration::from_hours(1));
    let token = world.access_token("ada", "Passw0rd#");
    let body = json!({
        "AccessToken": token, "PreviousPassword": "Passw0rd#", "ProposedPassword": "Passw0rd!",
    });
    let reply = world.call("ChangePassword", &body);
    assert_eq!(reply.status, 200, "two changes ago: {reply:?}");
}
