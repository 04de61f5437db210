//! `UpdateUserAttributes`, `DeleteUserAttributes`, `GetUserAttributeVerificationCode`,
//! `VerifyUserAttribute` and the same for administrators (COGNITO.md 2.2, 3.5, 3.8 and 8).

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::wire::Reply;
use crate::world::{World, other_code};

pub(crate) const ADA: &str = "ada@example.com";
pub(crate) const NEW: &str = "new@example.com";
const PHONE: &str = "+4915112345678";
const VERIFIES: &str = "AutoVerifiedAttributes = [\"email\", \"phone_number\"]";

pub(crate) fn error(reply: &Reply) -> (String, String) {
    assert_eq!(reply.status, 400, "{reply:?}");
    reply.error()
}

pub(crate) fn named(name: &str, message: &str) -> (String, String) {
    (name.to_owned(), message.to_owned())
}

fn attributes(pairs: &[(&str, &str)]) -> Value {
    let attribute = |(name, value): &(&str, &str)| json!({"Name": name, "Value": value});
    pairs.iter().map(attribute).collect()
}

pub(crate) fn update(world: &World, token: &str, pairs: &[(&str, &str)]) -> Reply {
    let body = json!({"AccessToken": token, "UserAttributes": attributes(pairs)});
    world.call("UpdateUserAttributes", &body)
}

pub(crate) fn admin_update(world: &World, username: &str, pairs: &[(&str, &str)]) -> Reply {
    let body = json!({
        "UserPoolId": "POOL", "Username": username, "UserAttributes": attributes(pairs),
    });
    world.call("AdminUpdateUserAttributes", &body)
}

pub(crate) fn verify(world: &World, token: &str, name: &str, code: &str) -> Reply {
    let body = json!({"AccessToken": token, "AttributeName": name, "Code": code});
    world.call("VerifyUserAttribute", &body)
}

fn ask(world: &World, token: &str, name: &str) -> Reply {
    let body = json!({"AccessToken": token, "AttributeName": name});
    world.call("GetUserAttributeVerificationCode", &body)
}

fn value(world: &World, name: &str) -> String {
    world.attribute("ada", name).unwrap_or_default()
}

/// Ada, confirmed by her code, and her access token.
pub(crate) fn with_ada(pool: &str, client: &str) -> (World, String) {
    let world = World::with_pool_and_client(&format!("{VERIFIES}\n{pool}"), client);
    world.sign_up("ada", ADA);
    world.confirm("ada", &world.code(ADA));
    let token = world.access_token("ada", "Passw0rd!");
    (world, token)
}

/// COGNITO.md 3.5 \[D\]: the new value counts at once and is not verified.
#[test]
fn a_new_address_counts_at_once_and_is_proved_later() {
    let (world, token) = with_ada("", "");
    let answer = update(&world, &token, &[("email", NEW), ("phone_number", PHONE)]);
    let details = json!([
        {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "n***@e***"},
        {"AttributeName": "phone_number", "DeliveryMedium": "SMS", "Destination": "+*********5678"},
    ]);
    assert_eq!(answer.json(), json!({"CodeDeliveryDetailsList": details}));
    assert_eq!(
        (value(&world, "email"), value(&world, "email_verified")),
        (NEW.into(), "false".into())
    );
    let code = world.code(NEW);
    let wrong = verify(&world, &token, "email", other_code(&code));
    let mismatch = "Invalid verification code provided, please try again.";
    assert_eq!(error(&wrong), named("CodeMismatchException", mismatch));
    assert_eq!(verify(&world, &token, "email", &code).body, "{}");
    assert_eq!(value(&world, "email_verified"), "true");
    assert_eq!(value(&world, "phone_number_verified"), "false");
    let expired = "Invalid code provided, please request a code again.";
    let again = verify(&world, &token, "email", &code);
    assert_eq!(error(&again), named("ExpiredCodeException", expired));
    let sms = world.sms(PHONE).pop().unwrap();
    let code = sms["code"].as_str().unwrap();
    assert_eq!(verify(&world, &token, "phone_number", code).status, 200);
    assert_eq!(value(&world, "phone_number_verified"), "true");
}

