//! Codes by mail and text message, as first factor and as second (COGNITO.md 3.10 and 4).

use serde_json::{Value, json};

use super::requests::{PASSWORD, assert_signed_in, not_authorized, refused, world};
use crate::wire::Reply;
use crate::world::World;

const EMAIL: &str = "MfaConfiguration = \"ON\"\nEmailMfaConfiguration = {}";
const SMS: &str =
    "MfaConfiguration = \"ON\"\nSmsConfiguration = { SnsCallerArn = \"arn:aws:iam::1:role/r\" }";
const EMAIL_FIRST: &str = "Policies = { SignInPolicy = { AllowedFirstAuthFactors = [\"PASSWORD\", \"EMAIL_OTP\", \"SMS_OTP\"] } }";

/// A way to a code, and what the challenge and the answer call it.
struct Way {
    pool: &'static str,
    flow: &'static str,
    name: &'static str,
    response: &'static str,
    digits: usize,
    destination: &'static str,
    verified: &'static str,
}

const WAYS: [Way; 4] = [
    Way {
        pool: EMAIL,
        flow: "USER_PASSWORD_AUTH",
        name: "EMAIL_OTP",
        response: "EMAIL_OTP_CODE",
        digits: 6,
        destination: "a***@e***",
        verified: "email_verified",
    },
    Way {
        pool: SMS,
        flow: "USER_PASSWORD_AUTH",
        name: "SMS_MFA",
        response: "SMS_MFA_CODE",
        digits: 6,
        destination: "+*******9934",
        verified: "phone_number_verified",
    },
    Way {
        pool: EMAIL_FIRST,
        flow: "USER_AUTH",
        name: "EMAIL_OTP",
        response: "EMAIL_OTP_CODE",
        digits: 8,
        destination: "a***@e***",
        verified: "email_verified",
    },
    Way {
        pool: EMAIL_FIRST,
        flow: "USER_AUTH",
        name: "SMS_OTP",
        response: "SMS_OTP_CODE",
        digits: 8,
        destination: "+*******9934",
        verified: "phone_number_verified",
    },
];

impl Way {
    fn begin(&self, world: &World) -> Value {
        let parameters = json!({
            "USERNAME": "ada", "PASSWORD": PASSWORD, "PREFERRED_CHALLENGE": self.name,
        });
        let reply = world.initiate(self.flow, &parameters);
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    fn code(&self, world: &World) -> String {
        if self.name == "EMAIL_OTP" {
            return world.mailed_digits();
        }
        let message = world.text_message("+12025559934");
        let text = message["text"].as_str().unwrap();
        let code = text.strip_prefix("Your authentication code is ");
        code.unwrap_or_else(|| panic!("{text}")).to_owned()
    }

    fn answer(&self, world: &World, challenge: &Value, code: &str) -> Reply {
        world.respond(challenge, &json!({"USERNAME": "ada", self.response: code}))
    }
}

/// COGNITO.md 3.10 \[R, U\], 4 \[R\] and 5.1 \[U\].
#[test]
fn a_code_is_sent_masked_and_taken_once() {
    for way in WAYS {
        let world = world(way.pool, "");
        let challenge = way.begin(&world);
        assert_eq!(challenge["ChallengeName"], way.name);
        let medium = if way.name == "EMAIL_OTP" {
            "EMAIL"
        } else {
            "SMS"
        };
        let parameters = json!({
            "CODE_DELIVERY_DELIVERY_MEDIUM": medium,
            "CODE_DELIVERY_DESTINATION": way.destination,
            "USER_ID_FOR_SRP": "ada",
        });
        assert_eq!(challenge["ChallengeParameters"], parameters);
        let code = way.code(&world);
        assert_eq!(code.len(), way.digits, "COGNITO.md 4: {}", way.name);
        // Six wrong codes in a row lock nothing and leave the session [R].
        let wrong: String = code
            .bytes()
            .map(|b| char::from(b'0' + (b - b'0' + 1) % 10))
            .collect();
        let mismatch = refused(
            "CodeMismatchException",
            "Invalid code or auth state for the user.",
        );
        for _ in 0..6 {
            assert_eq!(
                way.answer(&world, &challenge, &wrong).error(),
                mismatch,
                "{}",
                way.name
            );
        }
        assert_signed_in(&way.answer(&world, &challenge, &code));
        // [D]: an address that received a code is verified.
        assert_eq!(
            world.attribute("ada", way.verified).as_deref(),
            Some("true")
        );
        let again = "Invalid session for the user, session can only be used once.";
        let error = way.answer(&world, &challenge, &code).error();
        assert_eq!(error, not_authorized(again), "{}", way.name);
    }
}

/// COGNITO.md 3.10 \[R, C\] and 4: three minutes unless the client says otherwise.
#[test]
fn a_session_lasts_as_long_as_the_client_says() {
    for way in WAYS {
        for (client, minutes) in [("", 3), ("AuthSessionValidity = 15", 15)] {
            let world = world(way.pool, client);
            let (first, first_code) = (way.begin(&world), way.code(&world));
            world.advance_minutes(minutes);
            assert_signed_in(&way.answer(&world, &first, &first_code));
            let (second, code) = (way.begin(&world), way.code(&world));
            world.advance_minutes(minutes + 1);
            let expired = "Invalid session for the user, session is expired.";
            let error = way.answer(&world, &second, &code).error();
            assert_eq!(error, not_authorized(expired), "{} {client}", way.name);
            let mut bogus = second.clone();
            bogus["Session"] = json!("x".repeat(40));
            let error = way.answer(&world, &bogus, &code).error();
            assert_eq!(error, not_authorized("Invalid session for the user."));
        }
    }
}

/// COGNITO.md 5.1: the pool's own words.
#[test]
fn the_words_are_the_pools() {
    let pool = "MfaConfiguration = \"ON\"\nSmsAuthenticationMessage = \"Code: {####}\"\n\
                SmsConfiguration = { SnsCallerArn = \"arn:aws:iam::1:role/r\" }\n\
                EmailMfaConfiguration = { Subject = \"In?\", Message = \"<b>{####}</b>\" }";
    let world = world(pool, "");
    for (answer, mfa) in [("SMS_MFA", true), ("EMAIL_MFA", false)] {
        let choice = world.sign_in("ada", PASSWORD).json();
        let challenge = world.respond(&choice, &json!({"USERNAME": "ada", "ANSWER": answer}));
        assert_eq!(challenge.status, 200, "{challenge:?}");
        if mfa {
            let text = world.text_message("+12025559934")["text"].clone();
            assert!(text.as_str().unwrap().starts_with("Code: "), "{text}");
        } else {
            use reverify::emulator::MailView;
            let mail = world.smtp.mails(None, true).remove(0);
            assert_eq!(mail.subject, "In?");
            assert!(mail.html.unwrap().starts_with("<b>"));
        }
    }
}
