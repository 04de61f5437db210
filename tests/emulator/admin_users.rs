//! `AdminCreateUser`, `AdminEnableUser` and `AdminDisableUser` (COGNITO.md 3.7 and 3.8).

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::smtp::REFUSED;
use crate::wire::Reply;
use crate::world::World;
use reverify::emulator::MailView;

const ADA: &str = "ada@example.com";
const PHONE: &str = "+4915112345678";

fn error(reply: &Reply) -> (String, String) {
    assert_eq!(reply.status, 400, "{reply:?}");
    reply.error()
}

fn named(name: &str, message: &str) -> (String, String) {
    (name.to_owned(), message.to_owned())
}

fn create(world: &World, username: &str, members: &Value) -> Reply {
    let mut body = json!({"UserPoolId": "POOL", "Username": username});
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    world.call("AdminCreateUser", &body)
}

fn email(address: &str) -> Value {
    json!([{"Name": "email", "Value": address}])
}

/// COGNITO.md 3.7 \[D, C, M\].
#[test]
fn an_invited_user_has_a_temporary_password() {
    let world = World::with_pool("");
    let members = json!({"UserAttributes": email(ADA), "DesiredDeliveryMediums": ["EMAIL"]});
    let user = create(&world, "ada", &members).json()["User"].clone();
    assert_eq!(user["UserStatus"], "FORCE_CHANGE_PASSWORD");
    assert_eq!(
        (&user["Enabled"], &user["Username"]),
        (&json!(true), &json!("ada"))
    );
    assert_eq!(user["Attributes"][0]["Name"], "sub");
    assert!(user["UserCreateDate"].is_f64(), "{user}");
    let mail = world.smtp.mails(None, true).remove(0);
    assert_eq!(mail.subject, "Your temporary password");
    let html = mail.html.unwrap();
    let words = html
        .trim_end()
        .strip_prefix("Your username is ada and temporary password is ");
    let password = words.and_then(|words| words.strip_suffix('.')).unwrap();
    // The drawn password is the right one: what sign-in answers to a wrong one differs.
    let wrong = named("NotAuthorizedException", "Incorrect username or password.");
    assert_eq!(world.sign_in("ada", "wrong").error(), wrong);
    assert_ne!(world.sign_in("ada", password).error(), wrong);
    world.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    let expired = "Temporary password has expired and must be reset by an administrator.";
    let late = error(&world.sign_in("ada", password));
    assert_eq!(late, named("NotAuthorizedException", expired));

    let members = json!({
        "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"],
        "TemporaryPassword": "An0ther-one",
    });
    assert_eq!(create(&world, "ada", &members).status, 200);
    assert_eq!(world.smtp.mails_count(), 2);
    assert_ne!(world.sign_in("ada", "An0ther-one").error(), wrong);
    assert_eq!(world.sign_in("ada", password).error(), wrong);
}

/// COGNITO.md 3.7 \[M\]: who is told, and how.
#[test]
fn the_medium_is_sms_unless_another_is_asked_for() {
    let both = json!([
        {"Name": "email", "Value": ADA}, {"Name": "phone_number", "Value": PHONE},
    ]);
    // Members, mails and text messages that go out.
    let cases = [
        (json!({"UserAttributes": email(ADA)}), 0, 0),
        (json!({"UserAttributes": both}), 0, 1),
        (
            json!({"UserAttributes": both, "DesiredDeliveryMediums": ["EMAIL"]}),
            1,
            0,
        ),
        (
            json!({"UserAttributes": both, "DesiredDeliveryMediums": ["SMS", "EMAIL"]}),
            1,
            1,
        ),
        (
            json!({
                "UserAttributes": both, "DesiredDeliveryMediums": ["EMAIL"],
                "MessageAction": "SUPPRESS",
            }),
            0,
            0,
        ),
    ];
    for (members, mails, texts) in cases {
        let world = World::with_pool("");
        assert_eq!(create(&world, "ada", &members).status, 200, "{members}");
        let sent = (world.smtp.mails_count(), world.sms(PHONE).len());
        assert_eq!(sent, (mails, texts), "{members}");
    }
    let silent = "AdminCreateUserConfig = { InviteMessageTemplate = { EmailMessage = \"Hello\" } }";
    let world = World::with_pool(silent);
    let members = json!({"UserAttributes": email(ADA), "DesiredDeliveryMediums": ["EMAIL"]});
    assert_eq!(create(&world, "ada", &members).status, 200);
    assert_eq!(
        world.smtp.mails_count(),
        0,
        "no invitation without the password"
    );
}

