//! A pool whose codes are sent by closures, and what these received.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reverify::emulator::Starting;
use reverify::emulator::lambda::{Function, FunctionError, FunctionName};
use serde_json::{Value, json};

use super::encryption_sdk::Message;
use crate::wire::{Reply, SIGNED, send};
use crate::world::World;

/// The key of the seed file.
pub(super) const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
/// Its ARN.
pub(super) const KEY_ARN: &str =
    "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/// Where a pool's failed deliveries go, if it says so.
pub(super) const NOTIFICATIONS: &str = "/aws/vendedlogs/cognito";

/// Longer than a function takes to be called on a busy machine.
const CALL_SECONDS_MAX: u64 = 20;

/// What a function does with an event.
pub(super) type Answer = Result<(), FunctionError>;

/// An emulator with senders, and the events of these.
pub(super) struct Senders {
    pub(super) world: World,
    events: Receiver<Value>,
}

/// The ARN of a function.
pub(super) fn arn(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:123456789012:function:{name}")
}

/// The setting of a sender, in TOML.
pub(super) fn sender(trigger: &str, function: &str) -> String {
    let arn = arn(function);
    format!("LambdaConfig.{trigger} = {{ LambdaVersion = \"V1_0\", LambdaArn = \"{arn}\" }}\n")
}

impl Senders {
    /// A pool of these settings whose mails and text messages are sent by one function, which takes
    /// note of each event and answers.
    pub(super) fn answering(
        settings: &str,
        answer: impl Fn(&Value) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let (mail, text) = (
            sender("CustomEmailSender", "send"),
            sender("CustomSMSSender", "send"),
        );
        Self::of(&format!("{mail}{text}{settings}"), answer)
    }

    /// As [`answering`](Self::answering), with a function that does not fail.
    pub(super) fn new(settings: &str) -> Self {
        Self::answering(settings, |_| Ok(()))
    }

    /// A pool of these settings, and the function `send`.
    pub(super) fn of(
        settings: &str,
        answer: impl Fn(&Value) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let (sender, events) = mpsc::channel();
        let name = FunctionName::parse("send").unwrap();
        let function = Function::closure(name, move |event| {
            let event: Value = serde_json::from_slice(&event).unwrap();
            let answer = answer(&event).map(|()| "null".into());
            // A test that has seen enough listens no more.
            let _ = sender.send(event);
            async move { answer }
        });
        let seed = format!(
            "[[kms_key]]\nKeyId = \"{KEY_ID}\"\nAliasName = \"alias/shop\"\n\
             [[user_pool]]\nPoolName = \"p\"\nLambdaConfig.KMSKeyID = \"{KEY_ARN}\"\n{settings}\n\
             [[user_pool.client]]\nClientName = \"c\"\n\
             ExplicitAuthFlows = [\"ALLOW_USER_PASSWORD_AUTH\", \"ALLOW_USER_AUTH\", \
             \"ALLOW_REFRESH_TOKEN_AUTH\"]\n\
             [cloudtrail]\nlog_group = \"trail\"\n"
        );
        let world = World::with(Starting::from_toml(&seed).unwrap(), |settings| {
            settings.functions.push(function);
        });
        Self { world, events }
    }

    /// The next event.
    pub(super) fn event(&self) -> Value {
        let wait = Duration::from_secs(CALL_SECONDS_MAX);
        self.events.recv_timeout(wait).unwrap()
    }

    /// That no function was called, nor will be: a further call, which the queue holds in order, is
    /// the next.
    pub(super) fn assert_no_event(&self) {
        let last = json!({"this is": "the last"});
        let path = "/2015-03-31/functions/send/invocations";
        let headers = format!("{SIGNED}X-Amz-Invocation-Type: Event\r\n");
        let body = last.to_string();
        let endpoint = self.world.emulator.endpoint();
        let queued = send(&endpoint, "POST", path, &headers, body.as_bytes());
        assert_eq!(queued.status, 202, "{queued:?}");
        assert_eq!(self.event(), last);
        assert_eq!(
            self.events.recv_timeout(Duration::ZERO),
            Err(RecvTimeoutError::Timeout)
        );
    }

