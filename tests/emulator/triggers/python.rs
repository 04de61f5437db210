//! Functions written for AWS in Python, under AWS's own runtime client, as triggers of a pool.
//!
//! They run when `REVERIFY_PYTHON` names an interpreter that can import `awslambdaric`.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use aws_sdk_cognitoidentityprovider::types::{AttributeType, UserStatusType};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reverify::emulator::MailView;
use reverify::emulator::Starting;
use reverify::emulator::lambda::{CallLimits, Function, Process};
use serde_json::json;

use super::fixture::{arn, function_name, refused, sign_in};
use crate::installed::installed;
use crate::world::World;

/// Longer than an interpreter takes to start on a busy machine.
const LONG: Duration = Duration::from_secs(30);

const EMAIL: &str = "AutoVerifiedAttributes = [\"email\"]";

/// A pool whose triggers are these handlers of `fixtures/lambda`, unless there is no interpreter.
fn world(pool: &str, client: &str, handlers: &[(&str, &str)]) -> Option<World> {
    let python = installed("REVERIFY_PYTHON", "triggers in Python, with awslambdaric")?;
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lambda");
    let deployed = handlers.iter().map(|(trigger, handler)| {
        let process = Process::new(python.to_str().unwrap(), &directory)
            .args(["-m", "awslambdaric", handler])
            .variable("PYTHONDONTWRITEBYTECODE", "1")
            .variable("ALLOWED_DOMAINS", "example.com,example.org")
            .variable("TAKEN_NICKNAMES", "ada,bob")
            .handler(*handler);
        Function::process(function_name(trigger), process).timeout(LONG)
    });
    let mut named = String::new();
    for (trigger, _) in handlers {
        writeln!(named, "LambdaConfig.{trigger} = \"{}\"", arn(trigger)).unwrap();
    }
    let toml = format!(
        "[[user_pool]]\nPoolName = \"p\"\n{named}{pool}\n[[user_pool.client]]\nClientName = \"c\"\n\
         ExplicitAuthFlows = [\"ALLOW_USER_PASSWORD_AUTH\"]\n{client}"
    );
    Some(World::with(
        Starting::from_toml(&toml).unwrap(),
        |settings| {
            settings.functions = deployed.collect();
            settings.trigger_limits = CallLimits {
                answer_wait: LONG,
                ..CallLimits::default()
            };
        },
    ))
}

/// The lines that a function printed, without the platform's own.
fn log(world: &World, function: &str) -> String {
    let path = format!("/_reverify/v1/functions/{function}/log");
    crate::wire::send(&world.emulator.endpoint(), "GET", &path, "", b"").body
}

/// A user is confirmed by a function, and nothing is mailed: through the SDK, with a client secret.
#[tokio::test]
async fn a_user_is_confirmed_automatically() {
    let handlers = [("PreSignUp", "triggers.confirm_automatically")];
    let Some(world) = world(EMAIL, "ClientSecret = \"c2VjcmV0\"", &handlers) else {
        return;
    };
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"c2VjcmV0");
    let tag = aws_lc_rs::hmac::sign(&key, format!("ada{}", world.client).as_bytes());
    let attribute = |name: &str, value: &str| {
        let attribute = AttributeType::builder().name(name).value(value);
        attribute.build().unwrap()
    };
    let sign_up = world
        .sdk
        .sign_up()
        .client_id(&world.client)
        .secret_hash(BASE64_STANDARD.encode(tag))
        .username("ada")
        .password("Passw0rd!")
        .user_attributes(attribute("email", "ada@example.com"))
        .user_attributes(attribute("phone_number", "+15550100"));
    let signed_up = sign_up.send().await.unwrap();
    assert!(signed_up.user_confirmed());
    assert_eq!(signed_up.code_delivery_details(), None);

    let user = world.sdk.admin_get_user().user_pool_id(&world.pool);
    let user = user.username("ada").send().await.unwrap();
    assert_eq!(user.user_status(), Some(&UserStatusType::Confirmed));
    assert!(user.enabled());
    let mut attributes: Vec<_> = user
        .user_attributes()
        .iter()
        .map(|attribute| (attribute.name(), attribute.value().unwrap_or_default()))
        .collect();
    attributes.sort_unstable();
    let expected = [
        ("email", "ada@example.com"),
        ("email_verified", "true"),
        ("phone_number", "+15550100"),
        ("phone_number_verified", "true"),
        ("sub", signed_up.user_sub()),
    ];
    assert_eq!(attributes, expected);
    assert_eq!(world.smtp.mails(None, false).len(), 0);
}

