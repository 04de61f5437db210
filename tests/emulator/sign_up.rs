//! `SignUp` (COGNITO.md 2).

use reverify::emulator::MailView;
use serde_json::{Value, json};

use crate::smtp::REFUSED;
use crate::world::World;

/// A sign-up that is refused.
struct Case {
    section: &'static str,
    pool: &'static str,
    client: &'static str,
    username: &'static str,
    password: &'static str,
    attributes: &'static [(&'static str, &'static str)],
    name: &'static str,
    message: &'static str,
}

const PLAIN: Case = Case {
    section: "",
    pool: "",
    client: "",
    username: "ada",
    password: "Passw0rd!",
    attributes: &[],
    name: "InvalidParameterException",
    message: "",
};

const REFUSALS: &[Case] = &[
    Case {
        section: "2.1 row 4 [C]",
        pool: "AdminCreateUserConfig = { AllowAdminCreateUserOnly = true }",
        name: "NotAuthorizedException",
        message: "SignUp is not permitted for this user pool",
        ..PLAIN
    },
    Case {
        section: "2.1 row 5 [R]",
        client: "WriteAttributes = [\"email\"]",
        attributes: &[("name", "Ada")],
        name: "NotAuthorizedException",
        message: "A client attempted to write unauthorized attribute",
        ..PLAIN
    },
    Case {
        section: "2.1 row 5 [R]",
        attributes: &[("email_verified", "true")],
        name: "NotAuthorizedException",
        message: "A client attempted to write unauthorized attribute",
        ..PLAIN
    },
    Case {
        section: "2.2 [R]",
        pool: "Schema = [{ Name = \"email\", Required = true }]",
        message: "Attributes did not conform to the schema: email: The attribute is required\n",
        ..PLAIN
    },
    Case {
        section: "2.2 [R]",
        attributes: &[("custom:firstName", "a"), ("dateOfBirth", "b")],
        message: "Attributes did not conform to the schema: custom:firstName: Attribute does not \
                  exist in the schema.\ndateOfBirth: Attribute does not exist in the schema.\n",
        ..PLAIN
    },
    Case {
        section: "2.1 row 7 [R]",
        pool: "UsernameAttributes = [\"email\"]",
        username: "asdfasdf",
        attributes: &[("email", "asdfasdf")],
        message: "Invalid email address format.",
        ..PLAIN
    },
    Case {
        section: "2.1 row 7 [C]",
        attributes: &[("phone_number", "5550100")],
        message: "Invalid phone number format.",
        ..PLAIN
    },
    Case {
        section: "2.3 [R]",
        pool: "UsernameAttributes = [\"email\"]",
        attributes: &[("email", "ada@example.com")],
        message: "Username should be an email.",
        ..PLAIN
    },
    Case {
        section: "2.3 [C]",
        pool: "AliasAttributes = [\"email\"]",
        username: "ada@example.com",
        message: "Username cannot be of email format, since user pool is configured for email \
                  alias.",
        ..PLAIN
    },
    Case {
        section: "2.5 [D]",
        password: "Pa0!",
        name: "InvalidPasswordException",
        message: "Password did not conform with policy: Password not long enough",
        ..PLAIN
    },
    Case {
        section: "2.5 [D]",
        password: "password0!",
        name: "InvalidPasswordException",
        message: "Password did not conform with policy: Password must have uppercase characters",
        ..PLAIN
    },
];

fn request(case: &Case) -> Value {
    let attributes: Vec<_> = case
        .attributes
        .iter()
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    json!({
        "ClientId": "CLIENT", "Username": case.username, "Password": case.password,
        "UserAttributes": attributes,
    })
}

#[test]
fn refusals_have_the_words_of_aws_and_leave_no_user() {
    for case in REFUSALS {
        let world = World::with_pool_and_client(case.pool, case.client);
        let reply = world.call("SignUp", &request(case));
        let expected = (case.name.to_owned(), case.message.to_owned());
        assert_eq!(
            (reply.status, reply.error()),
            (400, expected),
            "COGNITO.md {}",
            case.section
        );
        let listed = world
            .call("ListUsers", &json!({"UserPoolId": "POOL"}))
            .json();
        assert_eq!(listed, json!({"Users": []}), "COGNITO.md {}", case.section);
    }
}

/// COGNITO.md 2.6 \[V\]: what comes back, and what is mailed.
#[test]
fn details_come_back_when_a_code_was_mailed() {
    let email: &[_] = &[("email", "test@test.com")];
    let cases = [
        ("AutoVerifiedAttributes = [\"email\"]", email, true),
        ("AutoVerifiedAttributes = [\"email\"]", &[], false),
        ("", email, false),
    ];
    for (pool, attributes, mailed) in cases {
        let world = World::with_pool(pool);
        let answer = world
            .call(
                "SignUp",
                &request(&Case {
                    attributes,
                    ..PLAIN
                }),
            )
            .json();
        let details = json!({
            "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "t***@t***",
        });
        let expected = if mailed { details } else { Value::Null };
        assert_eq!(
            answer["CodeDeliveryDetails"], expected,
            "{pool} {attributes:?}"
        );
        assert_eq!(answer["UserConfirmed"], false);
        assert_eq!(world.smtp.mails(None, false).len(), usize::from(mailed));
    }
}

