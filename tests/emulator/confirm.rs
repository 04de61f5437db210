//! `ConfirmSignUp`, `AdminConfirmSignUp` and `ResendConfirmationCode` (COGNITO.md 3.1, 3.2, 3.6 and 4).

use jiff::SignedDuration;
use reverify::emulator::MailView;
use serde_json::json;

use crate::wire::Reply;
use crate::world::{World, other_code};

const ADA: &str = "ada@example.com";

fn error(reply: &Reply) -> (String, String) {
    assert_eq!(reply.status, 400, "{reply:?}");
    reply.error()
}

fn named(name: &str, message: &str) -> (String, String) {
    (name.to_owned(), message.to_owned())
}

fn mismatch() -> (String, String) {
    named(
        "CodeMismatchException",
        "Invalid verification code provided, please try again.",
    )
}

fn expired() -> (String, String) {
    named(
        "ExpiredCodeException",
        "Invalid code provided, please request a code again.",
    )
}

fn limit_exceeded() -> (String, String) {
    named(
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.",
    )
}

fn resend(world: &World, username: &str) -> Reply {
    world.call(
        "ResendConfirmationCode",
        &json!({"ClientId": "CLIENT", "Username": username}),
    )
}

/// COGNITO.md 3.1 \[D, C, R\].
#[test]
fn the_right_code_confirms_once() {
    let world = World::standard();
    world.sign_up("ada", ADA);
    let code = world.code(ADA);
    assert_eq!(error(&world.confirm("ada", other_code(&code))), mismatch());
    assert_eq!(
        world.attribute("ada", "email_verified").as_deref(),
        Some("false")
    );
    let reply = world.confirm("ada", &code);
    assert_eq!((reply.status, &*reply.body), (200, "{}"));
    assert_eq!(
        world.admin_get_user("ada").json()["UserStatus"],
        "CONFIRMED"
    );
    assert_eq!(
        world.attribute("ada", "email_verified").as_deref(),
        Some("true")
    );
    let again = "User cannot be confirmed. Current status is CONFIRMED";
    assert_eq!(
        error(&world.confirm("ada", &code)),
        named("NotAuthorizedException", again)
    );
}

/// COGNITO.md 4 \[D\]: a day, by the emulator's clock.
#[test]
fn a_code_expires_after_a_day() {
    let world = World::standard();
    world.sign_up("ada", ADA);
    let code = world.code(ADA);
    world
        .clock
        .advance(SignedDuration::from_hours(24) + SignedDuration::from_secs(1));
    assert_eq!(error(&world.confirm("ada", &code)), expired());
}

/// COGNITO.md 3.1 \[R\] and, for the client that hides users, \[U\].
#[test]
fn an_unknown_user_is_told_or_hidden() {
    let world = World::standard();
    let unknown = named(
        "UserNotFoundException",
        "Username/client id combination not found.",
    );
    assert_eq!(error(&world.confirm("eve", "123456")), unknown);
    assert_eq!(error(&resend(&world, "eve")), unknown);

    let hiding = "PreventUserExistenceErrors = \"ENABLED\"";
    let world = World::with_pool_and_client("AutoVerifiedAttributes = [\"email\"]", hiding);
    assert_eq!(error(&world.confirm("eve", "123456")), expired());
    let simulated = &resend(&world, "eve@example.com").json()["CodeDeliveryDetails"];
    assert_eq!(simulated["Destination"], "e***@e***");
    assert!(world.smtp.mails(None, false).is_empty());
}

/// COGNITO.md 3.2 \[R\].
#[test]
fn a_resent_code_replaces_the_one_before() {
    let world = World::standard();
    world.sign_up("ada", ADA);
    let first = world.code(ADA);
    let details = &resend(&world, "ada").json()["CodeDeliveryDetails"];
    assert_eq!(details["Destination"], "a***@e***");
    let second = world.code(ADA);
    if first != second {
        assert_eq!(error(&world.confirm("ada", &first)), mismatch());
    }
    assert_eq!(world.confirm("ada", &second).status, 200);
    let confirmed = named("InvalidParameterException", "User is already confirmed.");
    assert_eq!(error(&resend(&world, "ada")), confirmed);
}

