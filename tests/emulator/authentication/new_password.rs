//! `NEW_PASSWORD_REQUIRED` (COGNITO.md 3.10 and 3.11).

use serde_json::{Value, json};

use super::requests::{
    PASSWORD, assert_signed_in, incorrect, invalid_parameter, not_authorized, refused, user,
    world_of,
};
use crate::world::World;

const NEW: &str = "N3w-passw0rd";
const EMAIL: &str = "{ Name = \"email\", Value = \"ada@example.com\" }";

fn challenged(pool: &str, attributes: &str) -> (World, Value) {
    let world = world_of(pool, "", &user("ada", "FORCE_CHANGE_PASSWORD", attributes));
    let challenge = world.sign_in("ada", PASSWORD).json();
    assert_eq!(
        challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED",
        "{challenge}"
    );
    (world, challenge)
}

/// COGNITO.md 3.10 \[V, D\] and 3.11: JSON inside of texts, and the user is confirmed by it.
#[test]
fn a_temporary_password_is_replaced() {
    let (world, challenge) = challenged("", EMAIL);
    let parameters = &challenge["ChallengeParameters"];
    assert_eq!(parameters["USER_ID_FOR_SRP"], "ada");
    assert_eq!(parameters["requiredAttributes"], "[]");
    let given = "{\"email\":\"ada@example.com\",\"email_verified\":\"false\"}";
    assert_eq!(parameters["userAttributes"], given);
    assert_eq!(world.status("ada"), "FORCE_CHANGE_PASSWORD");
    let answer = json!({"USERNAME": "ada", "NEW_PASSWORD": NEW});
    assert_signed_in(&world.respond(&challenge, &answer));
    assert_eq!(world.status("ada"), "CONFIRMED");
    let again = "Invalid session for the user, session can only be used once.";
    assert_eq!(
        world.respond(&challenge, &answer).error(),
        not_authorized(again)
    );
    assert_eq!(world.sign_in("ada", PASSWORD).error(), incorrect());
    assert_signed_in(&world.sign_in("ada", NEW));
}

/// COGNITO.md 3.10 and 2.5: each refusal leaves the session, the status and the password.
#[test]
fn refusals_name_what_is_wrong() {
    let conform = "Password does not conform to policy: ";
    let cases = [
        (
            "3.10 [U]",
            json!({}),
            invalid_parameter("Missing required parameter NEW_PASSWORD"),
        ),
        (
            "2.5 [C]",
            json!({"NEW_PASSWORD": "N3w!"}),
            refused(
                "InvalidPasswordException",
                &format!("{conform}Password not long enough"),
            ),
        ),
        (
            "3.10 [one quote]",
            json!({"NEW_PASSWORD": NEW, "userAttributes.given_name": "Eve"}),
            not_authorized("Cannot modify an already provided given_name"),
        ),
        (
            "2.2 [R]",
            json!({"NEW_PASSWORD": NEW, "userAttributes.locale": "en", "userAttributes.x": "y"}),
            invalid_parameter(
                "Attributes did not conform to the schema: x: Attribute does not exist in the \
                 schema.\n",
            ),
        ),
        (
            "2.1 row 5 [R]",
            json!({
                "NEW_PASSWORD": NEW, "userAttributes.locale": "en",
                "userAttributes.email_verified": "true",
            }),
            not_authorized("A client attempted to write unauthorized attribute"),
        ),
        (
            "2.1 row 7 [C]",
            json!({
                "NEW_PASSWORD": NEW, "userAttributes.locale": "en",
                "userAttributes.phone_number": "5550100",
            }),
            invalid_parameter("Invalid phone number format."),
        ),
    ];
    let given = format!("{EMAIL}, {{ Name = \"given_name\", Value = \"Ada\" }}");
    let (world, challenge) = challenged("", &given);
    for (section, mut answer, expected) in cases {
        answer["USERNAME"] = json!("ada");
        let error = world.respond(&challenge, &answer).error();
        assert_eq!(error, expected, "COGNITO.md {section}: {answer}");
        assert_eq!(world.status("ada"), "FORCE_CHANGE_PASSWORD");
    }
    let answer = json!({
        "USERNAME": "ada", "NEW_PASSWORD": NEW, "userAttributes.locale": "en",
        "userAttributes.name": "Ada L",
    });
    assert_signed_in(&world.respond(&challenge, &answer));
    let shown = ["locale", "name"].map(|name| world.attribute("ada", name).unwrap());
    assert_eq!(shown, ["en", "Ada L"]);
}
