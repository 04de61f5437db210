//! An emulator with a mail server, a clock that tests move, and an SDK client.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use aws_sdk_cognitoidentityprovider as cognito;
use cognito::config::retry::RetryConfig;
use cognito::config::{BehaviorVersion, Credentials, Region};
use jiff::{SignedDuration, Timestamp};
use reverify::emulator::{Emulator, MailView, Settings, Starting};
use reverify::model::Clock;
use serde_json::{Value, json};

use crate::smtp::Smtp;
use crate::wire::{Reply, SIGNED, call, send};

/// A clock that stands still until a test moves it.
#[derive(Debug, Clone)]
pub(crate) struct TestClock(Arc<Mutex<Timestamp>>);

impl TestClock {
    pub(crate) fn advance(&self, by: SignedDuration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) sdk: cognito::Client,
    pub(crate) smtp: Smtp,
    pub(crate) clock: TestClock,
    pub(crate) pool: String,
    pub(crate) client: String,
}

impl World {
    /// The standard pool and client.
    pub(crate) fn standard() -> Self {
        Self::of(Starting::standard())
    }

    /// One pool of these settings in TOML, whose client may sign in with a password.
    pub(crate) fn with_pool(settings: &str) -> Self {
        Self::with_pool_and_client(settings, "")
    }

    /// One pool and client of these settings in TOML.
    pub(crate) fn with_pool_and_client(pool: &str, client: &str) -> Self {
        let toml = format!(
            "[[user_pool]]\nPoolName = \"p\"\n{pool}\n[[user_pool.client]]\nClientName = \"c\"\n\
             ExplicitAuthFlows = [\"ALLOW_USER_PASSWORD_AUTH\", \"ALLOW_REFRESH_TOKEN_AUTH\"]\n\
             {client}"
        );
        Self::of(Starting::from_toml(&toml).unwrap())
    }

    pub(crate) fn of(starting: Starting) -> Self {
        Self::with(starting, |_| ())
    }

    /// These pools, in an emulator whose settings are changed before it starts.
    pub(crate) fn with(starting: Starting, change: impl FnOnce(&mut Settings)) -> Self {
        let (smtp, address) = Smtp::start();
        let clock = TestClock(Arc::new(Mutex::new(Timestamp::now())));
        let mut settings = Settings::new(address, Arc::new(smtp.clone()));
        settings.clock = Arc::new(clock.clone());
        settings.starting = starting;
        change(&mut settings);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let emulator = Emulator::start(listener, settings).unwrap();
        let sdk = sdk(&emulator.endpoint());
        let id = |id: Option<&str>| id.unwrap_or_default().to_owned();
        Self {
            pool: id(emulator
                .user_pool_id()
                .map(reverify::model::UserPoolId::as_str)),
            client: id(emulator
                .client_id()
                .map(reverify::model::AppClientId::as_str)),
            emulator,
            sdk,
            smtp,
            clock,
        }
    }

    /// Calls an operation on the wire; the pool's and the client's id are filled in where the
    /// body says `POOL` or `CLIENT`.
    pub(crate) fn call(&self, operation: &str, body: &Value) -> Reply {
        let text = body.to_string();
        let text = text.replace("\"POOL\"", &format!("\"{}\"", self.pool));
        let text = text.replace("\"CLIENT\"", &format!("\"{}\"", self.client));
        call(
            &self.emulator.endpoint(),
            operation,
            &serde_json::from_str(&text).unwrap(),
        )
    }

    /// Signs up with an e-mail address and gives the answer.
    pub(crate) fn sign_up(&self, username: &str, email: &str) -> Reply {
        let body = json!({
            "ClientId": "CLIENT", "Username": username, "Password": "Passw0rd!",
            "UserAttributes": [{"Name": "email", "Value": email}],
        });
        self.call("SignUp", &body)
    }

    /// Confirms with this code.
    pub(crate) fn confirm(&self, username: &str, code: &str) -> Reply {
        let body = json!({"ClientId": "CLIENT", "Username": username, "ConfirmationCode": code});
        self.call("ConfirmSignUp", &body)
    }

    /// A user's attributes, status and dates.
    pub(crate) fn admin_get_user(&self, username: &str) -> Reply {
        self.call(
            "AdminGetUser",
            &json!({"UserPoolId": "POOL", "Username": username}),
        )
    }

    /// The value of one attribute.
    pub(crate) fn attribute(&self, username: &str, name: &str) -> Option<String> {
        let user = self.admin_get_user(username).json();
        let mut attributes = user["UserAttributes"].as_array().unwrap().iter();
        let found = attributes.find(|attribute| attribute["Name"] == name);
        found.map(|attribute| attribute["Value"].as_str().unwrap().to_owned())
    }

    /// A user who signed up with `ada` as name and password `Passw0rd!`, and was confirmed by an
    /// administrator: nothing is verified.
    pub(crate) fn confirmed_ada(&self, email: &str) {
        assert_eq!(self.sign_up("ada", email).status, 200);
        let ada = json!({"UserPoolId": "POOL", "Username": "ada"});
        assert_eq!(self.call("AdminConfirmSignUp", &ada).status, 200);
    }

    /// Signs in with a password.
    pub(crate) fn sign_in(&self, username: &str, password: &str) -> Reply {
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "CLIENT",
            "AuthParameters": {"USERNAME": username, "PASSWORD": password},
        });
        self.call("InitiateAuth", &body)
    }

    /// The access token of a user who signs in with this password.
    pub(crate) fn access_token(&self, username: &str, password: &str) -> String {
        let answer = self.sign_in(username, password).json();
        let token = answer["AuthenticationResult"]["AccessToken"].as_str();
        token.unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// The text messages to this number.
    pub(crate) fn sms(&self, to: &str) -> Vec<Value> {
        let path = format!("/_reverify/v1/sms?to={to}");
        let reply = send(&self.emulator.endpoint(), "GET", &path, "", b"");
        reply.json().as_array().unwrap().clone()
    }

    /// The messages in a log group, oldest first; none if there is no such group.
    pub(crate) fn log_messages(&self, group: &str) -> Vec<String> {
        let headers = format!("X-Amz-Target: Logs_20140328.FilterLogEvents\r\n{SIGNED}");
        let body = json!({"logGroupName": group}).to_string();
        let endpoint = self.emulator.endpoint();
        let reply = send(&endpoint, "POST", "/", &headers, body.as_bytes()).json();
        if reply["__type"] == "ResourceNotFoundException" {
            return Vec::new();
        }
        let events = reply["events"].as_array().unwrap().iter();
        let message = |event: &Value| event["message"].as_str().unwrap().to_owned();
        events.map(message).collect()
    }

    /// The code in the newest mail to this address.
    pub(crate) fn code(&self, to: &str) -> String {
        let mails = self.smtp.mails(Some(&to.parse().unwrap()), true);
        mails[0].code.clone().unwrap()
    }
}

/// A code that is not this one.
pub(crate) fn other_code(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

pub(crate) fn sdk(endpoint: &str) -> cognito::Client {
    let config = cognito::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    cognito::Client::from_conf(config)
}
