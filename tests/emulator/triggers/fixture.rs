//! A pool whose triggers are closures that note each event.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reverify::emulator::Starting;
use reverify::emulator::lambda::{CallLimits, Function, FunctionError, FunctionName};
use serde_json::{Value, json};

use crate::wire::Reply;
use crate::world::World;

/// What a function does with an event.
pub(crate) type Answer = Result<(), FunctionError>;

/// The events that functions received, oldest first.
#[derive(Clone, Default)]
pub(crate) struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    /// Takes all events as they came, as text.
    pub(crate) fn take_texts(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    /// Takes all events.
    pub(crate) fn take(&self) -> Vec<Value> {
        let texts = self.take_texts().into_iter();
        texts
            .map(|text| serde_json::from_str(&text).unwrap())
            .collect()
    }

    /// Takes the sources of all events.
    pub(crate) fn take_sources(&self) -> Vec<String> {
        let source = |event: Value| event["triggerSource"].as_str().unwrap().to_owned();
        self.take().into_iter().map(source).collect()
    }

    /// Takes the only event.
    pub(crate) fn take_one(&self) -> Value {
        let events = self.take();
        assert_eq!(events.len(), 1, "{events:?}");
        events.into_iter().next().unwrap()
    }
}

/// A pool in the making.
#[derive(Default)]
pub(crate) struct Stage {
    pool: String,
    client: String,
    functions: Vec<Function>,
    events: Events,
}

/// The ARN of a function.
pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:123456789012:function:{name}")
}

/// A function's name.
pub(crate) fn function_name(name: &str) -> FunctionName {
    FunctionName::parse(name).unwrap()
}

/// An exception of a function.
pub(crate) fn thrown(message: &str) -> Answer {
    Err(FunctionError::new("ValueError", message))
}

impl Stage {
    /// A pool of these settings.
    pub(crate) fn pool(settings: &str) -> Self {
        Self {
            pool: settings.to_owned(),
            ..Self::default()
        }
    }

    /// A client of these settings.
    pub(crate) fn client(mut self, settings: &str) -> Self {
        settings.clone_into(&mut self.client);
        self
    }

    /// A trigger whose function changes the event, or throws. The function is named as the trigger.
    pub(crate) fn on<F>(self, trigger: &str, answer: F) -> Self
    where
        F: Fn(&mut Value) -> Answer + Send + Sync + 'static,
    {
        let events = self.events.clone();
        let function = Function::closure(function_name(trigger), move |bytes| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let mut event: Value = serde_json::from_str(&text).unwrap();
            events.0.lock().unwrap().push(text);
            let answer = answer(&mut event).map(|()| event.to_string().into());
            async move { answer }
        });
        self.with(trigger, function)
    }

    /// A trigger that notes the event and changes nothing.
    pub(crate) fn note(self, trigger: &str) -> Self {
        self.on(trigger, |_| Ok(()))
    }

    /// A trigger with this function, which has the trigger's name.
    pub(crate) fn with(mut self, trigger: &str, function: Function) -> Self {
        self.functions.push(function);
        self.named(trigger)
    }

    /// A trigger that names a function without deploying it.
    pub(crate) fn named(mut self, trigger: &str) -> Self {
        // Dotted keys stand before the tables of the settings.
        let key = format!("LambdaConfig.{trigger} = \"{}\"\n", arn(trigger));
        self.pool.insert_str(0, &key);
        self
    }

    /// The emulator, with time limits of a trigger that no test waits long for.
    pub(crate) fn open(self) -> (World, Events) {
        let toml = format!(
            "[[user_pool]]\nPoolName = \"p\"\n{}\n[[user_pool.client]]\nClientName = \"c\"\n\
             ExplicitAuthFlows = [\"ALLOW_USER_PASSWORD_AUTH\", \"ALLOW_REFRESH_TOKEN_AUTH\"]\n{}",
            self.pool, self.client
        );
        let world = World::with(Starting::from_toml(&toml).unwrap(), |settings| {
            settings.functions = self.functions;
        });
        (world, self.events)
    }

    /// As [`open`](Self::open), with functions that have so little time for each of three attempts.
    pub(crate) fn open_impatient(self, answer_wait: Duration) -> World {
        let toml = format!(
            "[[user_pool]]\nPoolName = \"p\"\n{}\n[[user_pool.client]]\nClientName = \"c\"",
            self.pool
        );
        World::with(Starting::from_toml(&toml).unwrap(), |settings| {
            settings.functions = self.functions;
            settings.trigger_limits = CallLimits {
                answer_wait,
                attempts_max: 3,
            };
        })
    }
}

/// An exception as a reply has it.
pub(crate) fn refused(name: &str, message: &str) -> (String, String) {
    (name.to_owned(), message.to_owned())
}

/// Signs in with a password.
pub(crate) fn sign_in(world: &World, username: &str, password: &str) -> Reply {
    sign_in_with(world, username, password, &Value::Null)
}

/// Signs in with a password and `ClientMetadata`.
pub(crate) fn sign_in_with(
    world: &World,
    username: &str,
    password: &str,
    metadata: &Value,
) -> Reply {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "CLIENT", "ClientMetadata": metadata,
        "AuthParameters": {"USERNAME": username, "PASSWORD": password},
    });
    world.call("InitiateAuth", &body)
}