#[test]
fn a_sign_up_is_refused_by_domain_or_nickname() {
    let handlers = [("PreSignUp", "accounts.check_sign_up")];
    let Some(world) = world("", "", &handlers) else {
        return;
    };
    let sign_up = |email: &str, nickname: &str| {
        let body = json!({
            "ClientId": "CLIENT", "Username": nickname, "Password": "Passw0rd!",
            "UserAttributes": [
                {"Name": "email", "Value": email}, {"Name": "nickname", "Value": nickname},
            ],
        });
        world.call("SignUp", &body)
    };
    let message = "PreSignUp failed with error nobody at example.net may sign up.";
    let domain = refused("UserLambdaValidationException", message);
    assert_eq!(sign_up("eve@example.net", "eve").error(), domain);

    let (name, message) = sign_up("ada@example.com", "ada").error();
    assert_eq!(name, "UserLambdaValidationException");
    let offer = message.strip_prefix("PreSignUp failed with error ada is taken, how about ");
    let offer = offer.and_then(|offer| offer.strip_suffix(".")).unwrap();
    let number = offer.strip_prefix("ada").unwrap();
    assert!(number.parse::<u16>().is_ok(), "{offer}");
    assert_eq!(sign_up("ada@example.com", offer).status, 200);
}

#[test]
fn a_user_is_greeted_and_the_message_is_by_domain() {
    let handlers = [
        ("CustomMessage", "accounts.word_message"),
        ("PostConfirmation", "accounts.greet"),
    ];
    let Some(world) = world(EMAIL, "", &handlers) else {
        return;
    };
    for (name, email, subject) in [
        ("ada", "ada@example.com", "Your code for the shop"),
        ("bob", "bob@example.org", "Your code for the members' area"),
    ] {
        assert_eq!(world.sign_up(name, email).status, 200);
        let mail = world.smtp.mails(None, true).remove(0);
        assert_eq!(mail.subject, subject);
        assert_eq!(world.confirm(name, &mail.code.unwrap()).status, 200);
    }
    let printed = log(&world, "PostConfirmation");
    assert!(printed.contains("Welcome, ada@example.com!\n"), "{printed}");
    assert!(printed.contains("Welcome, bob@example.org!\n"), "{printed}");
}

#[test]
fn sign_ins_are_refused_and_counted() {
    let handlers = [
        ("PreSignUp", "triggers.confirm_automatically"),
        ("PreAuthentication", "accounts.check_sign_in"),
        ("PostAuthentication", "accounts.count_sign_in"),
    ];
    let Some(world) = world("", "", &handlers) else {
        return;
    };
    for name in ["ada", "banned-eve"] {
        assert_eq!(world.sign_up(name, "ada@example.com").status, 200);
    }
    let message = "PreAuthentication failed with error the shop is closed for banned-eve.";
    let closed = refused("UserLambdaValidationException", message);
    assert_eq!(sign_in(&world, "banned-eve", "Passw0rd!").error(), closed);
    for _ in 0..2 {
        assert_eq!(sign_in(&world, "ada", "Passw0rd!").status, 200);
    }
    let printed = log(&world, "PostAuthentication");
    assert!(
        printed.contains("sign-in 1 of ada\n") && printed.contains("sign-in 2 of ada\n"),
        "{printed}"
    );
    assert!(!printed.contains("eve"), "{printed}");
}