/// COGNITO.md 3.5 \[D\]: the old value counts until the new one is proved.
#[test]
fn a_pool_may_ask_for_proof_first() {
    let pool = "UserAttributeUpdateSettings = { AttributesRequireVerificationBeforeUpdate = \
                [\"email\"] }\nAliasAttributes = [\"email\"]";
    let (world, token) = with_ada(pool, "");
    let answer = update(&world, &token, &[("email", NEW)]);
    let destination = &answer.json()["CodeDeliveryDetailsList"][0]["Destination"];
    assert_eq!(destination, "n***@e***");
    let before = (value(&world, "email"), value(&world, "email_verified"));
    assert_eq!(before, (ADA.into(), "true".into()));
    assert_eq!(world.admin_get_user(NEW).status, 400);
    // A code that is asked for again goes where the first went [U].
    ask(&world, &token, "email");
    let code = world.code(NEW);
    assert_eq!(verify(&world, &token, "email", &code).status, 200);
    let after = (value(&world, "email"), value(&world, "email_verified"));
    assert_eq!(after, (NEW.into(), "true".into()));
    assert_eq!(world.admin_get_user(NEW).json()["Username"], "ada");
    assert_eq!(world.admin_get_user(ADA).status, 400);
    // What an administrator says is verified needs no proof [D].
    let said = [("email", ADA), ("email_verified", "True")];
    assert_eq!(admin_update(&world, "ada", &said).status, 200);
    assert_eq!(world.admin_get_user(ADA).json()["Username"], "ada");
}

/// COGNITO.md 3.5 and 4 \[D, C\].
#[test]
fn a_code_can_be_asked_for() {
    let (world, token) = with_ada("", "");
    let wrong = "Invalid attribute name. Only phone_number and email can be verified.";
    let wrong = named("InvalidParameterException", wrong);
    assert_eq!(error(&ask(&world, &token, "name")), wrong);
    assert_eq!(error(&verify(&world, &token, "name", "123456")), wrong);
    let nothing = error(&ask(&world, &token, "phone_number"));
    assert_eq!(nothing.0, "InvalidParameterException");
    let details = json!({"CodeDeliveryDetails": {
        "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***",
    }});
    // One of the five calls was for the phone number.
    for _ in 0..4 {
        assert_eq!(ask(&world, &token, "email").json(), details);
    }
    let limit = "Attempt limit exceeded, please try after some time.";
    let limit = named("LimitExceededException", limit);
    assert_eq!(error(&ask(&world, &token, "email")), limit);
    let code = world.code(ADA);
    for _ in 0..15 {
        let reply = verify(&world, &token, "email", other_code(&code));
        assert_eq!(error(&reply).0, "CodeMismatchException");
    }
    assert_eq!(error(&verify(&world, &token, "email", &code)), limit);
    world.clock.advance(SignedDuration::from_hours(24));
    world.clock.advance(SignedDuration::from_secs(1));
    let token = world.access_token("ada", "Passw0rd!");
    let late = verify(&world, &token, "email", &code);
    assert_eq!(error(&late).0, "ExpiredCodeException");
}

const PARAMETER: &str = "InvalidParameterException";
const UNAUTHORIZED: &str = "A client attempted to write unauthorized attribute";

/// A section, an attribute and its value, and the exception and how its message begins.
type Refused = (
    &'static str,
    (&'static str, &'static str),
    &'static str,
    &'static str,
);

const CHANGES_REFUSED: &[Refused] = &[
    (
        "2.2 [R]",
        ("given_name", "Ada"),
        PARAMETER,
        "user.given_name: Attribute cannot be updated.\n",
    ),
    (
        "2.2 [R]",
        ("custom:foo", "x"),
        PARAMETER,
        "user.custom:foo: Attribute does not exist in the schema.\n",
    ),
    (
        "8 [M]",
        ("custom:plan", "x"),
        PARAMETER,
        "user.custom:plan: ",
    ),
    (
        "8 [M]",
        ("custom:plan", "xxxxx"),
        PARAMETER,
        "user.custom:plan: ",
    ),
    (
        "8 [M]",
        ("custom:seats", "0"),
        PARAMETER,
        "user.custom:seats: ",
    ),
    (
        "8 [M]",
        ("custom:seats", "many"),
        PARAMETER,
        "user.custom:seats: ",
    ),
    (
        "2.1 [R]",
        ("email", "ada"),
        PARAMETER,
        "Invalid email address format.",
    ),
    (
        "2.1 [C]",
        ("phone_number", "1"),
        PARAMETER,
        "Invalid phone number format.",
    ),
    (
        "2.2 [C]",
        ("email", ""),
        PARAMETER,
        "Invalid user attributes: email: Required attribute cannot be deleted.",
    ),
    (
        "3.5 [I]",
        ("email_verified", "true"),
        "NotAuthorizedException",
        UNAUTHORIZED,
    ),
    (
        "8 [D]",
        ("nickname", "x"),
        "NotAuthorizedException",
        UNAUTHORIZED,
    ),
];