    /// The secret in an event, decrypted by hand with KMS.
    pub(super) fn secret(&self, event: &Value) -> String {
        let message = Message::parse(event["request"]["code"].as_str().unwrap());
        let reply = self.kms(
            "Decrypt",
            &json!({
                "CiphertextBlob": BASE64_STANDARD.encode(&message.data_key),
                "EncryptionContext": message.context,
            }),
        );
        assert_eq!(reply.status, 200, "{reply:?}");
        let data_key = reply.json()["Plaintext"].as_str().unwrap().to_owned();
        message.open(&BASE64_STANDARD.decode(data_key).unwrap())
    }

    /// The source of the next event, and its secret.
    pub(super) fn next(&self) -> (String, String) {
        let event = self.event();
        let source = event["triggerSource"].as_str().unwrap().to_owned();
        (source, self.secret(&event))
    }

    /// Calls an operation that has to succeed.
    pub(super) fn call(&self, operation: &str, body: &Value) -> Value {
        let reply = self.world.call(operation, body);
        assert_eq!(reply.status, 200, "{operation}: {reply:?}");
        if reply.body.is_empty() {
            Value::Null
        } else {
            reply.json()
        }
    }

    /// Calls KMS.
    pub(super) fn kms(&self, operation: &str, body: &Value) -> Reply {
        kms(&self.world, operation, body)
    }

    /// Has the pool's failed deliveries written into a log group.
    pub(super) fn log_notifications(&self) {
        let group = format!("arn:aws:logs:us-east-1:123456789012:log-group:{NOTIFICATIONS}");
        let configuration = json!({
            "LogLevel": "ERROR", "EventSource": "userNotification",
            "CloudWatchLogsConfiguration": {"LogGroupArn": group},
        });
        let body = json!({"UserPoolId": "POOL", "LogConfigurations": [configuration]});
        self.call("SetLogDeliveryConfiguration", &body);
    }

    /// The details of the pool's failed deliveries.
    pub(super) fn notifications(&self) -> Vec<String> {
        let messages = self.world.log_messages(NOTIFICATIONS).into_iter();
        let details = messages.map(|message| {
            let event: Value = serde_json::from_str(&message).unwrap();
            event["message"]["details"].as_str().unwrap().to_owned()
        });
        details.collect()
    }

    /// That Cognito itself sent nothing at all.
    pub(super) fn assert_nothing_sent(&self) {
        use reverify::emulator::MailView as _;
        assert_eq!(self.world.smtp.mails(None, false), []);
        let sms = send(
            &self.world.emulator.endpoint(),
            "GET",
            "/_reverify/v1/sms",
            "",
            b"",
        );
        assert_eq!(sms.json(), json!([]));
    }
}

/// Calls KMS with a signature.
pub(super) fn kms(world: &World, operation: &str, body: &Value) -> Reply {
    let headers = format!("X-Amz-Target: TrentService.{operation}\r\n{SIGNED}");
    let body = body.to_string();
    send(
        &world.emulator.endpoint(),
        "POST",
        "/",
        &headers,
        body.as_bytes(),
    )
}

/// The answer of a call of KMS that has to succeed.
pub(super) fn ask(world: &World, operation: &str, body: &Value) -> Value {
    let reply = kms(world, operation, body);
    assert_eq!(reply.status, 200, "{operation}: {reply:?}");
    if reply.body.is_empty() {
        return Value::Null;
    }
    reply.json()
}

/// A new key: its id and ARN.
pub(super) fn new_key(world: &World) -> (String, String) {
    let metadata = &ask(world, "CreateKey", &json!({}))["KeyMetadata"];
    let text = |name: &str| metadata[name].as_str().unwrap().to_owned();
    (text("KeyId"), text("Arn"))
}
