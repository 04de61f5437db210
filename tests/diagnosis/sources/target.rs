//! An embedded target, and what a run does at it before a mail is missing.

use std::time::Duration;

use aws_sdk_cloudwatchlogs as logs;
use jiff::{SignedDuration, Timestamp};
use logs::config::retry::RetryConfig;
use logs::config::{BehaviorVersion, Credentials, Region};
use logs::types::InputLogEvent;
use reverify::cognito::{AppClient, Client, NewUser};
use reverify::control;
use reverify::diagnosis::{
    Call, Case, Delivery, Evidence, LogPlaces, Remark, Reply, Sources, Trouble,
};
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::emulator::Starting;
use reverify::model::{Endpoint, Secret, UserPoolId};
use tokio::time::Instant;

pub(super) const REGION: &str = "us-east-1";
/// Far more than an embedded target needs, also on a machine that is busy with other tests; a source
/// that waits for it fails its test.
const PATIENCE: Duration = Duration::from_mins(2);

pub(super) fn endpoint(url: String) -> Endpoint {
    Endpoint {
        region: REGION.to_owned(),
        url,
    }
}

/// A pool with a client, of these settings, beside other tables.
pub(super) fn seed(pool: &str, tables: &str) -> String {
    format!(
        "[[user_pool]]\nPoolName = \"p\"\nAutoVerifiedAttributes = [\"email\"]\n\
         UsernameAttributes = [\"email\"]\n{pool}\n\
         [[user_pool.client]]\nClientName = \"c\"\nPreventUserExistenceErrors = \"ENABLED\"\n\
         {tables}"
    )
}

/// A running emulator with an inbox.
pub(super) struct Target {
    pub(super) embedded: Embedded,
    pub(super) cognito: Client,
    pub(super) control: control::Client,
    pub(super) logs: logs::Client,
    pub(super) places: LogPlaces,
    pub(super) app: AppClient,
}

impl Target {
    pub(super) fn of(toml: &str) -> Self {
        let embedded = Embedded::start(EmbeddedSettings {
            starting: Starting::from_toml(toml).unwrap_or_else(|error| panic!("{error}: {toml}")),
            ..EmbeddedSettings::default()
        })
        .unwrap();
        let url = embedded.endpoint();
        let logs = logs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(&url)
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Self {
            cognito: Client::for_emulator(&endpoint(url.clone())),
            control: control::Client::new(&url).unwrap(),
            logs: logs::Client::from_conf(logs),
            places: LogPlaces::default(),
            app: AppClient {
                id: embedded.client_id().unwrap().clone(),
                secret: None,
            },
            embedded,
        }
    }

    pub(super) fn pool(&self) -> UserPoolId {
        self.embedded.user_pool_id().unwrap().clone()
    }

    pub(super) fn sources(&self) -> Sources {
        Sources::for_emulator(&endpoint(self.embedded.endpoint()), self.places.clone())
    }

    /// Signs up, and tells the call as a run notes it.
    pub(super) async fn sign_up(&self, address: &str) -> Call {
        let password = Secret::new("Passw0rd!x".to_owned());
        let user = NewUser::new(address).attribute("email", address);
        let at = Timestamp::now();
        let answer = self.cognito.sign_up(&self.app, &user, &password).await;
        let (request_id, reply) = match answer {
            Ok(called) => (
                called.call.request_id,
                Reply::Accepted {
                    sub: Some(called.answer.sub),
                    user_confirmed: Some(called.answer.confirmed),
                    deliveries: called.answer.delivery.map(delivery).into_iter().collect(),
                },
            ),
            Err(error) => (
                error.call().request_id.clone(),
                Reply::Refused {
                    code: error.code().unwrap().to_owned(),
                    message: error.to_string(),
                },
            ),
        };
        Call {
            operation: "SignUp".to_owned(),
            at,
            request_id,
            username: Some(address.to_owned()),
            user_pool_id: None,
            client_id: Some(self.app.id.clone()),
            asked_for_mail: None,
            reply,
        }
    }

    /// Deletes a user as an administrator.
    pub(super) async fn delete(&self, username: &str) {
        let deleted = self.cognito.admin_delete_user(&self.pool(), username).await;
        deleted.unwrap();
    }

    /// Evidence of a run that made these calls, the last of which should have brought a mail.
    pub(super) fn evidence(&self, address: &str, calls: Vec<Call>) -> Evidence {
        let now = Timestamp::now();
        let request = calls.len().checked_sub(1);
        let since = request.map_or(now, |last| calls[last].at);
        let mut evidence = Evidence::of(Case {
            address: address.parse().unwrap(),
            trouble: Trouble::Missing,
            user_pool_id: self.pool(),
            client_id: None,
            request,
            since: since - SignedDuration::from_millis(1),
            until: now,
            emulated: true,
        });
        evidence.calls = calls;
        evidence
    }

    /// Collects with all the time in the world.
    pub(super) async fn collect(&self, evidence: Evidence) -> Evidence {
        let deadline = Instant::now() + PATIENCE;
        let collected = self.sources().collect(evidence, deadline).await;
        assert!(
            Instant::now() < deadline,
            "a source waited for the deadline"
        );
        collected
    }

    /// Makes a log group with a stream `s`.
    pub(super) async fn make_group(&self, group: &str) {
        let made = self.logs.create_log_group().log_group_name(group).send();
        made.await.unwrap();
        let stream = self.logs.create_log_stream().log_group_name(group);
        stream.log_stream_name("s").send().await.unwrap();
    }

    /// Writes lines of now into a group.
    pub(super) async fn write(&self, group: &str, messages: impl Iterator<Item = String>) {
        let at = Timestamp::now().as_millisecond();
        let events = messages.map(|message| {
            let event = InputLogEvent::builder().timestamp(at).message(message);
            event.build().unwrap()
        });
        let request = self.logs.put_log_events().log_group_name(group);
        let request = request.log_stream_name("s");
        let request = request.set_log_events(Some(events.collect()));
        request.send().await.unwrap();
    }
}

fn delivery(details: reverify::cognito::CodeDelivery) -> Delivery {
    Delivery {
        attribute: details.attribute,
        medium: details.medium,
        destination: details.destination,
    }
}

/// The remarks as texts.
pub(super) fn texts(remarks: &[Remark]) -> Vec<&str> {
    remarks.iter().map(|remark| remark.text.as_str()).collect()
}