const PARAMETER: &str = "InvalidParameterException";

/// A section, a pool, the username and members of a request, and the exception.
type Refused = (
    &'static str,
    &'static str,
    (&'static str, Value),
    (&'static str, &'static str),
);

fn refused() -> Vec<Refused> {
    vec![
        (
            "2.3 [R]",
            "",
            ("ada", json!({})),
            ("UsernameExistsException", "User account already exists"),
        ),
        (
            "2.3 [C]",
            "UsernameAttributes = [\"email\"]",
            (ADA, json!({})),
            (
                "UsernameExistsException",
                "An account with the given email already exists.",
            ),
        ),
        (
            "2.3 [R]",
            "UsernameAttributes = [\"email\"]",
            ("bob", json!({})),
            (PARAMETER, "Username should be an email."),
        ),
        (
            "2.5 [R]",
            "",
            ("bob", json!({"TemporaryPassword": "weak-pass1"})),
            (
                "InvalidPasswordException",
                "Password did not conform with password policy: Password must have uppercase \
                 characters",
            ),
        ),
        (
            "2.2 [R]",
            "",
            (
                "bob",
                json!({"UserAttributes": [{"Name": "custom:x", "Value": "y"}]}),
            ),
            (
                PARAMETER,
                "Attributes did not conform to the schema: custom:x: Attribute does not exist in \
                 the schema.\n",
            ),
        ),
        (
            "3.7 [U]",
            "",
            ("bob", json!({"DesiredDeliveryMediums": ["EMAIL"]})),
            (
                PARAMETER,
                "The user has no email to deliver the message to.",
            ),
        ),
        (
            "3.7 [R]",
            "",
            ("bob", json!({"MessageAction": "RESEND"})),
            ("UserNotFoundException", "User does not exist."),
        ),
        (
            "3.7 [R]",
            "",
            ("ada", json!({"MessageAction": "RESEND"})),
            (
                "UnsupportedUserStateException",
                "Resend not possible. ada status is not FORCE_CHANGE_PASSWORD",
            ),
        ),
    ]
}

/// COGNITO.md 3.7 and 2.3 \[R, C, U\], 2.5 \[R\].
#[test]
fn who_is_not_created() {
    for (section, pool, (username, members), (name, message)) in refused() {
        let world = World::with_pool(pool);
        let ada = if pool.is_empty() { "ada" } else { ADA };
        assert_eq!(world.sign_up(ada, ADA).status, 200);
        let refused = error(&create(&world, username, &members));
        assert_eq!(refused, named(name, message), "COGNITO.md {section}");
    }
}

/// COGNITO.md 3.7 \[D, M\]: required attributes may be missing, addresses may be verified.
#[test]
fn an_administrator_may_verify_and_take_an_alias() {
    let pool = "AliasAttributes = [\"email\"]\nSchema = [{ Name = \"name\", Required = true }]";
    let world = World::with_pool(pool);
    let verified = json!([
        {"Name": "email", "Value": ADA}, {"Name": "email_verified", "Value": "True"},
    ]);
    let members = json!({"UserAttributes": verified});
    assert_eq!(create(&world, "ada", &members).status, 200);
    assert_eq!(
        world.attribute(ADA, "email_verified").as_deref(),
        Some("true")
    );
    let taken = error(&create(&world, "bob", &members));
    let message = "An account with the given email already exists.";
    assert_eq!(taken, named("AliasExistsException", message));
    assert_eq!(
        world.admin_get_user("bob").status,
        400,
        "nobody was created"
    );
    let forced = json!({"UserAttributes": verified, "ForceAliasCreation": true});
    assert_eq!(create(&world, "bob", &forced).status, 200);
    assert_eq!(world.admin_get_user(ADA).json()["Username"], "bob");
    assert_eq!(
        world.attribute("ada", "email_verified").as_deref(),
        Some("false")
    );
}

/// COGNITO.md 3.7 \[R\]: AWS calls it expected.
#[test]
fn a_refused_invitation_leaves_the_user_created() {
    let world = World::with_pool("");
    let members = json!({"UserAttributes": email(REFUSED), "DesiredDeliveryMediums": ["EMAIL"]});
    assert_eq!(
        error(&create(&world, "ada", &members)).0,
        "CodeDeliveryFailureException"
    );
    let status = world.admin_get_user("ada").json()["UserStatus"].clone();
    assert_eq!(status, "FORCE_CHANGE_PASSWORD");
}

/// COGNITO.md 3.8 \[T\]: the status stays, sign-in and tokens are refused.
#[test]
fn a_disabled_user_is_shut_out_until_enabled() {
    let world = World::standard();
    world.confirmed_ada(ADA);
    let token = json!({"AccessToken": world.access_token("ada", "Passw0rd!")});
    let ada = json!({"UserPoolId": "POOL", "Username": "ada"});
    assert_eq!(world.call("AdminDisableUser", &ada).body, "{}");
    let user = world.admin_get_user("ada").json();
    assert_eq!(
        (&user["Enabled"], &user["UserStatus"]),
        (&json!(false), &json!("CONFIRMED"))
    );
    let disabled = named("NotAuthorizedException", "User is disabled.");
    assert_eq!(error(&world.sign_in("ada", "Passw0rd!")), disabled);
    assert_eq!(error(&world.call("GetUser", &token)), disabled);
    assert_eq!(world.call("AdminEnableUser", &ada).body, "{}");
    assert_eq!(world.call("GetUser", &token).status, 200);
    let unknown = json!({"UserPoolId": "POOL", "Username": "eve"});
    for operation in ["AdminEnableUser", "AdminDisableUser"] {
        let unknown = error(&world.call(operation, &unknown));
        assert_eq!(
            unknown,
            named("UserNotFoundException", "User does not exist.")
        );
    }
}

/// COGNITO.md 2.3 \[R, D\] and 3.7: the stored name is the `sub`, an invitation says the address.
#[test]
fn an_invitation_says_the_name_to_sign_in_with() {
    let world = World::with_pool(
        "UsernameAttributes = [\"email\", \"phone_number\"]\n\
         AdminCreateUserConfig = { InviteMessageTemplate = { EmailSubject = \"Hi {username}\", \
         EmailMessage = \"<b>{username}</b> {####}\", SMSMessage = \"{username} {####}\" } }",
    );
    let password = "Temp0rary<&>";
    for (username, medium) in [(ADA, "EMAIL"), (PHONE, "SMS")] {
        let members = json!({
            "DesiredDeliveryMediums": [medium], "TemporaryPassword": password,
        });
        let user = create(&world, username, &members).json()["User"].clone();
        assert_eq!(user["Username"], user["Attributes"][0]["Value"], "{user}");
    }
    let mail = world.smtp.mails(None, true).remove(0);
    assert_eq!(mail.subject, format!("Hi {ADA}"));
    let html = mail.html.unwrap();
    assert_eq!(
        html.trim_end(),
        format!("<b>{ADA}</b> Temp0rary&lt;&amp;&gt;")
    );
    let sms = world.sms(PHONE).remove(0);
    assert_eq!(sms["text"], format!("{PHONE} {password}"));
    assert_eq!(sms["code"], Value::Null);
    let sub = json!({"UserAttributes": [{"Name": "sub", "Value": "x"}]});
    assert_eq!(
        error(&create(&world, "eve@example.com", &sub)).0,
        "InvalidParameterException"
    );
}

/// COGNITO.md 2.3 \[D\]: a preferred name stands for its user as soon as an administrator gives it.
#[test]
fn a_preferred_name_is_an_alias_at_once() {
    let world = World::with_pool("AliasAttributes = [\"preferred_username\"]");
    let named =
        |name: &str| json!({"UserAttributes": [{"Name": "preferred_username", "Value": name}]});
    assert_eq!(create(&world, "ada", &named("countess")).status, 200);
    assert_eq!(world.admin_get_user("countess").json()["Username"], "ada");
    let taken = error(&create(&world, "bob", &named("countess")));
    assert_eq!(taken.0, "AliasExistsException");
    assert_eq!(world.admin_get_user("bob").status, 400);
}