/// COGNITO.md 3.2 \[C\].
#[test]
fn a_pool_that_does_not_verify_does_not_resend() {
    let world = World::with_pool("");
    world.sign_up("ada", ADA);
    let message = "Cannot resend codes. Auto verification not turned on.";
    assert_eq!(
        error(&resend(&world, "ada")),
        named("InvalidParameterException", message)
    );
}

/// COGNITO.md 4 \[D\]: 15 confirmations and 5 resends in an hour, for one user.
#[test]
fn attempts_are_limited_by_the_hour() {
    let world = World::standard();
    world.sign_up("ada", ADA);
    let wrong = other_code(&world.code(ADA)).to_owned();
    for _ in 0..15 {
        assert_eq!(error(&world.confirm("ada", &wrong)), mismatch());
    }
    let right = world.code(ADA);
    assert_eq!(error(&world.confirm("ada", &right)), limit_exceeded());
    for _ in 0..5 {
        assert_eq!(resend(&world, "ada").status, 200);
    }
    assert_eq!(error(&resend(&world, "ada")), limit_exceeded());
    world.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(world.confirm("ada", &world.code(ADA)).status, 200);
}

/// COGNITO.md 4 \[I\]: a code belongs to its user, and dies with it. A `sub` is given once.
#[test]
fn a_deleted_user_signs_up_again_as_another() {
    let world = World::standard();
    let mut subs = Vec::new();
    for round in 0..5 {
        let answer = world.sign_up("ada", ADA);
        assert_eq!(answer.status, 200, "round {round}");
        subs.push(answer.json()["UserSub"].to_string());
        let code = world.code(ADA);
        let deleted = world.call(
            "AdminDeleteUser",
            &json!({"UserPoolId": "POOL", "Username": "ada"}),
        );
        assert_eq!((deleted.status, &*deleted.body), (200, ""));
        world.sign_up("ada", ADA);
        if code != world.code(ADA) {
            assert_eq!(error(&world.confirm("ada", &code)), mismatch());
        }
        assert_eq!(world.confirm("ada", &world.code(ADA)).status, 200);
        world.call(
            "AdminDeleteUser",
            &json!({"UserPoolId": "POOL", "Username": "ada"}),
        );
    }
    assert_eq!(world.smtp.mails(None, false).len(), 10);
    subs.sort();
    subs.dedup();
    assert_eq!(subs.len(), 5);
}

/// COGNITO.md 3.6 \[R, D\].
#[test]
fn an_administrator_confirms_without_verifying() {
    let world = World::standard();
    world.sign_up("ada", ADA);
    let body = json!({"UserPoolId": "POOL", "Username": "ada"});
    assert_eq!(world.call("AdminConfirmSignUp", &body).body, "{}");
    assert_eq!(
        world.attribute("ada", "email_verified").as_deref(),
        Some("false")
    );
    assert_eq!(
        error(&world.call("AdminConfirmSignUp", &body)).0,
        "NotAuthorizedException"
    );
    let unknown = json!({"UserPoolId": "POOL", "Username": "eve"});
    let error = error(&world.call("AdminConfirmSignUp", &unknown));
    assert_eq!(
        error,
        named("UserNotFoundException", "User does not exist.")
    );
}

/// COGNITO.md 2.3 and 3.1 \[D\]: the conflict appears at confirmation, and may be forced.
#[test]
fn an_alias_is_held_by_one_user() {
    let world =
        World::with_pool("AutoVerifiedAttributes = [\"email\"]\nAliasAttributes = [\"email\"]");
    world.sign_up("ada", ADA);
    assert_eq!(error(&world.admin_get_user(ADA)).0, "UserNotFoundException");
    world.confirm("ada", &world.code(ADA));
    assert_eq!(world.admin_get_user(ADA).json()["Username"], "ada");

    assert_eq!(world.sign_up("bob", ADA).status, 200);
    let code = world.code(ADA);
    let taken = "An account with the given email already exists.";
    assert_eq!(
        error(&world.confirm("bob", &code)),
        named("AliasExistsException", taken)
    );
    let forced = json!({
        "ClientId": "CLIENT", "Username": "bob", "ConfirmationCode": code,
        "ForceAliasCreation": true,
    });
    assert_eq!(world.call("ConfirmSignUp", &forced).status, 200);
    assert_eq!(world.admin_get_user(ADA).json()["Username"], "bob");
    assert_eq!(
        world.attribute("ada", "email_verified").as_deref(),
        Some("false")
    );
}
