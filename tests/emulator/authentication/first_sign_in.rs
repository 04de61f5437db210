//! From a sign-up to tokens without another code, and users without a password (COGNITO.md 2.8).

use reverify::emulator::MailView as _;
use serde_json::{Value, json};

use super::requests::{assert_signed_in, refused, world_of};
use crate::world::World;

const CODES: &str = "AutoVerifiedAttributes = [\"email\"]\n\
     Policies = { SignInPolicy = { AllowedFirstAuthFactors = [\"PASSWORD\", \"EMAIL_OTP\"] } }";

fn sign_up(world: &World, username: &str, password: Option<&str>) -> Value {
    let mut body = json!({
        "ClientId": "CLIENT", "Username": username,
        "UserAttributes": [{"Name": "email", "Value": format!("{username}@example.com")}],
    });
    if let Some(password) = password {
        body["Password"] = json!(password);
    }
    let reply = world.call("SignUp", &body);
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn confirm(world: &World, username: &str, session: &Value) -> Value {
    let body = json!({
        "ClientId": "CLIENT", "Username": username, "ConfirmationCode": world.mailed_digits(),
        "Session": session,
    });
    let reply = world.call("ConfirmSignUp", &body);
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn begin(world: &World, username: &str, session: &Value) -> crate::wire::Reply {
    let body = json!({
        "AuthFlow": "USER_AUTH", "ClientId": "CLIENT", "Session": session,
        "AuthParameters": {"USERNAME": username},
    });
    world.call("InitiateAuth", &body)
}

fn invalid(why: &str) -> (String, String) {
    refused("NotAuthorizedException", why)
}

/// \[M\]
#[test]
fn the_session_of_a_sign_up_leads_to_tokens_once() {
    let world = world_of(CODES, "", "");
    let signed_up = sign_up(&world, "ada", Some("Passw0rd!"));
    let unconfirmed = begin(&world, "ada", &signed_up["Session"]);
    assert_eq!(
        unconfirmed.error(),
        invalid("Invalid session for the user.")
    );
    let confirmed = confirm(&world, "ada", &signed_up["Session"]);
    assert_eq!(world.smtp.mails(None, false).len(), 1, "one code is enough");
    let session = &confirmed["Session"];
    // Of another user, of the step before, and once more: no.
    sign_up(&world, "bob", Some("Passw0rd!"));
    let other = begin(&world, "bob", session);
    assert_eq!(other.error(), invalid("Invalid session for the user."));
    assert_signed_in(&begin(&world, "ada", session));
    let again = begin(&world, "ada", session);
    let used = "Invalid session for the user, session can only be used once.";
    assert_eq!(again.error(), invalid(used));
}

/// The session of the sign-up is good for the client's three minutes \[M\]; that the user is
/// confirmed without one is a guess \[U\].
#[test]
fn an_expired_session_confirms_and_leads_nowhere() {
    let world = world_of(CODES, "", "");
    let signed_up = sign_up(&world, "ada", Some("Passw0rd!"));
    world.advance_minutes(4);
    let confirmed = confirm(&world, "ada", &signed_up["Session"]);
    assert_eq!(confirmed, json!({}));
    assert_eq!(world.status("ada"), "CONFIRMED");
}

/// \[D\]: without a password a user signs up, confirms and signs in with codes, and is not offered
/// one \[U\].
#[test]
fn a_user_needs_no_password_where_codes_are_a_first_factor() {
    let world = world_of(CODES, "", "");
    let signed_up = sign_up(&world, "ada", None);
    let confirmed = confirm(&world, "ada", &signed_up["Session"]);
    assert_signed_in(&begin(&world, "ada", &confirmed["Session"]));
    let offered = world.initiate("USER_AUTH", &json!({"USERNAME": "ada"}));
    assert_eq!(offered.json()["AvailableChallenges"], json!(["EMAIL_OTP"]));
    let guessed = world.sign_in("ada", "");
    assert_eq!(guessed.status, 400);

    let passwords_only = world_of("AutoVerifiedAttributes = [\"email\"]", "", "");
    let body = json!({
        "ClientId": "CLIENT", "Username": "ada",
        "UserAttributes": [{"Name": "email", "Value": "ada@example.com"}],
    });
    let (exception, _) = passwords_only.call("SignUp", &body).error();
    assert_eq!(exception, "InvalidParameterException");
}