/// COGNITO.md 5.1 \[U\] and 5.4 \[D\].
#[test]
fn the_mail_has_the_default_words_or_the_pools() {
    let world = World::standard();
    world.sign_up("ada", "ada@example.com");
    let mail = world.smtp.mails(None, true).remove(0);
    assert_eq!(
        (&*mail.subject, &*mail.to),
        ("Your verification code", "ada@example.com")
    );
    assert_eq!(mail.from, "no-reply@verificationemail.com");
    let code = mail.code.unwrap();
    assert_eq!(
        mail.html.unwrap().trim_end(),
        format!("Your confirmation code is {code}")
    );

    let world = World::with_pool(
        "AutoVerifiedAttributes = [\"email\"]\nEmailVerificationSubject = \"Dein Prüfcode\"\n\
         EmailVerificationMessage = \"<p>Grüße: {####}</p>\"\n\
         [user_pool.EmailConfiguration]\nEmailSendingAccount = \"DEVELOPER\"\n\
         From = \"Shop <shop@example.com>\"\n[ses]\nProductionAccessEnabled = true\n\
         [[ses_identity]]\nEmailIdentity = \"shop@example.com\"",
    );
    world.sign_up("ada", "ada@example.com");
    let mail = world.smtp.mails(None, true).remove(0);
    assert_eq!(mail.subject, "Dein Prüfcode");
    assert_eq!(mail.from, "Shop <shop@example.com>");
    assert_eq!(
        mail.html.unwrap().trim_end(),
        format!("<p>Grüße: {}</p>", mail.code.unwrap())
    );
}

/// COGNITO.md 2.3 \[D, R\]: nothing is overwritten and no mail is sent.
#[test]
fn a_name_is_given_once() {
    let cases = [
        ("", "ada", "Ada", None),
        ("", "ada", "ada", Some("User already exists")),
        (
            "UsernameConfiguration = { CaseSensitive = false }",
            "ada",
            "Ada",
            Some("User already exists"),
        ),
        (
            "UsernameAttributes = [\"email\"]",
            "ada@example.com",
            "ada@example.com",
            Some("An account with the given email already exists."),
        ),
    ];
    for (pool, first, second, message) in cases {
        let world = World::with_pool(&format!("AutoVerifiedAttributes = [\"email\"]\n{pool}"));
        assert_eq!(world.sign_up(first, "ada@example.com").status, 200);
        let reply = world.sign_up(second, "ada@example.com");
        let mails = world.smtp.mails(None, false).len();
        match message {
            Some(message) => {
                let expected = ("UsernameExistsException".to_owned(), message.to_owned());
                assert_eq!((reply.error(), mails), (expected, 1), "{pool}");
            }
            None => assert_eq!((reply.status, mails), (200, 2), "{pool}"),
        }
    }
}

/// COGNITO.md 2.3 \[R, V\]: the stored username is the `sub`.
#[test]
fn an_attribute_as_username_gives_the_sub_as_name() {
    let world = World::with_pool("UsernameAttributes = [\"email\"]");
    let sub = world.sign_up("ada@example.com", "ada@example.com").json()["UserSub"].clone();
    for name in ["ada@example.com", sub.as_str().unwrap()] {
        assert_eq!(world.admin_get_user(name).json()["Username"], sub);
    }
    assert_eq!(
        world.attribute("ada@example.com", "email").as_deref(),
        Some("ada@example.com")
    );
    assert_eq!(
        world
            .attribute("ada@example.com", "email_verified")
            .as_deref(),
        Some("false")
    );
}

/// COGNITO.md 2.7 \[I\]: the failure is told, and the user exists.
#[test]
fn a_refused_mail_leaves_the_user_created() {
    let world = World::standard();
    let (name, message) = world.sign_up("ada", REFUSED).error();
    assert_eq!(name, "CodeDeliveryFailureException");
    assert!(message.contains("no such mailbox"), "{message}");
    assert_eq!(
        world.admin_get_user("ada").json()["UserStatus"],
        "UNCONFIRMED"
    );
}

/// COGNITO.md 2.4 \[R, C\].
#[test]
fn the_secret_hash_is_checked() {
    let client = "ClientSecret = \"secret\"";
    let world = World::with_pool_and_client("", client);
    let id = &world.client;
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"secret");
    let tag = aws_lc_rs::hmac::sign(&key, format!("ada{id}").as_bytes());
    let right = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, tag);
    let missing = format!("Client {id} is configured for secret but secret was not received");
    let wrong = format!("Unable to verify secret hash for client {id}");
    let cases = [
        (None, Some(missing)),
        (Some("d3Jvbmc="), Some(wrong)),
        (Some(&*right), None),
    ];
    for (hash, message) in cases {
        let body = json!({
            "ClientId": "CLIENT", "Username": "ada", "Password": "Passw0rd!", "SecretHash": hash,
        });
        let reply = world.call("SignUp", &body);
        match message {
            Some(message) => {
                assert_eq!(
                    reply.error(),
                    ("NotAuthorizedException".to_owned(), message)
                );
            }
            None => assert_eq!(reply.status, 200, "{reply:?}"),
        }
    }
}
