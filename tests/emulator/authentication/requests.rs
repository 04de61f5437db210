//! What the tests of sign-in ask for, over and over.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use reverify::emulator::Starting;
use serde_json::{Map, Value, json};

use crate::wire::{Reply, send};
use crate::world::World;

pub(super) const PASSWORD: &str = "Passw0rd!";

/// A pool and a client of these settings in TOML with every flow, and `ada`, who is confirmed.
pub(super) fn world(pool: &str, client: &str) -> World {
    world_of(pool, client, &user("ada", "CONFIRMED", ADA))
}

/// The attributes of `ada`.
pub(super) const ADA: &str = r#"{ Name = "email", Value = "ada@example.com" },
    { Name = "email_verified", Value = "true" },
    { Name = "phone_number", Value = "+12025559934" }"#;

/// A user in TOML.
pub(super) fn user(name: &str, status: &str, attributes: &str) -> String {
    format!(
        "[[user_pool.user]]\nUsername = \"{name}\"\nPassword = \"{PASSWORD}\"\n\
         UserStatus = \"{status}\"\nUserAttributes = [{attributes}]\n"
    )
}

/// A pool and a client of these settings with every flow, and these users.
pub(super) fn world_of(pool: &str, client: &str, users: &str) -> World {
    let flows = [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ];
    let flows = if client.contains("ExplicitAuthFlows") {
        String::new()
    } else {
        format!("ExplicitAuthFlows = {flows:?}\n")
    };
    let toml = format!(
        "[[user_pool]]\nPoolName = \"p\"\n{pool}\n[[user_pool.client]]\nClientName = \"c\"\n\
         {flows}{client}\n{users}"
    );
    World::of(Starting::from_toml(&toml).unwrap_or_else(|error| panic!("{error} in {toml}")))
}

impl World {
    /// `InitiateAuth`.
    pub(super) fn initiate(&self, flow: &str, parameters: &Value) -> Reply {
        let body = json!({
            "AuthFlow": flow, "ClientId": "CLIENT", "AuthParameters": parameters,
        });
        self.call("InitiateAuth", &body)
    }

    /// `AdminInitiateAuth`.
    pub(super) fn admin_initiate(&self, flow: &str, parameters: &Value) -> Reply {
        let body = json!({
            "AuthFlow": flow, "ClientId": "CLIENT", "UserPoolId": "POOL",
            "AuthParameters": parameters,
        });
        self.call("AdminInitiateAuth", &body)
    }

    /// The tokens of a sign-in that needs no more than the password.
    pub(super) fn tokens(&self, username: &str) -> Value {
        let reply = self.sign_in(username, PASSWORD);
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["AuthenticationResult"].clone()
    }

    /// `RespondToAuthChallenge` to the challenge in an answer.
    pub(super) fn respond(&self, challenge: &Value, responses: &Value) -> Reply {
        let mut body = Map::from_iter([
            ("ClientId".to_owned(), json!("CLIENT")),
            (
                "ChallengeName".to_owned(),
                challenge["ChallengeName"].clone(),
            ),
            ("ChallengeResponses".to_owned(), responses.clone()),
        ]);
        if !challenge["Session"].is_null() {
            body.insert("Session".to_owned(), challenge["Session"].clone());
        }
        self.call("RespondToAuthChallenge", &Value::Object(body))
    }

    /// The name of a user's status.
    pub(super) fn status(&self, username: &str) -> String {
        let status = self.admin_get_user(username).json()["UserStatus"].clone();
        status.as_str().unwrap().to_owned()
    }

    /// The newest text message to a number.
    pub(super) fn text_message(&self, to: &str) -> Value {
        let path = format!("/_reverify/v1/sms?to={to}&latest=1");
        let reply = send(&self.emulator.endpoint(), "GET", &path, "", b"");
        reply.json()[0].clone()
    }

    /// The code in the newest mail, however many digits it has.
    pub(super) fn mailed_digits(&self) -> String {
        use reverify::emulator::MailView;
        let mail = self.smtp.mails(None, true).remove(0);
        let html = mail.html.unwrap();
        html.chars().filter(char::is_ascii_digit).collect()
    }

    pub(super) fn advance_minutes(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }
}

/// The name and message that a refusal has.
pub(super) fn refused(name: &str, message: &str) -> (String, String) {
    (name.to_owned(), message.to_owned())
}

pub(super) fn not_authorized(message: &str) -> (String, String) {
    refused("NotAuthorizedException", message)
}

pub(super) fn invalid_parameter(message: &str) -> (String, String) {
    refused("InvalidParameterException", message)
}

pub(super) fn incorrect() -> (String, String) {
    not_authorized("Incorrect username or password.")
}

/// What a token says, unverified.
pub(super) fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// `SECRET_HASH`.
pub(super) fn secret_hash(secret: &str, username: &str, client: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, format!("{username}{client}").as_bytes()))
}

/// Whether an answer has tokens and nothing of a challenge (COGNITO.md 3.10 \[V\]).
pub(super) fn assert_signed_in(reply: &Reply) {
    assert_eq!(reply.status, 200, "{reply:?}");
    let answer = reply.json();
    assert!(
        answer["AuthenticationResult"]["AccessToken"].is_string(),
        "{answer}"
    );
    assert_eq!(answer["ChallengeParameters"], json!({}));
    assert!(answer.get("ChallengeName").is_none() && answer.get("Session").is_none());
}