/// COGNITO.md 2.2 \[R, C\], 3.5 \[I\] and 8 \[D\]: the client may write all but `nickname`.
#[test]
fn what_may_not_be_changed() {
    let pool = "Schema = [{ Name = \"email\", Required = true }, \
                { Name = \"given_name\", Mutable = false }, \
                { Name = \"plan\", AttributeDataType = \"String\", \
                StringAttributeConstraints = { MinLength = \"2\", MaxLength = \"4\" } }, \
                { Name = \"seats\", AttributeDataType = \"Number\", \
                NumberAttributeConstraints = { MinValue = \"1\", MaxValue = \"9\" } }]";
    let writes = "WriteAttributes = [\"email\", \"given_name\", \"phone_number\", \"custom:foo\", \
                  \"custom:plan\", \"custom:seats\"]";
    let (world, token) = with_ada(pool, writes);
    for (section, pair, name, message) in CHANGES_REFUSED {
        let (seen, text) = error(&update(&world, &token, &[*pair]));
        assert_eq!(seen, *name, "COGNITO.md {section}");
        assert!(text.starts_with(message), "COGNITO.md {section}: {text}");
    }
    let null = json!({"AccessToken": token, "UserAttributes": [{"Name": "email"}]});
    let null = error(&world.call("UpdateUserAttributes", &null));
    assert_eq!(
        null,
        named(PARAMETER, "Attribute value for email must not be null")
    );
    let fits = [("custom:plan", "gold"), ("custom:seats", "9")];
    assert_eq!(update(&world, &token, &fits).body, "{}");
    assert_eq!(value(&world, "custom:plan"), "gold");
    // An empty value takes the attribute away [M].
    assert_eq!(update(&world, &token, &[("custom:plan", "")]).status, 200);
    assert_eq!(world.attribute("ada", "custom:plan"), None);
}

/// COGNITO.md 2.2 \[T, C\].
#[test]
fn attributes_are_taken_away() {
    let pool = "Schema = [{ Name = \"email\", Required = true }]";
    let (world, token) = with_ada(pool, "");
    let required = "Invalid user attributes: email: Required attribute cannot be deleted.";
    let unknown = "Invalid user attributes: user.custom:foo: Attribute does not exist in the \
                   schema.\n";
    update(&world, &token, &[("phone_number", PHONE), ("name", "Ada")]);
    for (operation, who) in [
        ("DeleteUserAttributes", json!({"AccessToken": token})),
        (
            "AdminDeleteUserAttributes",
            json!({"UserPoolId": "POOL", "Username": "ada"}),
        ),
    ] {
        let delete = |name: &str| {
            let mut body = who.clone();
            body["UserAttributeNames"] = json!([name]);
            world.call(operation, &body)
        };
        let refused = |message: &str| named("InvalidParameterException", message);
        assert_eq!(error(&delete("email")), refused(required), "{operation}");
        assert_eq!(
            error(&delete("custom:foo")),
            refused(unknown),
            "{operation}"
        );
        assert_eq!(delete("phone_number").body, "{}", "{operation}");
        assert_eq!(world.attribute("ada", "phone_number_verified"), None);
        assert_eq!(value(&world, "name"), "Ada");
    }
}

/// COGNITO.md 3.8 \[M, T\].
#[test]
fn an_administrator_changes_attributes() {
    let (world, _) = with_ada("", "");
    assert_eq!(admin_update(&world, "ada", &[("email", NEW)]).body, "{}");
    assert_eq!(value(&world, "email_verified"), "false");
    let mails = world.smtp.mails_count();
    assert_eq!(world.code(NEW).len(), 6, "a code was mailed");
    let said = [("email", ADA), ("email_verified", "true")];
    assert_eq!(admin_update(&world, "ada", &said).body, "{}");
    assert_eq!(value(&world, "email_verified"), "true");
    assert_eq!(world.smtp.mails_count(), mails, "nothing to prove");
    let unknown = error(&admin_update(&world, "eve", &[("name", "Eve")]));
    assert_eq!(
        unknown,
        named("UserNotFoundException", "User does not exist.")
    );
    let absent = admin_update(&world, "ada", &[("phone_number_verified", "true")]);
    assert_eq!(error(&absent).0, "InvalidParameterException");
}

/// Not known of AWS: a code for a sign-up proves the address that it went to, and no other.
#[test]
fn a_sign_up_code_does_not_prove_a_later_address() {
    let world = World::with_pool("AutoVerifiedAttributes = [\"email\"]");
    world.sign_up("ada", ADA);
    let code = world.code(ADA);
    assert_eq!(admin_update(&world, "ada", &[("email", NEW)]).status, 200);
    assert_eq!(
        error(&world.confirm("ada", &code)).0,
        "ExpiredCodeException"
    );
    let body = json!({"ClientId": "CLIENT", "Username": "ada"});
    assert_eq!(world.call("ResendConfirmationCode", &body).status, 200);
    assert_eq!(world.confirm("ada", &world.code(NEW)).status, 200);
    assert_eq!(value(&world, "email_verified"), "true");
}
